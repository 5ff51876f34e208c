/* SPDX-License-Identifier: Apache-2.0
 *
 * discovery.h - many surprises are corrected together: of those that are told, few are chance.
 *
 * ALGORITHM  Y. Benjamini, Y. Hochberg, JRSS B 57(1), 1995: the k-th largest of n surprises is
 *            corrected as one of n / k.  One alone is corrected for all n, as by Bonferroni; where
 *            there is much to tell each costs less.
 * SHAPE      surprises is (count), the largest first; looks >= count is n, for those that are not
 *            listed are smaller.
 * UNITS      Surprise: of those with 3 and more at most one in a thousand is chance.
 */
#ifndef STATS_DISCOVERY_H
#define STATS_DISCOVERY_H
#include <stddef.h>

void discovery_correct(double *surprises, size_t count, double looks);

#endif
