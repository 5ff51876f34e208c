/* SPDX-License-Identifier: Apache-2.0 */
#include "made.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define FILES 100 /* Then names come again; by then nobody reads the first. */

Made made_open(void)
{
    Made made = {0};
    snprintf(made.folder, sizeof made.folder, "/tmp/oddball-lake-XXXXXX");
    char *made_folder = mkdtemp(made.folder);
    assert(made_folder != NULL);
    return made;
}

static Table *table_of(Made *made, odd_table table)
{
    Table *found = &made->tables[table];
    if (found->columns == NULL)
        table_open(found, &made->mem, table_shapes[table].columns,
                   table_shapes[table].column_count);
    return found;
}

void made_close(Made *made)
{
    for (int table = 0; table < ODD_TABLE_COUNT; table++)
        table_close(&made->tables[table]);
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", made->folder);
    int status = system(command);
    assert(status == 0);
}

void made_line(Made *made, odd_time time, const char *source, int64_t seq, const char *user,
               const char *place, int64_t position)
{
    Table *table = table_of(made, ODD_TABLE_LOGS);
    table_time(table, time);
    table_time(table, time + 5000);
    table_text(table, str_of(source));
    table_int(table, seq);
    table_text(table, STR("info"));
    table_hash(table, MADE_PATTERN);
    table_hash(table, MADE_TEMPLATE);
    table_text(table, STR("INFO "));
    table_texts_begin(table, 2);
    table_texts_add(table, str_of(user));
    table_texts_add(table, str_of(place));
    table_texts_end(table);
    table_missing(table);
    table_missing(table);
    table_int(table, position);
}

void made_raw(Made *made, odd_time time, const char *source, int64_t seq, Str raw)
{
    Table *table = table_of(made, ODD_TABLE_LOGS);
    table_time(table, time);
    table_time(table, time == ODD_TIME_NONE ? 0 : time);
    table_text(table, str_of(source));
    table_int(table, seq);
    for (int i = 0; i < 5; i++)
        table_missing(table);
    table_text(table, raw);
    table_text(table, STR("{\"a\":1}"));
    table_int(table, 1);
}

void made_sample(Made *made, odd_time time, const char *series, double value, int64_t position)
{
    Table *table = table_of(made, ODD_TABLE_SAMPLES);
    table_time(table, time);
    table_text(table, STR("host"));
    table_text(table, str_of(series));
    table_real(table, value);
    table_real(table, value + 1); /* expected, lower, upper, surprise */
    table_real(table, value - 1);
    table_real(table, value + 3);
    table_real(table, 1.5);
    table_text(table, STR("gauge"));
    table_int(table, position);
}

void made_template(Made *made)
{
    Table *table = table_of(made, ODD_TABLE_TEMPLATES);
    table_hash(table, MADE_TEMPLATE);
    table_hash(table, MADE_PATTERN + 1);
    table_texts_begin(table, 3);
    table_texts_add(table, STR("user "));
    table_texts_add(table, STR(" came from "));
    table_texts_add(table, STR(""));
    table_texts_end(table);
}

void made_other_template(Made *made)
{
    Table *table = table_of(made, ODD_TABLE_TEMPLATES);
    table_hash(table, MADE_TEMPLATE + 1);
    table_hash(table, MADE_PATTERN + 2);
    table_texts_begin(table, 1);
    table_texts_add(table, STR("nothing to tell"));
    table_texts_end(table);
}

void made_finding(Made *made, const char *id, odd_time time)
{
    Table *table = table_of(made, ODD_TABLE_FINDINGS);
    table_text(table, str_of(id));
    table_time(table, time);
    table_time(table, time);
    table_real(table, 4.5);
    table_text(table, STR("rare"));
    table_text(table, STR("app.log"));
    table_hash(table, MADE_PATTERN);
    table_text(table, STR("A line that was never seen"));
    table_text(table, STR("open"));
    for (int i = 0; i < 5; i++)
        table_missing(table);
}

static void write_hot(Made *made, Str bytes)
{
    snprintf(made->file, sizeof made->file, "%s/hot-%d", made->folder, made->file_count++ % FILES);
    FILE *file = fopen(made->file, "wb");
    assert(file != NULL);
    size_t written = fwrite(bytes.text, 1, bytes.size, file);
    assert(written == bytes.size);
    fclose(file);
}

odd_lake *made_lake(Made *made)
{
    return made_lake_with(made, &(odd_lake_options){0});
}

odd_lake *made_lake_with(Made *made, const odd_lake_options *options)
{
    char path[96], problem[1024] = "";
    snprintf(path, sizeof path, "%s/lake", made->folder);
    odd_lake_options own = *options;
    own.path = path;
    own.library = ODDBALL_DUCKDB;
    odd_lake *lake;
    if (odd_lake_open(&own, &lake, problem, sizeof problem) != ODD_OK) {
        fprintf(stderr, "%s\n", problem);
        return NULL;
    }
    made_hot(made, lake);
    return lake;
}

void made_hot(Made *made, odd_lake *lake)
{
    for (int table = 0; table < ODD_TABLE_COUNT; table++) {
        Str bytes;
        if (made->tables[table].columns == NULL)
            continue;
        odd_rc rc = table_finish(&made->tables[table], &bytes);
        assert(rc == ODD_OK);
        if (bytes.size == 0)
            continue;
        write_hot(made, bytes);
        table_clear(&made->tables[table]);
        rc = odd_lake_hot(lake, (odd_table)table, made->file);
        assert(rc == ODD_OK);
    }
}

static void cell_show(const odd_rows *rows, int column, char *cell, size_t size)
{
    switch (odd_cell_kind(rows, column)) {
    case ODD_CELL_MISSING:
        snprintf(cell, size, "NULL");
        break;
    case ODD_CELL_BOOL:
        snprintf(cell, size, "%s", odd_int(rows, column) ? "true" : "false");
        break;
    case ODD_CELL_INT:
        snprintf(cell, size, "%lld", (long long)odd_int(rows, column));
        break;
    case ODD_CELL_REAL:
        snprintf(cell, size, "%g", odd_double(rows, column));
        break;
    case ODD_CELL_TEXT:
        snprintf(cell, size, "%s", odd_text(rows, column));
        break;
    }
}

const char *made_answer(odd_lake *lake, const char *sql, char *text, size_t size)
{
    odd_rows *rows;
    odd_rc rc = odd_lake_query(lake, sql, &rows);
    size_t used = 0;
    text[0] = '\0';
    if (rc != ODD_OK && rc != ODD_FULL) {
        snprintf(text, size, "%s", odd_lake_errmsg(lake));
        return text;
    }
    while (odd_next(rows) == ODD_ROW)
        for (int column = 0; column < odd_column_count(rows); column++) {
            char cell[4096];
            cell_show(rows, column, cell, sizeof cell);
            used += (size_t)snprintf(text + used, size - used, "%s%s", cell,
                                     column + 1 < odd_column_count(rows) ? "|" : "\n");
            assert(used < size);
        }
    odd_rows_close(rows);
    return text;
}
