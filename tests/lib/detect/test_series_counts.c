/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../stats/draw.h"
#include "base/time.h"
#include "detect/series.h"

#define WINDOW (300 * NS_PER_S)

typedef struct {
    SeriesWatch watch;
    odd_time    time;
    Rng         rng;
    int         alarms;
} Stream;

static Stream stream_new(uint64_t seed)
{
    Stream s = {.rng = rng_seeded(seed)};
    series_begin_counts(&s.watch, 300, &(CountStart){.windows = 0});
    return s;
}

static Judgement judge(const Stream *s, double count)
{
    Judgement j;
    series_score(&s->watch, s->time, count, &j);
    return j;
}

static void next(Stream *s, double count)
{
    s->alarms += judge(s, count).alarm >= 3;
    series_learn(&s->watch, s->time, count);
    s->time += WINDOW;
}

static void run(Stream *s, double mean, int windows)
{
    for (int i = 0; i < windows; i++)
        next(s, draw_poisson(&s->rng, mean));
}

static void a_burst_and_a_gap_are_odd_and_say_so(void **state)
{
    (void)state;
    Stream s = stream_new(1);
    run(&s, 20, 200);
    Judgement more = judge(&s, 80), less = judge(&s, 1), silent = judge(&s, 0);
    assert_true(more.surprise >= 3);
    assert_string_equal(more.reason, "high");
    assert_true(less.surprise >= 2.5);
    assert_string_equal(less.reason, "low");
    assert_true(silent.surprise >= 3);
    assert_string_equal(silent.reason, "low");
    assert_true(more.expected > 17 && more.expected < 23);
    assert_true(more.lower < 12 && more.upper > 28 && more.upper < 50);
}

static void a_few_windows_are_enough_for_a_wide_forecast(void **state)
{
    (void)state;
    Stream s = stream_new(2);
    run(&s, 20, 5);
    assert_true(judge(&s, 25).surprise < 1.5);
    assert_true(judge(&s, 2000).surprise >= 3);
}

static void one_outlier_does_not_blind(void **state)
{
    (void)state;
    Stream s = stream_new(3);
    run(&s, 20, 200);
    next(&s, 100000);
    run(&s, 20, 20);
    assert_true(judge(&s, 80).surprise >= 3);
    assert_true(judge(&s, 20).surprise < 1);
}

static void a_new_level_rings_once_and_is_learnt(void **state)
{
    (void)state;
    Stream s = stream_new(4);
    run(&s, 20, 300);
    s.alarms = 0;
    run(&s, 90, 40);
    assert_int_equal(s.alarms, 1);
    Judgement j = judge(&s, 90);
    assert_true(j.surprise < 1);
    assert_true(j.expected > 75 && j.expected < 105);
}

static void scattering_counts_need_more_to_be_odd(void **state)
{
    (void)state;
    Stream steady = stream_new(5), wild = stream_new(6);
    run(&steady, 50, 300);
    for (int i = 0; i < 300; i++)
        next(&wild, draw_negbin(&wild.rng, 50, 1.5));
    assert_true(judge(&steady, 120).surprise >= 3);
    assert_true(judge(&wild, 120).surprise < 2);
}

static double mean_at(int i)
{
    return i / 12 % 24 == 9 ? 100 : 10;
}

static void a_daily_peak_is_expected_after_some_days(void **state)
{
    (void)state;
    Stream s = stream_new(7);
    int windows = 6 * 288 + 9 * 12 + 5;
    for (int i = 0; i < windows; i++) {
        s.alarms = i < 4 * 288 ? 0 : s.alarms;
        next(&s, draw_poisson(&s.rng, mean_at(i)));
    }
    assert_int_equal(s.alarms, 0);
    assert_true(judge(&s, 100).surprise < 1.5);
    assert_true(judge(&s, 100).expected > 50);
    for (int i = windows; i < windows + 36; i++)
        next(&s, draw_poisson(&s.rng, mean_at(i)));
    assert_true(judge(&s, 100).surprise >= 3);
}

static void without_time_all_but_the_season_works(void **state)
{
    (void)state;
    Stream s = stream_new(8);
    for (int i = 0; i < 200; i++)
        series_learn(&s.watch, ODD_TIME_NONE, draw_poisson(&s.rng, 10));
    Judgement j;
    series_score(&s.watch, ODD_TIME_NONE, 60, &j);
    assert_true(j.surprise >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_and_a_gap_are_odd_and_say_so),
        cmocka_unit_test(a_few_windows_are_enough_for_a_wide_forecast),
        cmocka_unit_test(one_outlier_does_not_blind),
        cmocka_unit_test(a_new_level_rings_once_and_is_learnt),
        cmocka_unit_test(scattering_counts_need_more_to_be_odd),
        cmocka_unit_test(a_daily_peak_is_expected_after_some_days),
        cmocka_unit_test(without_time_all_but_the_season_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
