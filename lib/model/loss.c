/* SPDX-License-Identifier: Apache-2.0 */
#include "model/loss.h"

#include <math.h>

void loss_learn(LossSums *sums, double size, double square, double square_variance)
{
    double variance = square - size * size;
    sums->rows++;
    sums->size += size;
    sums->square += square;
    sums->size_doubt += variance > 0 ? variance : 0;
    sums->square_doubt += square_variance;
}

void loss_learn_truth(LossSums *sums, double error)
{
    sums->rows++;
    sums->size += fabs(error);
    sums->square += error * error;
}

void loss_add(LossSums *sums, const LossSums *more)
{
    sums->rows += more->rows;
    sums->size += more->size;
    sums->square += more->square;
    sums->size_doubt += more->size_doubt;
    sums->square_doubt += more->square_doubt;
}

QualityFigure loss_figure(const LossSums *sums, QualityMetric metric)
{
    double n = sums->rows;
    if (!(n > 0))
        return (QualityFigure){NAN, NAN};
    if (metric == QUALITY_MAE)
        return (QualityFigure){sums->size / n, sums->size_doubt / (n * n)};
    double square = sums->square / n;
    double variance = square > 0 ? sums->square_doubt / (n * n) / (4 * square) : 0;
    return (QualityFigure){sqrt(square), variance};
}
