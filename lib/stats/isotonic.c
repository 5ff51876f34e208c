/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/isotonic.h"

void isotonic_fit(double *values, const double *weights, size_t n, double *scratch)
{
    double *weight = scratch, *length = scratch + n; /* Of each pool, kept at its place in order. */
    size_t pools = 0;
    for (size_t i = 0; i < n; i++) {
        double value = values[i];
        weight[pools] = weights[i];
        length[pools] = 1;
        while (pools > 0 && values[pools - 1] >= value) {
            double both = weight[pools - 1] + weight[pools];
            if (both > 0)
                value = (values[pools - 1] * weight[pools - 1] + value * weight[pools]) / both;
            weight[pools - 1] = both;
            length[pools - 1] += length[pools];
            pools--;
        }
        values[pools++] = value;
    }
    size_t at = n;
    for (size_t pool = pools; pool > 0; pool--)
        for (size_t i = (size_t)length[pool - 1]; i > 0; i--)
            values[--at] = values[pool - 1];
}
