/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/order.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define QUARTILES_OF_NORMAL 1.349 /* Between them, in standard deviations. */
#define DISTANCE_OF_NORMAL 0.7979 /* Mean one from the median, likewise.    */

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void order_sort(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
}

double order_quantile(const double *sorted, size_t n, double share)
{
    assert(n > 0);
    assert(share >= 0 && share <= 1);
    double at = share * (double)(n - 1);
    size_t below = (size_t)at;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (at - (double)below);
}

double order_median(const double *sorted, size_t n)
{
    return order_quantile(sorted, n, 0.5);
}

double order_scatter(const double *values, size_t n, double centre)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += fabs(values[i] - centre);
    return sum / (double)n;
}

double order_deviation(const double *sorted, size_t n)
{
    double quartiles = order_quantile(sorted, n, 0.75) - order_quantile(sorted, n, 0.25);
    double inner = quartiles / QUARTILES_OF_NORMAL;
    double all = order_scatter(sorted, n, order_median(sorted, n)) / DISTANCE_OF_NORMAL;
    return inner > all / 2 ? inner : all / 2;
}
