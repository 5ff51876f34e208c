/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "incident/writer.h"

static void words_follow_each_other(void **state)
{
    (void)state;
    char buffer[40];
    Writer w = writer_make(buffer, sizeof buffer);
    assert_string_equal(buffer, "");
    writer_add(&w, "has %d", 3);
    writer_add(&w, " %s", "lines");
    assert_string_equal(buffer, "has 3 lines");
    assert_int_equal(w.used, strlen(buffer));
}

static void what_has_no_room_is_cut_at_its_end(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 12; size++) {
        char buffer[16];
        memset(buffer, '#', sizeof buffer);
        Writer w = writer_make(buffer, size);
        writer_add(&w, "hello");
        writer_add(&w, "world");
        writer_add(&w, "!");
        size_t expected = size - 1 < 11 ? size - 1 : 11;
        assert_int_equal(w.used, expected);
        assert_int_equal(strlen(buffer), expected);
        assert_memory_equal(buffer, "helloworld!", expected);
        assert_int_equal(buffer[size], '#');
    }
}

static void a_quotation_stands_between_accents(void **state)
{
    (void)state;
    char buffer[40];
    Writer w = writer_make(buffer, sizeof buffer);
    writer_quote(&w, STR("disk <num>"), 80);
    assert_string_equal(buffer, "`disk <num>`");
    w = writer_make(buffer, sizeof buffer);
    writer_quote(&w, STR(""), 80);
    assert_string_equal(buffer, "``");
}

static void a_long_quotation_says_that_it_is_cut(void **state)
{
    (void)state;
    char buffer[40];
    Writer w = writer_make(buffer, sizeof buffer);
    writer_quote(&w, STR("0123456789"), 4);
    assert_string_equal(buffer, "`0123 ...`");
}

static void a_quotation_has_room_or_stays_away(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 20; size++) {
        char buffer[24];
        memset(buffer, '#', sizeof buffer);
        Writer w = writer_make(buffer, size);
        writer_quote(&w, STR("12345"), 80);
        assert_true(w.used == 0 || strcmp(buffer, "`12345`") == 0);
        assert_int_equal(strlen(buffer), w.used);
        assert_int_equal(buffer[size], '#');
    }
}

static void assert_number(double value, const char *expected)
{
    char buffer[NUMBER_SIZE];
    assert_string_equal(number_text(value, buffer), expected);
}

static void thousands_are_parted(void **state)
{
    (void)state;
    assert_number(0, "0");
    assert_number(999, "999");
    assert_number(1000, "1,000");
    assert_number(1234567, "1,234,567");
    assert_number(4294967295.0, "4,294,967,295");
    assert_number(100000, "100,000");
}

static void a_small_number_keeps_a_digit(void **state)
{
    (void)state;
    assert_number(2.5, "2.5");
    assert_number(2.01, "2");
    assert_number(9.97, "10");
    assert_number(12.5, "12");
    char buffer[NUMBER_SIZE];
    assert_string_equal(ratio_text(2, buffer), "2.0");
    assert_string_equal(ratio_text(40, buffer), "40");
    assert_string_equal(ratio_text(12345, buffer), "12,345");
}

static void a_huge_number_stays_in_its_buffer(void **state)
{
    (void)state;
    char buffer[NUMBER_SIZE + 1];
    buffer[NUMBER_SIZE] = '#';
    number_text(1e300, buffer);
    assert_true(strlen(buffer) < NUMBER_SIZE);
    assert_int_equal(buffer[NUMBER_SIZE], '#');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_follow_each_other),
        cmocka_unit_test(what_has_no_room_is_cut_at_its_end),
        cmocka_unit_test(a_quotation_stands_between_accents),
        cmocka_unit_test(a_long_quotation_says_that_it_is_cut),
        cmocka_unit_test(a_quotation_has_room_or_stays_away),
        cmocka_unit_test(thousands_are_parted),
        cmocka_unit_test(a_small_number_keeps_a_digit),
        cmocka_unit_test(a_huge_number_stays_in_its_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
