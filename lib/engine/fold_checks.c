/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_checks.c - what was looked at of the machines and services of an incident, and found as it
 * should be, at the time of its last finding.
 *
 * It is kept in the incident, so it is told years later as it was. */
#include <math.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "engine/fold.h"
#include "incident/nature.h"

#define CHECKED_AT_ONCE_MAX 8 /* Incidents, at a tick; others at one of the next ones. */
#define CHECKED_PLACES_MAX 4096

static int by_value(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static CheckSort sort_of_resource(Str name)
{
    static const struct {
        const char *word;
        CheckSort   sort;
    } words[] = {{"cpu", CHECK_PROCESSOR},  {"load1", CHECK_PROCESSOR}, {"load5", CHECK_PROCESSOR},
                 {"mem", CHECK_MEMORY},     {"swap", CHECK_MEMORY},     {"heap", CHECK_MEMORY},
                 {"disk", CHECK_DISK},      {"filesystem", CHECK_DISK}, {"inode", CHECK_DISK},
                 {"io_time", CHECK_DISK},   {"network", CHECK_NETWORK}, {"socket", CHECK_NETWORK},
                 {"connection", CHECK_NETWORK}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ascii_holds(name, words[i].word))
            return words[i].sort;
    return CHECK_OTHER;
}

static CheckSort sort_of_series(Str series)
{
    switch (nature_of(FINDING_HIGH, true, LEVEL_NONE, series)) {
    case NATURE_RESOURCE:
        return sort_of_resource(series);
    case NATURE_ERROR:
        return CHECK_ERRORS;
    case NATURE_LATENCY:
        return CHECK_LATENCY;
    case NATURE_LOAD:
        return CHECK_LOAD;
    default:
        return CHECK_OTHER;
    }
}

/* Of all findings of the incident. */
static void who_is_in(const Board *board, const BoardIncident *incident, Who *ret)
{
    for (size_t i = board->finding_count; i-- > 0;) {
        const BoardFinding *finding = &board->findings[i];
        if (memcmp(finding->incident, incident->id, ID_SIZE) != 0)
            continue;
        LinkSide side = board_side(finding);
        who_add(ret, &side.who);
    }
}

/* Places of series that are of one of them, in order. */
static size_t places_of(const odd_fold *fold, const Who *who, uint64_t *places)
{
    size_t count = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        for (size_t k = 0; k < shard->target_names.count && count < CHECKED_PLACES_MAX; k++) {
            const Target *target = &shard->targets[k];
            Str source = names_text(&shard->metric_source_names, target->source);
            Who of = who_of(source, shard_target_series(shard, target));
            if (who_shared(&of, who) != NULL)
                places[count++] = target->place;
        }
    }
    qsort(places, count, sizeof *places, by_value);
    return count;
}

static bool is_finding(const Board *board, const BoardIncident *incident, uint64_t signal)
{
    for (size_t i = 0; i < board->finding_count; i++)
        if (board->findings[i].first.pattern == signal &&
            memcmp(board->findings[i].incident, incident->id, ID_SIZE) == 0)
            return true;
    return false;
}

static void check_add(Check *check, double surprise)
{
    check->signals++;
    if (surprise > (double)check->surprise)
        check->surprise = (float)surprise;
}

static void check_series(const odd_fold *fold, const uint64_t *places, size_t count,
                         BoardIncident *incident)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        for (uint32_t k = 0; k < shard->series_names.count; k++) {
            const Series *series = shard_series(shard, k);
            if (bsearch(&series->place, places, count, sizeof *places, by_value) == NULL)
                continue;
            Str name = shard_series_name(shard, k);
            double surprise = isnan(series->surprise) ? 0 : (double)series->surprise;
            /* Only what is odd may be one of the findings. */
            if (surprise >= ODD_SURPRISE_MIN &&
                is_finding(&fold->board, incident, shard_series_id(shard, series)))
                continue;
            check_add(&incident->checks[sort_of_series(name)], surprise);
        }
    }
}

static void check_patterns(const odd_fold *fold, const Who *who, BoardIncident *incident)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        const Signals *signals = &shard->db->signals;
        for (size_t k = 0; k < shard->sources.count; k++) {
            Who of = who_of(names_text(&shard->sources, (uint32_t)k), STR(""));
            if (who_shared(&of, who) == NULL)
                continue;
            for (uint32_t s = 0; s < signals->signal_count; s++)
                if (signals->signals[s].last.source == k)
                    check_add(&incident->checks[CHECK_PATTERNS], 0);
        }
    }
}

static void check(odd_fold *fold, BoardIncident *incident, uint64_t *places)
{
    Who who = {.count = 0};
    who_is_in(&fold->board, incident, &who);
    memset(incident->checks, 0, sizeof incident->checks);
    check_series(fold, places, places_of(fold, &who, places), incident);
    check_patterns(fold, &who, incident);
}

void fold_check_incidents(odd_fold *fold)
{
    uint64_t *places = NULL;
    int left = CHECKED_AT_ONCE_MAX;
    for (size_t i = fold->board.incidents.count; i-- > 0 && left > 0;) {
        BoardIncident *incident = &fold->board.incidents.incidents[i];
        if (incident->findings == incident->checked_findings)
            continue;
        if (places == NULL)
            places = mem_take(&fold->mem, CHECKED_PLACES_MAX * sizeof *places);
        if (places == NULL)
            return;
        check(fold, incident, places);
        incident->checked_findings = incident->findings;
        left--;
    }
    mem_free(&fold->mem, places, CHECKED_PLACES_MAX * sizeof *places);
}
