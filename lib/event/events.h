/* SPDX-License-Identifier: Apache-2.0
 *
 * events.h - events on their way in: what happened, encoded as the journal keeps it.
 *
 * A run of events is a run of bytes, one event behind the other; that of two runs put together is
 * the run of both.  Codecs add events, the journal keeps the bytes, the engine reads them again.
 *
 *     event    kind and flags (1 byte), then the parts that its kind has, in the order of Event
 *     text     its size as a varint, then its bytes
 *     time     8 bytes, little-endian, ns;  count: varint;  level: 1 byte
 *     sample   time, then the bits of a double, 16 bytes in all
 *
 * A source that is the one of the event before is not written again, nor is the moment when it
 * came (flags); the first event of a run names both.
 *
 * SHAPE      One growing array.
 * OWNERSHIP  odd_events owns its bytes; what event_next gives points into the bytes that it reads.
 * ERRORS     Adding gives false when memory is short (EVENTS_BYTES_MAX), and adds nothing then.
 *            event_next tells torn bytes from the end.  Sources end before their first NUL: what
 *            follows it is not written.
 */
#ifndef EVENT_EVENTS_H
#define EVENT_EVENTS_H
#include <oddball.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/str.h"
#include "event/mask.h"
#include "event/prediction_batch.h"
#include "event/record.h"

#define EVENTS_BYTES_MAX (256u << 20)
#define EVENT_LINE_BYTES_MAX 65536  /* Longer texts are cut here, and counted. */
#define EVENT_NAME_BYTES_MAX 1024   /* Of sources and keys; longer ones are cut. */
#define EVENT_SERIES_BYTES_MAX 4096

typedef enum {
    EVENT_LINES = 1, /* Whole lines as they are, each with its line end.                        */
    EVENT_RECORD,    /* One structured log record.                                              */
    EVENT_SAMPLES,   /* Samples of one series.                                                  */
    EVENT_CHANGE,    /* A deploy, a configuration: text is a JSON object.                       */
    EVENT_TICK,      /* Time passed: known says what time it is.  Nothing else in it.           */
    EVENT_POSITION,  /* Where the reader of the source stands: text, only it understands it.    */
    EVENT_KEY,       /* text: names the request that this run came with, so that it counts once. */
    EVENT_VERDICT,   /* What a person or a rule says of findings: text is as verdict.h has it.  */
    EVENT_BATCH,     /* Predictions or outcomes of the model `source`: text is one
                        prediction_batch.h.                                                     */
    EVENT_ALERT,     /* A person's rule fired, or no more: text is as alert.c writes it.         */
    EVENT_POSTED,    /* What a program says happened: source is the name, text a JSON object.    */
    EVENT_FEATURES,  /* All features from the next tick on: text is as feature/definition.h
                        writes it.                                                              */
    EVENT_KIND_COUNT
} EventKind;

typedef struct {
    EventKind kind;
    Str       source;
    odd_time  known;      /* When it came here.                                               */
    odd_time  time;       /* RECORD, CHANGE, POSTED: when it happened, or ODD_TIME_NONE.     */
    int32_t   zone_s;     /* LINES: seconds east of UTC for stamps without a zone.            */
    Level     level;      /* RECORD.                                                          */
    Str       text;       /* All but SAMPLES and TICK.                                        */
    Str       attributes; /* RECORD: a JSON object, or empty.                                 */
    Str       series;     /* SAMPLES: see series.h.                                           */
    Str       samples;    /* SAMPLES: sample_count times 16 bytes.                            */
    size_t    sample_count;
} Event;

typedef struct {
    uint64_t lines, records, samples, changes, alerts;
    uint64_t predictions, outcomes, posted;
    uint64_t cut;                         /* Texts that were longer than allowed.     */
    uint64_t masked[ODD_MASK_KIND_COUNT]; /* Secrets that were replaced.              */
    uint64_t bytes;                       /* Of texts and samples, as they came.      */
} EventCounts;

struct odd_events {
    Mem          mem;
    const Masks *masks; /* NULL: texts stay as they are. */
    MaskRoom     room;
    char        *bytes;
    size_t       size, capacity;
    odd_time     known;      /* Of all that is added.                 */
    bool         has_source; /* last_source is that of the last event. */
    size_t       last_source_from, last_source_size; /* In bytes. */
    odd_time     last_known;
    size_t       samples_at; /* Where the count of the last series stands. */
    char        *items;      /* One for each item of a request that is answered so (bulk.c). */
    size_t       item_count, item_capacity;
    size_t       event_count;
    EventCounts  counts;
};

/* masks may be NULL, and is shared: it only is read.  NULL: no memory. */
odd_events *events_open(const Masks *masks, odd_time known);
void        events_close(odd_events *events);
void        events_clear(odd_events *events); /* Empty again; keeps its memory and its time. */

/* lines: any bytes; a missing line end at their end is added. */
bool events_lines(odd_events *events, Str source, int32_t zone_s, Str lines);
/* Attributes that are longer than a line may be are left out, and counted as cut. */
bool events_record(odd_events *events, Str source, odd_time time, Level level, Str text,
                   Str attributes);
bool events_change(odd_events *events, Str source, odd_time time, Str text);
/* An object of EVENT_LINE_BYTES_MAX at most, of which no part is cut: false, if it is longer. */
bool events_posted(odd_events *events, Str name, odd_time time, Str object);
bool events_features(odd_events *events, Str text); /* Not masked. */
bool events_alert(odd_events *events, Str source, Str text);
bool events_tick(odd_events *events);
bool events_verdict(odd_events *events, Str text); /* Not masked: it names what was masked. */
bool events_position(odd_events *events, Str source, Str text);
bool events_key(odd_events *events, Str key);
/* One that batch_read has passed; its texts are masked as others are. */
bool events_batch(odd_events *events, const PredictionBatch *batch);

/* A series and its first sample; events_sample adds further ones right behind it. */
bool events_series(odd_events *events, Str source, Str series, odd_time time, double value);
bool events_sample(odd_events *events, odd_time time, double value);

/* An event as it was read, texts untouched. */
bool events_copy(odd_events *events, const Event *event);

/* What was added since a moment is taken back: for requests that turn out to be torn. */
typedef struct {
    size_t      size, event_count, last_source_from, last_source_size, samples_at;
    bool        has_source;
    odd_time    last_known;
    EventCounts counts;
} EventsMark;
EventsMark events_mark(const odd_events *events);
void       events_back_to(odd_events *events, EventsMark mark);

/* All of another one behind what is there, as it is encoded. */
bool events_append(odd_events *events, const odd_events *more);

/* The events become a run that was kept: its bytes are the caller's to fill, then they are counted.
 * NULL: no memory, or too large.  False: the bytes are torn. */
char *events_run(odd_events *events, size_t size);
bool  events_count_run(odd_events *events);

typedef struct {
    Str      bytes;
    size_t   at;
    Str      source;
    odd_time known;
} EventReader; /* {.bytes = ...} stands before the first event. */

typedef enum { EVENT_READ, EVENT_END, EVENT_TORN } EventRead;
EventRead event_next(EventReader *reader, Event *ret);

typedef struct {
    odd_time time;
    double   value;
} Sample;
Sample event_sample(const Event *event, size_t number);

/* -- between the files of events --------------------------------------------------------------- */

#define EVENT_SAME_SOURCE 0x80 /* Flags beside the kind. */
#define EVENT_SAME_KNOWN 0x40
#define EVENT_KIND_MASK 0x3f
#define EVENT_SAMPLE_BYTES 16
Str event_source_cut(Str source); /* To what a source may be. */

#endif
