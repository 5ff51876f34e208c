/* SPDX-License-Identifier: Apache-2.0
 *
 * model_task.c - what a model is asked: classes or numbers; and what a row says about its quality.
 */
#include <math.h>

#include "engine/model.h"

#define NUMBERS_MIN 20     /* Different outcomes of a model of numbers, at least. */
#define LOOKED_AT 5000     /* Rows of the reference.                              */

uint64_t model_key(uint8_t kind, double number, uint64_t text_hash)
{
    return kind == PREDICTION_NUMBER ? hash_bytes(&number, sizeof number, 1) : text_hash;
}

uint64_t model_key_at(const ReferenceColumn *column, size_t row)
{
    return model_key(column->kinds[row], column->numbers[row], column->hashes[row]);
}

uint64_t model_key_of_cell(const PredictionCell *cell)
{
    return model_key((uint8_t)cell->kind, cell->number, bins_hash(cell->text));
}

/* Different values of a column, at most NUMBERS_MIN + 1; all_numbers: none is a text. */
static size_t different(const odd_model *model, uint32_t column, bool *ret_all_numbers)
{
    uint64_t known[NUMBERS_MIN + 1];
    size_t count = 0, rows = model->row_count < LOOKED_AT ? model->row_count : LOOKED_AT;
    *ret_all_numbers = true;
    for (size_t row = 0; column != UINT32_MAX && row < rows; row++) {
        const ReferenceColumn *from = &model->columns[column];
        if (from->kinds[row] == PREDICTION_MISSING)
            continue;
        *ret_all_numbers &= from->kinds[row] == PREDICTION_NUMBER;
        uint64_t key = model_key_at(from, row);
        size_t i = 0;
        while (i < count && known[i] != key)
            i++;
        if (i == count && count <= NUMBERS_MIN)
            known[count++] = key;
    }
    return count;
}

size_t model_sure_columns(const PredictionTable *table, uint32_t *ret)
{
    size_t count = 0;
    for (uint32_t c = 0; c < table->column_count && count < MODEL_SURE_MAX; c++)
        if (table->columns[c].role == PREDICTION_PROBABILITY)
            ret[count++] = c;
    return count;
}

const PredictionCell *model_surest(const odd_model *model)
{
    const PredictionCell *most = NULL;
    for (size_t i = 0; i < model->current_sure_count; i++) {
        const PredictionCell *cell = &model->cells[model->current_sure[i]];
        bool is_one = cell->kind == PREDICTION_NUMBER && isfinite(cell->number);
        if (most == NULL || (is_one && !(most->number >= cell->number)))
            most = cell;
        if (model->task == MODEL_TWO_CLASSES)
            break;
    }
    return most;
}

void model_find_task(odd_model *model)
{
    bool outcomes_are, outputs_are;
    uint32_t output = prediction_role(&model->table, PREDICTION_OUTPUT);
    uint32_t outcome = prediction_role(&model->table, PREDICTION_OUTCOME);
    model->sure_count = model_sure_columns(&model->table, model->sure);
    bool has_probability = model->sure_count > 0;
    size_t outcomes = different(model, outcome, &outcomes_are);
    size_t outputs = different(model, output, &outputs_are);
    if (outcome == UINT32_MAX)
        outcomes = outputs;
    if (outcomes > NUMBERS_MIN && outputs > NUMBERS_MIN && outcomes_are && outputs_are)
        model->task = MODEL_NUMBERS;
    else
        model->task = outcomes == 2 && has_probability ? MODEL_TWO_CLASSES : MODEL_CLASSES;
}

double model_error(ModelTask task, const PredictionCell *output, const PredictionCell *probability,
                   const PredictionCell *outcome)
{
    if (outcome == NULL || outcome->kind == PREDICTION_MISSING)
        return NAN;
    bool told = output != NULL && output->kind != PREDICTION_MISSING;
    if (task == MODEL_NUMBERS) {
        double error = told ? output->number - outcome->number : NAN;
        return isfinite(error) ? fabs(error) : NAN;
    }
    if (told) {
        if (output->kind == PREDICTION_NUMBER && outcome->kind == PREDICTION_NUMBER)
            return output->number != outcome->number;
        return !str_equal(output->text, outcome->text);
    }
    if (probability == NULL || probability->kind != PREDICTION_NUMBER ||
        outcome->kind != PREDICTION_NUMBER)
        return NAN;
    return (probability->number >= MODEL_SAID_LEAST) != (outcome->number > 0);
}

static bool is_number(const PredictionCell *cell)
{
    return cell != NULL && cell->kind == PREDICTION_NUMBER && isfinite(cell->number);
}

ModelRow model_row_of(ModelTask task, uint64_t positive, const PredictionCell *output,
                      const PredictionCell *probability, const PredictionCell *outcome)
{
    bool told = output != NULL && output->kind != PREDICTION_MISSING;
    bool known = outcome != NULL && outcome->kind != PREDICTION_MISSING;
    double p = is_number(probability) ? probability->number : NAN;
    double error = model_error(task, output, probability, outcome);
    ModelRow row = {.p = p, .said = true, .truth = NAN};
    if (task == MODEL_NUMBERS)
        return (ModelRow){.p = 0, .truth = error};
    if (task == MODEL_CLASSES) {
        row.p = probability != NULL ? p : 0;
        row.truth = isnan(error) ? NAN : 1 - error;
        return row;
    }
    row.said = told ? model_key_of_cell(output) == positive : p >= MODEL_SAID_LEAST;
    row.truth = known ? model_key_of_cell(outcome) == positive : NAN;
    return row;
}
