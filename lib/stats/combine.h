/* SPDX-License-Identifier: Apache-2.0
 *
 * combine.h - one surprise of many is corrected for the many; many that agree say more than one.
 *
 * ALGORITHM  Bonferroni's inequality; the Poisson tail of how many of n reach a surprise by chance;
 *            the harmonic mean of probabilities (D. Wilson, PNAS 116(4), 2019), which holds,
 *            nearly, however they depend on each other.
 * SHAPE      Scalars.
 * UNITS      Surprise, -log10 of a probability.
 */
#ifndef STATS_COMBINE_H
#define STATS_COMBINE_H

/* The largest of n surprises, corrected for having looked at n: never below 0. */
double combine_bonferroni(double surprise, double n);

/* `count` of n have a surprise of at least `least`: how surprising is that, if it is all chance? */
double combine_crowd(double count, double least, double n);

/* n surprises of one thing: one that is high decides, less the price of having looked at n.
 * weights: how much each is trusted before it is known, some above 0; NULL: all the same. */
double combine_harmonic(const double *surprises, const double *weights, int n);

#endif
