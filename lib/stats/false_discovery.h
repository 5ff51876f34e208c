/* SPDX-License-Identifier: Apache-2.0
 *
 * false_discovery.h - many series are looked at at once: how odd is one of them, given that?
 *
 * ALGORITHM  Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57(1), 1995, as
 *            adjusted p-values: the k-th oddest of n has n p / k, and none more than a less odd one
 *            has.  Right for tests that are independent or move together (Y. Benjamini, D.
 *            Yekutieli, Annals of Statistics 29(4), 2001), as the series of one machine do.
 * SHAPE      O(count).
 * UNITS      Surprise.  Adjusted, 3 says: among all that are as odd, one in a thousand is chance;
 *            and if nothing is odd, any is so odd once in a thousand times.
 * ERRORS     None.  n counts all that were looked at, those that are not odd too.
 */
#ifndef STATS_FALSE_DISCOVERY_H
#define STATS_FALSE_DISCOVERY_H
#include <stddef.h>

/* surprises: the oddest first; adjusted in place, none below 0. */
void false_discovery_adjust(double *surprises, size_t count, double n);

#endif
