/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/shard.h"

#include <assert.h>

#include "base/time.h"

#define THRESHOLD_FIRST 3.0
#define SOURCE_BYTES 4096
#define SOURCES_MIN 64
#define INBOX_BYTES_KEPT (256u << 10)
#define TEMPLATES_SHARE 8 /* Of the memory of a shard: texts between variables. */
#define SHAPES_SHARE 16   /* Likewise: shapes of series.                        */
#define SERIES_OF_BLOCK 64
#define COARSE_TOLD_NS (S_PER_DAY * NS_PER_S)
#define SERIES_SHARE 3 /* Of the memory of a shard at most ... */
#define SERIES_SHARE_OF 4
#define FRAME_STEP_NS (S_PER_DAY * NS_PER_S)

static odd_rc take_line(void *context, const Line *line, Judgement judgement)
{
    return shard_line(context, line, judgement);
}

static odd_rc shard_open_db(Shard *shard, const odd_options *options)
{
    odd_options own = *options;
    own.scores = 1;
    own.sessions = ODD_SESSIONS_NONE;
    own.memory_bytes_max = 0; /* shard_limit says it. */
    odd_rc rc = odd_open(&own, &shard->db);
    if (rc != ODD_OK)
        return rc;
    shard->db->taker = take_line;
    shard->db->taker_context = shard;
    shard->db->signals.lean = true;
    return ODD_OK;
}

/* A quarter of a shard's share of the memory, at about what a source costs. */
static uint32_t sources_max(const odd_options *options)
{
    uint64_t memory =
        options->memory_bytes_max != 0 ? options->memory_bytes_max : MEMORY_BYTES_DEFAULT;
    uint64_t count = memory / ODD_SHARD_COUNT / 4 / SOURCE_BYTES;
    if (count < SOURCES_MIN)
        count = SOURCES_MIN;
    return (uint32_t)(count < SOURCES_MAX ? count : SOURCES_MAX);
}

odd_rc shard_open(Shard *shard, int number, const odd_options *options)
{
    *shard = (Shard){.number = number,
                     .threshold = THRESHOLD_FIRST,
                     .threshold_metrics = THRESHOLD_FIRST,
                     .threshold_models = THRESHOLD_FIRST,
                     .now = ODD_TIME_NONE,
                     .coarse_since = ODD_TIME_NONE,
                     .coarse_last = ODD_TIME_NONE};
    uint64_t seed = options->seed;
    shard->facts_alone = options->facts != 0;
    shard->reference_rows = options->model_reference_rows;
    shard->reference_ns = options->model_reference_s * NS_PER_S;
    shard->outcome_wait_ns = options->outcome_wait_s * NS_PER_S;
    shard->templates = (TemplateBook){.mem = &shard->mem, .seed = (uint64_t)number};
    uint32_t sources = sources_max(options);
    shard->sources = (Names){.mem = &shard->mem, .seed = seed, .count_max = sources};
    shard->series_names = (Names){.mem = &shard->mem, .seed = seed};
    shard->series = (BlockTable){.mem = &shard->mem,
                                 .element_bytes = sizeof(Series),
                                 .block_elements = SERIES_OF_BLOCK};
    watch_table_open(&shard->watches, &shard->mem);
    shape_desk_open(&shard->shapes, &shard->mem);
    shard->watches_swept = shard->back = ODD_TIME_NONE;
    shard->target_names = (Names){.mem = &shard->mem, .seed = seed, .count_max = TARGETS_MAX};
    shard->metric_source_names = (Names){.mem = &shard->mem, .seed = seed, .count_max = sources};
    table_open(&shard->logs, &shard->rows_mem, table_logs_columns,
               table_shapes[ODD_TABLE_LOGS].column_count);
    table_open(&shard->samples, &shard->rows_mem, table_samples_columns,
               table_shapes[ODD_TABLE_SAMPLES].column_count);
    table_open(&shard->rates, &shard->rows_mem, table_rates_columns,
               table_shapes[ODD_TABLE_RATES].column_count);
    shard->facts = (Facts){.mem = &shard->way_mem};
    table_open(&shard->predictions, &shard->rows_mem, table_predictions_columns,
               table_shapes[ODD_TABLE_PREDICTIONS].column_count);
    table_open(&shard->outcomes, &shard->rows_mem, table_outcomes_columns,
               table_shapes[ODD_TABLE_OUTCOMES].column_count);
    shard->inbox = events_open(NULL, 0);
    shard->batch = batch_open();
    odd_rc rc = shard_open_db(shard, options);
    if (rc == ODD_OK && (shard->inbox == NULL || shard->batch == NULL || !shard_models_open(shard)))
        rc = ODD_NOMEM;
    if (rc != ODD_OK)
        shard_close(shard);
    return rc;
}

