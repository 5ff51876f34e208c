/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/count_tail.h"

#include <assert.h>
#include <math.h>

#include "stats/incomplete.h"

/* From here on a negative binomial is a Poisson to more digits than we keep. */
#define SIZE_OVER_MEAN_MAX 1e9

double poisson_upper(double count, double mean)
{
    assert(mean >= 0);
    if (count <= 0)
        return 0;
    return incomplete_gamma(count, mean).lower;
}

double poisson_lower(double count, double mean)
{
    assert(mean >= 0);
    if (count < 0)
        return -INFINITY;
    return incomplete_gamma(count + 1, mean).upper;
}

static int is_poisson(double mean, double size)
{
    return isinf(size) || mean == 0 || size / mean > SIZE_OVER_MEAN_MAX;
}

double negbin_upper(double count, double mean, double size)
{
    assert(mean >= 0);
    assert(size > 0);
    if (count <= 0)
        return 0;
    if (is_poisson(mean, size))
        return poisson_upper(count, mean);
    double sum = mean + size;
    return incomplete_beta(count, size, mean / sum, size / sum).lower;
}

double negbin_lower(double count, double mean, double size)
{
    assert(mean >= 0);
    assert(size > 0);
    if (count < 0)
        return -INFINITY;
    if (is_poisson(mean, size))
        return poisson_lower(count, mean);
    double sum = mean + size;
    return incomplete_beta(count + 1, size, mean / sum, size / sum).upper;
}

double binomial_upper(double count, double n, double p)
{
    assert(n >= 0);
    if (count <= 0)
        return 0;
    if (count > n)
        return -INFINITY;
    return incomplete_beta(count, n - count + 1, p, 1 - p).lower;
}

double binomial_lower(double count, double n, double p)
{
    assert(n >= 0);
    if (count < 0)
        return -INFINITY;
    if (count >= n)
        return 0;
    return incomplete_beta(count + 1, n - count, p, 1 - p).upper;
}
