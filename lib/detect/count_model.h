/* SPDX-License-Identifier: Apache-2.0
 *
 * count_model.h - how many came in each window of time: what small whole numbers bear out.
 *
 * Ranks say how odd a count is among those before it, and know little as long as there are few.
 * A model knows from the first window on how much chance alone does.
 *
 * ALGORITHM  Negative binomial forecast: over-dispersion by the method of moments on clipped
 *            residuals (P. McCullagh, J. Nelder, Generalized Linear Models, 1989, ch. 6), the
 *            level's own uncertainty added.
 * SHAPE      States are flat, of 12 and 32 bytes.  O(1) to learn; to ask costs a continued
 *            fraction.
 * UNITS      Counts of one window; chances as -log10.
 * ERRORS     None: counts are >= 0 and finite, which the caller sees to.
 * BLIND TO   Counts that scatter less than chance has them.
 */
#ifndef DETECT_COUNT_MODEL_H
#define DETECT_COUNT_MODEL_H
#include <stdint.h>

#include "detect/detector.h"

#define COUNT_MEMORY 160.0 /* Windows that a level remembers. */

typedef struct {
    float excess;  /* Of squared residuals over what chance alone has, fading. */
    float squares; /* Of the means. */
    float wander;  /* Squared share by which the mean of a few windows is off. */
} CountModel;      /* All zero is the empty state. */

/* What is known of counts that have no series yet: of most patterns there will never be more. */
typedef struct {
    float      level;
    CountModel model;
    float      envelope; /* Of the evidence (detect/shared.h). */
    uint32_t   windows;
    uint32_t   odd;      /* Windows that were odd by the model: of those it knows too little. */
    uint32_t   unused;   /* No byte of what is saved is left open. */
} CountStart; /* All zero is the empty state. */

typedef struct {
    double mean;       /* Of the window. */
    double dispersion; /* variance = mean + dispersion mean^2 ...      */
    double own;        /* ... plus what is not known of the mean itself. */
} CountForecast;

typedef struct { /* What a forecast is made from. */
    double   level;   /* Without season. */
    double   season;  /* What the hour adds, ... */
    double   seen;    /* ... learnt from so many windows of that hour. */
    uint32_t windows; /* All. */
} CountLevel;

CountForecast count_forecast(const CountModel *model, const CountLevel *at);
double        count_deviation(const CountForecast *forecast);

/* How far from the mean a window may be and still teach. */
double count_reach(const CountForecast *forecast);

/* How odd it is that there came `count` a window, in so many windows: two-sided.  unknown: by what
 * square share the mean may be another one without anybody's fault. */
double count_surprise(const CountForecast *forecast, double count, double windows, double unknown);

void count_model_learn(CountModel *model, const CountForecast *forecast, double count);

/* The mean of so many windows is off by `off`, behind `count` windows; and by what square share
 * such means wander, beyond what chance alone has. */
void   count_wander_learn(CountModel *model, const CountForecast *forecast, double off,
                          uint32_t count);
double count_wander(const CountModel *model, const CountForecast *forecast, double windows);

/* What is expected, and the bounds that hold all but 1 in 1000 of normal windows. */
void count_bounds(const CountForecast *forecast, Judgement *judgement);

/* By the model alone: what is said as long as nothing is ranked.  Gives the evidence. */
double count_judge(const CountForecast *forecast, double envelope, double count,
                   Judgement *judgement);

/* They scatter about as much as chance has it, or more: numbers that do not may be whole without
 * counting anything. */
int count_scatters(const CountModel *model, double level, uint32_t count);

void count_start_score(const CountStart *start, double count, Judgement *ret_judgement);
void count_start_learn(CountStart *start, double count);

#endif
