/* SPDX-License-Identifier: Apache-2.0
 *
 * shard.h - one of the 64 parts of the fold: the sources and series that hash to it, what was
 * learnt of them, and what there is to tell.
 *
 * A shard knows nothing of the others.  It takes events into its inbox, learns them in their order
 * when it steps, and leaves rows for the lake and candidates for findings to be fetched.
 *
 * EXACTNESS  Depends on the events, on where the ticks stand between them, and on what the merging
 *            stage said at the ticks; not on how events are split into commits or steps.
 */
#ifndef ENGINE_SHARD_H
#define ENGINE_SHARD_H
#include "base/names.h"
#include "base/time.h"
#include "detect/band.h"
#include "detect/together.h"
#include "engine/batch.h"
#include "engine/db.h"
#include "engine/judge.h"
#include "engine/shape_desk.h"
#include "engine/template_book.h"
#include "engine/watch_table.h"
#include "event/change.h"
#include "event/events.h"
#include "event/prediction_batch.h"
#include "event/tables.h"
#include "feature/definition.h"
#include "feature/fact.h"
#include "incident/finding.h"
#include "incident/overlay.h"
#include "incident/sentence.h"
#include "incident/writer.h"

#define IMAGE_VERSION 17 /* Raised when what a shard or the board saves changes. */
#define SOURCES_MAX 65536 /* Of one shard; fewer where memory is short. */
#define SOURCE_OTHER "__other__" /* Takes what comes of further ones. */
#define REFERENCE_ROWS_DEFAULT 10000 /* Of a model. */
#define TARGETS_MAX 16384 /* Of one shard. */
#define EARLY_NS_MAX (600 * NS_PER_S) /* Clocks may be so far ahead of ours. */
#define ABSENT_NS (60 * NS_PER_S) /* Ticks so far apart: nobody was here to hear. */
/* What is odd again within it is the same finding; after it, that and its incident are over. */
#define GOES_ON_NS (3600 * NS_PER_S)
#define CANDIDATES_OF_SHARD_MAX \
    1024 /* Of lines and of series, between two ticks; the oddest stay. */
#define FAINT_OF_SHARD_MAX 64 /* Between two ticks; the first ones stay. */
#define FAINT_SURPRISE_MIN 3.0
#define HINTS_OF_SHARD_MAX 16 /* Likewise, those that are like nothing real. */
#define CHANGES_OF_SHARD_MAX 64 /* Seen between two ticks; the first ones stay. */
#define CANDIDATE_PATTERN_BYTES 256
#define CANDIDATE_SAMPLE_BYTES 512
#define CANDIDATE_SOURCE_BYTES 256
#define HOW_RARE_SIZE 96

typedef struct {         /* One odd thing, before it is a finding.  Flat. */
    odd_time time, last_time;
    odd_time ends;       /* Of an alert: then, if it is not told again; NONE: it is over. */
    uint64_t pattern;    /* Id, of a series too. */
    uint64_t place;      /* Of a series: the machine, service ... that it is of. */
    uint64_t row;        /* Of its line in its source; 0: none. */
    uint64_t baseline;   /* Of a model: what it is odd to, as in OverlayFinding. */
    double   surprise;   /* Not corrected. */
    double   seen, expected;
    double   effect;     /* As in finding_effect. */
    uint8_t  kind;       /* FindingKind */
    uint8_t  level;
    uint8_t  is_metric;
    uint8_t  goes_on;    /* An episode that was a candidate before: begins nothing. */
    uint16_t sample_size;
    uint8_t  is_like_real, is_hint, is_below; /* Of a faint one. */
    uint8_t  has_beginning; /* Of an alert: it says when it began. */
    char     source[CANDIDATE_SOURCE_BYTES]; /* Terminated, cut. */
    char     pattern_text[CANDIDATE_PATTERN_BYTES];
    char     sentence[SENTENCE_SIZE];
    char     how_rare[HOW_RARE_SIZE];
    char     sample[CANDIDATE_SAMPLE_BYTES]; /* Any bytes. */
} Candidate;

