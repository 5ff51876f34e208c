/* SPDX-License-Identifier: Apache-2.0
 *
 * served_save.c - a model in production as bytes, and back. */
#include "engine/served.h"

typedef struct { /* Of an odd_model. */
    uint64_t rows_read, row_count, row;
    uint64_t watch_count, watches_bytes, batch_bytes;
    uint64_t columns_bytes, table_bytes, names_bytes;
    uint64_t has_quality, hour;
    uint32_t column_count, unused;
    double   error_share;
} ModelPlain;

/* -- an odd_model -------------------------------------------------------------------------- */

static void save_reference(const odd_model *model, ImageOut *out)
{
    for (uint32_t c = 0; c < model->table.column_count; c++) {
        const ReferenceColumn *column = &model->columns[c];
        image_put_array(out, column->numbers, column->numbers_capacity, column->numbers_capacity,
                        sizeof *column->numbers);
        image_put_array(out, column->hashes, column->hashes_capacity, column->hashes_capacity,
                        sizeof *column->hashes);
        image_put_array(out, column->kinds, column->kinds_capacity, column->kinds_capacity,
                        sizeof *column->kinds);
    }
}

static void save_model(const odd_model *model, ImageOut *out)
{
    ModelPlain plain = {.rows_read = model->rows_read,
                         .row_count = model->row_count,
                         .row = model->row,
                         .watch_count = model->watch_count,
                         .watches_bytes = model->watches_bytes,
                         .batch_bytes = model->batch_bytes,
                         .columns_bytes = model->columns_bytes,
                         .table_bytes = model->table.columns_bytes,
                         .names_bytes = model->table.names_bytes,
                         .hour = model->hour,
                         .has_quality = model->quality != NULL,
                         .column_count = model->table.column_count,
                         .error_share = model->error_share};
    image_put(out, &plain, sizeof plain);
    image_put(out, model->table.columns, model->table.columns_bytes);
    image_put(out, model->table.names, model->table.names_bytes);
    save_reference(model, out);
    image_put(out, model->watches, model->watch_count * sizeof *model->watches);
    image_put_array(out, model->hours, model->hours_count, model->hours_count,
                    sizeof *model->hours);
    names_save(&model->categories, out);
    if (model->quality != NULL)
        image_put(out, model->quality, sizeof *model->quality);
}

/* A block of so many bytes, of which the first `filled` are in the image. */
static void *get_block(ImageIn *in, Mem *mem, uint64_t bytes, uint64_t filled)
{
    if (in->failed || bytes == 0)
        return NULL;
    void *block =
        filled <= bytes && filled <= in->bytes.size - in->at ? mem_take(mem, bytes) : NULL;
    if (block == NULL)
        in->failed = true;
    else
        image_get(in, block, (size_t)filled);
    return block;
}

static void load_reference(odd_model *model, ImageIn *in)
{
    Mem *mem = &model->mem;
    size_t count;
    for (uint32_t c = 0; !in->failed && c < model->table.column_count; c++) {
        ReferenceColumn *column = &model->columns[c];
        column->numbers =
            image_get_array(in, mem, &count, &column->numbers_capacity, sizeof *column->numbers);
        column->hashes =
            image_get_array(in, mem, &count, &column->hashes_capacity, sizeof *column->hashes);
        column->kinds =
            image_get_array(in, mem, &count, &column->kinds_capacity, sizeof *column->kinds);
    }
}

static bool names_fit(const PredictionTable *table)
{
    for (uint32_t c = 0; c < table->column_count; c++)
        if ((uint64_t)table->columns[c].name_from + table->columns[c].name_size >
            table->names_bytes)
            return false;
    return true;
}

static void load_table(odd_model *model, const ModelPlain *plain, ImageIn *in)
{
    PredictionTable *table = &model->table;
    Mem *mem = &model->mem;
    prediction_close(table, mem);
    mem_free(mem, model->columns, model->columns_bytes);
    model->columns = NULL;
    model->columns_bytes = 0;
    table->columns = get_block(in, mem, plain->table_bytes, plain->table_bytes);
    table->columns_bytes = table->columns != NULL ? (size_t)plain->table_bytes : 0;
    table->names = get_block(in, mem, plain->names_bytes, plain->names_bytes);
    table->names_bytes = table->names != NULL ? (size_t)plain->names_bytes : 0;
    table->column_count = plain->column_count;
    model->columns = get_block(in, mem, plain->columns_bytes, 0);
    model->columns_bytes = model->columns != NULL ? (size_t)plain->columns_bytes : 0;
    in->failed |= plain->column_count * sizeof *table->columns > table->columns_bytes ||
                  plain->column_count * sizeof *model->columns > model->columns_bytes;
    if (in->failed)
        table->column_count = 0;
    in->failed |= !names_fit(table);
}

