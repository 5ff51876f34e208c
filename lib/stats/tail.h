/* SPDX-License-Identifier: Apache-2.0
 *
 * tail.h - how surprising is a raw score against the signal's own past, beyond its largest value too.
 *
 * ALGORITHM  A histogram with four cells an octave; ranks in the body, and from the upper eighth on
 *            a generalised Pareto tail whose scale and shape come from quantiles (J. Pickands,
 *            Annals of Statistics 3(1), 1975), shrunk towards exponential.  Quantiles between
 *            3/4 and 15/16 do not see the topmost sixteenth, so a past with a few odd values in a
 *            hundred still lets the next odd value reach a high surprise.  With little past the tail
 *            is Pareto for the uncertainty of its scale (J. Lawless, 1982: predictive exponential).
 * SHAPE      State is flat, 156 bytes; learn is O(1), surprise O(cells).  raw >= 0, higher is odder.
 * UNITS      surprise is -log10 of the chance that the signal's own raw score is so high.
 * ERRORS     NaN and negative raw scores are not learnt, their surprise is 0.
 * EXACTNESS  Values are known to a cell (19 %); tail_merge adds cells, exact if the bases agree.
 */
#ifndef STATS_TAIL_H
#define STATS_TAIL_H
#include <stdint.h>

#define TAIL_CELL_COUNT 64

typedef struct {
    uint16_t cells[TAIL_CELL_COUNT];
    uint32_t zeros; /* Raw scores of 0, and below the first cell. */
    uint32_t count; /* All, halved at times.                      */
    int16_t  base;  /* The first cell starts at 2^(base / 4).     */
    uint16_t used;  /* Not 0: base is set.                        */
} Tail;             /* All zero is the empty state. */

double tail_surprise(const Tail *tail, double raw);
double tail_value(const Tail *tail, double surprise); /* The raw score that has it, about. */
void   tail_learn(Tail *tail, double raw);
void   tail_merge(Tail *tail, const Tail *other);

#endif
