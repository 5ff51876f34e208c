/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/counter.h"

#define VALUES_MIN 16
#define RESETS_MAX 0.02  /* Share of the steps. */
#define GROWING_MIN 0.5
#define RESET_LEFT_MAX 0.5 /* A reset leaves less of the total than that. */

bool counter_is(const double *values, size_t n)
{
    if (n < VALUES_MIN || values[0] < 0)
        return false;
    size_t growing = 0, resets = 0;
    for (size_t i = 1; i < n; i++) {
        growing += values[i] > values[i - 1];
        if (values[i] >= values[i - 1])
            continue;
        if (values[i] < 0 || values[i] > values[i - 1] * RESET_LEFT_MAX)
            return false;
        resets++;
    }
    double steps = (double)(n - 1);
    return (double)growing >= steps * GROWING_MIN && (double)resets <= steps * RESETS_MAX;
}

double counter_step(const double *values, size_t i)
{
    return values[i + 1] >= values[i] ? values[i + 1] - values[i] : values[i + 1];
}
