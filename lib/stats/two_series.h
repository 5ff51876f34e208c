/* SPDX-License-Identifier: Apache-2.0
 *
 * two_series.h - one metric in two runs: has its level, its spread or its way of moving changed?
 *
 * Neighbouring samples are alike, so a thousand of them are no thousand witnesses.  Both runs are
 * therefore cut into blocks as long as the second run, or an eighth of the first if that is less;
 * how much blocks of the first run differ among themselves is what a difference is held against.
 * And two runs are never quite alike: a part of the usual deviation always counts as chance.
 *
 * ALGORITHM  Per block: its median (level), the logarithm of the mean distance from it (spread),
 *            that of the mean step from sample to sample in units of it (shape).  The medians over
 *            the blocks of both runs differ by so many robust standard errors, widened if
 *            neighbouring blocks are alike; Student's t says how often that comes by chance, and
 *            the share of blocks of the first run that are as far off bounds it.
 * SHAPE      values is (n), in order of time, finite.  O(n log n).
 * OWNERSHIP  Works in `scratch`, which has room for twice as many doubles as both runs have.
 * UNITS      Surprise, not corrected.  Spread has the unit of the values; shape is a ratio.
 * ERRORS     Too few values (fewer than TWO_SERIES_LEVEL_MIN in the first run or none in the second
 *            one; for spread and shape 32 and 8): surprise 0, and the rest of the answer is NaN.
 * BLIND TO   What a metric does over longer times than the runs last: if it wanders, or has a
 *            season that none of them shows whole, two good runs differ.
 * EXACTNESS  On clean series, white, correlated from sample to sample up to 0.9, daily, skewed or
 *            with spikes, of which the first run shows ten times as much as it remembers, about 1
 *            in 1000 has a surprise of 3 or more; of white ones fewer, for runs may differ.
 */
#ifndef STATS_TWO_SERIES_H
#define STATS_TWO_SERIES_H
#include <stddef.h>

#define TWO_SERIES_LEVEL_MIN 3

typedef struct {
    const double *values;
    size_t        count;
} Run;

typedef enum { ASPECT_LEVEL = 0, ASPECT_SPREAD, ASPECT_SHAPE, ASPECT_COUNT } Aspect;

typedef struct {
    double surprise;
    double seen, expected; /* In the second run; in the first one.                            */
    double lower, upper;   /* Between them are 98 of 100 values of the first run.             */
    double effect;         /* In usual deviations; spread and shape: how many times as much.  */
    size_t first, count;   /* Of the second run: the block that differs most.                 */
} Change;

Change two_series(Aspect aspect, Run first, Run second, double *scratch);

#endif
