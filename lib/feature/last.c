/* SPDX-License-Identifier: Apache-2.0
 *
 * last.c - the newest fact, if it is not older than the window.
 *
 * It needs no cells: of each entity the table keeps the newest fact of every feature anyway, since
 * an age is told with each value (table.h). */
#include <math.h>

#include "feature/aggregate.h"

static void add(void *cell, FactValue fact)
{
    (void)cell; /* There is none. */
    (void)fact;
}

static void merge(void *cell, const void *other)
{
    (void)cell; /* There is none. */
    (void)other;
}

static double value(const void *cell, const AggregateAsk *ask)
{
    (void)cell; /* The table knows it. */
    (void)ask;
    return NAN;
}

const Aggregate aggregate_last = {
    .name = "last", .wants_value = true, .add = add, .merge = merge, .value = value};
