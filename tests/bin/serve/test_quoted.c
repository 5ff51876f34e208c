/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <string.h>

#include "serve/quoted.h"

typedef void (*Write)(const char *text, HttpResponse *to);

static void assert_quoted(Write write, const char *text, const char *expected)
{
    HttpResponse to = {0};
    write(text, &to);
    response_add(&to, "", 1);
    assert_string_equal(to.body, expected);
    response_clear(&to);
}

static void what_is_no_ascii_and_what_would_be_cut_off_is_written_in_hex(void **state)
{
    (void)state;
    assert_quoted(quoted_text, "50 % = ½ \nend ", "50 % =3D =C2=BD=20\r\nend=20");
    assert_quoted(quoted_text, "a\r\n.\tb\033[1m", "a=0D\r\n.=09b=1B[1m");
}

static void no_line_is_too_long(void **state)
{
    (void)state;
    char long_text[1000];
    HttpResponse to = {0};
    memset(long_text, '=', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    quoted_text(long_text, &to);
    response_print(&to, "\n");
    quoted_header(long_text, &to);
    size_t column = 0, count = 0;
    for (size_t i = 0; i < to.body_size; i++) {
        column = to.body[i] == '\n' ? 0 : column + (to.body[i] != '\r');
        count += i >= 2 && memcmp(to.body + i - 2, "=3D", 3) == 0;
        assert_true(column <= 76);
    }
    assert_int_equal(count, 2 * strlen(long_text));
    response_clear(&to);
}

static void a_word_of_a_header_ends_at_a_character(void **state)
{
    (void)state;
    assert_quoted(quoted_header, "ab c\nd: é?", "=?UTF-8?Q?ab_c=0Ad=3A_=C3=A9=3F?=");
    assert_quoted(quoted_header, "ééééééééé",
                  "=?UTF-8?Q?=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9=C3=A9?=\r\n "
                  "=?UTF-8?Q?=C3=A9?=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_ascii_and_what_would_be_cut_off_is_written_in_hex),
        cmocka_unit_test(no_line_is_too_long),
        cmocka_unit_test(a_word_of_a_header_ends_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
