/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "event/utf8.h"

static void well_formed_text_of_every_length_is_valid(void **state)
{
    (void)state;
    assert_true(utf8_is_valid(STR("")));
    assert_true(utf8_is_valid(STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x7f")));
    assert_true(utf8_is_valid(STR("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf")));
}

static void overlong_surrogate_torn_and_too_large_forms_are_not(void **state)
{
    (void)state;
    const Str bad[] = {
        STR("\xc0\xaf"),         STR("\xe0\x80\x80"), STR("\xf0\x80\x80\x80"), STR("\xed\xa0\x80"),
        STR("\xf4\x90\x80\x80"), STR("\x80"),         STR("\xe2\x82"),         STR("\xff"),
        STR("\xc3\x28")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(utf8_is_valid(bad[i]));
}

static void bytes_of_no_character_are_shown_as_numbers(void **state)
{
    (void)state;
    char room[64];
    assert_true(str_equal(utf8_shown(STR("plain caf\xc3\xa9"), room), STR("plain caf\xc3\xa9")));
    assert_true(
        str_equal(utf8_shown(STR("\xff caf\xc3\xa9 \xc3"), room), STR("\\xff caf\xc3\xa9 \\xc3")));
    assert_int_equal(utf8_shown(STR(""), room).size, 0);
}

static void a_wrong_byte_is_found_behind_any_number_of_others(void **state)
{
    (void)state;
    char text[40];
    for (size_t size = 1; size < sizeof text; size++)
        for (size_t at = 0; at < size; at++) {
            memset(text, 'a', sizeof text);
            assert_true(utf8_is_valid((Str){.text = text, .size = size}));
            text[at] = '\xff';
            assert_false(utf8_is_valid((Str){.text = text, .size = size}));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_of_every_length_is_valid),
        cmocka_unit_test(overlong_surrogate_torn_and_too_large_forms_are_not),
        cmocka_unit_test(bytes_of_no_character_are_shown_as_numbers),
        cmocka_unit_test(a_wrong_byte_is_found_behind_any_number_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
