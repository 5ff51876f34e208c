/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rows_show.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/csv.h"
#include "cli/field.h"
#include "cli/json.h"
#include "cli/visible.h"
#include "cli/words.h"

#define COLUMNS_MAX 32

static bool is_time(const odd_rows *rows, int column)
{
    const char *name = odd_column_name(rows, column);
    return strcmp(name, "made") == 0 || strcmp(name, "time") == 0;
}

/* -- CSV and JSON ----------------------------------------------------------------------------- */

static void cell_csv(Csv *csv, const odd_rows *rows, int column)
{
    switch (odd_cell_kind(rows, column)) {
    case ODD_CELL_MISSING:
        csv_text(csv, "", 0);
        break;
    case ODD_CELL_BOOL:
    case ODD_CELL_INT:
        if (is_time(rows, column))
            csv_time(csv, odd_int(rows, column));
        else
            csv_integer(csv, odd_int(rows, column));
        break;
    case ODD_CELL_REAL:
        csv_number(csv, odd_double(rows, column));
        break;
    case ODD_CELL_TEXT:
        csv_piece(csv, field_text(rows, column));
        break;
    }
}

static void show_csv(Out *out, odd_rows *rows)
{
    Csv csv = {.out = &out->text};
    int count = odd_column_count(rows);
    for (int c = 0; c < count; c++)
        csv_text(&csv, odd_column_name(rows, c), strlen(odd_column_name(rows, c)));
    csv_end(&csv);
    while (odd_next(rows) == ODD_ROW) {
        for (int c = 0; c < count; c++)
            cell_csv(&csv, rows, c);
        csv_end(&csv);
        out_step(out);
    }
}

static void cell_json(Json *json, const odd_rows *rows, int column)
{
    switch (odd_cell_kind(rows, column)) {
    case ODD_CELL_MISSING:
        json_null(json);
        break;
    case ODD_CELL_BOOL:
        json_bool(json, odd_int(rows, column) != 0);
        break;
    case ODD_CELL_INT:
        if (is_time(rows, column))
            json_time(json, odd_int(rows, column));
        else
            json_integer(json, odd_int(rows, column));
        break;
    case ODD_CELL_REAL:
        json_exact(json, odd_double(rows, column));
        break;
    case ODD_CELL_TEXT:
        json_piece(json, field_text(rows, column));
        break;
    }
}

static void show_json(Out *out, odd_rows *rows)
{
    Json json = {.out = &out->text};
    json_open(&json, '{');
    json_name(&json, "items");
    json_open(&json, '[');
    while (odd_next(rows) == ODD_ROW) {
        json_open(&json, '{');
        for (int c = 0; c < odd_column_count(rows); c++) {
            json_name(&json, odd_column_name(rows, c));
            cell_json(&json, rows, c);
        }
        json_close(&json, '}');
        out_step(out);
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_puts(&out->text, "\n");
}

/* -- a table ---------------------------------------------------------------------------------- */

typedef struct {
    Pool   pool;
    Piece *cells; /* (rows, columns) */
    size_t count, capacity;
    int    columns, width[COLUMNS_MAX];
    bool   right[COLUMNS_MAX]; /* Numbers alone stand in it. */
} Page;

static void cell_words(Buffer *out, const odd_rows *rows, int column)
{
    odd_cell kind = odd_cell_kind(rows, column);
    if (kind == ODD_CELL_TEXT)
        visible_add(out, odd_text(rows, column), odd_text_size(rows, column));
    else if (kind == ODD_CELL_BOOL)
        buffer_puts(out, odd_int(rows, column) ? "yes" : "no");
    else if (kind == ODD_CELL_REAL && !isnan(odd_double(rows, column)))
        buffer_format(out, "%.6g", odd_double(rows, column));
    else if (kind == ODD_CELL_INT && is_time(rows, column) &&
             odd_int(rows, column) != ODD_TIME_NONE)
        words_time(out, odd_int(rows, column));
    else if (kind == ODD_CELL_INT && !is_time(rows, column))
        buffer_format(out, "%" PRId64, odd_int(rows, column));
}

static void page_add(Page *page, const char *bytes, size_t size)
{
    if (page->count == page->capacity) {
        size_t capacity = page->capacity > 0 ? 2 * page->capacity : 256;
        Piece *grown = pool_take(&page->pool, capacity * sizeof *grown);
        if (page->count > 0)
            memcpy(grown, page->cells, page->count * sizeof *grown);
        page->cells = grown;
        page->capacity = capacity;
    }
    int column = (int)(page->count % (size_t)page->columns), width = visible_width(bytes, size);
    page->width[column] = width > page->width[column] ? width : page->width[column];
    page->cells[page->count++] = pool_keep(&page->pool, bytes, size);
}

static void show_text(Out *out, odd_rows *rows)
{
    Page page = {.columns = odd_column_count(rows)};
    Buffer room = {0};
    page.columns = page.columns < COLUMNS_MAX ? page.columns : COLUMNS_MAX;
    for (int c = 0; c < page.columns; c++) {
        page.right[c] = true;
        page_add(&page, odd_column_name(rows, c), strlen(odd_column_name(rows, c)));
    }
    while (odd_next(rows) == ODD_ROW)
        for (int c = 0; c < page.columns; c++) {
            odd_cell kind = odd_cell_kind(rows, c);
            buffer_clear(&room);
            cell_words(&room, rows, c);
            page.right[c] &= kind == ODD_CELL_REAL || kind == ODD_CELL_MISSING ||
                             (kind == ODD_CELL_INT && !is_time(rows, c));
            page_add(&page, buffer_text(&room), room.size);
        }
    for (size_t i = 0; i < page.count; i++) {
        int c = (int)(i % (size_t)page.columns);
        size_t pad =
            (size_t)(page.width[c] - visible_width(page.cells[i].text, page.cells[i].size));
        bool last = c + 1 == page.columns;
        buffer_repeat(&out->text, ' ', page.right[c] ? pad : 0);
        buffer_add(&out->text, page.cells[i].text, page.cells[i].size);
        buffer_repeat(&out->text, ' ', page.right[c] || last ? 0 : pad);
        buffer_puts(&out->text, last ? "\n" : "  ");
        out_step(out);
    }
    buffer_free(&room);
    pool_free(&page.pool);
}

void rows_show(Out *out, odd_rows *rows, Format format)
{
    if (format == FORMAT_JSON)
        show_json(out, rows);
    else if (format == FORMAT_CSV)
        show_csv(out, rows);
    else
        show_text(out, rows);
}
