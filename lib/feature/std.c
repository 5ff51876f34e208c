/* SPDX-License-Identifier: Apache-2.0
 *
 * std.c - the standard deviation of facts (n - 1), from exact sums of whole numbers.
 *
 * ALGORITHM  Facts are rounded to multiples of 2^-16.  With n of them, sum S = n m + r and sum of
 *            squares Q, the sum of squares about m is Q - m (S + r), exact in 128 bits; what m
 *            lacks of the mean costs r^2 / n.
 * EXACTNESS  Facts beyond 2^34 in size are taken as 2^34; 2^23 of the largest ones fit. */
#include "feature/aggregate.h"
#include "feature/fixed.h"

#define STD_BITS 16
#define STD_MAX 0x1p34

typedef struct {
    Fixed    sum, squares; /* Of facts times 2^STD_BITS. */
    uint64_t count;
} StdCell;

static void add(void *cell, FactValue fact)
{
    StdCell *std = cell;
    FixedWide q = fixed_round(fixed_clip(fact.value, STD_MAX), STD_BITS);
    std->sum = fixed_of_wide(fixed_wide(std->sum) + q);
    std->squares = fixed_of_wide(fixed_wide(std->squares) + q * q);
    std->count++;
}

static void merge(void *cell, const void *other)
{
    StdCell *std = cell;
    const StdCell *more = other;
    fixed_merge(&std->sum, more->sum);
    fixed_merge(&std->squares, more->squares);
    std->count += more->count;
}

static double value(const void *cell, const AggregateAsk *ask)
{
    const StdCell *std = cell;
    (void)ask; /* The window does not matter. */
    if (std->count < 2)
        return NAN;
    FixedWide n = (FixedWide)std->count, sum = fixed_wide(std->sum);
    FixedWide m = sum / n, r = sum % n;
    double about = (double)(fixed_wide(std->squares) - m * (sum + r));
    double squares = about - (double)r * (double)r / (double)n;
    double variance = squares > 0 ? squares / (double)(n - 1) : 0;
    return ldexp(sqrt(variance), -STD_BITS);
}

const Aggregate aggregate_std = {.name = "std",
                                 .cell_bytes = sizeof(StdCell),
                                 .wants_value = true,
                                 .add = add,
                                 .merge = merge,
                                 .value = value};