void shard_close(Shard *shard)
{
    for (size_t i = 0; i < shard->feed_capacity; i++) { /* All zero behind the last one. */
        Feed *feed = &shard->feeds[i];
        mem_free(&shard->mem, feed->sample, feed->sample_capacity);
        events_close(feed->waiting);
    }
    mem_free(&shard->mem, shard->feeds, shard->feed_capacity * sizeof *shard->feeds);
    names_close(&shard->sources);
    template_book_close(&shard->templates);
    mem_free(&shard->mem, shard->ids, shard->id_capacity * sizeof *shard->ids);
    names_close(&shard->series_names);
    block_table_close(&shard->series);
    watch_table_close(&shard->watches);
    shape_desk_close(&shard->shapes);
    names_close(&shard->target_names);
    mem_free(&shard->mem, shard->targets, shard->target_capacity * sizeof *shard->targets);
    names_close(&shard->metric_source_names);
    mem_free(&shard->mem, shard->metric_sources,
             shard->metric_source_capacity * sizeof *shard->metric_sources);
    mem_free(&shard->way_mem, shard->marks, shard->mark_capacity * sizeof *shard->marks);
    mem_free(&shard->way_mem, shard->origins, shard->origin_capacity * sizeof *shard->origins);
    mem_free(&shard->way_mem, shard->arrived, shard->arrived_capacity * sizeof *shard->arrived);
    mem_free(&shard->way_mem, shard->heard, shard->heard_capacity * sizeof *shard->heard);
    mem_free(&shard->way_mem, shard->candidates, shard->candidate_capacity * sizeof(Candidate));
    mem_free(&shard->way_mem, shard->changes, shard->change_capacity * sizeof *shard->changes);
    mem_free(&shard->way_mem, shard->faint, shard->faint_capacity * sizeof(Candidate));
    facts_close(&shard->facts);
    mem_free(&shard->way_mem, shard->series_features,
             shard->series_features_capacity * sizeof *shard->series_features);
    mem_free(&shard->way_mem, shard->feature_list,
             shard->feature_list_capacity * sizeof *shard->feature_list);
    shard_models_close(shard);
    shard_normals_close(shard);
    table_close(&shard->logs);
    table_close(&shard->samples);
    table_close(&shard->rates);
    table_close(&shard->predictions);
    table_close(&shard->outcomes);
    events_close(shard->inbox);
    odd_batch_free(shard->batch);
    odd_close(shard->db);
    *shard = (Shard){0};
}

uint64_t shard_bytes(const Shard *shard)
{
    return shard->mem.bytes + shard->db->mem.bytes + shard->db->signals_mem.bytes +
           shard_models_bytes(shard);
}

/* What it has and a quarter of what is free, but no more than its share. */
static uint64_t part_of(uint64_t has, uint64_t free, uint64_t share)
{
    uint64_t wanted = has + free / 4;
    return wanted < share ? wanted : share;
}

/* Patterns first grow coarse, then less is kept of each: their shares are those of a whole engine
 * (db.c), the sessions' being that of templates.  Series may have most of the memory, where the
 * others leave it. */
