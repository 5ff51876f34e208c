/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "incident/quantity.h"

static char buffer[200];

static const char *one(double value, MetricUnit unit, bool per_second)
{
    Writer w = writer_make(buffer, sizeof buffer);
    quantity_write(&w, value, unit, per_second, 3);
    return buffer;
}

static const char *range(double lower, double upper, MetricUnit unit)
{
    Writer w = writer_make(buffer, sizeof buffer);
    quantity_write_range(&w, lower, upper, unit, false);
    return buffer;
}

static void each_unit_has_its_sizes(void **state)
{
    (void)state;
    assert_string_equal(one(2.1 * 0x1p30, METRIC_BYTES, false), "2.1 GiB");
    assert_string_equal(one(512, METRIC_BYTES, true), "512 bytes/s");
    assert_string_equal(one(0.84, METRIC_SHARE, false), "84 %");
    assert_string_equal(one(0.0042, METRIC_SECONDS, false), "4.2 ms");
    assert_string_equal(one(0, METRIC_SECONDS, false), "0 s");
    assert_string_equal(one(90, METRIC_SECONDS, false), "90 s");
    assert_string_equal(one(7200, METRIC_SECONDS, false), "2 h");
    assert_string_equal(one(61.5, METRIC_CELSIUS, false), "61.5 degrees");
}

static void large_numbers_have_commas_and_small_ones_digits_that_count(void **state)
{
    (void)state;
    assert_string_equal(one(1234567, METRIC_PLAIN, false), "1,234,567");
    assert_string_equal(one(-1234567, METRIC_PLAIN, true), "-1,234,567/s");
    assert_string_equal(one(0.12345, METRIC_PLAIN, false), "0.123");
    assert_string_equal(one(-0.0, METRIC_PLAIN, false), "0");
    assert_string_equal(one(1e18, METRIC_PLAIN, false), "1e+18");
}

static void a_range_has_one_unit(void **state)
{
    (void)state;
    assert_string_equal(range(0.4 * 0x1p30, 0.62 * 0x1p30, METRIC_BYTES), "410 to 635 MiB");
    assert_string_equal(range(0.4 * 0x1p30, 1.6 * 0x1p30, METRIC_BYTES), "0.4 to 1.6 GiB");
    assert_string_equal(range(0.031, 0.092, METRIC_SHARE), "3.1 to 9.2 %");
    assert_string_equal(range(-300, 20, METRIC_PLAIN), "-300 to 20");
    assert_string_equal(range(1, 1, METRIC_PLAIN), "1");
}

static void bounds_that_are_close_have_more_digits(void **state)
{
    (void)state;
    assert_string_equal(range(7.01 * 0x1p30, 7.254 * 0x1p30, METRIC_BYTES), "7.01 to 7.25 GiB");
    assert_string_equal(range(50.001, 50.003, METRIC_PLAIN), "50.001 to 50.003");
    assert_int_equal(quantity_digits(1, 1), 2);
    assert_int_equal(quantity_digits(1, 1 + 1e-15), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_unit_has_its_sizes),
        cmocka_unit_test(large_numbers_have_commas_and_small_ones_digits_that_count),
        cmocka_unit_test(a_range_has_one_unit),
        cmocka_unit_test(bounds_that_are_close_have_more_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
