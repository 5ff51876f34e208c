/* SPDX-License-Identifier: Apache-2.0
 *
 * real.h - the few transcendental functions that the library needs, the same bits everywhere.
 *
 * libm's exp, log and friends differ between versions and processors; these are made of IEEE
 * additions, multiplications, divisions and square roots alone, in a stated order, and the build
 * forbids contraction (-ffp-contract=off).
 *
 * ALGORITHM  log: the series of artanh((m-1)/(m+1)) after taking out the power of two.  exp: Taylor
 *            after taking out the power of two.  log1p: W. Kahan's correction.  lgamma: Stirling's
 *            series (NIST DLMF 5.11.1) above 10, the zeta series (DLMF 5.7.3) between 1/2 and 5/2.
 * SHAPE      Scalars.
 * EXACTNESS  Relative error below 1e-13 (gamma: 1e-12) over the stated domains.  log10 of a power
 *            of ten from 1e-22 to 1e22 is the whole number itself.
 */
#ifndef BASE_REAL_H
#define BASE_REAL_H

#define REAL_LN10 2.302585092994045684

double real_log(double x);     /* x > 0; 0 gives -inf.                       */
double real_log10(double x);   /* x > 0; 0 gives -inf.                       */
double real_log1p(double x);   /* x > -1, exact near 0.                      */
double real_exp(double x);     /* Any; overflow gives inf, underflow 0.      */
double real_lgamma(double x);  /* x > 0: natural logarithm of the gamma function. */

#endif
