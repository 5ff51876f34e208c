/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/csv.h"

static void field_is(const char *bytes, size_t size, const char *expected)
{
    Buffer out = {0};
    Csv csv = {.out = &out};
    csv_text(&csv, bytes, size);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void only_fields_that_need_quotes_have_them(void **state)
{
    (void)state;
    field_is("plain text", 10, "plain text");
    field_is("a,b", 3, "\"a,b\"");
    field_is("say \"hi\"", 8, "\"say \"\"hi\"\"\"");
    field_is(" padded", 7, "\" padded\"");
    field_is("", 0, "");
}

static void a_field_never_holds_a_line_end_or_a_control(void **state)
{
    (void)state;
    field_is("a\nb\r\x1b", 5, "a\\nb\\r\\x1b");
    field_is("\xff\0", 2, "\\xff\\x00");
}

static void a_row_is_fields_with_commas_and_an_end(void **state)
{
    (void)state;
    Buffer out = {0};
    Csv csv = {.out = &out};
    csv_integer(&csv, 7);
    csv_time(&csv, ODD_TIME_NONE);
    csv_real(&csv, 3.0004);
    csv_real(&csv, (double)NAN);
    csv_time(&csv, -1);
    csv_end(&csv);
    csv_integer(&csv, -1);
    csv_end(&csv);
    assert_string_equal(buffer_text(&out), "7,,3.000,,1969-12-31T23:59:59.999999Z\n-1\n");
    buffer_free(&out);
}

static void reals_are_rounded_as_printf_rounds(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int i = 0; i < 100000; i++) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        /* Thousandths, ties between two of them, and what lies in between, of either sign. */
        double value = (double)(random >> 40) / (i % 3 == 0 ? 2000 : i % 3 == 1 ? 1024 : 777);
        value = i % 16 == 0 ? -value : value;
        char expected[64];
        snprintf(expected, sizeof expected, "%.3f", value);
        Buffer out = {0};
        Csv csv = {.out = &out};
        csv_real(&csv, value);
        assert_string_equal(buffer_text(&out), expected);
        buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_fields_that_need_quotes_have_them),
        cmocka_unit_test(a_field_never_holds_a_line_end_or_a_control),
        cmocka_unit_test(a_row_is_fields_with_commas_and_an_end),
        cmocka_unit_test(reals_are_rounded_as_printf_rounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
