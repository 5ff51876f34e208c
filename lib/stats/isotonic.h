/* SPDX-License-Identifier: Apache-2.0
 *
 * isotonic.h - the best fit that never falls: means of neighbours that are in the wrong order.
 *
 * ALGORITHM  Pool adjacent violators (M. Ayer, H. Brunk, G. Ewing, W. Reid, E. Silverman, Annals of
 *            Mathematical Statistics 26(4), 1955).
 * SHAPE      values and weights are (n); O(n) time, the values are overwritten.
 * ERRORS     None: weights are above 0, or both are 0.
 */
#ifndef STATS_ISOTONIC_H
#define STATS_ISOTONIC_H
#include <stddef.h>

/* scratch is (2 n). */
void isotonic_fit(double *values, const double *weights, size_t n, double *scratch);

#endif
