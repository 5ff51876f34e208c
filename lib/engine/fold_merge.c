/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_merge.c - candidates of all shards on their way to the board.
 *
 * Those of lines go in the order of the shards.  A series is one of a million that were looked at
 * in the same moment, so the surprises of series are adjusted for all of them first; then the
 * oddest goes first, since it is the one that tells those beside it. */
#include <stdlib.h>

#include "engine/fold.h"
#include "stats/combine.h"
#include "stats/false_discovery.h"

typedef struct {
    const Candidate **candidates; /* Of series that begin something, the oddest first. */
    double           *surprises;
    size_t            count, capacity, surprise_capacity;
    double            looked_at;  /* So many looks is a surprise corrected for. */
} Crowd;

static odd_rc take_lines(odd_fold *fold)
{
    odd_rc rc = ODD_OK;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        for (size_t k = 0; rc == ODD_OK && k < shard->candidate_count; k++)
            if (!shard->candidates[k].is_metric)
                rc = board_take(&fold->board, &shard->candidates[k]);
    }
    return rc;
}

static bool crowd_add(odd_fold *fold, Crowd *crowd, const Candidate *c)
{
    const Candidate **grown =
        mem_grow(&fold->mem, crowd->candidates, &crowd->capacity, crowd->count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    crowd->candidates = grown;
    double *surprises = mem_grow(&fold->mem, crowd->surprises, &crowd->surprise_capacity,
                                 crowd->count + 1, sizeof *surprises);
    if (surprises == NULL)
        return false;
    crowd->surprises = surprises;
    grown[crowd->count++] = c;
    return true;
}

/* Of equals the first by id: which shard they are of is nobody's concern. */
static int oddest_first(const void *left, const void *right)
{
    const Candidate *a = *(const Candidate *const *)left, *b = *(const Candidate *const *)right;
    if (a->surprise > b->surprise || a->surprise < b->surprise)
        return a->surprise > b->surprise ? -1 : 1;
    if (a->pattern != b->pattern)
        return a->pattern < b->pattern ? -1 : 1;
    return (a->time > b->time) - (a->time < b->time);
}

static odd_rc take_crowd(odd_fold *fold, Crowd *crowd)
{
    if (crowd->count == 0)
        return ODD_OK;
    qsort(crowd->candidates, crowd->count, sizeof *crowd->candidates, oddest_first);
    for (size_t i = 0; i < crowd->count; i++)
        crowd->surprises[i] = crowd->candidates[i]->surprise;
    false_discovery_adjust(crowd->surprises, crowd->count, crowd->looked_at);
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < crowd->count; i++) {
        Candidate adjusted = *crowd->candidates[i];
        adjusted.surprise = crowd->surprises[i];
        if (adjusted.surprise >= ODD_SURPRISE_MIN)
            rc = board_take(&fold->board, &adjusted);
    }
    return rc;
}

/* Each was told before: it is corrected as if it were alone. */
static odd_rc take_going_on(odd_fold *fold, const Crowd *crowd)
{
    odd_rc rc = ODD_OK;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        for (size_t k = 0; rc == ODD_OK && k < shard->candidate_count; k++) {
            Candidate adjusted = shard->candidates[k];
            if (!adjusted.is_metric || !adjusted.goes_on)
                continue;
            adjusted.surprise = combine_bonferroni(adjusted.surprise, crowd->looked_at);
            rc = board_take(&fold->board, &adjusted);
        }
    }
    return rc;
}

static odd_rc take_series(odd_fold *fold)
{
    Crowd crowd = {0};
    odd_rc rc = ODD_OK;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        crowd.looked_at += (double)shard->series_judged;
        for (size_t k = 0; rc == ODD_OK && k < shard->candidate_count; k++) {
            const Candidate *c = &shard->candidates[k];
            if (c->is_metric && !c->goes_on && !crowd_add(fold, &crowd, c))
                rc = ODD_NOMEM;
        }
    }
    crowd.looked_at = board_looks(&fold->board, crowd.looked_at);
    if (rc == ODD_OK)
        rc = take_crowd(fold, &crowd);
    if (rc == ODD_OK)
        rc = take_going_on(fold, &crowd);
    mem_free(&fold->mem, crowd.candidates, crowd.capacity * sizeof *crowd.candidates);
    mem_free(&fold->mem, crowd.surprises, crowd.surprise_capacity * sizeof *crowd.surprises);
    return rc;
}

