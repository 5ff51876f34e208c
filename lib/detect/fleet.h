/* SPDX-License-Identifier: Apache-2.0
 *
 * fleet.h - the series of one source together: how unlike all that was is this moment, and which
 * of them make it so.
 *
 * A series by itself (series.h) looks for what is new, and takes what lasts for usual soon.  Here
 * the memory is long, and stands still as long as the moment is odd: an episode of days stays odd
 * to its end.  Of each series, how far it is from its long mean is averaged over ten and over a
 * hundred moments; together they are as odd as the quarter of them that is oddest.
 *
 * ALGORITHM  Exponentially weighted squared distances (J. MacGregor, T. Harris, Journal of Quality
 *            Technology 25(2), 1993), each clipped (P. Huber, 1964); their upper mean as in the
 *            sum of the largest of many scores (Y. Mei, Biometrika 97(2), 2010), ranked among its
 *            own past (stats/ranks.h).
 * ODD MEANS  Several series are where they have not been, now or again and again of late.
 * SHAPE      Flat: 48 bytes a series, under 150 for all.  O(1) a sample; a moment costs O(series).
 * UNITS      Evidence is in squared deviations: 1 is usual, FLEET_EVIDENCE_MAX the most.
 * ERRORS     A series whose number is missing keeps its evidence.  Fewer than FLEET_SERIES_MIN
 *            series have no judgement.
 * BLIND TO   Series that part from each other, each within what is usual of it.
 */
#ifndef DETECT_FLEET_H
#define DETECT_FLEET_H
#include "detect/detector.h"
#include "detect/series.h"

#define FLEET_TOP 8 /* At most so many of the oddest are averaged. */
#define FLEET_SERIES_MIN 4
#define FLEET_EVIDENCE_MAX 100.0f

typedef struct {
    double   mean, square; /* Of all before: where it was, and its squared distance from there. */
    double   reach;        /* The largest distance, fading.                                    */
    float    fast, slow;   /* Evidence of the last ten and the last hundred moments.           */
    float    off;          /* In deviations, now.                                              */
    uint32_t count;
    uint32_t is_counter;   /* It is the growth of a counter.                                   */
    uint32_t unused;
} FleetSeries;             /* All zero is the empty state. */

typedef struct {
    float    evidence[FLEET_TOP], slow[FLEET_TOP]; /* The largest first. */
    uint32_t series; /* All that were added.                  */
    float    off;    /* Sum of how far off they are just now. */
} FleetMoment;       /* All zero: nothing was added. */

typedef struct {
    uint32_t count;    /* Moments. */
    uint32_t is_odd;   /* The last one was: what comes then teaches little. */
    uint32_t odd_run;  /* So many in a row. */
    float    usual;    /* Slow evidence.                                          */
    float    level;    /* Of the logarithm of all evidence, and its mean distance */
    float    spread;   /* from there.                                             */
    float    envelope; /* Of the alarms. */
    Ranks    ranks;
} Fleet; /* All zero is the empty state. */

/* A sample of one of them, before the series itself has learnt it. */
void  fleet_series_put(FleetSeries *series, const Fleet *fleet, const SeriesWatch *watch,
                      odd_time time, double value);

/* One moment: all its series are added, then it is judged and learnt. */
void  fleet_moment_add(FleetMoment *moment, const FleetSeries *series);
/* How much of it is this one's: 0 to 1. */
float fleet_share(const FleetMoment *moment, const FleetSeries *series);
void  fleet_put(Fleet *fleet, const FleetMoment *moment, Judgement *ret_judgement);

#endif