void shard_limit(Shard *shard, uint64_t bytes_max)
{
    uint64_t used = shard_bytes(shard), free = used < bytes_max ? bytes_max - used : 0;
    uint64_t patterns = pattern_table_bytes(shard->db->patterns);
    uint64_t signals = shard->db->signals_mem.bytes;
    uint64_t watches = block_table_bytes(&shard->watches.blocks);
    uint64_t watches_share = bytes_max / SERIES_SHARE_OF * SERIES_SHARE;
    pattern_table_limit(shard->db->patterns, part_of(patterns, free, bytes_max / 4));
    shard->db->signals_mem.bytes_max = part_of(signals, free, bytes_max / 2);
    shard->templates.bytes_max = bytes_max / TEMPLATES_SHARE;
    shard->watches.blocks.bytes_max = part_of(watches, free, watches_share);
    shard->shapes.blocks.bytes_max = bytes_max / SHAPES_SHARE;
    shard->series_bytes_max = bytes_max - bytes_max / 16; /* Tables grow in steps. */
}

bool shard_take(Shard *shard, const Event *event, uint64_t position)
{
    if (shard->mark_count == 0 || shard->marks[shard->mark_count - 1].position != position) {
        InboxMark *grown = mem_grow(&shard->way_mem, shard->marks, &shard->mark_capacity,
                                    shard->mark_count + 1, sizeof *grown);
        if (grown == NULL)
            return false;
        shard->marks = grown;
        grown[shard->mark_count++] = (InboxMark){.at = shard->inbox->size, .position = position};
    }
    return events_copy(shard->inbox, event);
}

uint32_t shard_name(Shard *shard, Names *names, Str name, bool *ret_is_new)
{
    uint32_t number = names_add(names, name, ret_is_new);
    if (number != NAME_NONE || names->count < names->count_max)
        return number;
    shard->sources_refused++;
    if (names_find(names, STR(SOURCE_OTHER)) == NAME_NONE)
        names->count_max++;
    return names_add(names, STR(SOURCE_OTHER), ret_is_new);
}

uint32_t shard_source(Shard *shard, Str name, odd_time now, int32_t zone_s)
{
    bool is_new;
    uint32_t number = shard_name(shard, &shard->sources, name, &is_new);
    if (number == NAME_NONE || !is_new)
        return number;
    Feed *grown =
        mem_grow(&shard->mem, shard->feeds, &shard->feed_capacity, number + 1, sizeof *grown);
    if (grown == NULL)
        return NAME_NONE;
    shard->feeds = grown;
    grown[number] = (Feed){.newest = ODD_TIME_NONE, .known = now, .zone_s = zone_s};
    name = names_text(&shard->sources, number);
    char text[EVENT_NAME_BYTES_MAX + 1];
    memcpy(text, name.text, name.size);
    text[name.size] = '\0';
    odd_reading reading = {.now = now, .zone_s = zone_s};
    int made;
    if (odd_source(shard->db, text, &reading, &made) != ODD_OK)
        return NAME_NONE;
    assert(made == (int)number);
    return number;
}

uint64_t shard_pattern_id(Shard *shard, PatternRef reference)
{
    const PatternTable *patterns = shard->db->patterns;
    for (size_t count = pattern_merge_count(patterns); shard->merges_followed < count;
         shard->merges_followed++) {
        PatternRef into = pattern_merge(patterns, shard->merges_followed).into;
        if (into < shard->id_capacity)
            shard->ids[into] = 0;
    }
    PatternRef root = pattern_root(patterns, reference);
    uint64_t *grown =
        mem_grow(&shard->mem, shard->ids, &shard->id_capacity, (size_t)root + 1, sizeof *grown);
    if (grown == NULL)
        return pattern_id(patterns, root);
    shard->ids = grown;
    if (grown[root] == 0)
        grown[root] = pattern_id(patterns, root);
    return grown[root];
}

/* Stamps without a year are read as of about now. */
static void frames_follow(Shard *shard, odd_time before)
{
    if (before != ODD_TIME_NONE && shard->now / FRAME_STEP_NS == before / FRAME_STEP_NS)
        return;
    for (size_t i = 0; i < shard->db->source_count; i++) {
        Source *source = &shard->db->sources[i];
        source->reading.now = shard->now;
        source->layout.frame = time_frame(shard->now, shard->feeds[i].zone_s);
    }
}

