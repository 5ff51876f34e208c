/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "event/table.h"
#include "event/tables.h"

static const TableColumn every_kind[] = {
    {"count", CELL_INT},  {"value", CELL_REAL}, {"time", CELL_TIME},  {"hash", CELL_HASH},
    {"text", CELL_TEXT},  {"blob", CELL_BLOB},  {"texts", CELL_TEXTS}, {"last", CELL_INT},
};
#define EVERY_KIND_COUNT 8

static void add_row(Table *table, int64_t number)
{
    table_int(table, -number);
    table_real(table, 0.5 * (double)number);
    table_time(table, 1000 + number);
    table_hash(table, UINT64_MAX - (uint64_t)number);
    table_text(table, STR("caf\xc3\xa9"));
    table_text(table, (Str){.text = "\0\xff\n", .size = 3});
    table_texts_begin(table, (size_t)number);
    for (int64_t i = 0; i < number; i++)
        table_texts_add(table, i % 2 == 0 ? STR("even") : STR(""));
    table_texts_end(table);
    table_int(table, number);
}

static void add_missing_row(Table *table)
{
    for (int i = 0; i < EVERY_KIND_COUNT - 1; i++)
        table_missing(table);
    table_int(table, 77);
}

static void assert_text(Str text, Str expected)
{
    assert_true(str_equal(text, expected));
}

static void assert_row(Cell *cells, int64_t number)
{
    for (int i = 0; i < EVERY_KIND_COUNT; i++)
        assert_false(cells[i].missing);
    assert_int_equal(cells[0].integer, -number);
    assert_true(cells[1].real == 0.5 * (double)number);
    assert_int_equal(cells[2].integer, 1000 + number);
    assert_true(cells[3].hash == UINT64_MAX - (uint64_t)number);
    assert_text(cells[4].text, STR("caf\xc3\xa9"));
    assert_text(cells[5].text, (Str){.text = "\0\xff\n", .size = 3});
    assert_int_equal(cells[6].text_count, number);
    Str text;
    for (int64_t i = 0; i < number; i++) {
        assert_true(table_text_next(&cells[6], &text));
        assert_text(text, i % 2 == 0 ? STR("even") : STR(""));
    }
    assert_false(table_text_next(&cells[6], &text));
    assert_int_equal(cells[7].integer, number);
}

static void rows_of_every_kind_of_cell_are_read_as_they_were_written(void **state)
{
    (void)state;
    Mem mem = {0};
    Table table;
    table_open(&table, &mem, every_kind, EVERY_KIND_COUNT);
    for (int64_t number = 0; number < 5; number++)
        add_row(&table, number);
    add_missing_row(&table);
    Str bytes;
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    TableReader reader = {.bytes = bytes};
    Cell cells[TABLE_COLUMNS_MAX];
    for (int64_t number = 0; number < 5; number++) {
        assert_int_equal(table_next(&reader, cells), ODD_ROW);
        assert_row(cells, number);
    }
    assert_int_equal(table_next(&reader, cells), ODD_ROW);
    for (int i = 0; i < EVERY_KIND_COUNT - 1; i++)
        assert_true(cells[i].missing);
    assert_int_equal(cells[EVERY_KIND_COUNT - 1].integer, 77);
    assert_int_equal(table_next(&reader, cells), ODD_DONE);
    assert_int_equal(table_next(&reader, cells), ODD_DONE);
    table_close(&table);
    assert_int_equal(mem.bytes, 0);
}

static void a_row_is_copied_as_bytes_into_another_table(void **state)
{
    (void)state;
    Mem mem = {0};
    Table table, copy;
    table_open(&table, &mem, every_kind, EVERY_KIND_COUNT);
    table_open(&copy, &mem, every_kind, EVERY_KIND_COUNT);
    for (int64_t number = 0; number < 5; number++)
        add_row(&table, number);
    Str bytes;
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    TableReader reader = {.bytes = bytes};
    Cell cells[TABLE_COLUMNS_MAX];
    while (table_next(&reader, cells) == ODD_ROW)
        table_put_row(&copy, table_row(&reader));
    add_row(&copy, 5);
    assert_int_equal(table_finish(&copy, &bytes), ODD_OK);
    reader = (TableReader){.bytes = bytes};
    for (int64_t number = 0; number < 6; number++) {
        assert_int_equal(table_next(&reader, cells), ODD_ROW);
        assert_row(cells, number);
    }
    assert_int_equal(table_next(&reader, cells), ODD_DONE);
    table_close(&copy);
    table_close(&table);
    assert_int_equal(mem.bytes, 0);
}

static void two_tables_one_behind_the_other_are_one(void **state)
{
    (void)state;
    Mem mem = {0};
    Table table;
    table_open(&table, &mem, every_kind, EVERY_KIND_COUNT);
    Str bytes;
    add_row(&table, 1);
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    assert_int_equal(table_finish(&table, &bytes), ODD_OK); /* No chunk without a row. */
    add_row(&table, 2);
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    TableReader reader = {.bytes = bytes};
    Cell cells[TABLE_COLUMNS_MAX];
    assert_int_equal(table_columns(&reader), ODD_OK);
    assert_int_equal(reader.column_count, EVERY_KIND_COUNT);
    assert_text(reader.names[6], STR("texts"));
    assert_int_equal(table_next(&reader, cells), ODD_ROW);
    assert_row(cells, 1);
    assert_int_equal(table_next(&reader, cells), ODD_ROW);
    assert_row(cells, 2);
    assert_int_equal(table_next(&reader, cells), ODD_DONE);
    table_close(&table);
}

