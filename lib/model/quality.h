/* SPDX-License-Identifier: Apache-2.0
 *
 * quality.h - how well a classifier did on some rows, estimated without their outcomes.
 *
 * A row whose calibrated probability is q is positive in a share q of all such rows.  So each row
 * counts as q of a positive and 1 - q of a negative, and all figures of the confusion matrix, and
 * the area under the curve, can be estimated; with outcomes q is 1 or 0, and they are as they are.
 *
 * ALGORITHM  Confidence-based estimation (D. Guillory et al., ICCV 2021; as CBPE by J. Bialek et
 *            al., 2024, who estimate all figures of the confusion matrix, and the area).  Area: the
 *            Mann-Whitney sum over cells of probabilities, ties half.  Variance: the delta method,
 *            each row a toss of its q: by so much the true figure of these rows can differ.
 * SHAPE      Flat, 24 KB; O(1) a row; sums of parts add up exactly.
 * BLIND TO   A change of what probabilities mean (concept drift): only outcomes tell.
 */
#ifndef MODEL_QUALITY_H
#define MODEL_QUALITY_H
#include <stdbool.h>

#include "model/calibration.h"

typedef enum {
    QUALITY_ACCURACY = 0,
    QUALITY_AUC,
    QUALITY_F1,
    QUALITY_PRECISION,
    QUALITY_RECALL,
    QUALITY_MAE, /* Of numbers (model/loss.h), as is the next. */
    QUALITY_RMSE,
    QUALITY_COUNT
} QualityMetric;

typedef struct { /* Of some rows. */
    int64_t  truth, doubt; /* Sums of q, and of q (1 - q), in steps of 2^-32. */
    uint64_t rows;
} QualityCell;

typedef struct {
    QualityCell said, unsaid;              /* Those that the model called positive, and others. */
    QualityCell cells[CALIBRATION_CELLS];  /* By cell of the probability. */
} QualitySums; /* All zero is no row. */

void quality_cell_learn(QualityCell *cell, double q);
void quality_cell_add(QualityCell *cell, const QualityCell *more);

static inline uint64_t quality_rows(const QualitySums *sums)
{
    return sums->said.rows + sums->unsaid.rows;
}

/* q: the calibrated probability, or the outcome. */
void quality_learn(QualitySums *sums, size_t cell, bool said, double q);
void quality_add(QualitySums *sums, const QualitySums *more);

typedef struct {
    double value;    /* NaN: it is not defined for these rows. */
    double variance;
} QualityFigure;

QualityFigure quality_figure(const QualitySums *sums, QualityMetric metric);
/* Variance of the figure (not of the area) if all q are off together, by one standard deviation of
 * so much. */
double        quality_shared_variance(const QualitySums *sums, QualityMetric metric, double off);
const char   *quality_name(QualityMetric metric);

#endif