static odd_rc take_missed(void *context, const Candidate *candidate)
{
    odd_fold *fold = context;
    return board_take(&fold->board, candidate);
}

static void hear_all(odd_fold *fold)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        presence_hear(&fold->presence, &fold->shards[i]);
        fold->shards[i].heard_count = 0;
    }
}

static odd_rc take_silent(odd_fold *fold)
{
    return presence_tick(&fold->presence, fold->now, fold->board.threshold[SENSE_METRICS],
                         take_missed, fold);
}

/* A series that somebody called real is judged as if it were alone: for its own looks. */
static double looks_of_one(const odd_fold *fold, double series_judged)
{
    double looks = board_looks(&fold->board, 0) / (series_judged > 1 ? series_judged : 1);
    return looks > 1 ? looks : 1;
}

/* It would have been corrected as any other. */
static odd_rc note_below(odd_fold *fold, Candidate c, double series_judged)
{
    if (c.is_metric)
        c.surprise = combine_bonferroni(c.surprise, board_looks(&fold->board, series_judged));
    return c.surprise >= ODD_SURPRISE_MIN ? board_note_below(&fold->board, &c) : ODD_OK;
}

static odd_rc take_faint(odd_fold *fold, double series_judged)
{
    odd_rc rc = ODD_OK;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        Shard *shard = &fold->shards[i];
        for (size_t k = 0; rc == ODD_OK && k < shard->faint_count; k++) {
            Candidate adjusted = shard->faint[k];
            if (adjusted.is_hint)
                rc = hints_take(&fold->board.hints, &adjusted, fold->board.clock);
            if (rc == ODD_OK && adjusted.is_below && !adjusted.is_like_real)
                rc = note_below(fold, adjusted, series_judged);
            if (!adjusted.is_like_real && adjusted.baseline == 0)
                continue;
            bool is_begun = adjusted.goes_on || finding_is_model((FindingKind)adjusted.kind);
            if (adjusted.is_metric && !is_begun)
                adjusted.surprise =
                    combine_bonferroni(adjusted.surprise, looks_of_one(fold, series_judged));
            if (rc == ODD_OK && (is_begun || adjusted.surprise >= ODD_SURPRISE_MIN))
                rc = board_raise(&fold->board, &adjusted);
        }
        shard->faint_count = shard->hint_count = shard->real_count = shard->below_count = 0;
    }
    return rc;
}

static double series_judged(const odd_fold *fold)
{
    double judged = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        judged += (double)fold->shards[i].series_judged;
    return judged;
}

/* What was seen to change; before what it may be the cause of. */
static odd_rc take_changes(odd_fold *fold)
{
    odd_rc rc = ODD_OK;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        Shard *shard = &fold->shards[i];
        for (size_t k = 0; rc == ODD_OK && k < shard->change_count; k++)
            rc = board_take_change(&fold->board, &shard->changes[k]);
        shard->change_count = 0;
    }
    return rc;
}

odd_rc fold_take_candidates(odd_fold *fold)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        known_learn(&fold->known, &fold->shards[i]);
    odd_rc rc = take_changes(fold);
    if (rc == ODD_OK)
        rc = take_lines(fold);
    if (rc == ODD_OK)
        rc = take_series(fold);
    double judged = series_judged(fold);
    hear_all(fold);
    if (rc == ODD_OK)
        rc = fold_take_together(fold, judged);
    if (rc == ODD_OK)
        rc = take_silent(fold);
    if (rc == ODD_OK)
        rc = take_faint(fold, judged);
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        fold->shards[i].candidate_count = fold->shards[i].metric_candidates = 0;
        fold->shards[i].series_judged = fold->shards[i].samples_judged = 0;
    }
    return rc;
}
