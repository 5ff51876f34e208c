/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "event/base64.h"

/* The test vectors of RFC 4648, section 10. */
static void bytes_become_the_letters_of_the_standard(void **state)
{
    (void)state;
    static const char *const letters[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                          "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (size_t size = 0; size <= 6; size++) {
        char text[9] = "", bytes[8];
        base64_write(str_part(STR("foobar"), 0, size), text);
        assert_string_equal(text, letters[size]);
        assert_int_equal(base64_size(size), strlen(letters[size]));
        size_t got;
        assert_true(base64_read(str_of(text), bytes, &got));
        assert_int_equal(got, size);
        assert_memory_equal(bytes, "foobar", size);
    }
}

static void both_alphabets_and_missing_padding_are_read(void **state)
{
    (void)state;
    char   bytes[8];
    size_t size;
    assert_true(base64_read(STR("-_8"), bytes, &size));
    assert_int_equal(size, 2);
    assert_memory_equal(bytes, "\xfb\xff", 2);
    assert_true(base64_read(STR("+/8="), bytes, &size));
    assert_memory_equal(bytes, "\xfb\xff", 2);
    static const char *const others[] = {"A", "AAAAA", "A===", "====", "AA=A", "A A=",
                                         "AA=", "\xff\xff"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(base64_read(str_of(others[i]), bytes, &size));
}

static void hexadecimal_digits_are_read_in_any_case(void **state)
{
    (void)state;
    char   bytes[4], text[7] = "";
    size_t size;
    assert_true(hex_read(STR("00fFA5"), bytes, &size));
    assert_int_equal(size, 3);
    assert_memory_equal(bytes, "\x00\xff\xa5", 3);
    hex_write((Str){.text = bytes, .size = 3}, text);
    assert_string_equal(text, "00ffa5");
    assert_false(hex_read(STR("0"), bytes, &size));
    assert_false(hex_read(STR("0g"), bytes, &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_the_letters_of_the_standard),
        cmocka_unit_test(both_alphabets_and_missing_padding_are_read),
        cmocka_unit_test(hexadecimal_digits_are_read_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
