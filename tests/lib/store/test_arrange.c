/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "base/time.h"
#include "event/tables.h"
#include "store/arrange.h"

#define DAY (S_PER_DAY * NS_PER_S)
#define NOON (20780 * DAY + DAY / 2)
#define DAYS_MAX 100
#define COLUMN_OF_POSITION 11

static Mem mem;

static void add_line(Table *logs, odd_time time, odd_time known, const char *source, int64_t seq,
                     uint64_t template, int64_t position)
{
    table_time(logs, time);
    table_time(logs, known);
    table_text(logs, str_of(source));
    table_int(logs, seq);
    table_missing(logs);
    table_missing(logs);
    if (template == 0)
        table_missing(logs);
    else
        table_hash(logs, template);
    for (int i = 0; i < 4; i++)
        table_missing(logs);
    table_int(logs, position);
}

static void add_sample(Table *samples, odd_time time, const char *source, const char *series,
                       double value)
{
    table_time(samples, time);
    table_text(samples, str_of(source));
    table_text(samples, str_of(series));
    table_real(samples, value);
    for (int i = 0; i < 5; i++)
        table_missing(samples);
    table_int(samples, 1);
}

static Table opened(odd_table table)
{
    Table opened;
    table_open(&opened, &mem, table_shapes[table].columns, table_shapes[table].column_count);
    return opened;
}

/* One column of the rows of a day, "1 2 3". */
static const char *column_of(Arranged *arranged, size_t day, size_t column)
{
    static char text[4096];
    Str rows;
    size_t used = 0;
    assert_int_equal(arrange_day(arranged, day, &rows), ODD_OK);
    TableReader reader = {.bytes = rows};
    Cell cells[TABLE_COLUMNS_MAX];
    odd_rc rc;
    while ((rc = table_next(&reader, cells)) == ODD_ROW) {
        const Cell *cell = &cells[column];
        double number = cell->kind == CELL_REAL ? cell->real : (double)cell->integer;
        used += (size_t)snprintf(text + used, sizeof text - used, used > 0 ? " %g" : "%g", number);
    }
    assert_int_equal(rc, ODD_DONE);
    return text;
}

static void lines_lie_by_source_block_and_template_and_as_they_came(void **state)
{
    (void)state;
    Table first = opened(ODD_TABLE_LOGS), second = opened(ODD_TABLE_LOGS);
    add_line(&first, NOON, NOON, "web", 1, 9, 100);
    add_line(&first, NOON, NOON, "app", 1, 7, 101);
    add_line(&first, NOON, NOON, "app", 2, 0, 102);
    add_line(&second, NOON, NOON, "app", 3, 5, 103);
    add_line(&second, NOON, NOON, "app", 65536, 1, 104); /* Of the second block. */
    add_line(&second, NOON, NOON, "app.log", 1, 1, 105);
    add_line(&second, NOON, NOON, "app", 4, 7, 106);
    Str pieces[3] = {{0}};
    assert_int_equal(table_finish(&first, &pieces[0]), ODD_OK);
    assert_int_equal(table_finish(&second, &pieces[2]), ODD_OK);
    Arranged arranged;
    assert_int_equal(arrange_open(&arranged, &mem, ODD_TABLE_LOGS, pieces, 3, DAYS_MAX), ODD_OK);
    assert_int_equal(arranged.day_count, 1);
    assert_int_equal(arranged.days[0].day, 20780);
    assert_string_equal(column_of(&arranged, 0, COLUMN_OF_POSITION), "103 101 106 102 104 105 100");
    arrange_close(&arranged);
    table_close(&first);
    table_close(&second);
}

static void samples_lie_by_source_series_and_time(void **state)
{
    (void)state;
    Table samples = opened(ODD_TABLE_SAMPLES);
    add_sample(&samples, NOON + 2, "host", "up", 5);
    add_sample(&samples, NOON + 1, "host", "up", 4);
    add_sample(&samples, NOON + 1, "host", "load", 3);
    add_sample(&samples, NOON + 3, "db", "up", 1);
    add_sample(&samples, NOON + 3, "db", "up", 2);
    add_sample(&samples, ODD_TIME_NONE, "host", "load", 6); /* Of 1970. */
    add_sample(&samples, -1, "host", "load", 7);            /* Of the day before. */
    Str rows;
    assert_int_equal(table_finish(&samples, &rows), ODD_OK);
    Arranged arranged;
    assert_int_equal(arrange_open(&arranged, &mem, ODD_TABLE_SAMPLES, &rows, 1, DAYS_MAX), ODD_OK);
    assert_int_equal(arranged.day_count, 3);
    assert_string_equal(column_of(&arranged, 0, 3), "1 2 3 4 5");
    assert_int_equal(arranged.days[1].day, -1);
    assert_string_equal(column_of(&arranged, 1, 3), "7");
    assert_int_equal(arranged.days[2].day, 0);
    assert_string_equal(column_of(&arranged, 2, 3), "6");
    arrange_close(&arranged);
    table_close(&samples);
}

