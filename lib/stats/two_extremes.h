/* SPDX-License-Identifier: Apache-2.0
 *
 * two_extremes.h - one metric in two runs: are values of the second one beyond all of the first?
 *
 * That the largest of many values is in the second run says little; that its three largest are, or
 * that they are far beyond, says more.  Both must be so.
 *
 * ALGORITHM  Ranks: that the j largest values of both runs are all of the second one has the
 *            chance C(m, j) / C(n + m, j) (B. Epstein, JASA 49, 1954).  Size: the distances of the
 *            first run's largest twentieth from its median are taken for Pareto, and the chance
 *            that a value is so far is predictive for the uncertainty of their index (B. Hill,
 *            1975; J. Lawless, 1982); j of them come together by the binomial.  A surprise is that
 *            of the size, but at most RANK_WORTH times that of the ranks (up to twice as
 *            much for what is very far); of all j that of the
 *            best, corrected.  Where large values of the first run come in one go, so many of the
 *            second count as fewer.  Long runs are cut into blocks, of which the largest value
 *            counts.
 * SHAPE      values is (n), in order of time, finite.  O(n log n).
 * OWNERSHIP  Works in `scratch`, which has room for twice as many doubles as both runs have.
 * UNITS      Surprise, not corrected.
 * ERRORS     Fewer than TWO_EXTREMES_MIN values in the first run, none in the second: surprise 0.
 * EXACTNESS  As two_series.h.
 */
#ifndef STATS_TWO_EXTREMES_H
#define STATS_TWO_EXTREMES_H
#include <stdbool.h>

#include "stats/two_series.h"

#define TWO_EXTREMES_MIN 16

/* The largest values, or the smallest ones. */
Change two_extremes(bool largest, Run first, Run second, double *scratch);

#endif