typedef struct {           /* A source of lines, beside its Source of the same number. */
    odd_time newest;       /* The latest time that is believed; ODD_TIME_NONE: none. */
    odd_time known;        /* When its last event came. */
    odd_time known_before; /* At the tick before. */
    int32_t  zone_s;
    bool     is_structured; /* Its events were records, not lines. */
    bool     untimed;      /* Its lines say no time: theirs is when they came. */
    uint16_t unused;       /* No byte of what is saved is left open. */
    uint64_t late, early;  /* Rows behind the watermark; rows from the future. */
    char    *sample;       /* What its layout was learnt from, as long as that may be improved. */
    size_t   sample_size, sample_capacity, sample_learnt; /* Of it, in the layout. */
    odd_events *waiting;   /* Rows that wait for their layout. */
} Feed;

#define SERIES_RECENT 8

typedef struct {         /* A metric series. */
    uint32_t number;     /* Of series_names. */
    uint32_t source;     /* Of metric_sources. */
    uint32_t watch;      /* Of watches; WATCH_NONE: there was no memory for it. */
    uint64_t place;      /* Hash of the source and what it is of (event/target.h). */
    uint64_t samples;    /* Kept. */
    odd_time first_time, last_time;
    double   last_value;
    odd_time told;       /* Of its last candidate; ODD_TIME_NONE: none. */
    uint64_t judged;     /* The tick behind which it was judged last. */
    uint32_t recent[SERIES_RECENT]; /* Hashes of its last samples, in turn. */
    Band     band;       /* Of its last sample, ... */
    float    surprise;   /* ... NaN: it was not judged. */
    uint32_t target;     /* Of targets, NAME_NONE: there are too many. */
    uint32_t change;     /* ChangeMetric */
} Series;

typedef struct {       /* What series are of (event/target.h), or a source as a whole. */
    uint64_t place;
    uint64_t heard;    /* The tick behind which samples of it came last. */
    odd_time known;    /* When they came. */
    uint32_t source;   /* Of metric_sources. */
    uint32_t series;   /* One of its series; any, if it is a source. */
    uint32_t heard_at; /* In the list of those that were heard, if it was. */
    uint32_t unused;
} Target;

#define HEARD_MOST 3

typedef struct {       /* One of the oddest series of a target. */
    float    surprise; /* 0: none. */
    uint32_t shard, series; /* They decide between equals. */
} HeardSeries;

typedef struct { /* A target since the last tick. */
    uint32_t       target, unused;
    TogetherMoment moment;
    HeardSeries    most[HEARD_MOST]; /* The oddest first. */
} Heard;

typedef struct {
    uint64_t series, samples;
    uint64_t watched; /* Of its series.                                      */
    uint64_t judged;  /* Of its samples.                                     */
    uint64_t refused; /* Samples beyond the limit of series.                 */
    uint64_t doubles; /* Samples that came again, and were not kept again.   */
    uint64_t late;    /* Samples behind the newest of their series: kept, and not judged. */
    odd_time first_time, last_time, known;
    uint32_t target;  /* Itself. */
    uint32_t unused;
} MetricSource;

typedef struct { /* Where the line of an item came from. */
    Str      text, attributes;
    odd_time known;
    bool     is_record;
} Origin;

typedef struct {
    size_t   at;
    uint64_t position;
} InboxMark;

typedef struct { /* A sample as it was judged: its value, or of a counter its growth a second. */
    odd_time  time;
    double    value;
    Judgement judgement; /* Of that. */
    bool      is_rate;
    Usual     usual;
    odd_time  before; /* Of the sample before it. */
    double    step_s; /* How often samples come. */
} Measured;

typedef struct { /* A sample of an event, and which one it was. */
    Sample sample;
    size_t number;
} Arrived;

