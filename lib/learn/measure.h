/* SPDX-License-Identifier: Apache-2.0
 *
 * measure.h - how good what was said is: a loss for each row, means with intervals, area under the
 * curve.
 *
 * ALGORITHM  Intervals: means of blocks of neighbouring rows, by Student's t, since rows near each
 *            other are alike.  Area under the curve by ranks (J. Hanley, B. McNeil, Radiology
 *            143(1), 1982), with their interval.
 * SHAPE      losses is (n).  O(n); the area O(n log n).
 * UNITS      Intervals are of 95 %.
 */
#ifndef LEARN_MEASURE_H
#define LEARN_MEASURE_H
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    double value, lower, upper; /* NaN: not known. */
} Measure;

/* Of the class that came true. */
double measure_log_loss(const double *values, double target);

Measure measure_mean(const double *values, size_t n);
Measure measure_root(Measure of_squares);

/* is_positive is (n); scratch is (n) of MeasureRank. */
typedef struct {
    double score;
    bool   is_positive;
} MeasureRank;
Measure measure_area(MeasureRank *ranks, size_t n);

#endif
