/* SPDX-License-Identifier: Apache-2.0
 *
 * real.h - the few transcendental functions that the library needs, the same bits everywhere.
 *
 * libm's exp, log and friends differ between versions and processors; these are made of IEEE
 * additions, multiplications, divisions and square roots alone, in a stated order, and the build
 * forbids contraction (-ffp-contract=off).
 *
 * SHAPE      Scalars.
 * EXACTNESS  Relative error below 1e-13 (gamma: 1e-12) over the stated domains.
 */
#ifndef BASE_REAL_H
#define BASE_REAL_H

double real_log(double x);     /* x > 0; 0 gives -inf.                       */
double real_log10(double x);   /* x > 0; 0 gives -inf.                       */
double real_log1p(double x);   /* x > -1, exact near 0.                      */
double real_exp(double x);     /* Any; overflow gives inf, underflow 0.      */
double real_lgamma(double x);  /* x > 0: natural logarithm of the gamma function. */

#endif