typedef struct Shard {
    Mem        mem;     /* All that is learnt but what `db` counts. */
    Mem        way_mem; /* What is on its way: it depends on where commits end. */
    int        number;
    odd_db    *db;
    Feed      *feeds;   /* By number of the source in db. */
    size_t     feed_capacity;
    Names      sources; /* The same numbers. */
    TemplateBook  templates;
    uint64_t  *ids;     /* Of patterns, by reference; 0: not known now. */
    size_t     id_capacity, merges_followed;

    Names         series_names;
    BlockTable    series; /* Of Series, by number of the name. */
    WatchTable    watches;
    ShapeDesk     shapes;
    Mem           normal_mem;
    struct Normal *normals; /* Other baselines of series (shard_normals.c). */
    size_t        normal_count, normal_capacity;
    bool          watches_refused; /* Since the last tick. */
    odd_time      watches_swept;   /* Those of series that ended were given back then. */
    uint64_t      series_bytes_max; /* With this much in the shard there are no new series. */
    Names         metric_source_names;
    MetricSource *metric_sources;
    size_t        metric_source_capacity;
    uint64_t      series_max; /* Of one source, here. */
    Names         target_names; /* By the bytes of their places. */
    Target       *targets;
    size_t        target_capacity;

    odd_events *inbox;
    InboxMark  *marks;
    size_t      mark_count, mark_capacity;
    uint64_t    position; /* Of the commit that is being learnt. */

    odd_batch *batch;
    Origin    *origins; /* Of the batch's items. */
    size_t     origin_capacity;
    Arrived   *arrived; /* Samples of the event that is being learnt. */
    size_t     arrived_capacity;
    Heard     *heard; /* Since the last tick. */
    size_t     heard_count, heard_capacity;

    Mem        served_mem;
    struct Served *served; /* Models in production. */
    size_t     served_count, served_capacity;
    struct Served *beside; /* Those of them with another reference (shard_baselines.c). */
    size_t     beside_count, beside_capacity;
    struct Rows *served_rows;    /* Of the batch that is being learnt. */
    uint64_t   served_bytes_max; /* Memory that is free for all of them. */
    uint64_t   reference_rows;
    int64_t    reference_ns, outcome_wait_ns;
    uint64_t   models_dropped, models_refused; /* Silent ones; rows without memory. */
    bool       models_changed;   /* Since they were saved. */

    odd_time   now;       /* Of the last tick. */
    odd_time   back;      /* Of the last tick before which nobody was here for long. */
    double     threshold; /* From this surprise on there is a candidate of lines ... */
    double     threshold_metrics; /* ... and of series ...                           */
    double     threshold_models;  /* ... and of models.                              */
    uint64_t   ticks;
    uint64_t   series_judged, samples_judged; /* Since the last tick. */
    const Overlay *overlay; /* Of the board: it changes when no shard steps. */
    Candidate *faint; /* Less odd than the budget wants, but like what somebody called real, or odd
                         enough to be a hint of why something else happened. */
    size_t     faint_count, faint_capacity, hint_count, real_count, below_count;
    Change    *changes; /* Seen since the last tick. */
    size_t     change_count, change_capacity;
    Candidate *candidates;
    size_t     candidate_count, candidate_capacity, metric_candidates;
    uint64_t   candidates_lost;
    uint64_t   sources_refused; /* Events of sources beyond the limit. */
    /* Patterns coarser than they should be: the first and the last tick that saw some, and how many
     * lines there were; since ODD_TIME_NONE: none in a day. */
    odd_time coarse_since, coarse_last;
    uint64_t coarse_before, coarse_seen; /* Of pattern_table_coarse: before `since`, and then. */

    const FeatureSet *features; /* Of the fold: it changes when no shard steps.  NULL: none. */
    Facts     facts;            /* For them, since they were taken.                           */
    bool      facts_alone;      /* Nothing else is wanted: no series is watched.              */
    uint64_t  facts_bad;        /* Values that are no finite number, since they were taken.   */
    uint32_t *series_features;  /* By number: where in feature_list the features that a series is
                                   of are counted and told; 0: not known yet.                 */
    size_t    series_features_count, series_features_capacity;
    uint32_t *feature_list;
    size_t    feature_list_count, feature_list_capacity;

    Table    logs, samples, rates, predictions, outcomes; /* For the lake. */
    uint64_t rows_kept_bytes; /* Of the last two since the last tick, ... */
    uint64_t rows_unkept;     /* ... and rows that were too many, ever.   */
    Mem      rows_mem;
    odd_rc   failure; /* What went wrong; the shard learns no more. */
    bool     changed; /* Since it was saved, but for what knows it itself. */
    bool     names_changed; /* Those of series. */
} Shard;

/* Source of a sample, then the series: two sources may have series of the same name. */
#define SERIES_SOURCE_BYTES 4
Str shard_series_name(const Shard *shard, uint32_t number);
/* One of what a target is; "": of a source none of whose series found room, or was there yet. */
Str shard_target_series(const Shard *shard, const Target *target);

