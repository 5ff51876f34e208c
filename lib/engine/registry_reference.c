/* SPDX-License-Identifier: Apache-2.0
 *
 * registry_reference.c - the rows that a model was measured on, with what it says of them and what
 * came true, as events: what its predictions in production are compared with. */
#include <stdio.h>

#include "engine/registry.h"
#include "learn/lesson.h"

#define ROWS_MAX 5000
#define COLUMNS_MAX 256

typedef struct {
    odd_model_column columns[COLUMNS_MAX];
    size_t           count, rows;
    Mem             *mem;
    void            *blocks[COLUMNS_MAX];
    size_t           block_bytes[COLUMNS_MAX];
    size_t           block_count;
} Batch;

static void *batch_take(Batch *batch, size_t bytes)
{
    if (batch->block_count == COLUMNS_MAX)
        return NULL;
    void *block = mem_take(batch->mem, bytes);
    batch->blocks[batch->block_count] = block;
    batch->block_bytes[batch->block_count] = block != NULL ? bytes : 0;
    batch->block_count++;
    return block;
}

static void batch_free(Batch *batch)
{
    for (size_t i = 0; i < batch->block_count; i++)
        mem_free(batch->mem, batch->blocks[i], batch->block_bytes[i]);
}

/* Texts end with a NUL, one room for the whole column. */
static bool add_texts(Batch *batch, odd_role role, const char *name, const Str *texts)
{
    size_t bytes = 0;
    for (size_t i = 0; i < batch->rows; i++)
        bytes += texts[i].size + 1;
    char *room = batch_take(batch, bytes);
    const char **starts = batch_take(batch, batch->rows * sizeof *starts);
    if (room == NULL || starts == NULL || batch->count == COLUMNS_MAX)
        return false;
    for (size_t i = 0; i < batch->rows; i++) {
        if (texts[i].text == NULL)
            continue;
        starts[i] = room;
        memcpy(room, texts[i].text, texts[i].size);
        room += texts[i].size + 1;
    }
    batch->columns[batch->count++] =
        (odd_model_column){.role = role, .name = name, .texts = starts};
    return true;
}

static bool add_numbers(Batch *batch, odd_role role, const char *name, double *numbers)
{
    if (batch->count == COLUMNS_MAX)
        return false;
    batch->columns[batch->count++] =
        (odd_model_column){.role = role, .name = name, .numbers = numbers};
    return true;
}

static bool add_input(Batch *batch, const char *name, const FrameColumn *column, size_t from,
                      Str *texts)
{
    double *numbers =
        column->kind == FRAME_NUMBER ? batch_take(batch, batch->rows * sizeof *numbers) : NULL;
    if (column->kind == FRAME_TIME)
        return true;
    if (column->kind == FRAME_NUMBER) {
        if (numbers == NULL)
            return false;
        memcpy(numbers, column->numbers + from, batch->rows * sizeof *numbers);
        return add_numbers(batch, ODD_ROLE_FEATURE, name, numbers);
    }
    for (size_t i = 0; i < batch->rows; i++) {
        uint32_t code = column->codes[from + i];
        texts[i] = code == NAME_NONE ? (Str){0} : names_text(&column->texts, code);
    }
    return add_texts(batch, ODD_ROLE_FEATURE, name, texts);
}

/* What the model says of the rows. */
static bool add_said(Batch *batch, const Predictor *predictor, const float *slots, Str *texts)
{
    double values[PREDICTOR_CLASSES_MAX];
    double *numbers = batch_take(batch, batch->rows * sizeof *numbers);
    size_t outputs = predictor_outputs(predictor);
    bool are_classes = predictor->task == TASK_CLASSES;
    if (numbers == NULL)
        return false;
    for (size_t i = 0; i < batch->rows; i++) {
        predictor_say(predictor, slots + i * predictor->encoder.slot_count, values);
        size_t best = predictor_best(values, outputs);
        numbers[i] = are_classes ? values[outputs == 2 ? 1 : best] : values[0];
        texts[i] = are_classes ? predictor_class(predictor, best) : STR("");
    }
    if (!are_classes)
        return add_numbers(batch, ODD_ROLE_PREDICTION, "prediction", numbers);
    return add_texts(batch, ODD_ROLE_PREDICTION, "prediction", texts) &&
           add_numbers(batch, ODD_ROLE_PROBABILITY, "probability", numbers);
}

