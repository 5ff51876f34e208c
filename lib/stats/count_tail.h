/* SPDX-License-Identifier: Apache-2.0
 *
 * count_tail.h - how likely a count is so high, or so low: Poisson, negative binomial, binomial.
 *
 * ALGORITHM  Sums of probabilities as incomplete gamma and beta functions (NIST DLMF 8.17.5,
 *            8.4.10).
 * SHAPE      Scalars.  count is a whole number >= 0 as a double, so that sums of windows fit.
 * UNITS      log10 of a probability; upper is P(X >= count), lower is P(X <= count).
 * ERRORS     None: the domain is asserted.
 * EXACTNESS  As stats/incomplete.h: exact far into the tail, 1e-300 and beyond.
 */
#ifndef STATS_COUNT_TAIL_H
#define STATS_COUNT_TAIL_H

double poisson_upper(double count, double mean); /* mean >= 0 */
double poisson_lower(double count, double mean);

/* Over-dispersed: variance = mean + mean^2 / size, a Poisson whose mean is gamma distributed with
 * shape `size` > 0.  size INFINITY is Poisson. */
double negbin_upper(double count, double mean, double size);
double negbin_lower(double count, double mean, double size);

/* Of n tries, each with probability p; 0 <= p <= 1. */
double binomial_upper(double count, double n, double p);
double binomial_lower(double count, double n, double p);

#endif