static void a_table_without_rows_is_no_bytes(void **state)
{
    (void)state;
    Mem mem = {0};
    Table table;
    table_open(&table, &mem, every_kind, EVERY_KIND_COUNT);
    Str bytes;
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    assert_int_equal(bytes.size, 0);
    TableReader reader = {.bytes = bytes};
    Cell cells[TABLE_COLUMNS_MAX];
    assert_int_equal(table_columns(&reader), ODD_DONE);
    assert_int_equal(table_next(&reader, cells), ODD_DONE);
    table_close(&table);
}

static void not_a_number_and_no_time_are_missing_cells(void **state)
{
    (void)state;
    Mem mem = {0};
    Table table;
    table_open(&table, &mem, table_shapes[ODD_TABLE_SAMPLES].columns,
               table_shapes[ODD_TABLE_SAMPLES].column_count);
    table_time(&table, ODD_TIME_NONE);
    table_text(&table, STR("host"));
    table_text(&table, STR("up"));
    table_real(&table, (double)NAN);
    for (int i = 0; i < 5; i++)
        table_missing(&table);
    table_int(&table, 1);
    Str bytes;
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    TableReader reader = {.bytes = bytes};
    Cell cells[TABLE_COLUMNS_MAX];
    assert_int_equal(table_next(&reader, cells), ODD_ROW);
    assert_true(cells[0].missing);
    assert_true(cells[3].missing);
    assert_true(cells[8].missing);
    assert_false(cells[9].missing);
    table_close(&table);
}

static void torn_bytes_are_told_at_every_length(void **state)
{
    (void)state;
    Mem mem = {0};
    Table table;
    table_open(&table, &mem, every_kind, EVERY_KIND_COUNT);
    add_row(&table, 3);
    Str bytes;
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    Cell cells[TABLE_COLUMNS_MAX];
    for (size_t size = 1; size < bytes.size; size++) {
        char *torn = malloc(size); /* So that a sanitizer sees a read behind the end. */
        memcpy(torn, bytes.text, size);
        TableReader reader = {.bytes = {.text = torn, .size = size}};
        assert_int_equal(table_next(&reader, cells), ODD_CORRUPT);
        free(torn);
    }
    table_close(&table);
}

static void whole_chunks_are_told_from_one_that_is_still_written(void **state)
{
    (void)state;
    Mem mem = {0};
    Table table;
    table_open(&table, &mem, every_kind, EVERY_KIND_COUNT);
    Str bytes;
    add_row(&table, 1);
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    size_t first = bytes.size;
    add_row(&table, 2);
    assert_int_equal(table_finish(&table, &bytes), ODD_OK);
    for (size_t size = 0; size <= bytes.size; size++) {
        size_t whole = size == bytes.size ? size : size >= first ? first : 0;
        assert_int_equal(table_whole(str_part(bytes, 0, size)), whole);
    }
    table_close(&table);
}

static void a_chunk_of_other_columns_is_corrupt(void **state)
{
    (void)state;
    Mem mem = {0};
    Table first, second;
    table_open(&first, &mem, every_kind, EVERY_KIND_COUNT);
    table_open(&second, &mem, table_shapes[ODD_TABLE_LOGS].columns, 1);
    add_row(&first, 1);
    table_time(&second, 5);
    Str one, other;
    assert_int_equal(table_finish(&first, &one), ODD_OK);
    assert_int_equal(table_finish(&second, &other), ODD_OK);
    char *both = malloc(one.size + other.size);
    memcpy(both, one.text, one.size);
    memcpy(both + one.size, other.text, other.size);
    TableReader reader = {.bytes = {.text = both, .size = one.size + other.size}};
    Cell cells[TABLE_COLUMNS_MAX];
    assert_int_equal(table_next(&reader, cells), ODD_ROW);
    assert_int_equal(table_next(&reader, cells), ODD_CORRUPT);
    free(both);
    table_close(&first);
    table_close(&second);
}

static void memory_that_runs_out_is_told_at_the_end(void **state)
{
    (void)state;
    Mem whole = {0};
    Table table;
    table_open(&table, &whole, every_kind, EVERY_KIND_COUNT);
    for (int64_t number = 0; number < 20; number++)
        add_row(&table, number);
    for (uint64_t limit = 0; limit < whole.bytes; limit += 100) {
        Mem small = {.bytes_max = limit + 1};
        Table refused;
        table_open(&refused, &small, every_kind, EVERY_KIND_COUNT);
        for (int64_t number = 0; number < 20; number++)
            add_row(&refused, number);
        add_missing_row(&refused);
        Str bytes;
        if (table_finish(&refused, &bytes) == ODD_OK)
            assert_true(bytes.size <= limit + 1);
        table_close(&refused);
        assert_int_equal(small.bytes, 0);
    }
    table_close(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_every_kind_of_cell_are_read_as_they_were_written),
        cmocka_unit_test(a_row_is_copied_as_bytes_into_another_table),
        cmocka_unit_test(two_tables_one_behind_the_other_are_one),
        cmocka_unit_test(a_table_without_rows_is_no_bytes),
        cmocka_unit_test(not_a_number_and_no_time_are_missing_cells),
        cmocka_unit_test(torn_bytes_are_told_at_every_length),
        cmocka_unit_test(whole_chunks_are_told_from_one_that_is_still_written),
        cmocka_unit_test(a_chunk_of_other_columns_is_corrupt),
        cmocka_unit_test(memory_that_runs_out_is_told_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
