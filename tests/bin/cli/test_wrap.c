/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cli/visible.h"
#include "cli/wrap.h"

static void wraps(const char *text, int column, int indent, int columns, const char *expected)
{
    Buffer out = {0};
    wrap_add(&out, text, strlen(text), column, indent, columns);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void a_short_text_is_one_line(void **state)
{
    (void)state;
    wraps("one line", 0, 0, 80, "one line\n");
    wraps("", 0, 0, 80, "\n");
}

static void words_move_whole_into_the_next_line(void **state)
{
    (void)state;
    wraps("aaa bbb ccc", 0, 0, 7, "aaa bbb\nccc\n");
    wraps("aaa bbb ccc", 4, 4, 11, "aaa bbb\n    ccc\n");
    wraps("aaa  bbb", 0, 0, 7, "aaa bbb\n");
}

static void a_word_longer_than_a_line_is_broken(void **state)
{
    (void)state;
    wraps("abcdefghij", 0, 0, 4, "abcd\nefgh\nij\n");
    wraps("x abcdefghij", 2, 2, 6, "x ab\n  cdef\n  ghij\n");
}

static void an_escape_is_never_torn(void **state)
{
    (void)state;
    wraps("ab\x1b"
          "cd",
          0, 0, 5, "ab\n\\x1bc\nd\n");
}

static void no_line_is_wider_than_asked_for(void **state)
{
    (void)state;
    const char *text = "It \x1b[31m comes \xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac once in "
                       "averyveryverylongwordwithoutanyspace lines.";
    for (int columns = 12; columns < 90; columns++) {
        Buffer out = {0};
        wrap_add(&out, text, strlen(text), 3, 3, columns);
        int indent = 3; /* The first line begins behind what the caller wrote. */
        for (const char *line = buffer_text(&out); *line; line += strcspn(line, "\n") + 1) {
            assert_true(visible_width(line, strcspn(line, "\n")) + indent <= columns);
            indent = 0;
        }
        buffer_free(&out);
    }
}

static void lines_keep_their_indent_and_short_ones_their_spaces(void **state)
{
    (void)state;
    Buffer out = {0};
    wrap_lines(&out, " 1. one two three\n  a    b\nfour five six\n  x\x1b y seven eight\n", 12);
    assert_string_equal(buffer_text(&out), " 1. one two\n    three\n  a    b\nfour five\n    six\n"
                                           "  x\\x1b y\n  seven\n  eight\n");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_text_is_one_line),
        cmocka_unit_test(words_move_whole_into_the_next_line),
        cmocka_unit_test(a_word_longer_than_a_line_is_broken),
        cmocka_unit_test(an_escape_is_never_torn),
        cmocka_unit_test(no_line_is_wider_than_asked_for),
        cmocka_unit_test(lines_keep_their_indent_and_short_ones_their_spaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
