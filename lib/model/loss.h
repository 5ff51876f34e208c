/* SPDX-License-Identifier: Apache-2.0
 *
 * loss.h - how far off a model of numbers was on some rows, estimated or known.
 *
 * ALGORITHM  Loss regression: the error's size and square that rows like this one had in the
 *            reference, added up (direct loss estimation; NannyML, 2022).  Variance: of one row's
 *            size it is the square less the squared size; of the square, what the reference shows.
 * SHAPE      A plain value; sums of parts add up, up to rounding.
 * UNITS      Of the number that the model says.
 */
#ifndef MODEL_LOSS_H
#define MODEL_LOSS_H
#include "model/quality.h"

typedef struct {
    double rows, size, square; /* Sums of |error| and error^2.  */
    double size_doubt, square_doubt; /* Of the variances of rows. */
} LossSums;

void          loss_learn(LossSums *sums, double size, double square, double square_variance);
void          loss_learn_truth(LossSums *sums, double error);
void          loss_add(LossSums *sums, const LossSums *more);
QualityFigure loss_figure(const LossSums *sums, QualityMetric metric); /* QUALITY_MAE or RMSE. */

#endif
