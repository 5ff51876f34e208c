/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sql_show.h"

#include <inttypes.h>
#include <string.h>

#include "cli/csv.h"
#include "cli/json.h"
#include "cli/visible.h"
#include "cli/words.h"

#define COLUMNS_MAX 1024

/* The cell as bytes; `room` is for what is no text. */
static const char *cell_text(const SqlCell *cell, Buffer *room, size_t *ret_size)
{
    buffer_clear(room);
    if (cell->kind == SQL_TEXT) {
        *ret_size = cell->size;
        return cell->text;
    }
    if (cell->kind == SQL_BOOL)
        buffer_puts(room, cell->integer ? "true" : "false");
    else if (cell->kind == SQL_INT)
        buffer_format(room, "%" PRId64, cell->integer);
    else if (cell->kind == SQL_REAL)
        words_exact(room, cell->real);
    *ret_size = room->size;
    return buffer_text(room);
}

static bool is_number(const SqlCell *cell)
{
    return cell->kind == SQL_INT || cell->kind == SQL_REAL;
}

typedef struct {
    int  width;
    bool right; /* Numbers alone stand in it. */
} Column;

static Column column_of(const SqlAnswer *answer, size_t number, Buffer *room)
{
    const char *name = sql_answer_column(answer, number);
    Column column = {.width = visible_width(name, strlen(name))};
    bool any = false, all = true;
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        SqlCell cell = sql_answer_cell(answer, row, number);
        size_t size;
        const char *text = cell_text(&cell, room, &size);
        int width = visible_width(text, size);
        if (width > column.width)
            column.width = width;
        any = any || is_number(&cell);
        all = all && (is_number(&cell) || cell.kind == SQL_MISSING);
    }
    column.right = any && all;
    return column;
}

static void pad(Buffer *out, int count)
{
    if (count > 0)
        buffer_repeat(out, ' ', (size_t)count);
}

static void field_add(Buffer *out, const Column *column, const char *text, size_t size, bool last)
{
    int room = column->width - visible_width(text, size);
    if (column->right)
        pad(out, room);
    visible_add(out, text, size);
    if (!last) {
        if (!column->right)
            pad(out, room);
        buffer_puts(out, "  ");
    }
}

static void show_text(Out *out, const SqlAnswer *answer, Buffer *room)
{
    size_t count = sql_answer_columns(answer);
    if (count > COLUMNS_MAX)
        count = COLUMNS_MAX;
    static Column columns[COLUMNS_MAX];
    for (size_t i = 0; i < count; i++)
        columns[i] = column_of(answer, i, room);
    for (size_t i = 0; i < count; i++) {
        const char *name = sql_answer_column(answer, i);
        field_add(&out->text, &columns[i], name, strlen(name), i + 1 == count);
    }
    buffer_puts(&out->text, "\n");
    for (size_t i = 0; i < count; i++) {
        buffer_repeat(&out->text, '-', (size_t)columns[i].width);
        buffer_puts(&out->text, i + 1 == count ? "\n" : "  ");
    }
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        for (size_t i = 0; i < count; i++) {
            SqlCell cell = sql_answer_cell(answer, row, i);
            size_t size;
            const char *text = cell_text(&cell, room, &size);
            field_add(&out->text, &columns[i], text, size, i + 1 == count);
        }
        buffer_puts(&out->text, "\n");
        out_step(out);
    }
    words_counted(&out->text, sql_answer_rows(answer), "row", "rows");
    buffer_puts(&out->text, "\n");
}

static void cell_json(Json *json, const SqlCell *cell)
{
    switch (cell->kind) {
    case SQL_MISSING:
        json_null(json);
        break;
    case SQL_BOOL:
        json_bool(json, cell->integer != 0);
        break;
    case SQL_INT:
        json_integer(json, cell->integer);
        break;
    case SQL_REAL:
        json_exact(json, cell->real);
        break;
    case SQL_TEXT:
        json_text(json, cell->text, cell->size);
        break;
    }
}

static void show_json(Out *out, const SqlAnswer *answer)
{
    Json json = {.out = &out->text};
    json_open(&json, '{');
    json_name(&json, "columns");
    json_open(&json, '[');
    for (size_t i = 0; i < sql_answer_columns(answer); i++)
        json_text(&json, sql_answer_column(answer, i), strlen(sql_answer_column(answer, i)));
    json_close(&json, ']');
    json_name(&json, "rows");
    json_open(&json, '[');
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        json_open(&json, '[');
        for (size_t i = 0; i < sql_answer_columns(answer); i++) {
            SqlCell cell = sql_answer_cell(answer, row, i);
            cell_json(&json, &cell);
        }
        json_close(&json, ']');
        out_step(out);
    }
    json_close(&json, ']');
    json_name(&json, "cut");
    json_bool(&json, sql_answer_cut(answer));
    json_close(&json, '}');
}

static void show_csv(Out *out, const SqlAnswer *answer, Buffer *room)
{
    Csv csv = {.out = &out->text};
    for (size_t i = 0; i < sql_answer_columns(answer); i++)
        csv_text(&csv, sql_answer_column(answer, i), strlen(sql_answer_column(answer, i)));
    csv_end(&csv);
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        for (size_t i = 0; i < sql_answer_columns(answer); i++) {
            SqlCell cell = sql_answer_cell(answer, row, i);
            size_t size;
            const char *text = cell_text(&cell, room, &size);
            csv_text(&csv, text, size);
        }
        csv_end(&csv);
        out_step(out);
    }
}

void sql_show(Out *out, const SqlAnswer *answer, Format format)
{
    Buffer room = {0};
    if (format == FORMAT_JSON)
        show_json(out, answer);
    else if (format == FORMAT_CSV)
        show_csv(out, answer, &room);
    else
        show_text(out, answer, &room);
    buffer_free(&room);
}
