/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fold.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/time.h"

#define SERIES_MAX_DEFAULT 1000000 /* Of one source. */
#define SERIES_SLACK 2             /* Shards do not get equal shares. */
#define SHARD_BYTES_MIN (1ull << 20)
#define REFERENCE_S (7 * S_PER_DAY)
#define OUTCOME_WAIT_S (30 * S_PER_DAY)
#define MODELS_SHARE 4 /* Of what is free: for models of all shards that have some. */

const char *odd_fold_errmsg(const odd_fold *fold)
{
    return fold->problem.text[0] != '\0' ? fold->problem.text : "no error";
}

static void options_fill(odd_options *options)
{
    if (options->memory_bytes_max == 0)
        options->memory_bytes_max = FOLD_MEMORY_DEFAULT;
    if (options->findings_per_day <= 0)
        options->findings_per_day = FINDINGS_PER_DAY_DEFAULT;
    if (options->series_max == 0)
        options->series_max = SERIES_MAX_DEFAULT;
    if (options->model_reference_rows == 0)
        options->model_reference_rows = REFERENCE_ROWS_DEFAULT;
    if (options->model_reference_s <= 0)
        options->model_reference_s = REFERENCE_S;
    if (options->outcome_wait_s <= 0)
        options->outcome_wait_s = OUTCOME_WAIT_S;
}

static odd_rc fold_open_shard(odd_fold *fold, int number)
{
    Shard *shard = &fold->shards[number];
    uint64_t share = fold->options.series_max / ODD_SHARD_COUNT;
    odd_rc rc = shard_open(shard, number, &fold->options);
    if (rc == ODD_OK)
        shard->overlay = &fold->board.overlay;
    if (rc == ODD_OK)
        shard->series_max = (share < UINT64_MAX / SERIES_SLACK ? share * SERIES_SLACK : share) + 1;
    return rc;
}

static odd_rc fold_open_shards(odd_fold *fold)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        odd_rc rc = fold_open_shard(fold, i);
        if (rc != ODD_OK)
            return rc;
        fold->shard_count++;
    }
    return ODD_OK;
}

static void fold_open_board(odd_fold *fold)
{
    fold->now = fold->back = fold->fed_known = ODD_TIME_NONE;
    board_open(&fold->board, &fold->mem, fold->options.findings_per_day);
    known_open(&fold->known, &fold->mem);
    fold->board.known = &fold->known;
    board_tick(&fold->board, 0, ODD_TIME_NONE, 0);
    presence_open(&fold->presence, &fold->mem);
    fold_features_open(fold);
}

odd_rc fold_forget(odd_fold *fold, int part)
{
    if (part == ODD_SHARD_COUNT) {
        board_close(&fold->board);
        known_close(&fold->known);
        presence_close(&fold->presence);
        fold_features_close(fold);
        fold_open_board(fold);
        fold->verdict_count = 0;
        fold->fed = fold->position = fold->ticks = fold->changes = fold->torn = 0;
        return ODD_OK;
    }
    shard_close(&fold->shards[part]);
    return fold_open_shard(fold, part);
}

odd_rc odd_fold_open(const odd_options *options, odd_fold **ret_fold)
{
    Mem mem = {0};
    odd_fold *fold = mem_take(&mem, sizeof *fold);
    if (fold == NULL)
        return ODD_NOMEM;
    fold->mem = mem;
    fold->skeleton.mem = &fold->commits_mem;
    table_open(&fold->commits, &fold->commits_mem, table_commits_columns,
               table_shapes[ODD_TABLE_COMMITS].column_count);
    if (options != NULL)
        fold->options = *options;
    options_fill(&fold->options);
    fold_open_board(fold);
    odd_rc rc = fold_open_shards(fold);
    if (rc != ODD_OK) {
        odd_fold_close(fold);
        return rc;
    }
    fold_tell_shards(fold);
    *ret_fold = fold;
    return ODD_OK;
}

