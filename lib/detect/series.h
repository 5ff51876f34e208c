/* SPDX-License-Identifier: Apache-2.0
 *
 * series.h - one metric series, watched always: what is usual now, and how odd the next sample is.
 *
 * ODD MEANS  The value is far from where it usually is, or stays off for several samples.
 * SHAPE      State is flat, O(1) a sample, nothing is allocated.
 * UNITS      time in ns, or ODD_TIME_NONE where the series has only an order; value any.
 * ERRORS     NaN and infinities have no judgement and are not learnt.
 */
#ifndef DETECT_SERIES_H
#define DETECT_SERIES_H
#include "detect/detector.h"
#include "stats/tail.h"

typedef struct {
    uint64_t count;
    double   level;
    double   scatter; /* Mean absolute deviation from the level. */
    Tail     point;
    float    envelope;
    float    unused;
} SeriesWatch; /* All zero is the empty state. */

/* Scores, then learns: the same as series_score and series_learn, in one go. */
void series_put(SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement);
void series_score(const SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement);
void series_learn(SeriesWatch *watch, odd_time time, double value);

#endif
