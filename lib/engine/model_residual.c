/* SPDX-License-Identifier: Apache-2.0
 *
 * model_residual.c - the inputs of a model together: whether they still fit each other. */
#include <math.h>
#include <string.h>

#include "engine/model.h"
#include "model/harm.h"
#include "stats/order.h"

#define COLUMNS_MAX 4096
#define VALUES_MAX (1u << 20) /* That components are learnt from. */
#define ROWS_MIN 200

struct ModelResidual {
    size_t    columns, bytes;
    uint32_t  watch[COLUMNS_MAX];
    double    row[COLUMNS_MAX];
    Residual *residual;
};

static void find_inputs(const odd_model *model, ModelResidual *own)
{
    for (size_t w = 0; w < model->watch_count && own->columns < COLUMNS_MAX; w++) {
        const Watch *watch = &model->watches[w];
        if (watch_is_column(watch) &&
            model->table.columns[watch->column].role == PREDICTION_INPUT &&
            watch->bins.kind == BINS_NUMBER && watch->bins.count > 1)
            own->watch[own->columns++] = (uint32_t)w;
    }
}

static void copy_row(const odd_model *model, const ModelResidual *own, size_t row, double *ret)
{
    for (size_t i = 0; i < own->columns; i++) {
        const ReferenceColumn *column = &model->columns[model->watches[own->watch[i]].column];
        ret[i] = column->kinds[row] == PREDICTION_NUMBER ? column->numbers[row] : NAN;
    }
}

/* Components from every other row, or fewer: what they were learnt from fits them too well. */
static bool learn(odd_model *model, ModelResidual *own)
{
    size_t half = (model->row_count + 1) / 2, most = VALUES_MAX / own->columns;
    size_t step = 2 * ((half + most - 1) / most), rows = (model->row_count + step - 1) / step;
    size_t bytes = rows * own->columns * sizeof(double);
    own->bytes = residual_bytes(own->columns);
    own->residual = mem_take(&model->mem, own->bytes);
    double *x = mem_take(&model->mem, bytes);
    bool good = own->residual != NULL && x != NULL;
    for (size_t i = 0; good && i < rows; i++)
        copy_row(model, own, i * step, x + i * own->columns);
    if (good)
        residual_learn(own->residual, own->columns, x, rows);
    mem_free(&model->mem, x, bytes);
    return good;
}

static void learn_error_shares(const odd_model *model, Watch *watch, const uint8_t *cells, size_t n)
{
    double counts[CELL_COUNT] = {0}, wrong[CELL_COUNT] = {0};
    double scale = model->error_scale > 0 ? model->error_scale : 1;
    for (size_t i = 0; i < n; i++) {
        double error = model_error_at(model, 2 * i + 1);
        counts[cells[i]] += !isnan(error);
        wrong[cells[i]] += isnan(error) ? 0 : error / scale;
    }
    harm_shares(counts, wrong, model->error_share, watch->error_share);
}

/* The other rows tell what is usual. */
static bool watch_rest(odd_model *model, ModelResidual *own)
{
    size_t n = model->row_count / 2, bytes = n * sizeof(double);
    double *left = mem_take(&model->mem, bytes), *sorted = mem_take(&model->mem, bytes);
    uint8_t *cells = mem_take(&model->mem, n);
    bool good = left != NULL && sorted != NULL && cells != NULL;
    for (size_t i = 0; good && i < n; i++) {
        copy_row(model, own, 2 * i + 1, own->row);
        left[i] = sorted[i] = residual_of(own->residual, own->row);
    }
    if (good) {
        Watch *watch = &model->watches[model->watch_count];
        order_sort(sorted, n);
        bins_of_numbers(sorted, n, &watch->bins);
        for (size_t i = 0; i < n; i++)
            cells[i] = bins_number_cell(&watch->bins, left[i]);
        watch->column = WATCH_RESIDUAL;
        model_watch_make(model, watch, left, n, cells, 0);
        learn_error_shares(model, watch, cells, n);
        model->watch_count++;
        model_share_weights(model);
    }
    mem_free(&model->mem, left, bytes);
    mem_free(&model->mem, sorted, bytes);
    mem_free(&model->mem, cells, n);
    return good;
}

odd_rc model_residual_begin(odd_model *model)
{
    if (model->row_count < ROWS_MIN)
        return ODD_OK;
    ModelResidual *own = mem_take(&model->mem, sizeof *own);
    if (own != NULL)
        find_inputs(model, own);
    model->residual = own;
    if (own != NULL && own->columns < RESIDUAL_COLUMNS_MIN) {
        model_residual_close(model);
        return ODD_OK;
    }
    if (own == NULL || !learn(model, own) || !watch_rest(model, own))
        return problem_say(&model->problem, ODD_NOMEM, "out of memory for %u columns together",
                           model->table.column_count);
    return ODD_OK;
}

/* Of a table that lacks columns nothing is told but that. */
bool model_residual_fits(const odd_model *model)
{
    const ModelResidual *own = model->residual;
    bool fits = own != NULL;
    for (size_t i = 0; fits && i < own->columns; i++)
        fits = model->watches[own->watch[i]].current != UINT32_MAX;
    return fits;
}

double model_residual_now(const odd_model *model)
{
    ModelResidual *own = model->residual;
    for (size_t i = 0; i < own->columns; i++) {
        const PredictionCell *cell = &model->cells[model->watches[own->watch[i]].current];
        own->row[i] = cell->kind == PREDICTION_NUMBER ? cell->number : NAN;
    }
    return residual_of(own->residual, own->row);
}

void model_residual_close(odd_model *model)
{
    if (model->residual == NULL)
        return;
    mem_free(&model->mem, model->residual->residual, model->residual->bytes);
    mem_free(&model->mem, model->residual, sizeof *model->residual);
    model->residual = NULL;
}
