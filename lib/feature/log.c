/* SPDX-License-Identifier: Apache-2.0
 *
 * log.c - the natural logarithm of 1 + value, so that a count of 0 has one (J. W. Tukey,
 * Exploratory Data Analysis, 1977: started logs). */
#include <math.h>

#include "base/real.h"
#include "feature/transform.h"

static double apply(double value, const double *arguments, size_t count)
{
    (void)arguments; /* It takes none. */
    (void)count;
    return value > -1 ? real_log1p(value) : NAN;
}

const Transform transform_log = {.name = "log", .usage = "log", .apply = apply};
