/* SPDX-License-Identifier: Apache-2.0
 *
 * novelty.h - new and rare patterns of a source, where the caller keeps the counts.
 *
 * ODD MEANS  This pattern was never seen here before (new), or seldom (rare), and lines that are
 *            so new or so rare are seldom in this source.
 * ALGORITHM  Weighted conformal p-value (V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in
 *            a Random World, 2005; weights: R. Barber et al., Annals of Statistics 51(2), 2023):
 *            the i-th line weighs i, so the rush of new patterns at the start fades with 1/n^2.  A
 *            burst of new patterns within the last 256 lines makes one more of them less odd.
 * PARAMS     None.
 * BLIND TO   Which pattern it is, how severe, and what follows what.
 * SHAPE      State is flat, NOVELTY_STATE_BYTES; every call is O(1).  Observation.value is the
 *            number of lines of this pattern before this one: 0 is new.
 * UNITS      A surprise below 1 is given as 0.  After n lines it is at most log10((n + 2) / 2).
 * EXACTNESS  novelty_merge joins two sources' pasts as if they had run side by side: lines and
 *            weights add up.
 */
#ifndef DETECT_NOVELTY_H
#define DETECT_NOVELTY_H
#include "detect/detector.h"

#define NOVELTY_CLASS_COUNT 24 /* 0, 1, 2..3, 4..7, ... seen before. */

typedef struct {
    double count;                        /* Lines learnt, halved at times.               */
    double weights[NOVELTY_CLASS_COUNT]; /* Sum of the lines' weights, by class.         */
    double recent;                       /* Share of new ones in about the last 256.     */
    double envelope;                     /* Of the alarms.                               */
    double everyday;                     /* From this class on nothing is odd.           */
} Novelty;                               /* All zero is the empty state. */

void novelty_score(const Novelty *novelty, double seen_before, Judgement *ret_judgement);
void novelty_learn(Novelty *novelty, double seen_before);
void novelty_merge(Novelty *novelty, const Novelty *other);

extern const odd_detector detector_novelty;

#endif
