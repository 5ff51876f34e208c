/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "../stats/draw.h"
#include "base/time.h"
#include "detect/series.h"

#define STEP (300 * NS_PER_S)
#define DAY 288 /* Samples. */
#define START (1700000000 * NS_PER_S)

typedef struct {
    SeriesWatch watch;
    Rng         rng;
    int         at;
} Feed;

static Feed feed_of(uint64_t seed)
{
    return (Feed){.rng = rng_seeded(seed)};
}

static Judgement put(Feed *feed, double value)
{
    Judgement judgement;
    series_put(&feed->watch, START + feed->at++ * STEP, value, &judgement);
    return judgement;
}

static void put_normal(Feed *feed, int count, double mean, double deviation)
{
    for (int i = 0; i < count; i++)
        put(feed, mean + deviation * draw_normal(&feed->rng));
}

/* Busy from 8 to 20, by a clock that is `hours` ahead. */
static double daily(Feed *feed, int hours)
{
    int hour = (feed->at / 12 + hours + 24) % 24;
    return (hour >= 8 && hour < 20 ? 80 : 20) + 2 * draw_normal(&feed->rng);
}

static void a_spike_is_told_with_what_was_expected(void **state)
{
    (void)state;
    Feed feed = feed_of(1);
    put_normal(&feed, 1000, 50, 2);
    Judgement odd = put(&feed, 90);
    assert_true(odd.surprise >= 3 && odd.alarm == odd.surprise);
    assert_string_equal(odd.reason, "high");
    assert_true(fabs(odd.expected - 50) < 3);
    assert_true(odd.lower > 35 && odd.upper < 65 && odd.lower < odd.upper);
    Feed other = feed_of(1);
    put_normal(&other, 1000, 50, 2);
    assert_string_equal(put(&other, 10).reason, "low");
}

static void a_wide_judgement_is_there_after_thirty_samples(void **state)
{
    (void)state;
    Feed feed = feed_of(2);
    put_normal(&feed, 30, 50, 2);
    Judgement next = put(&feed, 51);
    assert_true(!isnan(next.expected) && next.lower < 51 && next.upper > 51);
    assert_true(put(&feed, 500).surprise > 1);
}

static void one_episode_gives_one_alarm_and_its_level_becomes_the_new_one(void **state)
{
    (void)state;
    Feed feed = feed_of(3);
    put_normal(&feed, 2000, 50, 2);
    int alarms = 0, odd = 0;
    for (int i = 0; i < 400; i++) {
        Judgement judgement = put(&feed, 80 + 2 * draw_normal(&feed.rng));
        alarms += judgement.alarm >= 3;
        if (i >= 60)
            odd += judgement.surprise >= 3;
        if (i == 60)
            assert_true(fabs(judgement.expected - 80) < 8);
    }
    assert_in_range(alarms, 1, 4);
    assert_in_range(odd, 0, 40);
}

static void a_leap_from_the_last_value_is_odd_where_values_drift(void **state)
{
    (void)state;
    Feed feed = feed_of(14);
    double value = 100;
    for (int i = 0; i < 3000; i++) {
        value *= 1 + 0.02 * draw_normal(&feed.rng);
        value += (100 - value) / 100;
        put(&feed, value);
    }
    assert_true(put(&feed, value * 1.5).alarm > 3);
}

static void an_odd_sample_teaches_little(void **state)
{
    (void)state;
    Feed feed = feed_of(4);
    put_normal(&feed, 1000, 50, 2);
    double before = put(&feed, 50).expected;
    put(&feed, 1e9);
    put_normal(&feed, 10, 50, 2);
    assert_true(fabs(put(&feed, 50).expected - before) < 8);
}

static void the_usual_rush_of_the_morning_is_no_surprise_but_one_at_night_is(void **state)
{
    (void)state;
    Feed feed = feed_of(5);
    int odd = 0;
    for (int i = 0; i < 14 * DAY; i++) {
        double surprise = put(&feed, daily(&feed, 0)).surprise;
        odd += i >= 7 * DAY && surprise >= 3;
    }
    assert_in_range(odd, 0, 14);
    for (int i = 0; i < 24; i++) /* Two hours of the night. */
        put(&feed, daily(&feed, 0));
    double most = 0;
    for (int i = 0; i < 12; i++)
        most = fmax(most, put(&feed, 80 + 2 * draw_normal(&feed.rng)).surprise);
    assert_true(most >= 3);
}

static void after_a_change_of_the_clock_the_next_day_is_as_usual(void **state)
{
    (void)state;
    Feed feed = feed_of(6);
    for (int i = 0; i < 21 * DAY; i++)
        put(&feed, daily(&feed, 0));
    double error = 0;
    for (int i = 0; i < 3 * DAY; i++) {
        double value = daily(&feed, 1), expected = put(&feed, value).expected;
        error += i >= 2 * DAY ? fabs(value - expected) / DAY : 0;
    }
    assert_true(error < 6);
}

