/* SPDX-License-Identifier: Apache-2.0
 *
 * served_rows.c - columns of a batch as cells: numbers, texts that are numbers, texts. */
#include <assert.h>
#include <math.h>

#include "engine/served.h"
#include "event/json_text.h"
#include "event/sheet.h"

#define SIZE_BYTES 2 /* Of a count, or a text. */

static RowsCell text_cell(Str text)
{
    RowsCell cell = {.number = NAN, .hash = bins_hash(text)};
    double number;
    switch (sheet_number(text, false, &number)) {
    case NUMBER_MISSING:
        cell.kind = PREDICTION_MISSING;
        break;
    case NUMBER_FINITE:
    case NUMBER_INFINITE:
        cell.kind = PREDICTION_NUMBER;
        cell.number = number;
        cell.hash = model_key(PREDICTION_NUMBER, number, 0);
        break;
    case NUMBER_BAD:
        cell.kind = PREDICTION_TEXT;
        break;
    }
    return cell;
}

/* Ids are told apart by all of their characters: many are longer than a double. */
static RowsCell id_cell(Str text)
{
    return (RowsCell){.number = NAN,
                      .hash = bins_hash(text),
                      .kind = (uint8_t)(text.size > 0 ? PREDICTION_TEXT : PREDICTION_MISSING)};
}

static RowsCell cell_of_text(const RowsColumn *column, Str text)
{
    return column->column.role == BATCH_ID ? id_cell(text) : text_cell(text);
}

static RowsCell cell_of_number(const RowsColumn *column, double value, bool wants_hash)
{
    char room[REAL_TEXT_SIZE];
    if (column->column.role == BATCH_ID)
        return id_cell(isnan(value) ? STR("") : real_text(value, room));
    return (RowsCell){.number = value,
                      .hash = wants_hash ? model_key(PREDICTION_NUMBER, value, 0) : 0,
                      .kind = (uint8_t)(isnan(value) ? PREDICTION_MISSING : PREDICTION_NUMBER)};
}

static bool add_words(Rows *rows, RowsColumn *column)
{
    size_t count = (size_t)column->column.text_count + 1;
    RowsCell *grown = mem_grow(rows->mem, rows->words, &rows->word_capacity,
                               rows->word_count + count, sizeof *grown);
    if (grown == NULL)
        return false;
    rows->words = grown;
    column->words = rows->word_count;
    RowsCell *words = grown + rows->word_count;
    size_t at = SIZE_BYTES;
    words[0] = (RowsCell){.number = NAN, .kind = PREDICTION_MISSING};
    for (uint32_t i = 0; i < column->column.text_count; i++)
        words[i + 1] = cell_of_text(column, batch_text(column->column.data, &at));
    rows->word_count += count;
    return true;
}

bool rows_begin(Rows *rows, PredictionBatch batch)
{
    rows->column_count = 0;
    rows->word_count = 0;
    rows->rows = batch.rows;
    RowsColumn *columns = mem_grow(rows->mem, rows->columns, &rows->column_capacity,
                                   batch.column_count, sizeof *columns);
    if (columns == NULL)
        return false;
    rows->columns = columns;
    batch_rewind(&batch);
    while (batch_column(&batch, &columns[rows->column_count].column)) {
        RowsColumn *column = &columns[rows->column_count++];
        column->at = 0;
        column->row = 0;
        if (column->column.form == BATCH_CATEGORY_FORM && !add_words(rows, column))
            return false;
    }
    return true;
}

void rows_end(Rows *rows)
{
    mem_free(rows->mem, rows->columns, rows->column_capacity * sizeof *rows->columns);
    mem_free(rows->mem, rows->words, rows->word_capacity * sizeof *rows->words);
    *rows = (Rows){.mem = rows->mem};
}

static bool is_feature(const RowsColumn *column)
{
    return column->column.role == BATCH_FEATURE || column->column.role == BATCH_SEGMENT;
}

uint32_t rows_find(const Rows *rows, Str name, uint32_t likely)
{
    if (likely < rows->column_count && is_feature(&rows->columns[likely]) &&
        str_equal(rows->columns[likely].column.name, name))
        return likely;
    for (uint32_t i = 0; i < rows->column_count; i++)
        if (is_feature(&rows->columns[i]) && str_equal(rows->columns[i].column.name, name))
            return i;
    return UINT32_MAX;
}

uint32_t rows_role(const Rows *rows, BatchRole role)
{
    for (uint32_t i = 0; i < rows->column_count; i++)
        if (rows->columns[i].column.role == role)
            return i;
    return UINT32_MAX;
}

/* Texts have no places of their own: blocks are read in their order, each as often as need be. */
static void go_to(RowsColumn *column, uint32_t row)
{
    assert(row >= column->row);
    for (; column->row < row; column->row++)
        batch_text(column->column.data, &column->at);
}

void rows_block(Rows *rows, uint32_t column_number, uint32_t from, uint32_t n, bool wants_hash)
{
    RowsColumn *column = &rows->columns[column_number];
    const BatchColumn *batch = &column->column;
    assert(n <= SERVED_BLOCK && from + n <= rows->rows && batch->form != BATCH_TIME_FORM);
    if (batch->form == BATCH_TEXT_FORM)
        go_to(column, from);
    size_t at = column->at;
    for (uint32_t i = 0; i < n; i++) {
        RowsCell *cell = &rows->block[i];
        if (batch->form == BATCH_CATEGORY_FORM) {
            *cell = rows->words[column->words + batch_code(batch, from + i)];
        } else if (batch->form == BATCH_TEXT_FORM) {
            *cell = cell_of_text(column, batch_text(batch->data, &at));
        } else {
            *cell = cell_of_number(column, batch_real(batch, from + i), wants_hash);
        }
    }
}

Str rows_id(const Rows *rows, uint32_t column_number, uint32_t row, char room[REAL_TEXT_SIZE])
{
    const RowsColumn *column = &rows->columns[column_number];
    const BatchColumn *batch = &column->column;
    size_t at = column->at;
    Str text = STR("");
    if (!batch_is_text(batch->form))
        return real_text(batch_real(batch, row), room);
    uint32_t steps = row - column->row + 1;
    if (batch->form == BATCH_CATEGORY_FORM) {
        steps = batch_code(batch, row);
        at = SIZE_BYTES;
    }
    for (uint32_t i = 0; i < steps; i++)
        text = batch_text(batch->data, &at);
    return text;
}
