/* SPDX-License-Identifier: Apache-2.0
 *
 * normal.h - the normal distribution: density, tails, quantiles.
 *
 * ALGORITHM  Tails by the incomplete gamma function (stats/incomplete.h).  Quantiles: M. Wichura,
 *            algorithm AS 241, Applied Statistics 37(3), 1988.
 * SHAPE      Scalars.
 * EXACTNESS  Quantiles to a relative error of 1e-15 or so; tails as stats/incomplete.h.
 */
#ifndef STATS_NORMAL_H
#define STATS_NORMAL_H

#define NORMAL_95 1.959963984540054 /* Deviations on either side of an interval of 95 percent. */

double normal_density(double z);
double normal_upper(double z);    /* P(Z >= z).                          */
double normal_surprise(double z); /* -log10 of it, far into the tail too. */
double normal_quantile(double p); /* z with P(Z <= z) = p; 0 and 1 give infinities. */

#endif
