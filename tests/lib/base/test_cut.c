/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "base/cut.h"

static void no_character_is_cut_in_two(void **state)
{
    (void)state;
    const Str text = STR("a\xc3\xa4\xe2\x82\xac"); /* One byte, two, three. */
    assert_int_equal(cut_at_character(text, 1), 1);
    assert_int_equal(cut_at_character(text, 2), 1);
    assert_int_equal(cut_at_character(text, 3), 3);
    assert_int_equal(cut_at_character(text, 4), 3);
    assert_int_equal(cut_at_character(text, 5), 3);
    assert_int_equal(cut_at_character(text, 6), 6);
    assert_int_equal(cut_at_character(text, 60), 6);
    assert_int_equal(cut_at_character(text, 0), 0);
    assert_int_equal(cut_at_character(STR("\x80\x80\x80"), 2), 0);
}

static void what_is_cut_into_a_buffer_is_terminated(void **state)
{
    (void)state;
    char buffer[5] = "####";
    cut_into(buffer, sizeof buffer, STR("a\xc3\xa4\xe2\x82\xac"));
    assert_string_equal(buffer, "a\xc3\xa4");
    cut_into(buffer, sizeof buffer, STR("fits"));
    assert_string_equal(buffer, "fits");
    cut_into(buffer, sizeof buffer, (Str){.text = NULL});
    assert_string_equal(buffer, "");
    cut_into(buffer, 1, STR("a"));
    assert_string_equal(buffer, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_character_is_cut_in_two),
        cmocka_unit_test(what_is_cut_into_a_buffer_is_terminated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
