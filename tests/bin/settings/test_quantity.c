/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings/quantity.h"

#define NS_PER_S 1000000000LL

static void moment_is(const char *text, MomentKind kind, odd_time time)
{
    Moment moment = {0};
    assert_true(quantity_moment(text, &moment));
    assert_int_equal(moment.kind, kind);
    assert_int_equal(moment.time, time);
}

static void iso_dates_and_times_are_moments(void **state)
{
    (void)state; /* date -u -d 2026-11-23T20:15:42 +%s */
    moment_is("2026-11-23T20:15:42", MOMENT_TIME, 1795464942 * NS_PER_S);
    moment_is("2026-11-23 20:15:42.5Z", MOMENT_TIME, 1795464942 * NS_PER_S + 500000000);
    moment_is("2026-11-23T21:15:42+01:00", MOMENT_TIME, 1795464942 * NS_PER_S);
    moment_is("2026-11-23T20:15", MOMENT_TIME, 1795464900 * NS_PER_S);
    moment_is("2026-11-23", MOMENT_TIME, 1795392000 * NS_PER_S);
}

static void epoch_numbers_tell_their_unit_by_their_digits(void **state)
{
    (void)state;
    moment_is("1795464942", MOMENT_TIME, 1795464942 * NS_PER_S);
    moment_is("1795464942123", MOMENT_TIME, 1795464942123 * 1000000);
    moment_is("1795464942123456", MOMENT_TIME, 1795464942123456 * 1000);
    moment_is("1795464942123456789", MOMENT_TIME, 1795464942123456789);
}

static void a_span_counts_back_from_the_end(void **state)
{
    (void)state;
    moment_is("2h", MOMENT_BEFORE_END, 7200 * NS_PER_S);
    moment_is("1.5d", MOMENT_BEFORE_END, 129600 * NS_PER_S);
    Moment moment = {.kind = MOMENT_BEFORE_END, .time = 100};
    assert_int_equal(moment_resolve(moment, 5000, 1000), 900);
    assert_int_equal(moment_resolve((Moment){.kind = MOMENT_NOW}, 5000, 1000), 5000);
    assert_int_equal(moment_resolve((Moment){0}, 5000, 1000), 0);
}

static void what_is_no_moment_is_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {
        "", "yesterday", "2026-13-01", "2026-02-30", "2026-11-23T25:00", "2026-11-23T20:15x",
        "2h30", "-5m", "99999999999999999999", "h", "1e3s", "26-11-23"};
    Moment moment = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(quantity_moment(wrong[i], &moment));
    assert_int_equal(moment.kind, MOMENT_NONE);
}

static void sizes_are_binary(void **state)
{
    (void)state;
    uint64_t bytes;
    assert_true(quantity_bytes("512M", &bytes));
    assert_int_equal(bytes, 512ULL << 20);
    assert_true(quantity_bytes("1.5GiB", &bytes));
    assert_int_equal(bytes, 3ULL << 29);
    assert_true(quantity_bytes("65536", &bytes));
    assert_int_equal(bytes, 65536);
    assert_false(quantity_bytes("0", &bytes));
    assert_false(quantity_bytes("M", &bytes));
    assert_false(quantity_bytes("12X", &bytes));
    assert_false(quantity_bytes("999999999T", &bytes));
}

static void zones_are_hours_and_minutes(void **state)
{
    (void)state;
    int32_t seconds;
    assert_true(quantity_zone("+02:00", &seconds));
    assert_int_equal(seconds, 7200);
    assert_true(quantity_zone("-0330", &seconds));
    assert_int_equal(seconds, -12600);
    assert_true(quantity_zone("Z", &seconds));
    assert_int_equal(seconds, 0);
    assert_false(quantity_zone("+2", &seconds));
    assert_false(quantity_zone("+02:", &seconds));
    assert_false(quantity_zone("+15:00", &seconds));
    assert_false(quantity_zone("Berlin", &seconds));
}

static void numbers_keep_to_their_range(void **state)
{
    (void)state;
    int64_t number;
    double real;
    assert_true(quantity_integer("-3", -5, 5, &number));
    assert_int_equal(number, -3);
    assert_false(quantity_integer("6", -5, 5, &number));
    assert_false(quantity_integer(" 1", -5, 5, &number));
    assert_false(quantity_integer("", -5, 5, &number));
    assert_true(quantity_real("0.5", 0, 1, &real));
    assert_false(quantity_real("nan", 0, 1, &real));
    assert_false(quantity_real("1.1.1", 0, 9, &real));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_dates_and_times_are_moments),
        cmocka_unit_test(epoch_numbers_tell_their_unit_by_their_digits),
        cmocka_unit_test(a_span_counts_back_from_the_end),
        cmocka_unit_test(what_is_no_moment_is_refused),
        cmocka_unit_test(sizes_are_binary),
        cmocka_unit_test(zones_are_hours_and_minutes),
        cmocka_unit_test(numbers_keep_to_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
