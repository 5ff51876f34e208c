/* SPDX-License-Identifier: Apache-2.0
 *
 * interval.h - the time since the last event of a signal against the gaps it usually leaves.
 *
 * ODD MEANS  This came, or is due, later than ever usual: a heartbeat has stopped.
 * ALGORITHM  The gap's own past with a modelled tail (stats/tail.h).
 * PARAMS     None.
 * BLIND TO   Events that come too early (the rate's series sees them), seasons.
 * SHAPE      Flat, O(1) a call but O(cells) to score.  Observation.value 1: the event came at
 *            Observation.time; 0: it did not, as a tick tells; a tick is scored and not learnt.
 * UNITS      expected and upper are gaps in seconds: the usual one, and the one that 1 in 1000
 *            passes.
 * ERRORS     ODD_TIME_NONE is passed over; a time before the last one gives no gap.
 * EXACTNESS  interval_merge adds the gaps; the later of the two last events stays.
 */
#ifndef DETECT_INTERVAL_H
#define DETECT_INTERVAL_H
#include "detect/detector.h"
#include "stats/tail.h"

typedef struct {
    odd_time last_time;
    double   gap_sum_s;
    Tail     tail;
    float    envelope;
    uint32_t timed; /* last_time is set. */
} Interval;         /* All zero is the empty state. */

void interval_score(const Interval *interval, odd_time time, Judgement *ret_judgement);
void interval_learn(Interval *interval, odd_time time);
void interval_merge(Interval *interval, const Interval *other);

extern const odd_detector detector_interval;

#endif
