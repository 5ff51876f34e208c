/* SPDX-License-Identifier: Apache-2.0
 *
 * saddle.h - exact pieces of Poisson and binomial probabilities, without cancellation.
 *
 * ALGORITHM  C. Loader, "Fast and accurate computation of binomial probabilities", 2000: Stirling's
 *            error and the deviance are computed directly, not as a difference of large numbers.
 * SHAPE      Scalars; x need not be whole.
 * EXACTNESS  Relative error about 1e-13 of the density, even for counts of 1e12.
 */
#ifndef STATS_SADDLE_H
#define STATS_SADDLE_H

/* lgamma(x+1) - (x+1/2) log x + x - log(2 pi)/2, x > 0. */
double saddle_stirling_error(double x);

/* x log(x/mean) + mean - x, both > 0. */
double saddle_deviance(double x, double mean);

/* Natural logarithm of exp(-mean) mean^x / gamma(x+1); x >= 0, mean > 0. */
double saddle_poisson(double x, double mean);

/* Natural logarithm of gamma(n+1)/(gamma(x+1) gamma(n-x+1)) p^x q^(n-x), n = x + y; x, y > 0. */
double saddle_binomial(double x, double y, double p, double q);

#endif
