/* SPDX-License-Identifier: Apache-2.0
 *
 * calibration.h - what a probability that the model says is worth: the share that came true.
 *
 * ALGORITHM  Isotonic regression of outcomes on probabilities (B. Zadrozny, C. Elkan, KDD 2002),
 *            of counts in cells, so that it can be learnt row by row and added up; straight lines
 *            between cells.
 * SHAPE      Flat, 40 KB.  O(log cells) a row.
 * UNITS      A probability is any number that rises with the chance of the positive outcome.
 * EXACTNESS  Counts of shards add up exactly; sums are in steps of 2^-32.
 */
#ifndef MODEL_CALIBRATION_H
#define MODEL_CALIBRATION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALIBRATION_CELLS 1024

typedef struct {
    uint32_t count, unused;
    double   edges[CALIBRATION_CELLS]; /* Cell i holds edges[i-1] <= p < edges[i].     */
    double   first[CALIBRATION_CELLS]; /* Least and greatest of the reference in it.   */
    double   last[CALIBRATION_CELLS];
} CalibrationCells;

typedef struct {
    double p;
    bool   is_positive;
    bool   said; /* The model called it positive. */
} CalibrationRow;

typedef struct {
    uint64_t rows[CALIBRATION_CELLS], positives[CALIBRATION_CELLS];
} CalibrationCounts;

typedef struct {
    double share[CALIBRATION_CELLS];
} CalibrationCurve;

/* rows: n > 0 of the reference, by ascending probability.  Cells end where the best fit of all rows
 * takes a step, or when they are full.  scratch is (4 n). */
void   calibration_cells(const CalibrationRow *rows, size_t n, double *scratch,
                         CalibrationCells *ret);
size_t calibration_cell(const CalibrationCells *cells, double p);

/* Of all but those in `without` (NULL: of all). */
void   calibration_fit(const CalibrationCells *cells, const CalibrationCounts *counts,
                       const CalibrationCounts *without, CalibrationCurve *curve);
double calibration_share(const CalibrationCells *cells, const CalibrationCurve *curve, double p);

#endif
