/* SPDX-License-Identifier: Apache-2.0
 *
 * extremes.c - the least and the greatest of facts. */
#include <math.h>

#include "feature/aggregate.h"

typedef struct {
    double   extreme;
    uint64_t is_there;
} ExtremeCell;

static void add_min(void *cell, FactValue fact)
{
    ExtremeCell *least = cell;
    double value =
        fact.value + 0.0; /* -0 is 0, so that the order of the two is nobody's concern. */
    if (!least->is_there || value < least->extreme)
        least->extreme = value;
    least->is_there = 1;
}

static void merge_min(void *cell, const void *other)
{
    const ExtremeCell *more = other;
    if (more->is_there)
        add_min(cell, (FactValue){.value = more->extreme});
}

static void add_max(void *cell, FactValue fact)
{
    ExtremeCell *greatest = cell;
    double value = fact.value + 0.0;
    if (!greatest->is_there || value > greatest->extreme)
        greatest->extreme = value;
    greatest->is_there = 1;
}

static void merge_max(void *cell, const void *other)
{
    const ExtremeCell *more = other;
    if (more->is_there)
        add_max(cell, (FactValue){.value = more->extreme});
}

static double value(const void *cell, const AggregateAsk *ask)
{
    const ExtremeCell *extreme = cell;
    (void)ask; /* The window does not matter. */
    return extreme->is_there ? extreme->extreme : NAN;
}

const Aggregate aggregate_min = {.name = "min",
                                 .cell_bytes = sizeof(ExtremeCell),
                                 .wants_value = true,
                                 .add = add_min,
                                 .merge = merge_min,
                                 .value = value};
const Aggregate aggregate_max = {.name = "max",
                                 .cell_bytes = sizeof(ExtremeCell),
                                 .wants_value = true,
                                 .add = add_max,
                                 .merge = merge_max,
                                 .value = value};
