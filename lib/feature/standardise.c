/* SPDX-License-Identifier: Apache-2.0
 *
 * standardise.c - how many deviations a value is above the mean; both are in the definition, so
 * that what is fitted has the feature's version. */
#include "feature/transform.h"

static const char *good(const double *arguments, size_t count)
{
    (void)count; /* Two. */
    return arguments[1] > 0 ? NULL : "the deviation must be above 0";
}

static double apply(double value, const double *arguments, size_t count)
{
    (void)count; /* Two. */
    return (value - arguments[0]) / arguments[1];
}

const Transform transform_standardise = {.name = "standardise",
                                         .usage = "standardise MEAN DEVIATION",
                                         .count_min = 2,
                                         .count_max = 2,
                                         .good = good,
                                         .apply = apply};
