/* SPDX-License-Identifier: Apache-2.0
 *
 * combine.h - several surprises about one thing become one; one of many is corrected for the many.
 *
 * ALGORITHM  Harmonic mean of p-values (D. Wilson, PNAS 116(4), 2019): holds up under dependence,
 *            unlike Fisher's product; for small p it equals the Cauchy combination (Y. Liu, J. Xie,
 *            JASA 115, 2020).  Holm's step-down (Scandinavian Journal of Statistics 6, 1979).
 * SHAPE      surprises is (n), each >= 0.
 * UNITS      Surprise, -log10 of a probability.
 * EXACTNESS  Independent and equal evidence: right within 10 % from surprise 2 on, for n to 100.
 */
#ifndef STATS_COMBINE_H
#define STATS_COMBINE_H
#include <stddef.h>

/* The n surprises say together: at most the largest, at least the largest less log10(n). */
double combine_dependent(const double *surprises, size_t n);

/* The largest of n surprises, corrected for having looked at n: never below 0. */
double combine_bonferroni(double surprise, double n);

/* `count` of n have a surprise of at least `least`: how surprising is that, if it is all chance? */
double combine_crowd(double count, double least, double n);

#define COMBINE_HOLM_COUNT_MAX 256

/* Each surprise corrected for all n <= COMBINE_HOLM_COUNT_MAX; ret_corrected is (n). */
void combine_holm(const double *surprises, size_t n, double *ret_corrected);

#endif
