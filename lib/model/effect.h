/* SPDX-License-Identifier: Apache-2.0
 *
 * effect.h - how far rows are from what is expected of them: a size, not a probability.
 *
 * ALGORITHM  Cohen's w (J. Cohen, 1988), the root of chi-square a row, less what chance alone adds;
 *            for a normal column that is shifted a little, w is the shift in standard deviations.
 *            Interval: chi-square is about normal around its noncentral mean, with the reference's
 *            own uncertainty as further chance.
 * SHAPE      Pure.
 * UNITS      Standard deviations.
 */
#ifndef MODEL_EFFECT_H
#define MODEL_EFFECT_H
#include "model/expected.h"

typedef struct {
    double size, lower, upper; /* 95 percent on each side.                                     */
    double shift;              /* Of the mean score: up, or down; 0 for categories.            */
} Effect;

/* counts: rows by cell, whole or not. */
Effect effect_of(const Expected *expected, const double *counts);

#endif
