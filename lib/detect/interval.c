/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/interval.h"

#include <string.h>

#include "base/time.h"
#include "detect/shared.h"

#define GAP_COUNT_MIN 16 /* Fewer tell nothing of what is usual. */

static double gap_s(const Interval *interval, odd_time time)
{
    if (!interval->timed || time == ODD_TIME_NONE || time < interval->last_time)
        return 0;
    return (double)((uint64_t)time - (uint64_t)interval->last_time) / (double)NS_PER_S;
}

static double interval_surprise(const Interval *interval, double gap)
{
    return interval->tail.count < GAP_COUNT_MIN ? 0 : tail_surprise(&interval->tail, gap);
}

void interval_score(const Interval *interval, odd_time time, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    if (interval->tail.count < GAP_COUNT_MIN)
        return;
    double surprise = interval_surprise(interval, gap_s(interval, time));
    ret_judgement->surprise = surprise;
    ret_judgement->alarm = detect_alarm(surprise, interval->envelope);
    ret_judgement->expected = interval->gap_sum_s / interval->tail.count;
    ret_judgement->upper = tail_value(&interval->tail, 3);
    ret_judgement->reason = "late";
}

void interval_learn(Interval *interval, odd_time time)
{
    if (time == ODD_TIME_NONE)
        return;
    double gap = gap_s(interval, time);
    if (interval->timed && time >= interval->last_time) {
        double surprise = interval_surprise(interval, gap);
        interval->envelope = (float)detect_envelope(surprise, interval->envelope);
        uint32_t before = interval->tail.count;
        tail_learn(&interval->tail, gap);
        interval->gap_sum_s += gap;
        if (interval->tail.count <= before) /* The tail has forgotten half. */
            interval->gap_sum_s /= 2;
    }
    interval->last_time = time;
    interval->timed = 1;
}

void interval_merge(Interval *interval, const Interval *other)
{
    tail_merge(&interval->tail, &other->tail);
    interval->gap_sum_s += other->gap_sum_s;
    if (other->timed && (!interval->timed || other->last_time > interval->last_time)) {
        interval->last_time = other->last_time;
        interval->timed = 1;
    }
    if (interval->envelope < other->envelope)
        interval->envelope = other->envelope;
}

static size_t state_bytes(void)
{
    return sizeof(Interval);
}

static void init(void *state, uint64_t seed)
{
    (void)seed; /* Nothing is drawn. */
    memset(state, 0, sizeof(Interval));
}

static void score(const void *state, const Observation *o, Judgement *ret_judgement)
{
    interval_score(state, o->time, ret_judgement);
}

static void learn(void *state, const Observation *o)
{
    if (o->value > 0)
        interval_learn(state, o->time);
}

static void merge(void *state, const void *other)
{
    interval_merge(state, other);
}

const odd_detector detector_interval = {
    .name = "interval",
    .source = "Pickands, Annals of Statistics 3(1), 1975",
    .version = 1,
    .state_bytes = state_bytes,
    .init = init,
    .score = score,
    .learn = learn,
    .merge = merge,
};
