/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/words.h"

static void counts(uint64_t count, const char *expected)
{
    Buffer out = {0};
    words_count(&out, count);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void lasts(double seconds, const char *expected)
{
    Buffer out = {0};
    words_seconds(&out, seconds);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void runs_at(double per_second, const char *expected)
{
    Buffer out = {0};
    words_rate(&out, per_second);
    assert_string_equal(buffer_text(&out), expected);
    buffer_free(&out);
}

static void counts_have_commas_between_thousands(void **state)
{
    (void)state;
    counts(0, "0");
    counts(999, "999");
    counts(1000, "1,000");
    counts(1234567, "1,234,567");
    counts(UINT64_MAX, "18,446,744,073,709,551,615");
}

static void one_is_not_many(void **state)
{
    (void)state;
    Buffer out = {0};
    words_counted(&out, 1, "line", "lines");
    buffer_puts(&out, ", ");
    words_counted(&out, 2, "line", "lines");
    assert_string_equal(buffer_text(&out), "1 line, 2 lines");
    buffer_free(&out);
}

static void spans_have_the_unit_that_fits(void **state)
{
    (void)state;
    lasts(0, "0 ms");
    lasts(0.0123, "12 ms");
    lasts(0.9994, "999 ms");
    lasts(0.9996, "1.0 s");
    lasts(59.94, "59.9 s");
    lasts(59.96, "0 min 59 s");
    lasts(125, "2 min 5 s");
    lasts(7260, "2 h 1 min");
}

static void rates_have_three_figures_at_most(void **state)
{
    (void)state;
    runs_at(950, "950 ");
    runs_at(1234, "1.2 k ");
    runs_at(12345, "12 k ");
    runs_at(999600, "1.0 M ");
    runs_at(1.4e6, "1.4 M ");
}

static void a_time_before_1970_is_right_too(void **state)
{
    (void)state;
    Buffer out = {0};
    words_time_iso(&out, -1);
    buffer_puts(&out, " ");
    words_time(&out, 1795464942123456789); /* date -u -d @1795464942 */
    buffer_puts(&out, " ");
    words_time(&out, ODD_TIME_NONE);
    assert_string_equal(buffer_text(&out), "1969-12-31T23:59:59.999999Z 2026-11-23 20:15:42 ");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_have_commas_between_thousands),
        cmocka_unit_test(one_is_not_many),
        cmocka_unit_test(spans_have_the_unit_that_fits),
        cmocka_unit_test(rates_have_three_figures_at_most),
        cmocka_unit_test(a_time_before_1970_is_right_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
