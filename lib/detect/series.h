/* SPDX-License-Identifier: Apache-2.0
 *
 * series.h - one metric series, watched always: what is usual now, and how odd the next sample is.
 *
 * Two forecasts stand beside each other: a fast level, which knows the last few samples, and a slow
 * one with the season of hour and weekday.  The better one weighs more.  What the sample says
 * against them is looked at in eight ways, each ranked among its own past.  What is rare in each
 * adds up, and the sum is ranked again.
 *
 * ALGORITHM  Levels and seasons with clipped steps (P. Huber, 1964; robust exponential smoothing,
 *            S. Gelper et al., Journal of Forecasting 29, 2010); forecasts weighed by their errors
 *            (J. Bates, C. Granger, 1969); small chances joined by their truncated product (D.
 *            Zaykin et al., Genetic Epidemiology 22, 2002).  A level that stays off is taken as
 *            the new one.  Of counts the chance of the point is that of their model
 *            (count_model.h), which also bounds what is said; numbers that only look like
 *            counts have the bound.
 * ODD MEANS  high, low: the value is far from the forecast.  shift up, shift down: values stay on
 *            one side, over ten, fifty or four hundred samples.  up, down: a leap from the last
 *            value, as a share of both.  noisy, still: they vary more or less than usual.  gap: the
 *            sample came late.
 * SHAPE      State is flat, under 1,500 bytes; O(1) a sample, nothing is allocated.
 * UNITS      time in ns, or ODD_TIME_NONE where the series has only an order; value any.
 * ERRORS     NaN and infinities have no judgement and are not learnt.
 * BLIND TO   The shape of a cycle whose values are all usual; seasons other than day and week.
 */
#ifndef DETECT_SERIES_H
#define DETECT_SERIES_H
#include "detect/count_model.h"
#include "detect/detector.h"
#include "detect/season.h"
#include "detect/series_kind.h"
#include "stats/ranks.h"

typedef enum {
    SERIES_POINT,  /* Against the better forecast.                     */
    SERIES_VALUE,  /* Against the slow one.                            */
    SERIES_SHORT,  /* On one side of it for some ten samples ...       */
    SERIES_MIDDLE, /* ... for fifty ...                                */
    SERIES_LONG,   /* ... for four hundred.                            */
    SERIES_CHANGE, /* From the last value, as a share of both.         */
    SERIES_SPREAD, /* How much the values vary.                        */
    SERIES_GAP,    /* How late the sample is.                          */
    SERIES_CHANNELS
} SeriesChannel;

typedef struct {
    SeriesKind kind;
    odd_time   last_time;
    uint32_t   count;      /* Of what is watched now. */
    int16_t    off_run;    /* So many samples in a row far off, above (or below: negative). */
    int8_t     clock_shift; /* Hours that the season lies from its table: summer time. */
    int8_t     unused;
    double     slow, fast;           /* Levels, without season. */
    double     scatter, slow_scatter; /* Mean distance from the forecast, and from the slow one. */
    double     off_mean;             /* Of the run. */
    double     last;                 /* As measured. */
    float      step_s;               /* Usual seconds between samples; 0: not known. */
    float      errors[4];            /* Of slow, fast, slow with the day, and with the week. */
    float      shift_errors[3];      /* Of the season an hour earlier, as it is, an hour later. */
    float      means[3];             /* SERIES_SHORT, _MIDDLE, _LONG. */
    float      varying, usual_varying;
    float      width;                /* Of SERIES_POINT at a surprise of 3, in scatters. */
    float      envelope;
    uint32_t   late_count;
    CountModel counts;               /* Of whole numbers that may count something. */
    uint32_t   unused_too;           /* No byte of what is saved is left open. */
    Season     season;
    Ranks      ranks[SERIES_GAP]; /* Of all channels before it. */
    Ranks      evidence;          /* Of what all channels add up to. */
} SeriesWatch; /* All zero is the empty state. */

/* An empty one is told that it will see how many came in each window of so many seconds, and what
 * is known of them by now. */
void series_begin_counts(SeriesWatch *watch, double window_s, const CountStart *start);

/* Scores, then learns: the same as series_score and series_learn, in one go. */
void series_put(SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement);
void series_score(const SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement);
void series_learn(SeriesWatch *watch, odd_time time, double value);

/* What of the next sample is watched. */
Measure series_measured(const SeriesWatch *watch, odd_time time, double value);

/* The season that the forecast rests on now: 0 none, 1 the hour of day, 2 the hour of week. */
int series_season(const SeriesWatch *watch);

#endif
