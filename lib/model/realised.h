/* SPDX-License-Identifier: Apache-2.0
 *
 * realised.h - how well a classifier did on rows whose outcome is in, for all rows of their time.
 *
 * Beside it, sums of the estimate without outcomes (model/quality.h) with fewer cells, so that
 * many of both fit.
 *
 * ALGORITHM  Counts by what was said, what came true and group of probability, each outcome
 *            weighted (model/lateness.h).  Intervals: a share of so many rows as the weights leave
 *            (L. Kish, 1965), less what is sure because most rows are in; of the area under the
 *            curve J. Hanley, B. McNeil, Radiology 143, 1982.
 * SHAPE      Flat, 1 to 1.5 KB each.
 * EXACTNESS  Counts add up exactly.
 */
#ifndef MODEL_REALISED_H
#define MODEL_REALISED_H
#include "model/quality.h"

#define REALISED_GROUPS 64

typedef struct {
    uint32_t rows[2][2][REALISED_GROUPS]; /* By truth, said, group. */
    uint64_t count;
} Realised; /* All zero is no row. */

static inline size_t realised_group(size_t cell, uint32_t cells)
{
    return cell * REALISED_GROUPS / (cells > 0 ? cells : 1);
}

void realised_learn(Realised *realised, size_t group, bool said, bool truth);
void realised_add(Realised *realised, const Realised *more);

typedef struct {
    double value, lower, upper; /* 95 percent.  NaN: it is not defined for these rows. */
} RealisedFigure;

/* weights: of a negative and of a positive outcome, 1 or more.  all: rows of that time, whether
 * their outcome is in or not. */
RealisedFigure realised_figure(const Realised *realised, QualityMetric metric,
                               const double weights[2], double all);

typedef struct { /* As QualitySums. */
    QualityCell said, unsaid, groups[REALISED_GROUPS];
} Estimated; /* All zero is no row. */

static inline uint64_t estimated_rows(const Estimated *estimated)
{
    return estimated->said.rows + estimated->unsaid.rows;
}

void estimated_learn(Estimated *estimated, size_t group, bool said, double q);
void estimated_add(Estimated *estimated, const Estimated *more);
QualityFigure estimated_figure(const Estimated *estimated, QualityMetric metric);

#endif
