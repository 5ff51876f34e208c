/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "base/time.h"
#include "detect/pause.h"

#define MINUTE (60 * NS_PER_S)

static Pause heartbeat(int beats)
{
    Pause pause = {.silent = 0};
    for (int i = 0; i < beats; i++)
        pause_event(&pause, i * MINUTE + (i % 3) * NS_PER_S);
    return pause;
}

/* The minute behind the last beat in which it is missed, looked at every ten seconds; 0: never. */
static int missed_at_pace(Pause *pause, int minutes, double pace)
{
    odd_time last = pause->interval.last_time;
    Judgement judgement;
    for (int i = 1; i <= minutes * 6; i++)
        if (pause_judge(pause, last + i * 10 * NS_PER_S, pace, 3, &judgement))
            return (i + 5) / 6;
    return 0;
}

static int missed_after(Pause *pause, int minutes)
{
    return missed_at_pace(pause, minutes, 0);
}

static void a_heartbeat_that_stops_is_missed_once(void **state)
{
    (void)state;
    Pause pause = heartbeat(300);
    assert_in_range(missed_after(&pause, 30), 3, 5);
    assert_int_equal(missed_after(&pause, 30), 0);
    pause_event(&pause, pause.interval.last_time + 30 * MINUTE);
    assert_true(missed_after(&pause, 200) > 0);
}

static void what_comes_more_slowly_at_this_hour_is_missed_as_much_later(void **state)
{
    (void)state;
    Pause steady = heartbeat(300), slow = steady, fast = steady;
    assert_in_range(missed_at_pace(&steady, 30, 1 / 60.0), 3, 5);
    assert_in_range(missed_at_pace(&slow, 30, 0.25 / 60), 6, 20);
    assert_in_range(missed_at_pace(&fast, 30, 4 / 60.0), 3, 5);
}

static void what_came_for_a_short_time_is_not_missed(void **state)
{
    (void)state;
    Pause pause = heartbeat(9), phase = heartbeat(18);
    assert_int_equal(missed_after(&pause, 60), 0);
    assert_int_equal(missed_after(&phase, 60), 0);
}

static void of_a_time_without_a_witness_nothing_is_known(void **state)
{
    (void)state;
    Pause pause = heartbeat(300), before = pause;
    odd_time later = pause.interval.last_time + 30 * MINUTE;
    Judgement judgement;
    pause_begin_anew(&pause, later);
    assert_false(pause_judge(&pause, later + MINUTE, 0, 3, &judgement));
    pause_event(&pause, later + MINUTE);
    assert_int_equal(pause.interval.tail.count, before.interval.tail.count + 1);
    assert_true(pause.interval.gap_sum_s - before.interval.gap_sum_s < 61);
}

static void an_earlier_time_makes_no_gap(void **state)
{
    (void)state;
    Pause pause = heartbeat(300), before = pause;
    pause_event(&pause, pause.interval.last_time - 10 * MINUTE);
    assert_memory_equal(&pause, &before, sizeof pause);
}

static void of_two_pasts_the_earlier_beginning_counts(void **state)
{
    (void)state;
    Pause a = heartbeat(300), b = {.silent = 0};
    pause_event(&b, -MINUTE);
    pause_merge(&a, &b);
    assert_true(a.first_time == -MINUTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_heartbeat_that_stops_is_missed_once),
        cmocka_unit_test(what_comes_more_slowly_at_this_hour_is_missed_as_much_later),
        cmocka_unit_test(what_came_for_a_short_time_is_not_missed),
        cmocka_unit_test(of_a_time_without_a_witness_nothing_is_known),
        cmocka_unit_test(an_earlier_time_makes_no_gap),
        cmocka_unit_test(of_two_pasts_the_earlier_beginning_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
