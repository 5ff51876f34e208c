/* SPDX-License-Identifier: Apache-2.0
 *
 * bucket.c - the number of the bucket that a value is in: how many bounds are not above it. */
#include "feature/transform.h"

static const char *good(const double *arguments, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!(arguments[i - 1] < arguments[i]))
            return "the bounds must rise";
    return NULL;
}

static double apply(double value, const double *arguments, size_t count)
{
    size_t bucket = 0;
    while (bucket < count && value >= arguments[bucket])
        bucket++;
    return (double)bucket;
}

const Transform transform_bucket = {.name = "bucket",
                                    .usage = "bucket BOUND BOUND ...",
                                    .count_min = 1,
                                    .count_max = TRANSFORM_ARGUMENTS_MAX,
                                    .good = good,
                                    .apply = apply};
