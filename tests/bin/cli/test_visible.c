/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cli/utf8.h"
#include "cli/visible.h"

static void shows(const char *bytes, size_t size, const char *expected)
{
    Buffer out = {0};
    visible_add(&out, bytes, size);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void shortens(const char *text, int columns, bool ascii, const char *expected)
{
    Buffer out = {0};
    visible_shorten(&out, text, strlen(text), columns, ascii, 0, 0);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void plain_text_stays_as_it_is(void **state)
{
    (void)state;
    shows("a line: 100 % \xc3\xa4 \xe6\x97\xa5 \\", 22, "a line: 100 % \xc3\xa4 \xe6\x97\xa5 \\");
}

static void nothing_reaches_a_terminal_that_could_act_on_it(void **state)
{
    (void)state;
    shows("\x1b[2J\x1b]0;t\x07", 10, "\\x1b[2J\\x1b]0;t\\x07");
    shows("a\0b\r\n\t\x7f", 7, "a\\x00b\\r\\n\\t\\x7f");
    shows("\xc2\x9b"
          "2J",
          4, "\\u009b2J");
}

static void what_deceives_the_eye_is_shown(void **state)
{
    (void)state;
    shows("\xe2\x80\xaetxt.exe", 10, "\\u202etxt.exe");
    shows("a\xe2\x80\x8b"
          "b\xef\xbb\xbf",
          8, "a\\u200bb\\ufeff");
    shows("\xf3\xa0\x81\x81", 4, "\\U000e0041");
}

static void bytes_that_are_not_utf8_are_shown_one_by_one(void **state)
{
    (void)state;
    shows("\xff\xc3(", 3, "\\xff\\xc3(");
    shows("\xc0\x80", 2, "\\xc0\\x80");         /* Overlong NUL.    */
    shows("\xed\xa0\x80", 3, "\\xed\\xa0\\x80"); /* A surrogate.     */
    shows("\xe6\x97", 2, "\\xe6\\x97");         /* Torn at the end. */
    shows("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80"); /* Beyond U+10FFFF. */
}

static void any_two_bytes_become_valid_and_harmless(void **state)
{
    (void)state;
    for (int i = 0; i < 65536; i++) {
        const char bytes[] = {(char)(i >> 8), (char)i};
        Buffer out = {0};
        visible_add(&out, bytes, 2);
        for (size_t at = 0, size; at < out.size; at += size) {
            int32_t c = utf8_decode(out.text + at, out.size - at, &size);
            assert_true(visible_is_safe(c));
        }
        buffer_free(&out);
    }
}

static void wide_letters_take_two_columns_and_marks_none(void **state)
{
    (void)state;
    assert_int_equal(visible_width("\xe6\x97\xa5\xe6\x9c\xac", 6), 4);
    assert_int_equal(visible_width("e\xcc\x81", 3), 1);
    assert_int_equal(visible_width("\x1b", 1), 4);
}

static void a_long_line_is_cut_in_its_middle(void **state)
{
    (void)state;
    shortens("0123456789", 10, false, "0123456789");
    shortens("0123456789abcdef", 10, false,
             "012345\xe2\x80\xa6"
             "def");
    shortens("0123456789abcdef", 10, true, "0123...def");
}

static void a_cut_keeps_what_was_odd_in_sight(void **state)
{
    (void)state;
    char line[400];
    memset(line, '.', sizeof line);
    memcpy(line, "head", 4);
    memcpy(line + 300, "ODD", 3);
    Buffer out = {0};
    visible_shorten(&out, line, sizeof line, 60, true, 300, 3);
    assert_non_null(strstr(buffer_text(&out), "ODD"));
    assert_non_null(strstr(buffer_text(&out), "head"));
    assert_true(visible_width(out.text, out.size) <= 60);
    buffer_free(&out);
}

static void no_cut_is_wider_than_asked_for(void **state)
{
    (void)state;
    const char *line =
        "a\x1b\xe6\x97\xa5zz\xff\xe6\x97\xa5\xe6\x97\xa5 tail of the line \x01\x02\x03";
    size_t size = strlen(line);
    for (int columns = 10; columns < 60; columns++) {
        for (size_t focus = 0; focus + 2 < size; focus++) {
            Buffer out = {0};
            visible_shorten(&out, line, size, columns, focus % 2 == 0, focus, focus % 3);
            assert_true(visible_width(out.text, out.size) <= columns);
            buffer_free(&out);
        }
    }
}

static void the_end_that_fits_begins_at_a_character(void **state)
{
    (void)state;
    assert_int_equal(visible_end("abcdef", 6, 6), 0);
    assert_int_equal(visible_end("abcdef", 6, 4), 2);
    assert_int_equal(visible_end("a\033b", 3, 4), 2); /* The escape is four wide. */
    assert_int_equal(visible_end("abc", 3, 0), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_stays_as_it_is),
        cmocka_unit_test(nothing_reaches_a_terminal_that_could_act_on_it),
        cmocka_unit_test(what_deceives_the_eye_is_shown),
        cmocka_unit_test(bytes_that_are_not_utf8_are_shown_one_by_one),
        cmocka_unit_test(any_two_bytes_become_valid_and_harmless),
        cmocka_unit_test(wide_letters_take_two_columns_and_marks_none),
        cmocka_unit_test(a_long_line_is_cut_in_its_middle),
        cmocka_unit_test(a_cut_keeps_what_was_odd_in_sight),
        cmocka_unit_test(no_cut_is_wider_than_asked_for),
        cmocka_unit_test(the_end_that_fits_begins_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
