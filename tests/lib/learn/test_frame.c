/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "learn/facts.h"
#include "learn/frame.h"

static Mem     mem;
static Problem problem;

static odd_rc read_table(Frame *frame, const char *text)
{
    frame_open(frame, &mem);
    assert_int_equal(frame_put(frame, str_of(text)), ODD_OK);
    return frame_end(frame, &problem);
}

static void assert_canonical(const char *text, const char *wanted)
{
    Frame frame;
    ImageOut out = {.mem = &mem};
    assert_int_equal(read_table(&frame, text), ODD_OK);
    frame_csv_names(&frame, &out);
    for (size_t row = 0; row < frame.row_count; row++)
        frame_csv_row(&frame, row, &out);
    image_put(&out, "", 1);
    assert_string_equal(out.bytes, wanted);
    image_close(&out);
    frame_close(&frame);
}

static void columns_are_numbers_times_or_texts(void **state)
{
    (void)state;
    Frame frame;
    assert_int_equal(read_table(&frame,
                                "n,t,s,id,none\n1,2026-01-02 03:04:05,a,12345678901234567890,\n"
                                "-2.5e3,2026-01-02T03:04:06Z,7,2,\n"),
                     ODD_OK);
    static const FrameKind kinds[] = {FRAME_NUMBER, FRAME_TIME, FRAME_TEXT, FRAME_TEXT,
                                      FRAME_NUMBER};
    assert_int_equal(frame.column_count, 5);
    assert_int_equal(frame.row_count, 2);
    for (size_t c = 0; c < 5; c++)
        assert_int_equal(frame.columns[c].kind, kinds[c]);
    assert_true(frame.columns[0].numbers[1] == -2500);
    assert_true(frame.columns[1].times[1] - frame.columns[1].times[0] == 1000000000);
    frame_close(&frame);
}

static void the_same_table_has_one_canonical_form(void **state)
{
    (void)state;
    const char *wanted =
        "a,b,t\n1,\"x,y\",2026-01-02T00:00:00.000000000Z\n0.5,,2026-01-03T00:00:00.000000000Z\n";
    assert_canonical("a,b,t\n1.0,\"x,y\",2026-01-02\n5e-1,,2026-01-03\n", wanted);
    assert_canonical("a;b;t\r\n+1;x,y;2026-01-02 00:00:00\r\n\r\n.5;;2026-01-03T00:00:00Z\r\n",
                     wanted);
    assert_canonical(wanted, wanted);
}

static void one_column_with_nothing_in_a_row_keeps_its_rows(void **state)
{
    (void)state;
    assert_canonical("a\n1\n\"\"\n3\n", "a\n1\n\"\"\n3\n");
}

static void infinities_and_nan_are_missing_and_counted(void **state)
{
    (void)state;
    Frame frame;
    assert_int_equal(read_table(&frame, "a,b\n1,2\ninf,3\nNaN,4\n-inf,1e999\n5\n6,7,8\n"), ODD_OK);
    assert_int_equal(frame.infinite_cells, 3);
    assert_int_equal(frame.short_rows, 1);
    assert_int_equal(frame.long_rows, 1);
    assert_true(isnan(frame.columns[0].numbers[1]) && isnan(frame.columns[0].numbers[2]));
    frame_close(&frame);
}

static void a_name_that_comes_twice_is_refused(void **state)
{
    (void)state;
    Frame frame;
    assert_int_equal(read_table(&frame, "a,b,a\n1,2,3\n"), ODD_SYNTAX);
    assert_string_equal(problem.text, "the column a comes twice");
    frame_close(&frame);
    assert_int_equal(read_table(&frame, ""), ODD_SYNTAX);
    frame_close(&frame);
}

static void a_cell_with_a_line_end_in_it_is_refused(void **state)
{
    (void)state;
    Frame frame;
    assert_int_equal(read_table(&frame, "a,b\n1,\"x y\"\n2,\"one\ntwo\"\n"), ODD_SYNTAX);
    assert_non_null(strstr(problem.text, "row 2 has a quote that is not closed"));
    frame_close(&frame);
}

static void the_nearest_name_is_told(void **state)
{
    (void)state;
    Frame frame;
    assert_int_equal(read_table(&frame, "customer,country,age\n1,2,3\n"), ODD_OK);
    Str near = frame_nearest(&frame, STR("cuntry"));
    assert_true(str_equal(near, STR("country")));
    frame_close(&frame);
}

static void rows_with_the_same_keys_are_found(void **state)
{
    (void)state;
    Frame frame;
    size_t first = 0, second = 0;
    assert_int_equal(read_table(&frame, "id,day,x\na,1,0\nb,1,0\na,2,0\nb,1,9\n"), ODD_OK);
    const uint32_t keys[] = {0, 1};
    assert_int_equal(facts_same_keys(&frame, keys, 2, &first, &second), ODD_EXISTS);
    assert_int_equal(first, 1);
    assert_int_equal(second, 3);
    const uint32_t all[] = {0, 1, 2};
    assert_int_equal(facts_same_keys(&frame, all, 3, &first, &second), ODD_OK);
    frame_close(&frame);
}

static void facts_of_a_column_are_what_stands_in_it(void **state)
{
    (void)state;
    Frame frame;
    ColumnFacts facts;
    assert_int_equal(read_table(&frame, "x,s\n1,a\n2,b\n,b\n6,\n3,b\n"), ODD_OK);
    facts_of_column(&frame, 0, &facts);
    assert_int_equal(facts.missing, 1);
    assert_int_equal(facts.distinct, 4);
    assert_true(facts.mean == 3 && facts.lowest == 1 && facts.highest == 6 && facts.median == 2.5);
    facts_of_column(&frame, 1, &facts);
    assert_true(str_equal(facts.most, STR("b")) && facts.most_rows == 3);
    frame_close(&frame);
}

static void nothing_is_left_in_memory(void **state)
{
    (void)state;
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_numbers_times_or_texts),
        cmocka_unit_test(the_same_table_has_one_canonical_form),
        cmocka_unit_test(one_column_with_nothing_in_a_row_keeps_its_rows),
        cmocka_unit_test(infinities_and_nan_are_missing_and_counted),
        cmocka_unit_test(a_name_that_comes_twice_is_refused),
        cmocka_unit_test(a_cell_with_a_line_end_in_it_is_refused),
        cmocka_unit_test(the_nearest_name_is_told),
        cmocka_unit_test(rows_with_the_same_keys_are_found),
        cmocka_unit_test(facts_of_a_column_are_what_stands_in_it),
        cmocka_unit_test(nothing_is_left_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
