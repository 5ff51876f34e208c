/* SPDX-License-Identifier: Apache-2.0
 *
 * incomplete.h - regularised incomplete gamma and beta functions as base-10 logarithms.
 *
 * ALGORITHM  Power series (NIST DLMF 8.11.4) and continued fractions (8.9.2, 8.17.22) by Lentz's
 *            method in the form of I. J. Thompson and A. R. Barnett, 1986; prefactors by
 *            stats/saddle.h.  The larger of a pair of tails is one minus the smaller.
 * SHAPE      Scalars.
 * UNITS      log10 of a probability: 0 is certain, -300 and far below are exact too.
 * EXACTNESS  Absolute error of the logarithm below 1e-10 up to counts of 1e9.
 */
#ifndef STATS_INCOMPLETE_H
#define STATS_INCOMPLETE_H

typedef struct {
    double lower, upper; /* log10 of the two tails. */
} LogTails;

/* lower: P(a, x) = integral from 0 to x of t^(a-1) e^-t dt / gamma(a); a > 0, x >= 0. */
LogTails incomplete_gamma(double a, double x);

/* lower: I_x(a, b), x + y = 1, both given so that neither loses digits; a, b > 0. */
LogTails incomplete_beta(double a, double b, double x, double y);

#endif
