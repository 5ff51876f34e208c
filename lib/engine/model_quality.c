/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/model_quality.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "engine/model.h"

#define FOLDS 5            /* Stretches of the reference, each judged by the others. */
#define LABELLED_MIN 100   /* Rows of the reference with outcome, and                */
#define LABELLED_GOOD 1000 /* so many for trust.                                     */
#define SAID_LEAST 0.5     /* Probability of a positive prediction that is not told. */

const char *model_trust_name(ModelTrust trust)
{
    static const char *const names[] = {"good", "weak", "broken"};
    assert(trust <= TRUST_BROKEN);
    return names[trust];
}

/* Equal numbers have equal keys however they are written, and so have equal texts. */
static uint64_t key_of(uint8_t kind, double number, uint64_t text_hash)
{
    return kind == PREDICTION_NUMBER ? hash_bytes(&number, sizeof number, 1) : text_hash;
}

static uint64_t key_of_cell(const PredictionCell *cell)
{
    return key_of((uint8_t)cell->kind, cell->number, bins_hash(cell->text));
}

/* -- from the reference ---------------------------------------------------------------------- */

typedef struct {
    const ReferenceColumn *probability, *outcome, *output; /* output: NULL if there is none. */
} Sources;

static bool find_sources(const odd_model *model, Sources *ret)
{
    uint32_t output = prediction_role(&model->table, PREDICTION_OUTPUT);
    uint32_t probability = prediction_role(&model->table, PREDICTION_PROBABILITY);
    uint32_t outcome = prediction_role(&model->table, PREDICTION_OUTCOME);
    if (probability == UINT32_MAX || outcome == UINT32_MAX)
        return false;
    *ret = (Sources){&model->columns[probability], &model->columns[outcome],
                     output != UINT32_MAX ? &model->columns[output] : NULL};
    return true;
}

static bool is_labelled(const Sources *sources, size_t row)
{
    return sources->outcome->kinds[row] != PREDICTION_MISSING &&
           sources->probability->kinds[row] == PREDICTION_NUMBER &&
           isfinite(sources->probability->numbers[row]);
}

static uint64_t key_at(const ReferenceColumn *column, size_t row)
{
    return key_of(column->kinds[row], column->numbers[row], column->hashes[row]);
}

/* Of two outcomes the one with the higher probabilities.  False: there are not two. */
static bool find_positive(const Sources *sources, size_t rows, uint64_t *ret)
{
    uint64_t keys[2] = {0};
    double sums[2] = {0}, counts[2] = {0};
    size_t known = 0;
    for (size_t row = 0; row < rows; row++) {
        if (!is_labelled(sources, row))
            continue;
        uint64_t key = key_at(sources->outcome, row);
        size_t which = known > 0 && key == keys[0] ? 0 : known > 1 && key == keys[1] ? 1 : known;
        if (which == 2)
            return false;
        known += which == known;
        keys[which] = key;
        sums[which] += sources->probability->numbers[row];
        counts[which]++;
    }
    if (known < 2)
        return false;
    *ret = sums[0] / counts[0] > sums[1] / counts[1] ? keys[0] : keys[1];
    return true;
}

/* labelled is (rows).  Gives how many there are. */
static size_t gather(const Sources *sources, size_t rows, uint64_t positive,
                     CalibrationRow *labelled)
{
    size_t n = 0;
    for (size_t row = 0; row < rows; row++) {
        if (!is_labelled(sources, row))
            continue;
        double p = sources->probability->numbers[row];
        bool told = sources->output != NULL && sources->output->kinds[row] != PREDICTION_MISSING;
        labelled[n++] = (CalibrationRow){
            .p = p,
            .is_positive = key_at(sources->outcome, row) == positive,
            .said = told ? key_at(sources->output, row) == positive : p >= SAID_LEAST};
    }
    return n;
}

static int order_of_rows(const void *left, const void *right)
{
    double a = ((const CalibrationRow *)left)->p, b = ((const CalibrationRow *)right)->p;
    return (a > b) - (a < b);
}

