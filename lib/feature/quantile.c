/* SPDX-License-Identifier: Apache-2.0
 *
 * quantile.c - a quantile of facts, within 6 % of its size.
 *
 * ALGORITHM  C. Masson, J. E. Rim, H. K. Lee, "DDSketch", PVLDB 12(12), 2019: counts in buckets
 *            whose width grows with the value.  Ours are eighths of an octave, cut out of the
 *            number's own exponent and mantissa, so that no logarithm is needed.
 * EXACTNESS  A value is told as the middle of its bucket.  Sizes below 2^-12 are 0, those above
 *            2^28 are in the outermost bucket.  A bucket counts to 65,535 and stays there. */
#include <math.h>

#include "feature/aggregate.h"

#define PARTS 8       /* Of an octave. */
#define LOWEST (-12)  /* Exponents. */
#define OCTAVES 40
#define SIDE (PARTS * OCTAVES)
#define BUCKETS (2 * SIDE + 4) /* Negative ones, 0, positive ones; a multiple of 4. */

typedef struct {
    uint16_t counts[BUCKETS];
} QuantileCell;

/* From 0 on, by size: -1 is 0. */
static int place_of(double size)
{
    int exponent;
    double fraction = frexp(size, &exponent); /* In [1/2, 1). */
    if (size < ldexp(1, LOWEST))
        return -1;
    int place = (exponent - 1 - LOWEST) * PARTS + (int)floor((fraction - 0.5) * 2 * PARTS);
    return place < SIDE ? place : SIDE - 1;
}

static double middle_of(int place)
{
    double part = 1 + ((double)(place % PARTS) + 0.5) / PARTS;
    return ldexp(part, place / PARTS + LOWEST);
}

static void add(void *cell, FactValue fact)
{
    QuantileCell *quantile = cell;
    int place = place_of(fabs(fact.value));
    int bucket = place < 0 ? SIDE : fact.value < 0 ? SIDE - 1 - place : SIDE + 1 + place;
    if (quantile->counts[bucket] < UINT16_MAX)
        quantile->counts[bucket]++;
}

static void merge(void *cell, const void *other)
{
    QuantileCell *quantile = cell;
    const QuantileCell *more = other;
    for (int i = 0; i < BUCKETS; i++) {
        uint32_t sum = (uint32_t)quantile->counts[i] + more->counts[i];
        quantile->counts[i] = (uint16_t)(sum < UINT16_MAX ? sum : UINT16_MAX);
    }
}

static double value(const void *cell, const AggregateAsk *ask)
{
    const QuantileCell *quantile = cell;
    uint64_t count = 0, below = 0;
    for (int i = 0; i < BUCKETS; i++)
        count += quantile->counts[i];
    if (count == 0)
        return NAN;
    uint64_t rank = (uint64_t)floor(ask->quantile * (double)(count - 1) + 0.5);
    int bucket = 0;
    while (below + quantile->counts[bucket] <= rank)
        below += quantile->counts[bucket++];
    if (bucket == SIDE)
        return 0;
    return bucket < SIDE ? -middle_of(SIDE - 1 - bucket) : middle_of(bucket - SIDE - 1);
}

const Aggregate aggregate_quantile = {.name = "quantile",
                                      .cell_bytes = sizeof(QuantileCell),
                                      .wants_value = true,
                                      .add = add,
                                      .merge = merge,
                                      .value = value};
