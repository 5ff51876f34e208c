/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../stats/draw.h"
#include "base/time.h"
#include "detect/interval.h"

static Judgement judge(const Interval *interval, odd_time time)
{
    Judgement j;
    interval_score(interval, time, &j);
    return j;
}

static Interval heartbeat(int beats, double jitter_s)
{
    Interval interval = {.timed = 0};
    Rng rng = rng_seeded(1);
    for (int i = 0; i < beats; i++)
        interval_learn(&interval, i * 60 * NS_PER_S + (odd_time)(draw_normal(&rng) * jitter_s * 1e9));
    return interval;
}

static void a_heartbeat_that_stops_is_odd_soon(void **state)
{
    (void)state;
    Interval interval = heartbeat(500, 1);
    odd_time last = interval.last_time;
    assert_true(judge(&interval, last + 60 * NS_PER_S).surprise < 1);
    Judgement late = judge(&interval, last + 180 * NS_PER_S);
    assert_true(late.surprise >= 3);
    assert_string_equal(late.reason, "late");
    assert_true(late.expected > 59 && late.expected < 61);
    assert_true(late.upper > 60 && late.upper < 120);
}

static void random_events_need_a_long_pause(void **state)
{
    (void)state;
    Interval interval = {.timed = 0};
    Rng rng = rng_seeded(2);
    odd_time time = 0;
    for (int i = 0; i < 1000; i++) {
        time += (odd_time)(draw_exponential(&rng) * 60e9);
        interval_learn(&interval, time);
    }
    assert_true(judge(&interval, time + 180 * NS_PER_S).surprise < 2);
    assert_true(judge(&interval, time + 1200 * NS_PER_S).surprise >= 3);
}

static void a_tick_is_scored_and_not_learnt(void **state)
{
    (void)state;
    Interval interval = heartbeat(100, 1), before = interval;
    detector_interval.learn(&interval, &(Observation){.time = 100000 * NS_PER_S, .value = 0});
    assert_memory_equal(&interval, &before, sizeof before);
}

static void little_past_is_not_judged(void **state)
{
    (void)state;
    Interval interval = heartbeat(10, 1);
    assert_true(judge(&interval, 1000000 * NS_PER_S).surprise == 0);
}

static void merging_adds_gaps_and_keeps_the_later_event(void **state)
{
    (void)state;
    Interval a = heartbeat(50, 1), b = heartbeat(200, 1);
    odd_time last = b.last_time;
    interval_merge(&a, &b);
    assert_int_equal(a.tail.count, 49 + 199);
    assert_true(a.last_time == last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_heartbeat_that_stops_is_odd_soon),
        cmocka_unit_test(random_events_need_a_long_pause),
        cmocka_unit_test(a_tick_is_scored_and_not_learnt),
        cmocka_unit_test(little_past_is_not_judged),
        cmocka_unit_test(merging_adds_gaps_and_keeps_the_later_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