static void a_sample_that_comes_late_is_told_as_a_gap(void **state)
{
    (void)state;
    Feed feed = feed_of(7);
    put_normal(&feed, 2000, 50, 2);
    feed.at += 200;
    Judgement late = put(&feed, 50);
    assert_true(late.surprise >= 2.4);
    assert_string_equal(late.reason, "gap");
}

static void a_value_that_stands_still_is_told(void **state)
{
    (void)state;
    Feed feed = feed_of(8);
    put_normal(&feed, 3000, 50, 2);
    double most = 0;
    for (int i = 0; i < 100; i++)
        most = fmax(most, put(&feed, 50).surprise);
    assert_true(most >= 2.5);
}

static void of_a_counter_the_rate_is_judged_in_the_counters_own_unit(void **state)
{
    (void)state;
    Feed feed = feed_of(9);
    double sum = 0;
    for (int i = 0; i < 1500; i++)
        put(&feed, sum += draw_poisson(&feed.rng, 600));
    Judgement usual = put(&feed, sum += 600);
    assert_true(usual.surprise < 2 && fabs(usual.expected - sum) < 100);
    assert_true(put(&feed, sum += 6000).surprise >= 3);
    assert_true(put(&feed, sum = 4).surprise == 0);
    assert_true(put(&feed, sum += 600).surprise < 2.5);
}

static void a_change_of_a_constant_is_as_odd_as_its_past_is_long(void **state)
{
    (void)state;
    Feed young = feed_of(10), old = feed_of(10);
    put_normal(&young, 60, 5, 0);
    put_normal(&old, 5000, 5, 0);
    double early = put(&young, 6).surprise, late = put(&old, 6).surprise;
    assert_true(early > 1 && early < 2.2);
    assert_true(late > 3);
}

static void missing_values_and_times_that_go_back_harm_nothing(void **state)
{
    (void)state;
    Feed feed = feed_of(11);
    put_normal(&feed, 500, 50, 2);
    SeriesWatch before = feed.watch;
    Judgement judgement;
    series_put(&feed.watch, START, NAN, &judgement);
    series_put(&feed.watch, START, -INFINITY, &judgement);
    assert_memory_equal(&before, &feed.watch, sizeof before);
    feed.at -= 300;
    put_normal(&feed, 300, 50, 2);
    assert_true(put(&feed, 51).surprise < 2);
}

static void a_series_without_times_is_watched_too(void **state)
{
    (void)state;
    SeriesWatch watch = {0};
    Rng rng = rng_seeded(12);
    Judgement judgement;
    for (int i = 0; i < 1000; i++)
        series_put(&watch, ODD_TIME_NONE, draw_normal(&rng), &judgement);
    series_put(&watch, ODD_TIME_NONE, 12, &judgement);
    assert_true(judgement.surprise >= 3);
}

static void another_interval_is_got_used_to(void **state)
{
    (void)state;
    SeriesWatch watch = {0};
    Rng rng = rng_seeded(13);
    Judgement judgement;
    odd_time time = START;
    int late = 0;
    for (int i = 0; i < 3000; i++) {
        time += (i < 1500 ? 10 : 60) * NS_PER_S;
        series_put(&watch, time, draw_normal(&rng), &judgement);
        late += i > 1700 && judgement.surprise >= 3;
    }
    assert_in_range(late, 0, 4);
    assert_true(fabs(watch.step_s - 60.0) < 5);
}

static void scoring_looks_and_learning_follows(void **state)
{
    (void)state;
    Feed feed = feed_of(14);
    put_normal(&feed, 800, 50, 2);
    SeriesWatch other = feed.watch;
    Judgement scored, judged;
    odd_time time = START + feed.at * STEP;
    series_score(&feed.watch, time, 57, &scored);
    assert_memory_equal(&feed.watch, &other, sizeof other);
    series_put(&feed.watch, time, 57, &judged);
    series_learn(&other, time, 57);
    assert_true(scored.surprise == judged.surprise && scored.alarm == judged.alarm);
    assert_memory_equal(&feed.watch, &other, sizeof other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spike_is_told_with_what_was_expected),
        cmocka_unit_test(a_wide_judgement_is_there_after_thirty_samples),
        cmocka_unit_test(one_episode_gives_one_alarm_and_its_level_becomes_the_new_one),
        cmocka_unit_test(a_leap_from_the_last_value_is_odd_where_values_drift),
        cmocka_unit_test(an_odd_sample_teaches_little),
        cmocka_unit_test(the_usual_rush_of_the_morning_is_no_surprise_but_one_at_night_is),
        cmocka_unit_test(after_a_change_of_the_clock_the_next_day_is_as_usual),
        cmocka_unit_test(a_sample_that_comes_late_is_told_as_a_gap),
        cmocka_unit_test(a_value_that_stands_still_is_told),
        cmocka_unit_test(of_a_counter_the_rate_is_judged_in_the_counters_own_unit),
        cmocka_unit_test(a_change_of_a_constant_is_as_odd_as_its_past_is_long),
        cmocka_unit_test(missing_values_and_times_that_go_back_harm_nothing),
        cmocka_unit_test(a_series_without_times_is_watched_too),
        cmocka_unit_test(another_interval_is_got_used_to),
        cmocka_unit_test(scoring_looks_and_learning_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
