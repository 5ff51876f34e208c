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

typedef struct {
    uint64_t rows, said; /* said: those that the model called positive. */
    int64_t  said_true, unsaid_true;         /* Sums of q, in steps of 2^-32.        */
    int64_t  said_doubt, unsaid_doubt;       /* Sums of q (1 - q).                   */
    int64_t  cell_true[CALIBRATION_CELLS];   /* By cell of the probability: of q,    */
    int64_t  cell_doubt[CALIBRATION_CELLS];  /* of q (1 - q),                        */
    uint64_t cell_rows[CALIBRATION_CELLS];   /* and rows.                            */
} QualitySums; /* All zero is no row. */

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
