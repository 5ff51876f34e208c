/* SPDX-License-Identifier: Apache-2.0
 *
 * series_look.h - one sample of a series, looked at and judged before it is learnt: what is between
 * the files of series.h.
 *
 * SHAPE      A Look is a plain value for one sample.
 * UNITS      Scores are in usual sizes: 1 is usual.
 */
#ifndef DETECT_SERIES_LOOK_H
#define DETECT_SERIES_LOOK_H
#include <math.h>
#include <stdbool.h>

#include "detect/series.h"

#define SERIES_MEMORY COUNT_MEMORY /* Samples, of the slow level and of all scatters. */
#define JUDGED_COUNT_MIN 30 /* Samples before anything is judged. */
#define SEASON_COUNT_MIN 100
#define EXCESS_WEIGHT 1.5   /* Of past samples that were as odd. */
#define LATE_STEPS 1.5     /* Usual intervals from which on a sample is late. */
#define SHORT_MEMORY 10.0  /* Samples, of SERIES_SHORT. */
#define MEAN_CLIP 6.0
#define COUNTS_SCORE 2.0     /* Makes a score, of which 1 is usual, of a surprise of the model. */

typedef struct { /* All that is known of one sample before it is learnt. */
    Measure    measure;
    double     gap_s;  /* Since the last sample; 0: not known. */
    SeasonPart part;
    double     season; /* What is taken of it. */
    double     slow, forecast; /* What they expect, season included. */
    double     off, slow_off;  /* The value from them ... */
    double     scores[SERIES_CHANNELS]; /* ... as scores to be ranked; the signed ones with sign. */
    double     deviation;      /* From the forecast, in scatters. */
    double     spread;         /* Of the season, at this hour. */
    double     evidence;       /* What is rare in all channels, added up. */
    bool       may_count;      /* It may be how many came in a window; then ... */
    CountForecast counts;      /* ... what their model expects. */
} Look;

/* False: there is nothing to judge. */
bool series_look(const SeriesWatch *watch, odd_time time, double value, Look *look);

/* What is to be said of it; and its evidence. */
void series_judge(const SeriesWatch *watch, Look *look, Judgement *ret_judgement);

double        look_gap_s(const SeriesWatch *watch, odd_time time);
odd_time      look_season_time(const SeriesWatch *watch, odd_time time, int hours);
double        look_season(const SeriesWatch *watch, SeasonPart part, int *ret_forecaster);
double        look_error(const SeriesWatch *watch, double off);
double        look_mean(const SeriesWatch *watch, int i, double z);
double        look_varying(const SeriesWatch *watch, double z);
CountForecast look_counts(const SeriesWatch *watch, const Look *look);

/* How far the values are off on the average, in the memory of SERIES_SHORT + i; and of how many
 * values that knows as much as a plain mean. */
double look_lasting(const SeriesWatch *watch, const Look *look, int i);
double look_windows(int i);

/* Counts whose ranks are too short to say more than their model. */
bool series_is_early(const SeriesWatch *watch);

/* So small that anything else is far off, and no division by 0. */
static inline double look_least(const SeriesWatch *watch)
{
    return 1e-9 * fabs(watch->slow) + 1e-12;
}

#endif