void odd_fold_close(odd_fold *fold)
{
    if (fold == NULL)
        return;
    for (int i = 0; i < fold->shard_count; i++)
        shard_close(&fold->shards[i]);
    board_close(&fold->board);
    known_close(&fold->known);
    presence_close(&fold->presence);
    fold_features_close(fold);
    mem_free(&fold->mem, fold->verdicts, fold->verdict_capacity * sizeof *fold->verdicts);
    skeleton_close(&fold->skeleton);
    table_close(&fold->commits);
    for (int i = 0; i < ODD_TABLE_COUNT; i++)
        mem_free(&fold->mem, fold->rows[i], fold->row_capacity[i]);
    Mem mem = fold->mem;
    mem_free(&mem, fold, sizeof *fold);
}

/* Sources and series are spread by their names; nobody who does not know the seed can choose names
 * that all meet in one shard. */
static Shard *shard_of(odd_fold *fold, Str name)
{
    uint64_t hash = hash_bytes(name.text, name.size, ~fold->options.seed);
    return &fold->shards[(hash >> 32) % ODD_SHARD_COUNT];
}

static bool fold_change(odd_fold *fold, const Event *event)
{
    Change change = change_read(event->text, event->source, event->time);
    fold->changes++;
    return board_take_change(&fold->board, &change) == ODD_OK;
}

static bool fold_route(odd_fold *fold, const Event *event, uint64_t position)
{
    switch (event->kind) {
    case EVENT_LINES:
    case EVENT_RECORD:
        return shard_take(shard_of(fold, event->source), event, position);
    case EVENT_BATCH:
    case EVENT_POSTED:
        return shard_take(shard_of(fold, event->source), event, position);
    case EVENT_SAMPLES:
        return shard_take(shard_of(fold, event->series), event, position);
    case EVENT_TICK:
        fold->merge_is_due = true;
        if (fold->now != ODD_TIME_NONE && time_minus(event->known, fold->now) > ABSENT_NS)
            fold->back = event->known;
        fold->now = event->known;
        for (int i = 0; i < ODD_SHARD_COUNT; i++)
            if (!shard_take(&fold->shards[i], event, position))
                return false;
        return true;
    case EVENT_CHANGE:
        return fold_change(fold, event);
    case EVENT_VERDICT:
        return fold_verdict(fold, event);
    case EVENT_ALERT:
        return fold_alert(fold, event);
    case EVENT_FEATURES:
        return fold_features(fold, event);
    case EVENT_POSITION:
    case EVENT_KEY:
    case EVENT_KIND_COUNT:
        break;
    }
    return true;
}

static void fold_commit_row(odd_fold *fold, uint64_t position, odd_time known)
{
    table_int(&fold->commits, (int64_t)position);
    table_time(&fold->commits, known);
    table_text(&fold->commits, (Str){.text = fold->skeleton.bytes, .size = fold->skeleton.size});
}

odd_rc odd_fold_feed(odd_fold *fold, const odd_events *events, uint64_t position)
{
    if (fold->merge_is_due)
        return problem_say(&fold->problem, ODD_MISUSE,
                           "behind a tick the shards are to be stepped and merged");
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    EventRead read;
    skeleton_clear(&fold->skeleton);
    while ((read = event_next(&reader, &event)) == EVENT_READ) {
        if (fold->merge_is_due)
            return problem_say(&fold->problem, ODD_MISUSE, "commit %llu has events behind its tick",
                               (unsigned long long)position);
        if (!fold_route(fold, &event, position) || !skeleton_add(&fold->skeleton, &event))
            return problem_say(&fold->problem, ODD_NOMEM, "no memory left to take in commit %llu",
                               (unsigned long long)position);
    }
    fold->torn += read == EVENT_TORN;
    fold->fed = position;
    fold->apply_is_due = true;
    if (reader.known > fold->fed_known)
        fold->fed_known = reader.known;
    fold_commit_row(fold, position, reader.known);
    return fold->merge_is_due ? ODD_ROW : ODD_OK;
}

