/* SPDX-License-Identifier: Apache-2.0
 *
 * two_seasons.h - one metric in two runs of some days: is it busy at other hours?
 *
 * Of each day that is nearly whole, each hour is its median.  The days of the first run say how
 * much an hour differs from day to day; against that the days of the second run are held, hour by
 * hour.  What most hours have in common is a level and no season, in both.  Where both runs have
 * three weeks, the hours of the week are held against each other in the same way, from week to
 * week.
 *
 * ALGORITHM  The means over the days differ by so many standard errors, from the scatter of all
 *            hours of the first run; Student's t says how often that comes by chance, times the
 *            hours that were looked at: 24, and 168 of the week.  A part of the usual deviation
 *            always counts as chance.
 * SHAPE      values and hours are (count), in order of time, values finite.  O(n log n).
 * OWNERSHIP  Works in `scratch`, which has room for twice as many doubles as both runs have.
 * UNITS      hours: since any midnight.  Surprise, not corrected for other series.
 * ERRORS     Too few days (TWO_SEASONS_DAYS_MIN in the first run, one in the second): surprise 0.
 * BLIND TO   In less than three weeks, the day of the week: weekends in one run alone look like
 *            another season, unless the first run has some.
 */
#ifndef STATS_TWO_SEASONS_H
#define STATS_TWO_SEASONS_H
#include <stddef.h>
#include <stdint.h>

#define TWO_SEASONS_DAYS_MIN 3
#define TWO_SEASONS_WEEKS_MIN 3 /* In both. */

typedef struct {
    const double  *values;
    const int64_t *hours;
    size_t         count;
} HourRun;

typedef struct {
    double surprise;
    int    hour;           /* Of the day: the one that differs most.                   */
    int    weekday;        /* On that alone, 0 is a Thursday; -1: on all days.         */
    double seen, expected; /* Then, in the second run; in the first one.               */
    double effect;         /* In usual deviations of an hour from day to day, signed.  */
    size_t first, last;    /* Of the second run: samples of the first such hour.       */
} SeasonChange;

SeasonChange two_seasons(HourRun first, HourRun second, double *scratch);

#endif