static void count(const ModelQuality *quality, const CalibrationRow *rows, size_t n,
                  CalibrationCounts *ret)
{
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < n; i++) {
        size_t cell = calibration_cell(&quality->cells, rows[i].p);
        ret->rows[cell]++;
        ret->positives[cell] += rows[i].is_positive;
    }
}

/* sorted is (n), scratch (4 n). */
static void learn_curve(ModelQuality *quality, const CalibrationRow *rows, size_t n,
                        CalibrationRow *sorted, double *scratch)
{
    memcpy(sorted, rows, n * sizeof *rows);
    qsort(sorted, n, sizeof *sorted, order_of_rows);
    calibration_cells(sorted, n, scratch, &quality->cells);
    count(quality, rows, n, &quality->counts);
    calibration_fit(&quality->cells, &quality->counts, NULL, &quality->curve);
    for (size_t i = 0; i < n; i++)
        quality_learn(&quality->reference, calibration_cell(&quality->cells, rows[i].p),
                      rows[i].said, rows[i].is_positive);
}

/* Chunks of one fold, estimated by the curve of the other folds. */
static void doubt_fold(ModelQuality *quality, const CalibrationCurve *curve,
                       const CalibrationRow *rows, size_t n, size_t chunk)
{
    for (size_t at = 0; at + chunk <= n; at += chunk) {
        memset(&quality->estimate, 0, sizeof quality->estimate);
        memset(&quality->truth, 0, sizeof quality->truth);
        for (size_t i = at; i < at + chunk; i++) {
            size_t cell = calibration_cell(&quality->cells, rows[i].p);
            quality_learn(&quality->estimate, cell, rows[i].said,
                          calibration_share(&quality->cells, curve, rows[i].p));
            quality_learn(&quality->truth, cell, rows[i].said, rows[i].is_positive);
        }
        for (size_t metric = 0; metric < QUALITY_COUNT; metric++) {
            QualityFigure estimate = quality_figure(&quality->estimate, (QualityMetric)metric);
            QualityFigure truth = quality_figure(&quality->truth, (QualityMetric)metric);
            doubt_learn(&quality->doubts[metric], truth.value - estimate.value, estimate.variance);
        }
    }
    memset(&quality->estimate, 0, sizeof quality->estimate);
    memset(&quality->truth, 0, sizeof quality->truth);
}

typedef struct {
    CalibrationCounts counts;
    CalibrationCurve  curve;
} Fold;

static void learn_doubts(ModelQuality *quality, const CalibrationRow *rows, size_t n, size_t chunk,
                         Fold *fold)
{
    size_t length = n / FOLDS, chunks = (length + chunk / 2) / chunk;
    chunk = length / (chunks > 1 ? chunks : 1);
    for (size_t i = 0; i < FOLDS; i++) {
        size_t from = i * length, to = i + 1 < FOLDS ? from + length : n;
        count(quality, rows + from, to - from, &fold->counts);
        fold->curve = quality->curve;
        calibration_fit(&quality->cells, &quality->counts, &fold->counts, &fold->curve);
        doubt_fold(quality, &fold->curve, rows + from, to - from, chunk);
    }
}

