/* SPDX-License-Identifier: Apache-2.0
 *
 * normalise.c - the place of a value between two bounds: 0 at the lower, 1 at the upper one. */
#include "feature/transform.h"

static const char *good(const double *arguments, size_t count)
{
    (void)count; /* Two. */
    return arguments[0] < arguments[1] ? NULL : "the lower bound must be below the upper one";
}

static double apply(double value, const double *arguments, size_t count)
{
    (void)count; /* Two. */
    return (value - arguments[0]) / (arguments[1] - arguments[0]);
}

const Transform transform_normalise = {.name = "normalise",
                                       .usage = "normalise LOWER UPPER",
                                       .count_min = 2,
                                       .count_max = 2,
                                       .good = good,
                                       .apply = apply};
