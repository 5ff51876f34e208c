/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/model_quality.h"

#include <assert.h>
#include <math.h>

#include "engine/model.h"

#define LABELLED_GOOD 1000 /* Rows of the reference with outcome, for trust. */
#define OFF_TIMES 1.8      /* Trees see but a part of what probabilities leave unsaid. */

const char *model_trust_name(ModelTrust trust)
{
    static const char *const names[] = {"good", "weak", "broken"};
    assert(trust <= TRUST_BROKEN);
    return names[trust];
}

/* -- rows ------------------------------------------------------------------------------------ */

double model_quality_share(const ModelQuality *quality, double p, const uint8_t *cells,
                           size_t stride)
{
    double share = calibration_share(&quality->cells, &quality->curve, p);
    if (quality->trees.count > 0 && !quality->has_unsaid)
        share += trees_value(&quality->trees, cells, stride, TREES_MAX);
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

double model_quality_size(const ModelQuality *quality, const uint8_t *cells, size_t stride,
                          double *ret_square)
{
    double size = trees_value(&quality->trees, cells, stride, TREES_MAX);
    double square = trees_value(&quality->square_trees, cells, stride, TREES_MAX);
    size = size > 0 ? size : 0;
    *ret_square = square > size * size ? square : size * size;
    return size;
}

void model_quality_expect(const ModelQuality *quality, const ModelRow *row, const uint8_t *cells,
                          size_t stride, ModelSums *sums)
{
    if (quality->task != MODEL_NUMBERS) {
        quality_learn(&sums->classes, calibration_cell(&quality->cells, row->p), row->said,
                      model_quality_share(quality, row->p, cells, stride));
        return;
    }
    double square, size = model_quality_size(quality, cells, stride, &square);
    loss_learn(&sums->loss, size, square, 2 * square * square);
}

void model_quality_truth(const ModelQuality *quality, const ModelRow *row, ModelSums *sums)
{
    if (quality->task == MODEL_NUMBERS)
        loss_learn_truth(&sums->loss, row->truth);
    else
        quality_learn(&sums->classes, calibration_cell(&quality->cells, row->p), row->said,
                      row->truth);
}

bool model_quality_has(ModelTask task, QualityMetric metric)
{
    if (task == MODEL_NUMBERS)
        return metric == QUALITY_MAE || metric == QUALITY_RMSE;
    return task == MODEL_CLASSES ? metric == QUALITY_ACCURACY : metric < QUALITY_MAE;
}

QualityFigure model_quality_figure(const ModelQuality *quality, const ModelSums *sums,
                                   QualityMetric metric)
{
    if (quality->task == MODEL_NUMBERS)
        return loss_figure(&sums->loss, metric);
    return quality_figure(&sums->classes, metric);
}

/* -- the chunks ------------------------------------------------------------------------------ */

ModelTrust model_trust(const ModelQuality *quality, double estimate, double realised, double reach)
{
    if (fabs(realised - estimate) > 2 * reach)
        return TRUST_BROKEN;
    return quality->labelled < LABELLED_GOOD ? TRUST_WEAK : TRUST_GOOD;
}

double model_quality_rows(const ModelSums *sums)
{
    return (double)quality_rows(&sums->classes) + sums->loss.rows;
}

/* How far probabilities may be off together in this chunk: what they leave unsaid of the inputs
 * averages out in the reference; in rows at this chi-square distance it adds up to no more than its
 * deviation times the distance (Cauchy's and Schwarz's inequality). */
static double off_of(const ModelQuality *quality)
{
    if (!quality->has_unsaid)
        return 0;
    return OFF_TIMES * quality->unsaid_deviation *
           effect_of(&quality->unsaid_expected, quality->unsaid_now).size;
}

static ModelFigure figure_of(const ModelQuality *quality, QualityMetric metric, double off)
{
    QualityFigure estimate = model_quality_figure(quality, &quality->estimate, metric);
    bool is_known = !(model_quality_rows(&quality->truth) < model_quality_rows(&quality->estimate));
    double variance = estimate.variance;
    if (quality->task != MODEL_NUMBERS)
        variance += quality_shared_variance(&quality->estimate.classes, metric, off);
    double reach = doubt_reach(&quality->doubts[metric], variance);
    double most = quality->task == MODEL_NUMBERS ? INFINITY : 1;
    QualityFigure truth = model_quality_figure(quality, &quality->truth, metric);
    ModelFigure figure = {.metric = metric,
                          .first_row = quality->first_row,
                          .last_row = quality->last_row,
                          .estimate = estimate.value,
                          .lower = fmax(estimate.value - reach, 0),
                          .upper = fmin(estimate.value + reach, most),
                          .realised = is_known ? truth.value : NAN};
    figure.trust = model_trust(quality, figure.estimate, figure.realised, reach);
    return figure;
}

static void add(ModelSums *sums, const ModelSums *more)
{
    quality_add(&sums->classes, &more->classes);
    loss_add(&sums->loss, &more->loss);
}

odd_rc model_quality_end(odd_model *model)
{
    ModelQuality *quality = model->quality;
    if (quality == NULL || !(model_quality_rows(&quality->estimate) > 0))
        return ODD_OK;
    ModelFigure *figures = mem_grow(&model->mem, quality->figures, &quality->figure_capacity,
                                    quality->figure_count + QUALITY_COUNT, sizeof *figures);
    if (figures == NULL)
        return problem_say(&model->problem, ODD_NOMEM, "out of memory for figures of quality");
    quality->figures = figures;
    double off = off_of(quality);
    for (size_t metric = 0; metric < QUALITY_COUNT; metric++)
        if (model_quality_has(quality->task, (QualityMetric)metric))
            figures[quality->figure_count++] = figure_of(quality, (QualityMetric)metric, off);
    add(&quality->all_estimate, &quality->estimate);
    add(&quality->all_truth, &quality->truth);
    memset(&quality->estimate, 0, sizeof quality->estimate);
    memset(&quality->truth, 0, sizeof quality->truth);
    memset(quality->unsaid_now, 0, sizeof quality->unsaid_now);
    quality->first_row = 0;
    return ODD_OK;
}

odd_rc model_quality_put(odd_model *model, const PredictionCell *output,
                         const PredictionCell *probability, const PredictionCell *outcome)
{
    ModelQuality *quality = model->quality;
    if (quality == NULL)
        return ODD_OK;
    if (quality->first_row == 0)
        quality->first_row = model->row;
    quality->last_row = model->row;
    ModelRow row = model_row_of(model->task, quality->positive, output, probability, outcome);
    if (!isnan(row.p)) {
        const uint8_t *cells = model->batch_cells + (model->batch_count - 1);
        if (quality->has_unsaid)
            quality->unsaid_now[bins_number_cell(
                &quality->unsaid_bins,
                trees_value(&quality->trees, cells, MODEL_BATCH_ROWS, TREES_MAX))]++;
        model_quality_expect(quality, &row, cells, MODEL_BATCH_ROWS, &quality->estimate);
        if (!isnan(row.truth))
            model_quality_truth(quality, &row, &quality->truth);
    }
    bool is_full = quality->last_row - quality->first_row + 1 >= quality->chunk_rows;
    return is_full ? model_quality_end(model) : ODD_OK;
}
