/* SPDX-License-Identifier: Apache-2.0
 *
 * count.c - how many facts there were, and how many in a second of the window. */
#include "feature/aggregate.h"

static void add(void *cell, FactValue fact)
{
    uint64_t *count = cell;
    (void)fact; /* That it came is all. */
    *count += 1;
}

static void merge(void *cell, const void *other)
{
    uint64_t *count = cell;
    const uint64_t *more = other;
    *count += *more;
}

static double count_value(const void *cell, const AggregateAsk *ask)
{
    const uint64_t *count = cell;
    (void)ask; /* A count knows no window. */
    return (double)*count;
}

static double rate_value(const void *cell, const AggregateAsk *ask)
{
    return count_value(cell, ask) / ask->window_s;
}

const Aggregate aggregate_count = {.name = "count",
                                   .cell_bytes = sizeof(uint64_t),
                                   .empty_is_zero = true,
                                   .add = add,
                                   .merge = merge,
                                   .value = count_value};
const Aggregate aggregate_rate = {.name = "rate",
                                  .cell_bytes = sizeof(uint64_t),
                                  .empty_is_zero = true,
                                  .add = add,
                                  .merge = merge,
                                  .value = rate_value};