/* Known patterns need no memory, so that what was coarse may be long ago. */
static void coarse_tick(Shard *shard)
{
    uint64_t lines = pattern_table_coarse(shard->db->patterns);
    if (lines > shard->coarse_seen) {
        if (shard->coarse_since == ODD_TIME_NONE) {
            shard->coarse_since = shard->now;
            shard->coarse_before = shard->coarse_seen;
        }
        shard->coarse_last = shard->now;
        shard->coarse_seen = lines;
    } else if (shard->coarse_since != ODD_TIME_NONE &&
               time_minus(shard->now, shard->coarse_last) > COARSE_TOLD_NS) {
        shard->coarse_since = ODD_TIME_NONE;
    }
}

static odd_rc shard_tick(Shard *shard, odd_time now)
{
    odd_time before = shard->now;
    shard->now = now;
    if (before != ODD_TIME_NONE && time_minus(now, before) > ABSENT_NS)
        shard->back = now;
    odd_rc rc = shard_rows_tick(shard);
    if (rc != ODD_OK)
        return rc;
    frames_follow(shard, before);
    coarse_tick(shard);
    shard_rates_tick(shard);
    shard_watch_tick(shard);
    shard_shape_tick(shard, before);
    shard->ticks++;
    return shard_models_tick(shard);
}

static odd_rc shard_learn(Shard *shard, const Event *event)
{
    odd_rc rc;
    bool is_other =
        event->kind != EVENT_TICK && event->kind != EVENT_BATCH && event->kind != EVENT_POSTED;
    if (is_other || (event->kind == EVENT_TICK && shard->db->source_count > 0))
        shard->changed = true; /* Of the rest nothing is in this part. */
    switch (event->kind) {
    case EVENT_LINES:
    case EVENT_RECORD:
        return shard_rows(shard, event);
    case EVENT_SAMPLES:
        return shard_samples(shard, event);
    case EVENT_BATCH:
        shard->models_changed = true;
        rc = shard_feature_batch(shard, event);
        return rc == ODD_OK ? shard_batch(shard, event) : rc;
    case EVENT_POSTED:
        return shard_feature_posted(shard, event);
    case EVENT_TICK:
        rc = shard_rows_flush(shard);
        return rc == ODD_OK ? shard_tick(shard, event->known) : rc;
    case EVENT_CHANGE:
    case EVENT_VERDICT:
    case EVENT_POSITION:
    case EVENT_KEY:
    case EVENT_ALERT:
    case EVENT_FEATURES:
    case EVENT_KIND_COUNT:
        break;
    }
    return ODD_OK;
}

/* A flood is over some day: what it needed is given back. */
static void inbox_clear(Shard *shard)
{
    odd_events *fresh = shard->inbox->capacity > INBOX_BYTES_KEPT ? events_open(NULL, 0) : NULL;
    if (fresh != NULL) {
        events_close(shard->inbox);
        shard->inbox = fresh;
    }
    events_clear(shard->inbox);
    shard->mark_count = 0;
}

odd_rc shard_step(Shard *shard)
{
    EventReader reader = {.bytes = {.text = shard->inbox->bytes, .size = shard->inbox->size}};
    Event event;
    odd_rc rc = shard->failure;
    size_t mark = 0;
    while (rc == ODD_OK) {
        size_t at = reader.at;
        if (event_next(&reader, &event) != EVENT_READ)
            break;
        while (mark < shard->mark_count && shard->marks[mark].at <= at) {
            if (shard->position != shard->marks[mark].position)
                rc = shard_rows_flush(shard);
            shard->position = shard->marks[mark++].position;
        }
        if (rc == ODD_OK)
            rc = shard_learn(shard, &event);
    }
    if (rc == ODD_OK)
        rc = shard_rows_flush(shard);
    inbox_clear(shard);
    shard->failure = rc;
    return rc;
}
