/* SPDX-License-Identifier: Apache-2.0
 *
 * impute_mean.c - the mean of all facts of the feature so far. */
#include "feature/fixed.h"
#include "feature/impute.h"

typedef struct {
    Fixed    sum;
    uint64_t count;
} MeanState;

static void learn(void *state, odd_time time, double value)
{
    MeanState *mean = state;
    (void)time; /* All count alike. */
    fixed_add(&mean->sum, value);
    mean->count++;
}

static double value(const ImputeAsk *ask)
{
    const MeanState *mean = ask->state;
    return mean->count > 0 ? fixed_value(mean->sum) / (double)mean->count : NAN;
}

const Imputer imputer_mean = {.name = "mean",
                              .usage = "mean",
                              .state_bytes = sizeof(MeanState),
                              .of_facts = true,
                              .learn = learn,
                              .value = value};
