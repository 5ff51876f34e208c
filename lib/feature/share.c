/* SPDX-License-Identifier: Apache-2.0
 *
 * share.c - which share of the facts is what the definition asks of them: their values are 1 or
 * 0. */
#include <math.h>

#include "feature/aggregate.h"

typedef struct {
    uint64_t hits, count;
} ShareCell;

static void add(void *cell, FactValue fact)
{
    ShareCell *share = cell;
    share->hits += fact.value != 0;
    share->count++;
}

static void merge(void *cell, const void *other)
{
    ShareCell *share = cell;
    const ShareCell *more = other;
    share->hits += more->hits;
    share->count += more->count;
}

static double value(const void *cell, const AggregateAsk *ask)
{
    const ShareCell *share = cell;
    (void)ask; /* The window does not matter. */
    return share->count > 0 ? (double)share->hits / (double)share->count : NAN;
}

const Aggregate aggregate_share = {.name = "share",
                                   .cell_bytes = sizeof(ShareCell),
                                   .add = add,
                                   .merge = merge,
                                   .value = value};
