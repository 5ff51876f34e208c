/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/rows.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

#include "base/mem.h"

typedef enum { CELL_MISSING, CELL_BOOL, CELL_INT, CELL_DOUBLE, CELL_TEXT, CELL_CONSTANT } CellKind;

typedef struct {
    CellKind kind;
    uint32_t size; /* Of a text. */
    union {
        int64_t     integer;
        double      real;
        size_t      from; /* In the pool. */
        const char *constant;
    };
} Cell;

struct odd_rows {
    Mem                mem; /* Its own: an answer may outlive the handle that gave it. */
    const char *const *columns;
    int                column_count;
    const char       **own_columns; /* Of rows_open_copied: names in own_names. */
    char              *own_names;
    size_t             own_names_size;
    bool               failed;
    Cell              *cells;
    size_t             cell_count, cell_capacity;
    char              *pool;
    size_t             pool_size, pool_capacity;
    size_t             next; /* Row that odd_next comes to. */
};

odd_rows *rows_open(const char *const *columns)
{
    Mem mem = {0};
    odd_rows *rows = mem_take(&mem, sizeof *rows);
    if (rows == NULL)
        return NULL;
    rows->mem = mem;
    rows->columns = columns;
    while (columns[rows->column_count] != NULL)
        rows->column_count++;
    return rows;
}

odd_rows *rows_open_copied(const char *const *columns, size_t column_count)
{
    static const char *const none[] = {NULL};
    odd_rows *rows = rows_open(none);
    if (rows == NULL)
        return NULL;
    for (size_t i = 0; i < column_count; i++)
        rows->own_names_size += strlen(columns[i]) + 1;
    rows->own_names = mem_take(&rows->mem, rows->own_names_size);
    rows->own_columns = mem_take(&rows->mem, column_count * sizeof *rows->own_columns);
    rows->column_count = (int)column_count;
    if (column_count > 0 && (rows->own_names == NULL || rows->own_columns == NULL)) {
        odd_rows_close(rows);
        return NULL;
    }
    char *at = rows->own_names;
    for (size_t i = 0; i < column_count; i++) {
        rows->own_columns[i] = memcpy(at, columns[i], strlen(columns[i]) + 1);
        at += strlen(columns[i]) + 1;
    }
    rows->columns = rows->own_columns;
    return rows;
}

static void rows_add(odd_rows *rows, Cell cell)
{
    Cell *cells = mem_grow(&rows->mem, rows->cells, &rows->cell_capacity, rows->cell_count + 1,
                           sizeof *cells);
    if (cells == NULL) {
        rows->failed = true;
        return;
    }
    rows->cells = cells;
    cells[rows->cell_count++] = cell;
}

void rows_missing(odd_rows *rows)
{
    rows_add(rows, (Cell){.kind = CELL_MISSING});
}

void rows_bool(odd_rows *rows, bool value)
{
    rows_add(rows, (Cell){.kind = CELL_BOOL, .integer = value});
}

void rows_int(odd_rows *rows, int64_t value)
{
    rows_add(rows, (Cell){.kind = CELL_INT, .integer = value});
}

void rows_double(odd_rows *rows, double value)
{
    rows_add(rows, (Cell){.kind = CELL_DOUBLE, .real = value});
}

void rows_constant(odd_rows *rows, const char *text)
{
    rows_add(rows, (Cell){.kind = CELL_CONSTANT, .size = (uint32_t)strlen(text), .constant = text});
}

void rows_text(odd_rows *rows, Str text)
{
    char *pool =
        mem_grow(&rows->mem, rows->pool, &rows->pool_capacity, rows->pool_size + text.size + 1, 1);
    if (pool == NULL) {
        rows->failed = true;
        return;
    }
    rows->pool = pool;
    if (text.size > 0)
        memcpy(pool + rows->pool_size, text.text, text.size);
    pool[rows->pool_size + text.size] = '\0';
    rows_add(rows, (Cell){.kind = CELL_TEXT, .size = (uint32_t)text.size, .from = rows->pool_size});
    rows->pool_size += text.size + 1;
}

