/* SPDX-License-Identifier: Apache-2.0
 *
 * model_hours.c - columns that are watched hour by hour of the day. */
#include "engine/model.h"

odd_rc model_hours_begin(odd_model *model)
{
    if (model->hours != NULL)
        return ODD_OK;
    size_t bytes = model->watch_count * sizeof *model->hours;
    model->hours = bytes > 0 ? mem_take(&model->mem, bytes) : NULL;
    if (bytes > 0 && model->hours == NULL)
        return ODD_NOMEM;
    if (bytes > 0)
        memset(model->hours, 0, bytes);
    model->hours_count = model->watch_count;
    model->hour = 0;
    return ODD_OK;
}

void model_hours_enter(odd_model *model, size_t hour)
{
    if (model->hours == NULL || model->hour == hour + 1)
        return;
    model->hour = hour + 1;
    for (size_t w = 0; w < model->hours_count; w++) {
        Watch *watch = &model->watches[w];
        if (!hours_enter(&model->hours[w], hour, &watch->bins, &watch->expected))
            continue;
        evidence_turn(&watch->evidence, &watch->bins, &watch->expected, model->options.tolerance);
        stretches_begin(&watch->stretches); /* Of the hour before, to which it does not compare. */
        watch->beyond = 0;
    }
}

void model_hours_learn(odd_model *model, size_t rows, bool of_all)
{
    for (size_t w = 0; model->hour > 0 && w < model->hours_count; w++)
        if (of_all || !model->watches[w].is_in_episode)
            hours_learn(&model->hours[w], (size_t)model->hour - 1,
                        model->batch_cells + w * MODEL_BATCH_ROWS, rows);
}
