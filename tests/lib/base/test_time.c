/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"

static void the_epoch_is_zero(void **state)
{
    (void)state;
    assert_int_equal(time_from_civil((Civil){.year = 1970, .month = 1, .day = 1}), 0);
}

/* date -u -d '2026-11-23 20:15:42' +%s */
static void a_date_of_the_manual_agrees_with_date(void **state)
{
    (void)state;
    Civil c = {.year = 2026, .month = 11, .day = 23, .hour = 20, .minute = 15, .second = 42};
    assert_int_equal(time_from_civil(c), 1795464942 * NS_PER_S);
}

static void every_day_comes_back_from_the_calendar(void **state)
{
    (void)state;
    for (int64_t day = -106000; day < 106000; day++) {
        odd_time t = day * S_PER_DAY * NS_PER_S + 86399 * NS_PER_S + 7;
        assert_int_equal(time_from_civil(time_to_civil(t)), t);
    }
}

static void a_date_that_is_none_has_no_time(void **state)
{
    (void)state;
    assert_int_equal(time_from_civil((Civil){.year = 2025, .month = 2, .day = 29}), ODD_TIME_NONE);
    assert_int_equal(time_from_civil((Civil){.year = 2024, .month = 13, .day = 1}), ODD_TIME_NONE);
    assert_int_equal(time_from_civil((Civil){.year = 9999, .month = 1, .day = 1}), ODD_TIME_NONE);
}

static void a_time_is_written_with_the_digits_asked_for(void **state)
{
    (void)state;
    char buffer[TIME_TEXT_SIZE];
    assert_string_equal(time_text(1500000000, 0, buffer), "1970-01-01T00:00:01Z");
    assert_string_equal(time_text(1500000000, 3, buffer), "1970-01-01T00:00:01.500Z");
    assert_string_equal(time_text(-1, 9, buffer), "1969-12-31T23:59:59.999999999Z");
    assert_string_equal(time_text(ODD_TIME_NONE, 3, buffer), "");
}

static void sums_and_differences_stay_at_the_ends_of_time(void **state)
{
    (void)state;
    assert_true(time_minus(5, 7) == -2 && time_plus(5, -7) == -2);
    assert_true(time_minus(INT64_MAX, -1) == INT64_MAX);
    assert_true(time_minus(INT64_MIN + 1, 2) == INT64_MIN);
    assert_true(time_plus(INT64_MAX, 1) == INT64_MAX);
    assert_true(time_plus(INT64_MIN + 1, -2) == INT64_MIN + 1);
    assert_true(time_ns_of(1.5) == 1500000000 && time_ns_of(-1.5) == -1500000000);
    assert_true(time_ns_of(1e300) == INT64_MAX && time_ns_of(-1e300) == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_epoch_is_zero),
        cmocka_unit_test(a_date_of_the_manual_agrees_with_date),
        cmocka_unit_test(every_day_comes_back_from_the_calendar),
        cmocka_unit_test(a_date_that_is_none_has_no_time),
        cmocka_unit_test(a_time_is_written_with_the_digits_asked_for),
        cmocka_unit_test(sums_and_differences_stay_at_the_ends_of_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
