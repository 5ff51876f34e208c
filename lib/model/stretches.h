/* SPDX-License-Identifier: Apache-2.0
 *
 * stretches.h - a column's counts over time, in so few stretches that any number of rows fits.
 *
 * ALGORITHM  Up to 64 stretches of equal length; when all are full, neighbours are put together
 *            and stretches are twice as long from then on.  Since when: the run of stretches whose
 *            counts are least like what is expected, by likelihood ratio (a scan statistic; J.
 *            Naus, 1965).
 * SHAPE      Flat, 18 KB; O(1) a row.
 * UNITS      Rows of the column count from 0.
 */
#ifndef MODEL_STRETCHES_H
#define MODEL_STRETCHES_H
#include "model/expected.h"

#define STRETCH_COUNT_MAX 64
#define STRETCH_ROWS_FIRST 16

typedef struct {
    uint32_t counts[STRETCH_COUNT_MAX][CELL_COUNT];
    uint64_t first_row[STRETCH_COUNT_MAX]; /* As the caller numbers rows. */
    uint64_t last_row[STRETCH_COUNT_MAX];
    odd_time time[STRETCH_COUNT_MAX];      /* Of the first row. */
    uint32_t count;  /* Stretches in use; the last may not be full. */
    uint32_t filled; /* Rows of the last.  */
    uint64_t length; /* Rows of each.      */
} Stretches;

void stretches_begin(Stretches *stretches);
void stretches_learn(Stretches *stretches, uint8_t cell, uint64_t row, odd_time time);

typedef struct {
    uint32_t first, last; /* Stretches, both in it. */
} StretchRun;

/* The run that is least as expected; the last one is the last there is if that is about as good.
 * There is at least one stretch. */
StretchRun stretches_oddest(const Stretches *stretches, const Expected *expected);

/* The same beyond what a reference of its size leaves open: few odd rows among many usual ones. */
StretchRun stretches_burst(const Stretches *stretches, const Expected *expected);

/* The run up to now that is least as expected, beyond what a reference of its size leaves open: how
 * a column that was as expected for long, and is not any more, has to be looked at. */
StretchRun stretches_since(const Stretches *stretches, const Expected *expected);

/* counts is (CELL_COUNT). */
void stretches_sum(const Stretches *stretches, StretchRun run, double *counts);

#endif
