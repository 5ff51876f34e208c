/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/period.h"

#include <math.h>

#include "base/clip.h"

#define MEMORY 512            /* Samples of a level.                                    */
#define LEVEL_MEMORY 256      /* Samples, of the mean that values are clipped around.   */
#define LEVEL_COUNT_MIN 32    /* Samples before any is clipped.                         */
#define CLIP 6.0
#define LARGE 1e30
#define LAG_MIN 4             /* Shorter ones are noise of the sampling.                */
#define LENGTHS_MIN 3         /* Periods that must have passed.                         */
#define RATIO_MAX 0.75        /* A dip leaves at most so much of the difference.        */
#define LONGER_LAG 0.85       /* Within a level a longer lag leaves so much of the shorter's ... */
#define LONGER_LEVEL 0.7      /* ... between levels so much ...                         */
#define LONGER_LAG_LESS 0.02  /* ... and is so much lower still.                        */
#define LONGER_LEVEL_LESS 0.05

typedef struct {
    int lag;
    double ratio;
} Dip;

static void level_put(PeriodLevel *level, float value)
{
    const uint32_t count = level->count;
    const uint32_t lags = count < PERIOD_LAGS - 1 ? count : PERIOD_LAGS - 1;
    for (uint32_t lag = 1; lag <= lags; lag++) {
        const uint32_t seen = count - lag + 1;
        const float share = 1.0f / (float)(seen < MEMORY ? seen : MEMORY);
        const float difference = fabsf(value - level->values[(count - lag) % PERIOD_LAGS]);
        level->differences[lag] += (difference - level->differences[lag]) * share;
    }
    level->values[count % PERIOD_LAGS] = value;
    level->count++;
}

static double believed(Period *period, double value)
{
    const double count = period->levels[0].count + 1.0;
    const double share = count < LEVEL_MEMORY ? 1 / count : 1.0 / LEVEL_MEMORY;
    const double most = count > LEVEL_COUNT_MIN && period->usual > 0 ? CLIP * period->usual : LARGE;
    const double above = clipped(value - period->mean, most);
    const double x = period->mean + above;
    period->mean += share * above;
    period->usual += share * (fabs(above) - period->usual);
    return x;
}

void period_put(Period *period, double value)
{
    float x = (float)believed(period, value);
    for (int i = 0; i < PERIOD_LEVELS; i++) {
        PeriodLevel *level = &period->levels[i];
        level_put(level, x);
        if (level->count % 2 == 1) {
            level->first = x;
            return;
        }
        x = (level->first + x) / 2;
    }
}

/* The best dip among the lags from `first`; lag 0: none. */
static Dip level_dip(const PeriodLevel *level, int first)
{
    Dip best = {.lag = 0, .ratio = 1};
    const float *means = level->differences;
    const uint32_t known = level->count / LENGTHS_MIN;
    const int last = known < PERIOD_LAGS - 2 ? (int)known : PERIOD_LAGS - 2;
    double highest = means[1];
    for (int lag = 2; lag <= last; lag++) {
        highest = means[lag] > highest ? means[lag] : highest;
        if (lag < first || !(means[lag] < means[lag - 1] && means[lag] <= means[lag + 1]))
            continue;
        const double ratio = means[lag] / highest;
        if (best.lag == 0 || ratio < best.ratio * LONGER_LAG - LONGER_LAG_LESS)
            best = (Dip){.lag = lag, .ratio = ratio};
    }
    return best;
}

/* The lag of the dip's lowest point, by the parabola through three. */
static double dip_lag(const PeriodLevel *level, int lag)
{
    const double before = level->differences[lag - 1], after = level->differences[lag + 1];
    const double bend = before - 2.0 * level->differences[lag] + after;
    return lag + (bend > 0 ? (before - after) / bend / 2 : 0);
}

double period_find(const Period *period, double *ret_confidence)
{
    double found = 0, ratio = RATIO_MAX;
    for (int i = 0; i < PERIOD_LEVELS; i++) {
        const PeriodLevel *level = &period->levels[i];
        const Dip dip = level_dip(level, i == 0 ? LAG_MIN : PERIOD_LAGS / 2 - 1);
        if (dip.lag == 0 || dip.ratio >= ratio)
            continue;
        if (found > 0 && dip.ratio >= ratio * LONGER_LEVEL - LONGER_LEVEL_LESS)
            continue;
        found = dip_lag(level, dip.lag) * (double)(1u << i);
        ratio = dip.ratio;
    }
    *ret_confidence = found > 0 ? 1 - ratio : 0;
    return found;
}
