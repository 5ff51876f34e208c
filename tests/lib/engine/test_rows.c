/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "engine/rows.h"

static const char *const columns[] = {"count", "share", "text", "word", NULL};

static odd_rows *two_rows(void)
{
    odd_rows *rows = rows_open(columns);
    rows_int(rows, 7);
    rows_double(rows, 0.5);
    rows_text(rows, (Str){.text = "a\0b", .size = 3});
    rows_constant(rows, "odd");
    rows_int(rows, 8);
    rows_double(rows, NAN);
    rows_text(rows, STR(""));
    rows_constant(rows, "");
    odd_rows *finished = NULL;
    assert_int_equal(rows_finish(rows, &finished), ODD_OK);
    return finished;
}

static void what_was_added_is_what_is_read(void **state)
{
    (void)state;
    odd_rows *rows = two_rows();
    assert_int_equal(odd_column_count(rows), 4);
    assert_string_equal(odd_column_name(rows, 1), "share");
    assert_int_equal(odd_column(rows, "word"), 3);
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_int_equal(odd_int(rows, 0), 7);
    assert_true(odd_double(rows, 1) > 0.4 && odd_double(rows, 1) < 0.6);
    assert_int_equal(odd_text_size(rows, 2), 3);
    assert_memory_equal(odd_text(rows, 2), "a\0b", 4);
    assert_string_equal(odd_text(rows, 3), "odd");
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_true(isnan(odd_double(rows, 1)));
    assert_int_equal(odd_next(rows), ODD_DONE);
    assert_int_equal(odd_next(rows), ODD_DONE);
    odd_rows_close(rows);
}

static void what_is_not_there_is_missing_and_not_a_crash(void **state)
{
    (void)state;
    odd_rows *rows = two_rows();
    assert_int_equal(odd_int(rows, 0), 0);
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_int_equal(odd_column(rows, "nothing"), -1);
    assert_string_equal(odd_text(rows, -1), "");
    assert_true(isnan(odd_double(rows, 99)));
    assert_string_equal(odd_text(rows, 0), "");
    odd_rows_close(rows);
    odd_rows_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_what_is_read),
        cmocka_unit_test(what_is_not_there_is_missing_and_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
