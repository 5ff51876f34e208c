/* SPDX-License-Identifier: Apache-2.0
 *
 * order.h - numbers in their order: median, quantiles, scatter that a few outliers do not touch.
 *
 * ALGORITHM  Sorting; quantiles between the two nearest (R. Hyndman, Y. Fan, 1996, type 7).
 * SHAPE      values is (n), n > 0, finite.  Sorting is O(n log n), a quantile of sorted ones O(1).
 * EXACTNESS  Does not depend on the order in which the values come.
 */
#ifndef STATS_ORDER_H
#define STATS_ORDER_H
#include <stddef.h>

void   order_sort(double *values, size_t n);
double order_quantile(const double *sorted, size_t n, double share); /* 0 <= share <= 1 */
double order_median(const double *sorted, size_t n);

/* The mean distance from `centre`. */
double order_scatter(const double *values, size_t n, double centre);

/* A standard deviation, if they are normal: from the quartiles, but never less than half of what
 * the mean distance from the median says. */
double order_deviation(const double *sorted, size_t n);

#endif
