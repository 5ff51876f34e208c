/* SPDX-License-Identifier: Apache-2.0
 *
 * count_rate.h - how many per window, against the signal's own past: more, less, silent.
 *
 * ODD MEANS  In this window the pattern came more often (more), less often (less) or not at all
 *            though it is regular (silent), compared with what this signal does by itself.
 * ALGORITHM  Negative binomial forecast: level with forgetting, over-dispersion by the method of
 *            moments on clipped residuals (P. McCullagh, J. Nelder, Generalized Linear Models,
 *            1989, ch. 6), its own uncertainty added.  What the forecast misses, the calibration
 *            against the signal's own past surprises takes back (stats/tail.h).  Hour-of-day
 *            factors, shrunk to 1, are used as long as they forecast better than none.
 * PARAMS     None.  Windows are of equal length; the memory of the level is 128 of them.
 * BLIND TO   Changes slower than the memory; shapes within a window; weekly seasons.
 * SHAPE      State is flat, at most 512 bytes.  Observation.value is the count of the window,
 *            Observation.time its start (ODD_TIME_NONE or row numbers: no season is found then).
 *            An observation that is no count (NaN, negative, infinite) is passed over.
 * UNITS      expected, lower, upper: counts; the two bounds hold all but 1 in 1000 of normal
 *            windows.
 * EXACTNESS  An odd window is learnt clipped to the bounds, so that it does no harm; after
 *            eight odd windows in a row the level starts anew from them.
 *            count_rate_merge: the longer past stays, the other is dropped (a rate has one past).
 */
#ifndef DETECT_COUNT_RATE_H
#define DETECT_COUNT_RATE_H
#include "detect/detector.h"
#include "stats/tail.h"

#define COUNT_RATE_HOURS 24

typedef struct {
    double   weight;                    /* Windows in memory, forgetting.                   */
    double   sum;                       /* Their counts, season taken out.                  */
    double   residual_sum, square_sum;  /* Of the over-dispersion: excess and mean squared. */
    double   season_gain;               /* Log-likelihood of season over none, forgetting.  */
    odd_time first_time;
    float    seen[COUNT_RATE_HOURS];    /* Counts by hour of day, forgetting.               */
    float    hoped[COUNT_RATE_HOURS];   /* What the level alone expected in them.           */
    Tail     tail;                      /* Of the raw surprises.                            */
    float    envelope;                  /* Of the alarms.                                   */
    float    odd_sum;                   /* Counts in the odd windows in a row.              */
    uint16_t odd_run;                   /* How many there are.                              */
    uint8_t  timed;                     /* first_time is set.                               */
    uint8_t  hour;                      /* Of the window before.                            */
} CountRate;                            /* All zero is the empty state. */

void count_rate_score(const CountRate *rate, odd_time time, double count, Judgement *ret_judgement);
void count_rate_learn(CountRate *rate, odd_time time, double count);
void count_rate_merge(CountRate *rate, const CountRate *other);

extern const odd_detector detector_count_rate;

#endif