static void load_model(odd_model *model, ImageIn *in)
{
    ModelPlain plain = {0};
    Mem *mem = &model->mem;
    image_get(in, &plain, sizeof plain);
    load_table(model, &plain, in);
    load_reference(model, in);
    model->rows_read = plain.rows_read;
    model->row_count = (size_t)plain.row_count;
    model->row = plain.row;
    model->error_share = plain.error_share;
    model->watches =
        get_block(in, mem, plain.watches_bytes, plain.watch_count * sizeof *model->watches);
    model->watches_bytes = model->watches != NULL ? (size_t)plain.watches_bytes : 0;
    model->watch_count = model->watches != NULL ? (size_t)plain.watch_count : 0;
    model->batch_bytes = (size_t)plain.batch_bytes;
    model->batch_numbers = get_block(in, mem, plain.batch_bytes * sizeof(double), 0);
    model->batch_cells = get_block(in, mem, plain.batch_bytes, 0);
    model->batch_there = get_block(in, mem, plain.batch_bytes, 0);
    size_t capacity;
    model->hours = image_get_array(in, mem, &model->hours_count, &capacity, sizeof *model->hours);
    model->hour = plain.hour;
    in->failed |= model->hours_count > 0 && model->hours_count != model->watch_count;
    names_load(&model->categories, in);
    model->categories.mem = mem;
    if (plain.has_quality != 0) {
        model->quality = get_block(in, mem, sizeof *model->quality, sizeof *model->quality);
        if (model->quality != NULL) {
            model->quality->figures = NULL;
            model->quality->figure_count = model->quality->figure_capacity = 0;
        }
    }
}

/* -- all of it ----------------------------------------------------------------------------- */

void served_save(const Served *served, ImageOut *out)
{
    image_put(out, &served->plain, sizeof served->plain);
    save_model(served->inputs, out);
    save_model(served->truths, out);
    image_put_array(out, served->told, served->told_capacity, served->told_capacity,
                    sizeof *served->told);
    image_put_array(out, served->cells, served->cells_bytes / sizeof *served->cells,
                    served->cells_bytes / sizeof *served->cells, sizeof *served->cells);
    image_put_array(out, served->steps, served->steps != NULL ? CALENDAR_STEPS : 0,
                    served->steps != NULL ? CALENDAR_STEPS : 0, sizeof *served->steps);
    image_put_array(out, served->losses, served->plain.kept_count, served->plain.kept_count,
                    sizeof *served->losses);
    image_put_array(out, served->groups, served->group_count, served->group_count,
                    sizeof *served->groups);
    size_t rounds = served->questions != NULL ? SERVED_ROUNDS : 0;
    image_put_array(out, served->questions, rounds, rounds, sizeof *served->questions);
    image_put_array(out, served->truth_cells, served->truth_cells_capacity,
                    served->truth_cells_capacity, 1);
    pending_save(&served->pending, out);
}

static void load_parts(Served *served, Mem *mem, ImageIn *in)
{
    size_t count, capacity = 0;
    load_model(served->inputs, in);
    load_model(served->truths, in);
    served->told = image_get_array(in, mem, &count, &served->told_capacity, sizeof *served->told);
    served->cells = image_get_array(in, mem, &count, &capacity, sizeof *served->cells);
    served->cells_bytes = capacity * sizeof *served->cells;
    served->steps = image_get_array(in, mem, &count, &capacity, sizeof *served->steps);
    served->losses = image_get_array(in, mem, &count, &capacity, sizeof *served->losses);
    served->losses_bytes = capacity * sizeof *served->losses;
    in->failed |= served->plain.kept_count > SERVED_KEPT_MAX;
    served->groups =
        image_get_array(in, mem, &served->group_count, &capacity, sizeof *served->groups);
    served->questions = image_get_array(in, mem, &count, &capacity, sizeof *served->questions);
    in->failed |= count > 0 && count != SERVED_ROUNDS;
    served->truth_cells =
        image_get_array(in, &served->truths->mem, &count, &served->truth_cells_capacity, 1);
    pending_load(&served->pending, in);
}

odd_rc served_load(Served *served, Mem *mem, ImageIn *in)
{
    ServedPlain plain;
    memset(&plain, 0, sizeof plain);
    image_get(in, &plain, sizeof plain);
    if (in->failed || plain.model_size > BATCH_NAME_BYTES_MAX ||
        plain.version_size > BATCH_NAME_BYTES_MAX)
        return ODD_CORRUPT;
    Str name = {.text = plain.name, .size = plain.model_size};
    Str version = {.text = plain.name + plain.model_size, .size = plain.version_size};
    odd_rc rc = served_open(served, mem, name, version);
    if (rc != ODD_OK)
        return rc;
    served->plain = plain;
    load_parts(served, mem, in);
    if (!in->failed)
        return ODD_OK;
    served_close(served, mem);
    return ODD_CORRUPT;
}