static void a_line_without_a_time_is_of_the_day_when_it_came(void **state)
{
    (void)state;
    Table logs = opened(ODD_TABLE_LOGS);
    add_line(&logs, ODD_TIME_NONE, NOON + DAY, "app", 1, 1, 100);
    add_line(&logs, NOON, NOON + DAY, "app", 2, 1, 101);
    add_line(&logs, ODD_TIME_NONE, NOON + DAY, "app", 3, 1, 102);
    Str rows;
    assert_int_equal(table_finish(&logs, &rows), ODD_OK);
    Arranged arranged;
    assert_int_equal(arrange_open(&arranged, &mem, ODD_TABLE_LOGS, &rows, 1, DAYS_MAX), ODD_OK);
    assert_int_equal(arranged.days[0].day, 20781);
    assert_string_equal(column_of(&arranged, 0, COLUMN_OF_POSITION), "100 102");
    assert_string_equal(column_of(&arranged, 1, COLUMN_OF_POSITION), "101");
    arrange_close(&arranged);
    table_close(&logs);
}

static void rows_of_the_rarest_days_beyond_the_limit_go_with_the_most(void **state)
{
    (void)state;
    Table logs = opened(ODD_TABLE_LOGS);
    for (int64_t day = 0; day < 5; day++)
        for (int64_t i = 0; i <= day; i++)
            add_line(&logs, NOON + day * DAY, NOON, "app", 10 * i + day, 1, 10 * day + i);
    Str rows;
    assert_int_equal(table_finish(&logs, &rows), ODD_OK);
    Arranged arranged;
    assert_int_equal(arrange_open(&arranged, &mem, ODD_TABLE_LOGS, &rows, 1, 3), ODD_OK);
    assert_int_equal(arranged.day_count, 3);
    assert_int_equal(arranged.days[0].day, 20784);
    assert_string_equal(column_of(&arranged, 0, COLUMN_OF_POSITION), "0 10 11 40 41 42 43 44");
    assert_string_equal(column_of(&arranged, 1, COLUMN_OF_POSITION), "30 31 32 33");
    assert_string_equal(column_of(&arranged, 2, COLUMN_OF_POSITION), "20 21 22");
    arrange_close(&arranged);
    table_close(&logs);
}

static void torn_rows_and_other_columns_are_told(void **state)
{
    (void)state;
    Table logs = opened(ODD_TABLE_LOGS);
    add_line(&logs, NOON, NOON, "app", 1, 1, 100);
    Str rows;
    assert_int_equal(table_finish(&logs, &rows), ODD_OK);
    for (size_t size = 1; size < rows.size; size++) {
        Str torn = str_part(rows, 0, size);
        Arranged arranged;
        assert_int_equal(arrange_open(&arranged, &mem, ODD_TABLE_LOGS, &torn, 1, DAYS_MAX),
                         ODD_CORRUPT);
        arrange_close(&arranged);
    }
    Arranged arranged;
    assert_int_equal(arrange_open(&arranged, &mem, ODD_TABLE_SAMPLES, &rows, 1, DAYS_MAX),
                     ODD_CORRUPT);
    arrange_close(&arranged);
    table_close(&logs);
}

static void no_rows_are_no_days(void **state)
{
    (void)state;
    Str nothing = {0};
    Arranged arranged;
    assert_int_equal(arrange_open(&arranged, &mem, ODD_TABLE_LOGS, &nothing, 1, DAYS_MAX), ODD_OK);
    assert_int_equal(arranged.day_count, 0);
    arrange_close(&arranged);
}

static int nothing_is_left(void **state)
{
    (void)state;
    assert_int_equal(mem.bytes, 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(lines_lie_by_source_block_and_template_and_as_they_came,
                                  nothing_is_left),
        cmocka_unit_test_teardown(samples_lie_by_source_series_and_time, nothing_is_left),
        cmocka_unit_test_teardown(a_line_without_a_time_is_of_the_day_when_it_came,
                                  nothing_is_left),
        cmocka_unit_test_teardown(rows_of_the_rarest_days_beyond_the_limit_go_with_the_most,
                                  nothing_is_left),
        cmocka_unit_test_teardown(torn_rows_and_other_columns_are_told, nothing_is_left),
        cmocka_unit_test_teardown(no_rows_are_no_days, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