static bool add_outcome(Batch *batch, const Predictor *predictor, const Frame *frame, size_t from,
                        Str *texts)
{
    char room[REAL_TEXT_SIZE];
    uint32_t at = frame_find(frame, predictor_target(predictor));
    if (at == FRAME_NONE || predictor->task == TASK_ANOMALY)
        return true;
    const FrameColumn *column = &frame->columns[at];
    if (predictor->task == TASK_NUMBER) {
        double *numbers = batch_take(batch, batch->rows * sizeof *numbers);
        if (numbers == NULL || column->kind != FRAME_NUMBER)
            return false;
        memcpy(numbers, column->numbers + from, batch->rows * sizeof *numbers);
        return add_numbers(batch, ODD_ROLE_OUTCOME, "outcome", numbers);
    }
    for (size_t i = 0; i < batch->rows; i++) {
        texts[i] = (Str){0};
        if (frame_missing(column, from + i))
            continue;
        Str value = column->kind == FRAME_TEXT ? names_text(&column->texts, column->codes[from + i])
                                               : real_text(column->numbers[from + i], room);
        for (size_t k = 0; k < predictor_outputs(predictor); k++)
            if (str_equal(predictor_class(predictor, k), value))
                texts[i] = predictor_class(predictor, k);
    }
    return add_texts(batch, ODD_ROLE_OUTCOME, "outcome", texts);
}

static odd_rc add_all(odd_registry *registry, const odd_predictor *asked,
                      const Predictor *predictor, odd_events *events)
{
    const Frame *frame = &registry->frame;
    size_t rows = frame->row_count < ROWS_MAX ? frame->row_count : ROWS_MAX;
    size_t from = frame->row_count - rows;
    Batch batch = {.rows = rows, .mem = &registry->mem};
    Str *texts = batch_take(&batch, rows * sizeof *texts);
    uint32_t *numbers = batch_take(&batch, rows * sizeof *numbers);
    float *slots = batch_take(&batch, rows * predictor->encoder.slot_count * sizeof *slots);
    bool good = texts != NULL && numbers != NULL && slots != NULL;
    for (size_t i = 0; good && i < rows; i++)
        numbers[i] = (uint32_t)(from + i);
    odd_rc rc =
        good ? encoder_rows(&predictor->encoder, frame, numbers, rows, slots, &registry->problem)
             : ODD_NOMEM;
    for (size_t c = 0; rc == ODD_OK && good && c < odd_predictor_columns(asked); c++) {
        const char *name = odd_predictor_column(asked, c);
        uint32_t at = frame_find(frame, str_of(name));
        if (at != FRAME_NONE && batch.block_count + 8 < COLUMNS_MAX)
            good = add_input(&batch, name, &frame->columns[at], from, texts);
    }
    good = good && rc == ODD_OK && add_said(&batch, predictor, slots, texts) &&
           add_outcome(&batch, predictor, frame, from, texts);
    if (good)
        rc = odd_events_rows(events, &(odd_model_rows){.model = odd_predictor_name(asked),
                                                       .version = odd_predictor_version(asked),
                                                       .are_reference = 1,
                                                       .columns = batch.columns,
                                                       .column_count = batch.count,
                                                       .row_count = rows});
    else if (rc == ODD_OK)
        rc = ODD_NOMEM;
    batch_free(&batch);
    return rc;
}

odd_rc odd_registry_reference(odd_registry *registry, const odd_predictor *asked,
                              odd_events *events)
{
    char model[SHELF_NAME_MAX + ODD_VERSION_SIZE + 2];
    RegistryRef ref;
    JsonNode *root;
    Str bytes;
    Predictor predictor;
    snprintf(model, sizeof model, "%s@%s", odd_predictor_name(asked), odd_predictor_version(asked));
    odd_rc rc = registry_find_model(registry, model, &ref);
    if (rc == ODD_OK)
        rc = registry_manifest(registry, &registry->models, &ref, &root, &bytes);
    if (rc != ODD_OK)
        return rc;
    RegistryRef dataset = registry_dataset_of(root);
    json_free(root);
    disk_unmap(bytes);
    if (dataset.name[0] == '\0')
        return ODD_DONE;
    predictor_open(&predictor, &registry->mem);
    rc = registry_load(registry, &ref, &predictor);
    if (rc == ODD_OK)
        rc = registry_rows(registry, &dataset, &registry->frame);
    if (rc == ODD_OK)
        rc = add_all(registry, asked, &predictor, events);
    predictor_close(&predictor);
    registry_forget(registry);
    return rc;
}
