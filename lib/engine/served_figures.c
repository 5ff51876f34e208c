/* SPDX-License-Identifier: Apache-2.0
 *
 * served_figures.c - the quality of a model at a time: estimated, and as it came true. */
#include <math.h>

#include "base/time.h"
#include "engine/served.h"

#define LABELLED_GOOD 1000 /* Rows of the reference of errors, for trust. */

static double seconds_since(odd_time time, odd_time now)
{
    return now > time ? (double)time_minus(now, time) / (double)NS_PER_S : 0;
}

/* Outcomes that are in do not stand for all as long as they come at different times. */
static void weigh(const Served *served, odd_time time, odd_time now, double ret_weights[2])
{
    double age = seconds_since(time, now);
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
    bool is_by_error = served->truths->quality == NULL;
    return realised_figure(&right, QUALITY_ACCURACY, is_by_error ? by_right : none, all);
}

static RealisedFigure realised_of(const Served *served, const ServedStep *step,
                                  QualityMetric metric, odd_time time, odd_time now)
{
    double weights[2];
    weigh(served, time, now, weights);
    double all = (double)step->rows;
    bool is_whole = step->realised.count > 0 && step->realised.count == step->labelled;
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
    if (fabs(figure->realised - figure->estimate) > 2 * reach)
        return TRUST_BROKEN;
    return served->truths->quality->labelled < LABELLED_GOOD ? TRUST_WEAK : TRUST_GOOD;
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
    if (quality == NULL || estimated_rows(&step->estimated) == 0)
        return figure;
    QualityFigure estimate = estimated_figure(&step->estimated, metric);
    double reach = doubt_reach(&quality->doubts[metric], estimate.variance);
    figure.estimate = estimate.value;
    figure.lower = fmax(estimate.value - reach, 0);
    figure.upper = fmin(estimate.value + reach, 1);
    figure.trust = trust_of(served, &figure);
    return figure;
}

double served_reference_figure(const Served *served, QualityMetric metric)
{
    const ModelQuality *quality = served->truths->quality;
    return quality != NULL ? quality_figure(&quality->reference.classes, metric).value
                           : (double)NAN;
}
