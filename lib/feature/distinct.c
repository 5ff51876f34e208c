/* SPDX-License-Identifier: Apache-2.0
 *
 * distinct.c - how many different values facts have, about.
 *
 * ALGORITHM  P. Flajolet, E. Fusy, O. Gandouet, F. Meunier, "HyperLogLog", AofA 2007, with 256
 *            registers; below 640, K.-Y. Whang's linear counting (ACM TODS 15(2), 1990).
 * EXACTNESS  Standard error 6.5 %. */
#include <math.h>

#include "base/hash.h"
#include "base/real.h"
#include "feature/aggregate.h"

#define REGISTER_BITS 8
#define REGISTERS (1 << REGISTER_BITS)
#define FEW 2.5 /* Times REGISTERS: below it, empty registers tell more. */

typedef struct {
    uint8_t highest[REGISTERS];
} DistinctCell;

/* Hashes of numbers that follow each other are not alike in any bits behind it. */
static uint64_t mixed(uint64_t hash)
{
    return hash_fold(hash ^ HASH_P0, hash ^ HASH_P1) ^ hash_fold(hash, HASH_P2);
}

static void add(void *cell, FactValue fact)
{
    DistinctCell *distinct = cell;
    uint64_t hash = mixed(fact.hash);
    uint64_t rest = hash << REGISTER_BITS | (uint64_t)1 << (REGISTER_BITS - 1);
    uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
    uint8_t *highest = &distinct->highest[hash >> (64 - REGISTER_BITS)];
    if (rank > *highest)
        *highest = rank;
}

static void merge(void *cell, const void *other)
{
    DistinctCell *distinct = cell;
    const DistinctCell *more = other;
    for (int i = 0; i < REGISTERS; i++)
        if (more->highest[i] > distinct->highest[i])
            distinct->highest[i] = more->highest[i];
}

static double value(const void *cell, const AggregateAsk *ask)
{
    const DistinctCell *distinct = cell;
    double inverse = 0, empty = 0, m = REGISTERS;
    (void)ask; /* The window does not matter. */
    for (int i = 0; i < REGISTERS; i++) {
        inverse += ldexp(1, -distinct->highest[i]);
        empty += distinct->highest[i] == 0;
    }
    double estimate = 0.7213 / (1 + 1.079 / m) * m * m / inverse;
    if (estimate < FEW * m && empty > 0)
        estimate = m * real_log(m / empty);
    return floor(estimate + 0.5);
}

const Aggregate aggregate_distinct = {.name = "distinct",
                                      .cell_bytes = sizeof(DistinctCell),
                                      .wants_value = true,
                                      .empty_is_zero = true,
                                      .add = add,
                                      .merge = merge,
                                      .value = value};
