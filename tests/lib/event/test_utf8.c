/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_of_every_length_is_valid),
        cmocka_unit_test(overlong_surrogate_torn_and_too_large_forms_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
