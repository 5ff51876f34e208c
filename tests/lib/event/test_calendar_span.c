/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "base/time.h"
#include "event/calendar_span.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static odd_time at(int year, int month, int day, int hour, int minute)
{
    return time_from_civil(
        (Civil){.year = year, .month = month, .day = day, .hour = hour, .minute = minute});
}

static bool holds_both(const char *span_text, const char *zone_text, odd_time first, odd_time last)
{
    CalendarSpan span;
    ZoneRule zone;
    assert_true(calendar_span_read(str_of(span_text), &span));
    assert_true(zone_rule_read(str_of(zone_text), &zone));
    return calendar_span_holds(&span, &zone, first, last);
}

static bool holds(const char *span, const char *zone, odd_time time)
{
    return holds_both(span, zone, time, time);
}

/* 2026-11-28 is a Saturday. */
static void a_span_holds_its_days_and_hours_and_no_others(void **state)
{
    (void)state;
    assert_true(holds("sat,sun 01:00-02:30", "", at(2026, 11, 28, 1, 0)));
    assert_true(holds("sat,sun 01:00-02:30", "", at(2026, 11, 29, 2, 29)));
    assert_false(holds("sat,sun 01:00-02:30", "", at(2026, 11, 28, 2, 30)));
    assert_false(holds("sat,sun 01:00-02:30", "", at(2026, 11, 28, 0, 59)));
    assert_false(holds("sat,sun 01:00-02:30", "", at(2026, 11, 30, 1, 30)));
    assert_true(holds("fri-mon 12:00-13:00", "", at(2026, 11, 30, 12, 30)));
    assert_false(holds("fri-mon 12:00-13:00", "", at(2026, 12, 1, 12, 30)));
    assert_true(holds("daily 1-2", "", at(2026, 12, 2, 1, 30)));
    assert_true(holds("daily 0:00-24:00", "", at(2026, 12, 2, 23, 59)));
}

static void a_span_may_end_on_the_next_day(void **state)
{
    (void)state;
    assert_true(holds("sat 22:00-04:00", "", at(2026, 11, 28, 23, 0)));
    assert_true(holds("sat 22:00-04:00", "", at(2026, 11, 29, 3, 59)));
    assert_false(holds("sat 22:00-04:00", "", at(2026, 11, 29, 4, 0)));
    assert_false(holds("sat 22:00-04:00", "", at(2026, 11, 28, 3, 0)));
}

static void what_lasts_from_one_into_the_next_is_in_none(void **state)
{
    (void)state;
    assert_true(
        holds_both("daily 01:00-02:00", "", at(2026, 11, 28, 1, 0), at(2026, 11, 28, 1, 59)));
    assert_false(
        holds_both("daily 01:00-02:00", "", at(2026, 11, 28, 1, 30), at(2026, 11, 29, 1, 30)));
}

static void a_zone_has_its_own_clock(void **state)
{
    (void)state;
    assert_true(holds("sat 22:00-23:00", "+01:00", at(2026, 11, 28, 21, 30)));
    assert_false(holds("sat 22:00-23:00", "+01:00", at(2026, 11, 28, 22, 30)));
    assert_true(holds("sun 01:00-02:00", "+02:00", at(2026, 11, 28, 23, 30)));
    assert_true(holds("sat 19:00-20:00", "-05:00", at(2026, 11, 29, 0, 30)));
}

/* Python: datetime(..., tzinfo=ZoneInfo("Europe/Berlin")).utcoffset(), and America/New_York. */
static void summer_time_begins_and_ends_as_the_rule_has_it(void **state)
{
    (void)state;
    ZoneRule berlin, york, sydney;
    assert_true(zone_rule_read(STR(BERLIN), &berlin));
    assert_int_equal(zone_rule_offset(&berlin, at(2026, 3, 29, 0, 59)), 3600);
    assert_int_equal(zone_rule_offset(&berlin, at(2026, 3, 29, 1, 0)), 7200);
    assert_int_equal(zone_rule_offset(&berlin, at(2026, 10, 25, 0, 59)), 7200);
    assert_int_equal(zone_rule_offset(&berlin, at(2026, 10, 25, 1, 0)), 3600);
    assert_true(zone_rule_read(STR("EST5EDT,M3.2.0,M11.1.0"), &york));
    assert_int_equal(zone_rule_offset(&york, at(2026, 3, 8, 6, 59)), -5 * 3600);
    assert_int_equal(zone_rule_offset(&york, at(2026, 3, 8, 7, 0)), -4 * 3600);
    assert_int_equal(zone_rule_offset(&york, at(2026, 11, 1, 6, 0)), -5 * 3600);
    assert_true(zone_rule_read(STR("AEST-10AEDT,M10.1.0,M4.1.0/3"), &sydney));
    assert_int_equal(zone_rule_offset(&sydney, at(2026, 1, 1, 0, 0)), 11 * 3600);
    assert_int_equal(zone_rule_offset(&sydney, at(2026, 7, 1, 0, 0)), 10 * 3600);
    assert_true(holds("daily 01:00-02:00", BERLIN, at(2026, 7, 1, 23, 30)));
    assert_false(holds("daily 01:00-02:00", BERLIN, at(2026, 12, 1, 23, 30)));
}

static void what_is_no_span_and_no_zone_is_refused(void **state)
{
    (void)state;
    static const char *const spans[] = {
        "",          "sat",        "sat 22:00",         "sat 22:00-",       "sat 25:00-26:00",
        "sat 22-23 ", "sax 22-23", "sat,22-23",         "sat, sun 22-23",   "sat 24:00-25:00",
        "22-23",     "sat 22:60-23", "sat  22:00-23:00", "daily,sat 22-23", "sat 24:30-23:00"};
    static const char *const zones[] = {"Europe/Berlin", "+25:00", "CET", "CET-1CEST",
                                        "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                                        "CET-1CEST,M3.5.0,M10.5.0/", "+01:00x", "+"};
    CalendarSpan span;
    ZoneRule zone;
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        if (calendar_span_read(str_of(spans[i]), &span))
            fail_msg("%s", spans[i]);
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (zone_rule_read(str_of(zones[i]), &zone))
            fail_msg("%s", zones[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_holds_its_days_and_hours_and_no_others),
        cmocka_unit_test(a_span_may_end_on_the_next_day),
        cmocka_unit_test(what_lasts_from_one_into_the_next_is_in_none),
        cmocka_unit_test(a_zone_has_its_own_clock),
        cmocka_unit_test(summer_time_begins_and_ends_as_the_rule_has_it),
        cmocka_unit_test(what_is_no_span_and_no_zone_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
