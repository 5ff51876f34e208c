/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VIEW_COUNT 16

struct odd_rows {
    const FakeTable   *table;
    const char *const *row; /* Its first cell; NULL before the first row. */
    int                column_count;
};

static const FakeTable *answers[VIEW_COUNT];
static const FakeTable *explanation;
static const FakeTable *line;
static const char *special_cell;
static size_t special_size;
static const FakeTable nothing = {.columns = "nothing", .cells = (const char *const[]){NULL}};

void fake_answer(odd_view view, const FakeTable *table)
{
    answers[view] = table;
}

void fake_explain(const FakeTable *table)
{
    explanation = table;
}

void fake_line(const FakeTable *table)
{
    line = table;
}

void fake_bytes(const char *cell, size_t size)
{
    special_cell = cell;
    special_size = size;
}

static odd_rc rows_make(const FakeTable *table, odd_rows **ret_rows)
{
    odd_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return ODD_NOMEM;
    rows->table = table ? table : &nothing;
    rows->column_count = 1;
    for (const char *c = rows->table->columns; *c; c++)
        rows->column_count += *c == ' ';
    *ret_rows = rows;
    return ODD_OK;
}

odd_rc odd_query(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    (void)db; /* There is none. */
    return rows_make(answers[question->view], ret_rows);
}

odd_rc odd_explain(odd_db *db, int rank, odd_rows **ret_rows)
{
    (void)db; /* There is none. */
    (void)rank; /* Every finding has the same reasons. */
    return rows_make(explanation, ret_rows);
}

odd_rc odd_line(odd_db *db, int rank, int close, int points_max, odd_rows **ret_rows)
{
    (void)db; /* There is none. */
    (void)rank; /* Every series has the same line. */
    (void)close;
    (void)points_max;
    return rows_make(line, ret_rows);
}

odd_rc odd_next(odd_rows *rows)
{
    const char *const *next = rows->row ? rows->row + rows->column_count : rows->table->cells;
    if (!*next)
        return ODD_DONE;
    rows->row = next;
    return ODD_ROW;
}

int odd_column_count(const odd_rows *rows)
{
    return rows->column_count;
}

int odd_column(const odd_rows *rows, const char *name)
{
    const char *at = rows->table->columns;
    for (int i = 0; i < rows->column_count; i++) {
        size_t size = strcspn(at, " ");
        if (strlen(name) == size && strncmp(at, name, size) == 0)
            return i;
        at += size + 1;
    }
    return -1;
}

int64_t odd_int(const odd_rows *rows, int column)
{
    const char *cell = rows->row[column];
    return *cell ? strtoll(cell, NULL, 10) : ODD_TIME_NONE;
}

double odd_double(const odd_rows *rows, int column)
{
    const char *cell = rows->row[column];
    return *cell ? strtod(cell, NULL) : (double)NAN;
}

const char *odd_text(const odd_rows *rows, int column)
{
    return rows->row[column];
}

size_t odd_text_size(const odd_rows *rows, int column)
{
    const char *cell = rows->row[column];
    return cell == special_cell ? special_size : strlen(cell);
}

void odd_rows_close(odd_rows *rows)
{
    free(rows);
}

const char *odd_version(void)
{
    return "0.0.0-test";
}
