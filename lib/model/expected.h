/* SPDX-License-Identifier: Apache-2.0
 *
 * expected.h - what one column is expected to hold: shares of its cells, and how far a stretch of
 * rows may stray from them without meaning anything.
 *
 * No reference is exact, and few are steady: it has so many rows and no more, and its own stretches
 * differ by more than chance where a season, a campaign or a day's batch moves them together.  What
 * it did itself is no drift.
 *
 * ALGORITHM  Shares with half a row added to each cell; a category not seen before has the share of
 *            those that came once (I. J. Good, Biometrika 40, 1953).  Ordered cells get the normal
 *            score of their ranks, scaled to variance 1.  Wobble: the variance of the stretches'
 *            mean scores beyond that of independent rows (random-effects by moments; R. DerSimonian
 *            and N. Laird, Controlled Clinical Trials 7, 1986), as far as it is certain.
 * SHAPE      Flat.
 * UNITS      Scores, wobble and tolerance in standard deviations of the column's ranks: a shift of
 *            1 is one standard deviation of a normal column.
 */
#ifndef MODEL_EXPECTED_H
#define MODEL_EXPECTED_H
#include <stdbool.h>

#include "model/bins.h"

#define EXPECTED_STRETCHES 32 /* Of the reference, of equal length. */

typedef struct {
    double   share[CELL_COUNT]; /* Above 0, sum 1.                                         */
    double   inverse[CELL_COUNT]; /* 1 / share.                                            */
    double   score[CELL_COUNT]; /* Mean 0, variance 1; all 0 for categories.               */
    double   rows;              /* Of the reference.                                       */
    double   cells;             /* That the reference filled.                              */
    double   shift_wobble;      /* Of the mean score of its stretches.                     */
    double   shape_wobble;      /* Of their distribution, as model/effect.h.            */
} Expected;

/* The reference has it: what a share leans on is no row. */
static inline bool expected_is_filled(const Expected *expected, size_t cell)
{
    return expected->share[cell] * expected->rows > 0.75;
}

/* cells: of the reference's rows, in their order; n > 0.  single: categories that came once. */
void expected_make(const Bins *bins, const uint8_t *cells, size_t n, uint64_t single,
                   Expected *ret);

/* The same of counts by cell, which need be no whole numbers; without wobble. */
void expected_of_counts(const Bins *bins, const double counts[CELL_COUNT], double rows,
                        Expected *ret);

#endif
