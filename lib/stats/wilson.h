/* SPDX-License-Identifier: Apache-2.0
 *
 * wilson.h - the share of those that are so, of some that were looked at, with its interval.
 *
 * ALGORITHM  Interval of E. B. Wilson, Journal of the American Statistical Association 22, 1927.
 * ERRORS     All three are NaN where nothing was looked at.
 */
#ifndef STATS_WILSON_H
#define STATS_WILSON_H

typedef struct {
    double share, lower, upper; /* The interval holds 95 percent. */
} ShareInterval;

ShareInterval wilson_share(double part, double n); /* 0 <= part <= n */

#endif