odd_rc odd_fold_step(odd_fold *fold, int shard)
{
    if (shard < 0 || shard >= ODD_SHARD_COUNT)
        return ODD_RANGE;
    return shard_step(&fold->shards[shard]);
}

uint64_t odd_fold_bytes(const odd_fold *fold)
{
    uint64_t bytes = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        bytes += shard_bytes(&fold->shards[i]);
    return bytes + fold->features.mem.bytes;
}

static uint64_t shards_with_models(const odd_fold *fold)
{
    uint64_t count = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        count += fold->shards[i].served_count > 0;
    return count;
}

/* What is free is shared out anew at each tick, so that a shard that learns much can have much, and
 * all together never more than is allowed.  What time it is shards know by the ticks; those that
 * were not saved since know it from here. */
void fold_tell_shards(odd_fold *fold)
{
    uint64_t used = odd_fold_bytes(fold), all = fold->options.memory_bytes_max;
    uint64_t more = used < all ? (all - used) / ODD_SHARD_COUNT : 0;
    uint64_t models = shards_with_models(fold);
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        Shard *shard = &fold->shards[i];
        uint64_t bytes = shard_bytes(shard) + more;
        shard_limit(shard, bytes > SHARD_BYTES_MIN ? bytes : SHARD_BYTES_MIN);
        bool has_models = shard->served_count > 0;
        shard_models_limit(shard,
                           has_models ? more * ODD_SHARD_COUNT / models / MODELS_SHARE : more);
        shard->threshold = fold->board.threshold[SENSE_LINES];
        shard->now = fold->now;
        shard->back = fold->back;
        shard->ticks = fold->ticks;
        shard->threshold_metrics = fold->board.threshold[SENSE_METRICS];
        shard->threshold_models = fold->board.threshold[SENSE_MODELS];
    }
}

static odd_time fold_newest(const odd_fold *fold)
{
    odd_time newest = ODD_TIME_NONE;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        for (size_t k = 0; k < shard->db->source_count; k++)
            if (shard->feeds[k].newest > newest)
                newest = shard->feeds[k].newest;
        for (size_t k = 0; k < shard->metric_source_names.count; k++)
            if (shard->metric_sources[k].last_time > newest)
                newest = shard->metric_sources[k].last_time;
        odd_time of_models = shard_models_newest(shard);
        newest = of_models > newest ? of_models : newest;
    }
    return newest;
}

static double fold_looks(const odd_fold *fold)
{
    double looks = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        looks += (double)fold->shards[i].samples_judged;
    return looks;
}

odd_rc odd_fold_merge(odd_fold *fold)
{
    if (!fold->merge_is_due)
        return problem_say(&fold->problem, ODD_MISUSE, "there is nothing to merge before a tick");
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        if (shard->failure != ODD_OK)
            return problem_say(&fold->problem, shard->failure, "shard %d cannot go on: %s", i,
                               odd_strerror(shard->failure));
    }
    odd_rc rc = odd_fold_apply(fold);
    if (rc != ODD_OK)
        return rc;
    board_tick(&fold->board, fold->now, fold_newest(fold), fold_looks(fold));
    rc = fold_hear_verdicts(fold);
    if (rc == ODD_OK)
        rc = fold_take_candidates(fold);
    if (rc != ODD_OK)
        return problem_say(&fold->problem, rc, "no memory left for findings");
    board_incidents_tick(&fold->board); /* Those that began just now, too. */
    fold_check_incidents(fold);
    board_give_hints(&fold->board);
    board_tell(&fold->board, false);
    fold->ticks++;
    fold_tell_shards(fold);
    fold->merge_is_due = false;
    fold->position = fold->fed;
    return ODD_OK;
}

uint64_t odd_fold_position(const odd_fold *fold)
{
    return fold->position;
}

uint64_t odd_fold_findings(const odd_fold *fold)
{
    return fold->board.told;
}
