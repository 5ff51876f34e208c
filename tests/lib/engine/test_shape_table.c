/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/shape_table.h"
#include "event/record.h"

#define SIGNAL 7

static Spot spot_of(uint64_t sequence)
{
    return (Spot){.sequence = sequence, .row = sequence};
}

static LineShape *count(ShapeTable *table, uint64_t key, Side side, uint64_t sequence)
{
    return shapes_count(table, key, side, spot_of(sequence), SIGNAL, LEVEL_INFO, STR("a line"));
}

static void every_line_is_counted_on_its_side(void **state)
{
    (void)state;
    Mem mem = {0};
    ShapeTable table = {.mem = &mem};
    for (uint64_t i = 0; i < 30000; i++)
        assert_non_null(count(&table, i % 10000, i % 3 == 0 ? SIDE_REFERENCE : SIDE_JUDGED, i + 1));
    assert_int_equal(table.shape_count, 10000);
    uint64_t lines[SIDE_COUNT] = {0};
    for (size_t i = 0; i < table.shape_count; i++) {
        assert_int_equal(table.shapes[i].key, i);
        assert_int_equal(table.shapes[i].signal, SIGNAL);
        lines[SIDE_JUDGED] += table.shapes[i].count[SIDE_JUDGED];
        lines[SIDE_REFERENCE] += table.shapes[i].count[SIDE_REFERENCE];
    }
    assert_int_equal(lines[SIDE_JUDGED], 20000);
    assert_int_equal(lines[SIDE_REFERENCE], 10000);
    shapes_close(&table);
    assert_int_equal(mem.bytes, 0);
}

static void keys_that_meet_in_one_slot_stay_apart(void **state)
{
    (void)state;
    Mem mem = {0};
    ShapeTable table = {.mem = &mem};
    for (uint64_t i = 0; i < 100; i++)
        count(&table, i << 32, SIDE_JUDGED, i + 1);
    for (uint64_t i = 0; i < 100; i++)
        assert_int_equal(count(&table, i << 32, SIDE_JUDGED, i + 101)->count[SIDE_JUDGED], 2);
    assert_int_equal(table.shape_count, 100);
    shapes_close(&table);
}

static void a_shape_of_the_judged_side_alone_keeps_its_first_rows_and_a_line(void **state)
{
    (void)state;
    Mem mem = {0};
    ShapeTable table = {.mem = &mem};
    for (uint64_t i = 1; i <= SHAPE_ROWS_MAX + 5; i++)
        count(&table, 1, SIDE_JUDGED, i);
    const LineShape *shape = &table.shapes[0];
    assert_int_equal(shape->row_count, SHAPE_ROWS_MAX);
    assert_int_equal(shape->rows[SHAPE_ROWS_MAX - 1].row, SHAPE_ROWS_MAX);
    assert_int_equal(shape->count[SIDE_JUDGED], SHAPE_ROWS_MAX + 5);
    assert_memory_equal(shape->sample, "a line", 6);
    assert_int_equal(shape->sample_size, 6);
    shapes_close(&table);
    assert_int_equal(mem.bytes, 0);
}

static void of_a_shape_that_the_reference_has_no_rows_are_kept(void **state)
{
    (void)state;
    Mem mem = {0};
    ShapeTable table = {.mem = &mem};
    count(&table, 1, SIDE_REFERENCE, 1);
    count(&table, 1, SIDE_JUDGED, 2);
    assert_int_equal(table.shapes[0].row_count, 0);
    assert_null(table.shapes[0].sample);
    shapes_close(&table);
}

static void the_first_spot_is_of_the_judged_side_if_it_has_one(void **state)
{
    (void)state;
    Mem mem = {0};
    ShapeTable table = {.mem = &mem};
    assert_int_equal(count(&table, 1, SIDE_REFERENCE, 10)->first.row, 10);
    assert_int_equal(count(&table, 1, SIDE_REFERENCE, 11)->first.row, 10);
    assert_int_equal(count(&table, 1, SIDE_JUDGED, 12)->first.row, 12);
    assert_int_equal(count(&table, 1, SIDE_REFERENCE, 13)->first.row, 12);
    shapes_close(&table);
}

static void without_memory_lines_are_counted_as_overflow(void **state)
{
    (void)state;
    Mem mem = {.bytes_max = 100000};
    ShapeTable table = {.mem = &mem};
    uint64_t refused = 0;
    for (uint64_t i = 0; i < 10000; i++)
        refused += count(&table, i, SIDE_REFERENCE, i + 1) == NULL;
    assert_true(refused > 0);
    assert_int_equal(table.overflow, refused);
    assert_int_equal(table.shape_count + refused, 10000);
    assert_int_equal(count(&table, 0, SIDE_REFERENCE, 10001)->count[SIDE_REFERENCE], 2);
    shapes_close(&table);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_counted_on_its_side),
        cmocka_unit_test(keys_that_meet_in_one_slot_stay_apart),
        cmocka_unit_test(a_shape_of_the_judged_side_alone_keeps_its_first_rows_and_a_line),
        cmocka_unit_test(of_a_shape_that_the_reference_has_no_rows_are_kept),
        cmocka_unit_test(the_first_spot_is_of_the_judged_side_if_it_has_one),
        cmocka_unit_test(without_memory_lines_are_counted_as_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
