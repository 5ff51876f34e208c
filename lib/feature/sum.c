/* SPDX-License-Identifier: Apache-2.0
 *
 * sum.c - sum and mean of facts, in fixed point (fixed.h). */
#include "feature/aggregate.h"
#include "feature/fixed.h"

typedef struct {
    Fixed    sum;
    uint64_t count;
} SumCell;

static void add(void *cell, FactValue fact)
{
    SumCell *sum = cell;
    fixed_add(&sum->sum, fact.value);
    sum->count++;
}

static void merge(void *cell, const void *other)
{
    SumCell *sum = cell;
    const SumCell *more = other;
    fixed_merge(&sum->sum, more->sum);
    sum->count += more->count;
}

static double sum_value(const void *cell, const AggregateAsk *ask)
{
    const SumCell *sum = cell;
    (void)ask; /* The window does not matter. */
    return fixed_value(sum->sum);
}

static double mean_value(const void *cell, const AggregateAsk *ask)
{
    const SumCell *sum = cell;
    return sum->count > 0 ? sum_value(cell, ask) / (double)sum->count : NAN;
}

const Aggregate aggregate_sum = {.name = "sum",
                                 .cell_bytes = sizeof(SumCell),
                                 .wants_value = true,
                                 .empty_is_zero = true,
                                 .add = add,
                                 .merge = merge,
                                 .value = sum_value};
const Aggregate aggregate_mean = {.name = "mean",
                                  .cell_bytes = sizeof(SumCell),
                                  .wants_value = true,
                                  .add = add,
                                  .merge = merge,
                                  .value = mean_value};