odd_rc model_quality_begin(odd_model *model)
{
    Sources sources;
    uint64_t positive;
    model->no_quality = NULL;
    if (!find_sources(model, &sources))
        model->no_quality = "the reference has no probabilities, or no outcomes: name its columns";
    else if (!find_positive(&sources, model->row_count, &positive))
        model->no_quality = "the outcomes of the reference are not of two kinds";
    if (model->no_quality != NULL)
        return ODD_OK;
    size_t rows = model->row_count;
    Mem *mem = &model->mem;
    CalibrationRow *labelled = mem_take(mem, 2 * rows * sizeof *labelled);
    double *scratch = mem_take(mem, 4 * rows * sizeof *scratch);
    Fold *fold = mem_take(mem, sizeof *fold);
    model->quality = mem_take(mem, sizeof *model->quality);
    bool good = labelled != NULL && scratch != NULL && fold != NULL && model->quality != NULL;
    size_t n = good ? gather(&sources, rows, positive, labelled) : 0;
    if (n >= LABELLED_MIN) {
        model->quality->positive = positive;
        model->quality->labelled = n;
        model->quality->chunk_rows = model->options.chunk_rows;
        learn_curve(model->quality, labelled, n, labelled + rows, scratch);
        learn_doubts(model->quality, labelled, n, model->options.chunk_rows, fold);
    } else if (good) {
        model->no_quality = "too few rows of the reference have an outcome";
        mem_free(mem, model->quality, sizeof *model->quality);
        model->quality = NULL;
    }
    mem_free(mem, labelled, 2 * rows * sizeof *labelled);
    mem_free(mem, scratch, 4 * rows * sizeof *scratch);
    mem_free(mem, fold, sizeof *fold);
    return good ? ODD_OK : problem_say(&model->problem, ODD_NOMEM, "out of memory");
}

/* -- the chunks ------------------------------------------------------------------------------ */

static ModelTrust trust_of(const ModelQuality *quality, const ModelFigure *figure, double reach)
{
    if (fabs(figure->realised - figure->estimate) > 2 * reach)
        return TRUST_BROKEN;
    return quality->labelled < LABELLED_GOOD ? TRUST_WEAK : TRUST_GOOD;
}

static ModelFigure figure_of(const ModelQuality *quality, QualityMetric metric)
{
    QualityFigure estimate = quality_figure(&quality->estimate, metric);
    bool is_known = quality->truth.rows == quality->estimate.rows;
    double reach = doubt_reach(&quality->doubts[metric], estimate.variance);
    ModelFigure figure = {.metric = metric,
                          .first_row = quality->first_row,
                          .last_row = quality->last_row,
                          .estimate = estimate.value,
                          .lower = fmax(estimate.value - reach, 0),
                          .upper = fmin(estimate.value + reach, 1),
                          .realised =
                              is_known ? quality_figure(&quality->truth, metric).value : NAN};
    figure.trust = trust_of(quality, &figure, reach);
    return figure;
}

odd_rc model_quality_end(odd_model *model)
{
    ModelQuality *quality = model->quality;
    if (quality == NULL || quality->estimate.rows == 0)
        return ODD_OK;
    ModelFigure *figures = mem_grow(&model->mem, quality->figures, &quality->figure_capacity,
                                    quality->figure_count + QUALITY_COUNT, sizeof *figures);
    if (figures == NULL)
        return problem_say(&model->problem, ODD_NOMEM, "out of memory for figures of quality");
    quality->figures = figures;
    for (size_t metric = 0; metric < QUALITY_COUNT; metric++)
        figures[quality->figure_count++] = figure_of(quality, (QualityMetric)metric);
    quality_add(&quality->all_estimate, &quality->estimate);
    quality_add(&quality->all_truth, &quality->truth);
    memset(&quality->estimate, 0, sizeof quality->estimate);
    memset(&quality->truth, 0, sizeof quality->truth);
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
    if (probability != NULL && probability->kind == PREDICTION_NUMBER &&
        isfinite(probability->number)) {
        double p = probability->number;
        bool told = output != NULL && output->kind != PREDICTION_MISSING;
        bool said = told ? key_of_cell(output) == quality->positive : p >= SAID_LEAST;
        size_t cell = calibration_cell(&quality->cells, p);
        quality_learn(&quality->estimate, cell, said,
                      calibration_share(&quality->cells, &quality->curve, p));
        if (outcome != NULL && outcome->kind != PREDICTION_MISSING)
            quality_learn(&quality->truth, cell, said, key_of_cell(outcome) == quality->positive);
    }
    bool is_full = quality->last_row - quality->first_row + 1 >= quality->chunk_rows;
    return is_full ? model_quality_end(model) : ODD_OK;
}