static inline const Series *shard_series(const Shard *shard, uint32_t number)
{
    return block_table_at(&shard->series, number);
}

/* What a candidate of it has as its pattern. */
uint64_t shard_series_id(const Shard *shard, const Series *series);

odd_rc shard_open(Shard *shard, int number, const odd_options *options);
void   shard_close(Shard *shard);

/* Takes the event into its inbox.  False: no memory. */
bool   shard_take(Shard *shard, const Event *event, uint64_t position);
odd_rc shard_step(Shard *shard); /* Learns all that is in the inbox. */

uint64_t shard_bytes(const Shard *shard); /* Of what is learnt. */
void     shard_limit(Shard *shard, uint64_t bytes_max);

/* In parts (shard_save.c): part 0 is all but the names of series, part 1, models in production,
 * part 2, and the series, their detectors and their shapes, of which there may be very many: these
 * are the parts from 3 on, in turn. */
size_t shard_parts(const Shard *shard);
bool   shard_part_is_there(const Shard *shard, size_t part);
bool   shard_part_changed(const Shard *shard, size_t part);
void   shard_part_mark(Shard *shard, size_t part, bool changed);
void   shard_save(const Shard *shard, size_t part, ImageOut *out);
/* Part 0 into one that was just opened, then the others. */
odd_rc shard_load(Shard *shard, size_t part, ImageIn *in);
bool   shard_is_whole(const Shard *shard); /* All parts that belong together were loaded. */

/* -- between the files of a shard -------------------------------------------------------------- */

/* The earlier and the later one of a pattern's first and last line: lines may come in any order. */
static inline odd_time signal_first_time(const Signal *signal)
{
    odd_time first = signal->first.time, last = signal->last.time;
    return first == ODD_TIME_NONE || (last != ODD_TIME_NONE && last < first) ? last : first;
}

static inline odd_time signal_last_time(const Signal *signal)
{
    odd_time first = signal->first.time, last = signal->last.time;
    return first > last ? first : last;
}

/* Lines of a pattern so far. */
static inline uint64_t signal_seen(const Signal *signal)
{
    return signal->records[SIDE_JUDGED] + signal->frames[SIDE_JUDGED];
}

/* The number of a name, or of SOURCE_OTHER if there are too many; NAME_NONE: no memory. */
uint32_t shard_name(Shard *shard, Names *names, Str name, bool *ret_is_new);

/* The number of a source, registered if need be; `zone_s` and `now` say how to read its times. */
uint32_t shard_source(Shard *shard, Str name, odd_time now, int32_t zone_s);
uint64_t shard_pattern_id(Shard *shard, PatternRef reference);

/* Lines and records (shard_lines.c). */
odd_rc shard_rows(Shard *shard, const Event *event);
odd_rc shard_rows_flush(Shard *shard);
odd_rc shard_line(Shard *shard, const Line *line, Judgement judgement); /* Learnt just now. */
odd_rc shard_rows_tick(Shard *shard); /* Layouts of new sources. */

/* Samples (shard_series.c), what is odd of them (shard_watch.c), and which of them have their shape
 * watched as well (shard_shape.c; before: the tick before). */
odd_rc shard_samples(Shard *shard, const Event *event);
void   shard_watch_tick(Shard *shard);
void   shard_watch(Shard *shard, MetricSource *source, Series *series, Sample sample);
/* An episode goes on: it was told (ODD_TIME_NONE: never) not long ago, and not just now. */
bool   shard_goes_on(odd_time told, odd_time time);
void   shard_shape_tick(Shard *shard, odd_time before);
/* Scored, then learnt; shape: NULL: it is not watched. */
Measured shard_judge(SeriesWatch *watch, ShapeWatch *shape, const Series *series, Sample sample);
/* It seems to come late, but nobody was here to hear. */
bool     shard_is_late_by_us(const Shard *shard, odd_time known, const Measured *measured);

/* Series that have another baseline, which a person called the new normal (shard_normals.c): what
 * was said just now; the next sample, before it is the last one of its series. */
