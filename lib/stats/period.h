/* SPDX-License-Identifier: Apache-2.0
 *
 * period.h - the period of a stream of numbers, found while it runs.
 *
 * ALGORITHM  Average magnitude difference (M. Ross et al., IEEE Trans. ASSP 22(5), 1974): the mean
 *            of |x(t) - x(t - lag)| dips where lag is a period.  A dip counts by its depth against
 *            the highest mean at a shorter lag (after A. de Cheveigne and H. Kawahara, JASA 111(4),
 *            2002), so a trend or a random walk, whose mean only rises, has none.  Lags of 4 to 63
 *            samples are watched, and lags of 32 to 63 in each of twelve halvings of the rate, the
 *            mean of two samples for one.  Of two dips the shorter one is the period unless the
 *            longer is far deeper.  Magnitudes, not squares, of values clipped at six times their
 *            usual distance from the running mean: a few outliers change little.
 * SHAPE      Flat, 6.9 kB; put is O(64) on average over calls, find O(levels x 64).
 * UNITS      Periods and lags in samples, at least 4, at most 250,000; confidence 0 to 1: how much
 *            of the difference is gone at the period.
 * ERRORS     None; the caller leaves out what is not finite.
 * EXACTNESS  The past fades: a level remembers about 512 of its samples, a period is found after
 *            three of its lengths, and a new one replaces it.
 */
#ifndef STATS_PERIOD_H
#define STATS_PERIOD_H
#include <stdint.h>

#define PERIOD_LEVELS 13
#define PERIOD_LAGS 64

typedef struct {
    float    values[PERIOD_LAGS];      /* The last ones, at count modulo PERIOD_LAGS. */
    float    differences[PERIOD_LAGS]; /* By lag: the mean magnitude.                 */
    uint32_t count;
    float    first; /* Of the pair that will be one sample of the next level. */
} PeriodLevel;

typedef struct {
    PeriodLevel levels[PERIOD_LEVELS];
    double      mean, usual; /* Of the values; of their distance from it. */
} Period; /* All zero is the empty stream. */

void period_put(Period *period, double value);

/* The period, or 0 where there is none. */
double period_find(const Period *period, double *ret_confidence);

#endif
