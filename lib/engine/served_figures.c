/* SPDX-License-Identifier: Apache-2.0
 *
 * served_figures.c - the quality of a model at a time: estimated, and as it came true. */
#include <math.h>

#include "engine/served.h"
#include "stats/normal.h"

/* Outcomes that are in do not stand for all as long as they come at different times. */
static void weigh(const Served *served, odd_time time, odd_time now, double ret_weights[2])
{
    double age = served_seconds(time, now);
    for (size_t kind = 0; kind < LATENESS_KINDS; kind++)
        ret_weights[kind] = lateness_weight(&served->plain.lateness, kind, age);
}

/* Of classes whose probabilities are worth nothing known: who was right counts as positive. */
static RealisedFigure plain_accuracy(const Served *served, const ServedStep *step,
                                     const double weights[2], double all)
{
    Realised right = {.count = step->labelled};
    right.rows[0][1][0] = (uint32_t)step->wrong;
    right.rows[1][1][0] = (uint32_t)(step->labelled - step->wrong);
    /* Delays are counted by kind of outcome, or of error; of these wrong is the second one. */
    const double by_right[2] = {weights[1], weights[0]}, none[2] = {1, 1};
    const ModelQuality *quality = served->truths->quality;
    bool is_by_error = quality == NULL || quality->task != MODEL_TWO_CLASSES;
    return realised_figure(&right, QUALITY_ACCURACY, is_by_error ? by_right : none, all);
}

/* Of numbers: the size of errors, or the root of their mean square. */
static RealisedFigure realised_size(const ServedStep *step, QualityMetric metric)
{
    double n = (double)step->size_rows, all = (double)step->rows;
    if (step->size_rows == 0)
        return (RealisedFigure){NAN, NAN, NAN};
    double mean = step->error_sum / n, square = step->square_sum / n;
    double unsure = all > n ? sqrt(1 - n / all) : 0;
    double reach = NORMAL_95 * sqrt(fmax(square - mean * mean, 0) / n) * unsure;
    if (metric == QUALITY_MAE)
        return (RealisedFigure){mean, fmax(mean - reach, 0), mean + reach};
    double root = sqrt(square), half = root > 0 ? reach * mean / root : 0;
    return (RealisedFigure){root, fmax(root - half, 0), root + half};
}

static RealisedFigure realised_of(const Served *served, const ServedStep *step,
                                  QualityMetric metric, odd_time time, odd_time now)
{
    double weights[2];
    if (served_of_numbers(served))
        return realised_size(step, metric);
    weigh(served, time, now, weights);
    double all = (double)step->rows;
    const ModelQuality *quality = served->truths->quality;
    bool is_two = quality != NULL && quality->task == MODEL_TWO_CLASSES;
    bool is_whole = is_two && step->realised.count > 0 && step->realised.count == step->labelled;
    if (is_whole)
        return realised_figure(&step->realised, metric, weights, all);
    if (metric == QUALITY_ACCURACY && step->labelled > 0)
        return plain_accuracy(served, step, weights, all);
    return (RealisedFigure){NAN, NAN, NAN};
}

static ModelTrust trust_of(const Served *served, const ServedFigure *figure)
{
    double reach =
        (figure->upper - figure->lower) / 2 + (figure->realised_upper - figure->realised_lower) / 2;
    return model_trust(served->truths->quality, figure->estimate, figure->realised, reach);
}

static QualityFigure estimate_of(const Served *served, const ServedStep *step, QualityMetric metric)
{
    if (!model_quality_has(served->truths->quality->task, metric))
        return (QualityFigure){NAN, NAN};
    if (served->truths->quality->task == MODEL_NUMBERS)
        return loss_figure(&step->expected, metric);
    return estimated_rows(&step->estimated) > 0 ? estimated_figure(&step->estimated, metric)
                                                : (QualityFigure){NAN, NAN};
}

ServedFigure served_figure(const Served *served, const ServedStep *step, QualityMetric metric,
                           odd_time step_time, odd_time now)
{
    const ModelQuality *quality = served->truths->quality;
    RealisedFigure realised = realised_of(served, step, metric, step_time, now);
    ServedFigure figure = {.estimate = NAN,
                           .lower = NAN,
                           .upper = NAN,
                           .realised = realised.value,
                           .realised_lower = realised.lower,
                           .realised_upper = realised.upper,
                           .trust = TRUST_WEAK};
    if (quality == NULL)
        return figure;
    QualityFigure estimate = estimate_of(served, step, metric);
    if (isnan(estimate.value))
        return figure;
    double reach = doubt_reach(&quality->doubts[metric], estimate.variance);
    double most = quality->task == MODEL_NUMBERS ? INFINITY : 1;
    figure.estimate = estimate.value;
    figure.lower = fmax(estimate.value - reach, 0);
    figure.upper = fmin(estimate.value + reach, most);
    figure.trust = trust_of(served, &figure);
    return figure;
}

double served_reference_figure(const Served *served, QualityMetric metric)
{
    const ModelQuality *quality = served->truths->quality;
    return quality != NULL ? model_quality_figure(quality, &quality->reference, metric).value
                           : (double)NAN;
}
