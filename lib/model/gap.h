/* SPDX-License-Identifier: Apache-2.0
 *
 * gap.h - how much worse, or better, a model is for a group of rows than for all, and was.
 *
 * ODD MEANS  The gap between the group and all rows has grown by more than chance and by so much
 *            that it matters, and the group itself has moved in that direction.
 * ALGORITHM  Mean losses, known or expected, with normal intervals.
 * SHAPE      Pure; sums are flat and add up.
 * UNITS      A loss is 1 or 0, or the size of an error: gaps of these are in units of the mean one.
 */
#ifndef MODEL_GAP_H
#define MODEL_GAP_H
#include <stdbool.h>

typedef struct {
    double rows, known;     /* Rows; those whose outcome is known.    */
    double loss, square;    /* Of those: sum of losses, and squares.  */
    double guess, variance; /* Of all: what was to be expected.       */
} GroupSums; /* All zero is no row. */

/* loss: NaN if it is not known. */
void group_learn(GroupSums *sums, double loss, double guess, double doubt);
void group_know(GroupSums *sums, double loss); /* Of a row that was learnt before. */
void group_add(GroupSums *sums, const GroupSums *more);

typedef struct {
    double loss, variance;
    bool   is_known; /* From outcomes; else estimated. */
} GroupLoss;

/* As it was to be expected. */
GroupLoss group_expected(const GroupSums *sums);
/* From outcomes if those of all rows are there; else as it was to be expected. */
GroupLoss group_loss(const GroupSums *sums);
/* Of the rows whose outcome is there. */
GroupLoss group_known(const GroupSums *sums);

typedef struct {
    double now, before;  /* Gaps: above 0 the group has more errors than all rows. */
    double size;         /* What it has grown by. */
    double lower, upper; /* Of how much it has changed, 95 percent. */
    double surprise;     /* Of one look. */
    bool   matters;      /* It has changed by so much, for sure, and by itself. */
} Gap;

/* all_now, all_before: mean losses of all rows. */
Gap gap_of(GroupLoss now, double all_now, GroupLoss before, double all_before, bool of_numbers);

#endif
