/* SPDX-License-Identifier: Apache-2.0
 *
 * impute_seasonal_mean.c - the mean of all facts of the same hour of the week (UTC) so far. */
#include "base/time.h"
#include "feature/fixed.h"
#include "feature/impute.h"

#define HOURS 168
#define HOUR_NS (3600 * NS_PER_S)

typedef struct {
    Fixed    sum[HOURS];
    uint64_t count[HOURS];
} SeasonState;

static int hour_of(odd_time time)
{
    int64_t hour = time / HOUR_NS - (time % HOUR_NS < 0);
    int64_t of_week = hour % HOURS;
    return (int)(of_week < 0 ? of_week + HOURS : of_week);
}

static void learn(void *state, odd_time time, double value)
{
    SeasonState *season = state;
    int hour = hour_of(time);
    fixed_add(&season->sum[hour], value);
    season->count[hour]++;
}

static double value(const ImputeAsk *ask)
{
    const SeasonState *season = ask->state;
    int hour = hour_of(ask->as_of);
    uint64_t count = season->count[hour];
    return count > 0 ? fixed_value(season->sum[hour]) / (double)count : NAN;
}

const Imputer imputer_seasonal_mean = {.name = "seasonal_mean",
                                       .usage = "seasonal_mean",
                                       .state_bytes = sizeof(SeasonState),
                                       .of_facts = true,
                                       .learn = learn,
                                       .value = value};