typedef struct Normal Normal;
odd_rc shard_normals_hear(Shard *shard, const Verdict *verdicts, size_t count);
void   shard_normals_watch(Shard *shard, const Series *series, Sample sample, odd_time known);
void   shard_normals_close(Shard *shard);
void   shard_normals_save(const Shard *shard, ImageOut *out);
void   shard_normals_load(Shard *shard, ImageIn *in);

/* Whose samples came (shard_target.c).  The place of a source, or of what a series of it is of; its
 * number, NAME_NONE: too many, or no memory; samples of it came. */
uint64_t shard_place(Str source, Str series);
uint32_t shard_target(Shard *shard, uint64_t place, uint32_t source, uint32_t series);
void     shard_hear(Shard *shard, uint32_t number, odd_time known);
/* How odd a series was that was heard: of its target.  Once between two ticks. */
void     shard_hear_odd(Shard *shard, const Series *series, double surprise);
void     heard_keep_oddest(HeardSeries *most, HeardSeries series);

/* Changes that are seen (shard_changes.c): in a line, by a new series, by the next sample of one,
 * before it is learnt. */
void shard_see_line(Shard *shard, const Line *line, Judgement judgement, Str whole);
void shard_see_series(Shard *shard, const MetricSource *source, Series *series, odd_time time);
void shard_see_sample(Shard *shard, const Series *series, Sample sample);

/* Predictions and outcomes of models (shard_models.c). */
bool     shard_models_open(Shard *shard); /* False: no memory. */
odd_rc   shard_batch(Shard *shard, const Event *event);
odd_rc   shard_models_tick(Shard *shard);
odd_time shard_models_newest(const Shard *shard); /* Of their predictions; ODD_TIME_NONE: none. */
uint64_t shard_models_bytes(const Shard *shard);
void     shard_keep_rows(Shard *shard, const Event *event, const PredictionBatch *batch);
/* What was said just now, and counts (shard_baselines.c). */
odd_rc   shard_models_hear(Shard *shard, const Verdict *verdicts, size_t count);
/* Models of all shards as rows, ODD_MODELS and what follows it (fold_models.c). */
odd_rc   fold_models(const struct Shard *shards, odd_time now, const odd_question *question,
                   odd_rows **ret_rows);
void     shard_models_limit(Shard *shard, uint64_t more); /* So much is free for them. */
void     shard_models_close(Shard *shard);
/* As bytes and back (shard_models_save.c). */
void     shard_models_save(const Shard *shard, ImageOut *out);
odd_rc   shard_models_load(Shard *shard, ImageIn *in);

/* Facts for features (shard_features.c). */
void   shard_features_are(Shard *shard, const FeatureSet *set); /* NULL: there are none. */
odd_rc shard_feature_sample(Shard *shard, const Series *series, Str source, Sample sample,
                            odd_time known);
odd_rc shard_feature_line(Shard *shard, const Line *line, const Origin *origin);
odd_rc shard_feature_posted(Shard *shard, const Event *event);
odd_rc shard_feature_batch(Shard *shard, const Event *event);

/* Watermarks and windows (rates.c). */
void shard_rates_line(Shard *shard, const Line *line);
void shard_rates_tick(Shard *shard);
odd_time shard_watermark(const Shard *shard, uint32_t source);

/* Candidates (candidates.c).  is_faint: below the threshold; it is one if it is like what somebody
 * called real, which shard_may_raise may rule out, or, of lines, a hint. */
bool shard_may_raise(const Shard *shard, double surprise);
bool shard_may_hint(const Shard *shard, double surprise, uint64_t seen);
void shard_line_candidate(Shard *shard, const Line *line, Judgement judgement, Str whole,
                          bool is_faint);
OverlayFinding candidate_evidence(const Candidate *candidate);
void shard_series_candidate(Shard *shard, const Series *series, const Measured *measured,
                            bool goes_on, bool is_faint);
/* The same of what is odd to another baseline than the first: told beside the others. */
void shard_normal_candidate(Shard *shard, const Series *series, const Measured *measured,
                            bool goes_on, uint64_t baseline);
/* finding: `value` is its sentence, `place` how rare it is. */
struct Served;
void shard_model_candidate(Shard *shard, Finding *finding, uint64_t id, const struct Served *served,
                           bool goes_on);
void shard_rate_candidate(Shard *shard, PatternRef reference, odd_time from, odd_time to,
                          double seen, Judgement judgement, bool is_faint);

#endif
