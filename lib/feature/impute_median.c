/* SPDX-License-Identifier: Apache-2.0
 *
 * impute_median.c - the median of all facts of the feature so far, within 6 % (quantile.c, whose
 * buckets do not count beyond 65,535). */
#include <assert.h>

#include "feature/impute.h"

#define STATE_BYTES 2048

extern const Aggregate aggregate_quantile;

static void learn(void *state, odd_time time, double value)
{
    assert(aggregate_quantile.cell_bytes <= STATE_BYTES);
    (void)time; /* All count alike. */
    aggregate_quantile.add(state, (FactValue){.value = value});
}

static double value(const ImputeAsk *ask)
{
    return aggregate_quantile.value(ask->state, &(AggregateAsk){.quantile = 0.5});
}

const Imputer imputer_median = {.name = "median",
                                .usage = "median",
                                .state_bytes = STATE_BYTES,
                                .of_facts = true,
                                .learn = learn,
                                .value = value};