odd_rc rows_finish(odd_rows *rows, odd_rows **ret_rows)
{
    if (rows == NULL)
        return ODD_NOMEM;
    if (rows->failed) {
        odd_rows_close(rows);
        return ODD_NOMEM;
    }
    assert(rows->cell_count % (size_t)rows->column_count == 0);
    *ret_rows = rows;
    return ODD_OK;
}

odd_rc odd_next(odd_rows *rows)
{
    if ((rows->next + 1) * (size_t)rows->column_count > rows->cell_count)
        return ODD_DONE;
    rows->next++;
    return ODD_ROW;
}

int odd_column_count(const odd_rows *rows)
{
    return rows->column_count;
}

const char *odd_column_name(const odd_rows *rows, int column)
{
    assert(column >= 0 && column < rows->column_count);
    return rows->columns[column];
}

int odd_column(const odd_rows *rows, const char *name)
{
    for (int column = 0; column < rows->column_count; column++)
        if (strcmp(rows->columns[column], name) == 0)
            return column;
    return -1;
}

/* The cell of the current row; NULL outside the table. */
static const Cell *rows_cell(const odd_rows *rows, int column)
{
    if (rows->next == 0 || column < 0 || column >= rows->column_count)
        return NULL;
    return &rows->cells[(rows->next - 1) * (size_t)rows->column_count + (size_t)column];
}

int64_t odd_int(const odd_rows *rows, int column)
{
    const Cell *cell = rows_cell(rows, column);
    if (cell == NULL)
        return 0;
    if (cell->kind == CELL_DOUBLE)
        return fabs(cell->real) < 9e18 ? (int64_t)cell->real : 0;
    return cell->kind == CELL_INT || cell->kind == CELL_BOOL ? cell->integer : 0;
}

double odd_double(const odd_rows *rows, int column)
{
    const Cell *cell = rows_cell(rows, column);
    if (cell == NULL)
        return NAN;
    if (cell->kind == CELL_INT)
        return (double)cell->integer;
    return cell->kind == CELL_DOUBLE ? cell->real : NAN;
}

const char *odd_text(const odd_rows *rows, int column)
{
    const Cell *cell = rows_cell(rows, column);
    if (cell == NULL)
        return "";
    if (cell->kind == CELL_TEXT)
        return rows->pool + cell->from;
    return cell->kind == CELL_CONSTANT ? cell->constant : "";
}

size_t odd_text_size(const odd_rows *rows, int column)
{
    const Cell *cell = rows_cell(rows, column);
    return cell != NULL && (cell->kind == CELL_TEXT || cell->kind == CELL_CONSTANT) ? cell->size
                                                                                    : 0;
}

odd_cell odd_cell_kind(const odd_rows *rows, int column)
{
    static const odd_cell kinds[] = {
        [CELL_MISSING] = ODD_CELL_MISSING, [CELL_BOOL] = ODD_CELL_BOOL,
        [CELL_INT] = ODD_CELL_INT,         [CELL_DOUBLE] = ODD_CELL_REAL,
        [CELL_TEXT] = ODD_CELL_TEXT,       [CELL_CONSTANT] = ODD_CELL_TEXT,
    };
    const Cell *cell = rows_cell(rows, column);
    return cell == NULL ? ODD_CELL_MISSING : kinds[cell->kind];
}

void odd_rows_close(odd_rows *rows)
{
    if (rows == NULL)
        return;
    Mem mem = rows->mem;
    mem_free(&mem, rows->cells, rows->cell_capacity * sizeof *rows->cells);
    mem_free(&mem, rows->pool, rows->pool_capacity);
    mem_free(&mem, rows->own_columns, (size_t)rows->column_count * sizeof *rows->own_columns);
    mem_free(&mem, rows->own_names, rows->own_names_size);
    mem_free(&mem, rows, sizeof *rows);
}
