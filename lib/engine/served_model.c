/* SPDX-License-Identifier: Apache-2.0
 *
 * served_model.c - a model in production is made, and unmade. */
#include <assert.h>

#include "engine/served.h"

#define MODEL_MEMORY (1ull << 40) /* The shard says how much at each tick. */

static const char truth_names[TRUTH_COLUMNS][24] = {
    [TRUTH_DELAY] = "delay of outcomes", [TRUTH_SIZE] = "absolute error",
    [TRUTH_OUTPUT] = "prediction",       [TRUTH_PROBABILITY] = "probability",
    [TRUTH_OUTCOME] = "outcome"};

/* Columns of truths are the same for every model. */
static bool make_truths(odd_model *model)
{
    static const uint8_t roles[TRUTH_COLUMNS] = {
        [TRUTH_DELAY] = PREDICTION_INPUT,
        [TRUTH_SIZE] = PREDICTION_INPUT,
        [TRUTH_OUTPUT] = PREDICTION_OUTPUT,
        [TRUTH_PROBABILITY] = PREDICTION_PROBABILITY,
        [TRUTH_OUTCOME] = PREDICTION_OUTCOME};
    PredictionTable *table = &model->table;
    Mem *mem = &model->mem;
    table->columns_bytes = TRUTH_COLUMNS * sizeof *table->columns;
    table->columns = mem_take(mem, table->columns_bytes);
    table->names_bytes = sizeof truth_names;
    table->names = mem_take(mem, table->names_bytes);
    model->columns_bytes = TRUTH_COLUMNS * sizeof *model->columns;
    model->columns = mem_take(mem, model->columns_bytes);
    if (table->columns == NULL || table->names == NULL || model->columns == NULL)
        return false;
    memcpy(table->names, truth_names, sizeof truth_names);
    for (uint32_t i = 0; i < TRUTH_COLUMNS; i++)
        table->columns[i] = (PredictionColumn){.name_from = i * (uint32_t)sizeof truth_names[0],
                                               .name_size = (uint32_t)strlen(truth_names[i]),
                                               .role = roles[i]};
    table->column_count = TRUTH_COLUMNS;
    return true;
}

static odd_model *open_model(void)
{
    odd_model *model;
    odd_model_options options = {.memory_bytes_max = MODEL_MEMORY};
    return odd_model_open(&options, &model) == ODD_OK ? model : NULL;
}

odd_rc served_open(Served *served, Mem *mem, Str model, Str version)
{
    assert(model.size <= BATCH_NAME_BYTES_MAX && version.size <= BATCH_NAME_BYTES_MAX);
    memset(served, 0, sizeof *served);
    ServedPlain *plain = &served->plain;
    plain->model_size = (uint16_t)model.size;
    plain->version_size = (uint16_t)version.size;
    memcpy(plain->name, model.text, model.size);
    memcpy(plain->name + model.size, version.text, version.size);
    plain->first_time = plain->last_time = plain->reference_time = ODD_TIME_NONE;
    plain->known = plain->made = plain->day_from = plain->estimate_told = ODD_TIME_NONE;
    plain->joined_time = ODD_TIME_NONE;
    served->pending = (Pending){.mem = mem};
    served->inputs = open_model();
    served->truths = open_model();
    if (served->inputs == NULL || served->truths == NULL || !make_truths(served->truths)) {
        served_close(served, mem);
        return ODD_NOMEM;
    }
    return ODD_OK;
}

static void close_inputs(Served *served, Mem *mem)
{
    odd_model_close(served->inputs);
    mem_free(mem, served->told, served->told_capacity * sizeof *served->told);
    mem_free(mem, served->cells, served->cells_bytes);
    if (served->steps != NULL)
        mem_free(mem, served->steps, CALENDAR_STEPS * sizeof *served->steps);
    served->inputs = NULL;
    served->told = NULL;
    served->told_capacity = 0;
    served->cells = NULL;
    served->cells_bytes = 0;
    served->steps = NULL;
}

void served_close(Served *served, Mem *mem)
{
    close_inputs(served, mem);
    mem_free(mem, served->losses, served->losses_bytes);
    mem_free(mem, served->questions, SERVED_ROUNDS * sizeof *served->questions);
    mem_free(mem, served->groups, served->group_count * sizeof *served->groups);
    if (served->truths != NULL)
        mem_free(&served->truths->mem, served->truth_cells, served->truth_cells_capacity);
    odd_model_close(served->truths);
    pending_close(&served->pending);
    memset(served, 0, sizeof *served);
}

static odd_rc truths_begin_again(Served *served)
{
    odd_model *fresh = open_model();
    if (fresh == NULL || !make_truths(fresh)) {
        odd_model_close(fresh);
        return ODD_NOMEM;
    }
    fresh->mem.bytes_max = served->truths->mem.bytes_max;
    mem_free(&served->truths->mem, served->truth_cells, served->truth_cells_capacity);
    odd_model_close(served->truths);
    served->truths = fresh;
    served->truth_cells = NULL;
    served->truth_cells_capacity = 0;
    ServedPlain *plain = &served->plain;
    plain->truths_frozen = plain->is_score = plain->is_estimate_low = false;
    plain->task = TASK_UNKNOWN;
    plain->joined_time = plain->estimate_told = ODD_TIME_NONE;
    memset(&plain->promise, 0, sizeof plain->promise);
    memset(&plain->chunk, 0, sizeof plain->chunk);
    memset(&plain->chunk_loss, 0, sizeof plain->chunk_loss);
    return ODD_OK;
}

/* The calendar begins anew, since its cells are those of the reference. */
odd_rc served_begin_again(Served *served, Mem *mem, bool of_truths)
{
    odd_model *fresh = open_model();
    odd_rc rc = fresh != NULL && of_truths ? truths_begin_again(served) : ODD_OK;
    if (fresh == NULL || rc != ODD_OK) {
        odd_model_close(fresh);
        return ODD_NOMEM;
    }
    fresh->mem.bytes_max = served->inputs->mem.bytes_max;
    served_questions_drop(served, mem);
    served_groups_drop(served, mem);
    served_cells_drop(served, mem);
    close_inputs(served, mem);
    served->inputs = fresh;
    served->plain.is_frozen = false;
    served->plain.reference_time = ODD_TIME_NONE;
    memset(&served->plain.calendar, 0, sizeof served->plain.calendar);
    return ODD_OK;
}
