/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/pause.h"

#include "base/time.h"

#define MEANS 3       /* A pause is looked at from so many mean gaps on ... */
#define STEP 1.25     /* ... and then each time that it is so much longer.  */
#define PHASE_SHARE 8 /* A pause longer than this part of its whole past: a phase is over. */
#define PAST_NS (600 * NS_PER_S) /* It must have come for so long to be missed. */

static void wait_from(Pause *pause, odd_time time)
{
    const Interval *interval = &pause->interval;
    double mean_s = interval->tail.count > 0 ? interval->gap_sum_s / interval->tail.count : 0;
    pause->check_after = time_plus(time, time_ns_of(mean_s * MEANS + 1));
    pause->silent = 0;
}

void pause_event(Pause *pause, odd_time time)
{
    Interval *interval = &pause->interval;
    if (interval->timed && time < interval->last_time)
        return;
    if (!interval->timed)
        pause->first_time = time;
    interval_learn(interval, time);
    wait_from(pause, time);
}

/* What a pause of these seconds counts for, by the gaps of all hours. */
static double worth_of(const Interval *interval, double lasts_s, double pace)
{
    double usual = interval->gap_sum_s > 0 ? interval->tail.count / interval->gap_sum_s : 0;
    return pace > 0 && pace < usual ? lasts_s * pace / usual : lasts_s;
}

bool pause_judge(Pause *pause, odd_time time, double pace, double least, Judgement *ret_judgement)
{
    const Interval *interval = &pause->interval;
    if (pause->silent || !interval->timed || time <= pause->check_after)
        return false;
    int64_t past = time_minus(interval->last_time, pause->first_time);
    int64_t lasts = time_minus(time, interval->last_time);
    double lasts_s = (double)lasts / (double)NS_PER_S;
    double worth_s = worth_of(interval, lasts_s, pace);
    Judgement judgement;
    interval_score(interval, time_plus(interval->last_time, time_ns_of(worth_s)), &judgement);
    pause->check_after = time_plus(interval->last_time, time_ns_of(lasts_s * STEP));
    if (judgement.alarm < least || !(judgement.upper < worth_s) || past < PAST_NS ||
        lasts > past / PHASE_SHARE)
        return false;
    pause->silent = 1;
    judgement.reason = "silent";
    judgement.expected = worth_s / judgement.expected;
    *ret_judgement = judgement;
    return true;
}

void pause_begin_anew(Pause *pause, odd_time time)
{
    Interval *interval = &pause->interval;
    if (!interval->timed || time <= interval->last_time)
        return;
    interval->last_time = time;
    wait_from(pause, time);
}

void pause_merge(Pause *pause, const Pause *other)
{
    if (other->interval.timed && (!pause->interval.timed || other->first_time < pause->first_time))
        pause->first_time = other->first_time;
    interval_merge(&pause->interval, &other->interval);
}
