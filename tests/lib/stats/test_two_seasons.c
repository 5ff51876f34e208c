/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include "draw.h"
#include "stats/two_seasons.h"

#define AN_HOUR 4 /* Samples. */
#define DAYS_MAX 28
#define SAMPLES_MAX (DAYS_MAX * 24 * AN_HOUR)

typedef struct {
    double  values[SAMPLES_MAX];
    int64_t hours[SAMPLES_MAX];
    HourRun run;
} Made;

/* Busy from 8 to 20; `quiet` is an hour that is as at night, -1: none. */
static HourRun make(Made *made, Rng *rng, int days, double level, int quiet)
{
    made->run = (HourRun){made->values, made->hours, (size_t)days * 24 * AN_HOUR};
    for (size_t i = 0; i < made->run.count; i++) {
        int64_t hour = (int64_t)i / AN_HOUR, of_day = hour % 24;
        bool is_busy = of_day >= 8 && of_day < 20 && of_day != quiet;
        made->hours[i] = hour - 48; /* Before 1970 as well. */
        made->values[i] = level + (is_busy ? 100 : 20) + 5 * draw_normal(rng);
    }
    return made->run;
}

static Made good, bad;
static double scratch[4 * SAMPLES_MAX];

static void an_hour_that_is_quiet_is_told(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    HourRun first = make(&good, &rng, 7, 0, -1), second = make(&bad, &rng, 2, 0, 14);
    SeasonChange change = two_seasons(first, second, scratch);
    assert_true(change.surprise >= 3);
    assert_int_equal(change.hour, 14);
    assert_true(change.seen < 30 && change.expected > 90 && change.effect < -5);
    assert_int_equal(change.first, 14 * AN_HOUR);
    assert_int_equal(change.last, 15 * AN_HOUR - 1);
}

static void another_level_is_no_other_season(void **state)
{
    (void)state;
    Rng rng = rng_seeded(2);
    HourRun first = make(&good, &rng, 7, 0, -1), second = make(&bad, &rng, 7, 500, -1);
    assert_true(two_seasons(first, second, scratch).surprise < 2);
}

static void runs_of_the_same_season_are_hardly_ever_told(void **state)
{
    (void)state;
    Rng rng = rng_seeded(3);
    int told = 0;
    for (int i = 0; i < 500; i++) {
        HourRun first = make(&good, &rng, 4 + i % 8, 0, -1);
        HourRun second = make(&bad, &rng, 1 + i % 5, 0, -1);
        told += two_seasons(first, second, scratch).surprise >= 2;
    }
    assert_in_range(told, 0, 5);
}

/* Working days are busy; in the second run one hour of one weekday is not. */
static HourRun make_weeks(Made *made, Rng *rng, int from_day, int days, int quiet)
{
    made->run = (HourRun){made->values, made->hours, (size_t)days * 24 * AN_HOUR};
    for (size_t i = 0; i < made->run.count; i++) {
        int64_t hour = from_day * 24 + (int64_t)i / AN_HOUR, of_day = hour % 24;
        bool is_weekend = hour / 24 % 7 == 2 || hour / 24 % 7 == 3;
        bool is_quiet = quiet >= 24 ? hour % 168 == quiet - 24 : of_day == quiet;
        bool is_busy = of_day >= 8 && of_day < 20 && !is_weekend && !is_quiet;
        made->hours[i] = hour;
        made->values[i] = (is_busy ? 100 : 20) + 5 * draw_normal(rng);
    }
    return made->run;
}

static void in_three_weeks_one_weekday_that_is_quiet_at_an_hour_is_told(void **state)
{
    (void)state;
    Rng rng = rng_seeded(5);
    const int monday = 4, quiet = 24 + monday * 24 + 10;
    HourRun first = make_weeks(&good, &rng, 1, 22, -1);
    HourRun second = make_weeks(&bad, &rng, 33, 22, quiet);
    SeasonChange change = two_seasons(first, second, scratch);
    assert_true(change.surprise >= 3);
    assert_int_equal(change.hour, 10);
    assert_int_equal(change.weekday, monday);
    assert_true(change.seen < 30 && change.expected > 90);
    second.count = 20 * 24 * AN_HOUR; /* Not enough. */
    assert_int_equal(two_seasons(first, second, scratch).weekday, -1);
}

static void an_hour_that_is_quiet_on_all_days_is_no_matter_of_the_weekday(void **state)
{
    (void)state;
    Rng rng = rng_seeded(6);
    HourRun first = make_weeks(&good, &rng, 1, 22, -1);
    HourRun second = make_weeks(&bad, &rng, 33, 22, 14);
    SeasonChange change = two_seasons(first, second, scratch);
    assert_true(change.surprise >= 2);
    assert_int_equal(change.hour, 14);
    assert_int_equal(change.weekday, -1);
}

static void weeks_of_the_same_season_are_hardly_ever_told(void **state)
{
    (void)state;
    Rng rng = rng_seeded(7);
    int told = 0;
    for (int i = 0; i < 100; i++) {
        HourRun first = make_weeks(&good, &rng, i % 7, 21, -1);
        HourRun second = make_weeks(&bad, &rng, 40 + i % 5, 21 + i % 4, -1);
        told += two_seasons(first, second, scratch).surprise >= 2;
    }
    assert_in_range(told, 0, 1);
}

static void few_days_say_nothing(void **state)
{
    (void)state;
    Rng rng = rng_seeded(4);
    HourRun first = make(&good, &rng, 2, 0, -1), second = make(&bad, &rng, 7, 0, 14);
    assert_true(two_seasons(first, second, scratch).surprise == 0);
    second.count = 10; /* Less than a day. */
    assert_true(two_seasons(make(&good, &rng, 7, 0, -1), second, scratch).surprise == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_that_is_quiet_is_told),
        cmocka_unit_test(another_level_is_no_other_season),
        cmocka_unit_test(runs_of_the_same_season_are_hardly_ever_told),
        cmocka_unit_test(in_three_weeks_one_weekday_that_is_quiet_at_an_hour_is_told),
        cmocka_unit_test(an_hour_that_is_quiet_on_all_days_is_no_matter_of_the_weekday),
        cmocka_unit_test(weeks_of_the_same_season_are_hardly_ever_told),
        cmocka_unit_test(few_days_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
