/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_together.c - machines, pods and services of which many series are odd at the same moment.
 *
 * Their series live in many shards: each gives a sum for what it heard of (shard_target.c), which
 * presence.c has put together by now. */
#include "base/hash.h"
#include "base/time.h"
#include "engine/fold.h"
#include "incident/metric_together.h"
#include "stats/combine.h"

#define ID_SEED 0x746f676574686572ULL

static void write_sentence(const odd_fold *fold, const PresenceTarget *target,
                           const Judgement *judgement, Candidate *candidate)
{
    Crowded crowded = {.odd = target->moment.odd,
                       .series = target->moment.series,
                       .expected = judgement->expected};
    crowded.source = str_of(target->source);
    crowded.who = str_of(target->text);
    while (crowded.most_count < HEARD_MOST && target->most[crowded.most_count].surprise > 0) {
        HeardSeries most = target->most[crowded.most_count];
        crowded.most[crowded.most_count++] =
            shard_series_name(&fold->shards[most.shard], most.series);
    }
    metric_together(&crowded, candidate->sentence, sizeof candidate->sentence);
    metric_together_how_rare(&crowded, candidate->how_rare, sizeof candidate->how_rare);
}

static void candidate_of(const odd_fold *fold, const PresenceTarget *target,
                         const Judgement *judgement, double surprise, Candidate *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->time = ret->last_time = fold->board.clock;
    ret->pattern = hash_add(ID_SEED, target->place);
    ret->place = target->place;
    ret->surprise = surprise;
    ret->seen = target->moment.odd;
    ret->expected = judgement->expected;
    ret->kind = FINDING_TOGETHER;
    ret->is_metric = 1;
    presence_name(target, ret);
    write_sentence(fold, target, judgement, ret);
}

static odd_rc take(odd_fold *fold, PresenceTarget *target, const Judgement *judgement, double looks)
{
    Board *board = &fold->board;
    double least = board->threshold[SENSE_METRICS];
    double alarm = combine_bonferroni(judgement->alarm, looks);
    double surprise = combine_bonferroni(judgement->surprise, looks);
    bool begins = alarm >= least;
    if (!begins && !(surprise >= least && shard_goes_on(target->told, board->clock)))
        return ODD_OK;
    Candidate candidate;
    candidate_of(fold, target, judgement, begins ? alarm : surprise, &candidate);
    candidate.goes_on = !begins;
    target->told = board->clock;
    return board_take(board, &candidate);
}

/* As many as one of them is looked at in a day, by a thousand, or all that were now. */
static double looks_of(const odd_fold *fold, double series_judged)
{
    double moments = 0;
    for (size_t i = 0; i < fold->presence.places.count; i++)
        moments += fold->presence.targets[i].moment.series >= TOGETHER_SERIES_MIN;
    double share = series_judged > 0 ? moments / series_judged : 0;
    double of_a_day = board_looks(&fold->board, 0) * share;
    return of_a_day > moments ? of_a_day : moments;
}

odd_rc fold_take_together(odd_fold *fold, double series_judged)
{
    odd_rc rc = ODD_OK;
    double looks = looks_of(fold, series_judged);
    for (size_t i = 0; i < fold->presence.places.count; i++) {
        PresenceTarget *target = &fold->presence.targets[i];
        if (target->moment.series == 0)
            continue;
        Judgement judgement;
        together_put(&target->together, &target->moment, &judgement);
        if (rc == ODD_OK && judgement.surprise > 0)
            rc = take(fold, target, &judgement, looks);
        target->moment = (TogetherMoment){0};
        memset(target->most, 0, sizeof target->most);
    }
    return rc;
}
