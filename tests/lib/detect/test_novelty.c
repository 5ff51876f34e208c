/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/real.h"
#include "detect/novelty.h"

static Judgement judge(const Novelty *n, double seen_before)
{
    Judgement j;
    novelty_score(n, seen_before, &j);
    return j;
}

/* `patterns` patterns take turns for `lines` lines. */
static void learn_regular(Novelty *n, int patterns, int lines)
{
    for (int i = 0; i < lines; i++)
        novelty_learn(n, i / patterns);
}

static void a_new_pattern_after_a_quiet_past_is_odd(void **state)
{
    (void)state;
    Novelty n = {.count = 0};
    learn_regular(&n, 20, 5000);
    Judgement j = judge(&n, 0);
    assert_true(j.surprise >= 3);
    assert_true(j.surprise <= real_log10((5000 + 2) / 2.0) + 1e-12);
    assert_string_equal(j.reason, "new");
}

static void a_pattern_seen_once_before_is_rare(void **state)
{
    (void)state;
    Novelty n = {.count = 0};
    learn_regular(&n, 20, 50000);
    Judgement j = judge(&n, 1);
    assert_true(j.surprise >= 3);
    assert_string_equal(j.reason, "rare");
    assert_true(j.surprise <= judge(&n, 0).surprise);
    assert_true(judge(&n, 2500).surprise < 0.5);
}

static void where_every_twentieth_line_is_new_a_new_one_is_no_news(void **state)
{
    (void)state;
    Novelty n = {.count = 0};
    for (int i = 0; i < 5000; i++)
        novelty_learn(&n, i % 20 == 0 ? 0 : i / 20);
    assert_true(judge(&n, 0).surprise < 1.5);
}

static void five_hundred_patterns_of_a_start_fade(void **state)
{
    (void)state;
    Novelty n = {.count = 0};
    for (int i = 0; i < 2000; i++)
        novelty_learn(&n, i % 4 == 0 ? 0 : i / 4);
    assert_true(judge(&n, 0).surprise < 1);
    learn_regular(&n, 500, 100000);
    assert_true(judge(&n, 0).surprise >= 3);
}

static void a_burst_of_new_patterns_rings_once(void **state)
{
    (void)state;
    Novelty n = {.count = 0};
    learn_regular(&n, 10, 20000);
    int alarms = 0;
    for (int i = 0; i < 50; i++) {
        alarms += judge(&n, 0).alarm >= 3;
        novelty_learn(&n, 0);
    }
    assert_int_equal(alarms, 1);
    assert_true(judge(&n, 0).surprise < 2);
}

static void merging_two_sources_adds_their_lines(void **state)
{
    (void)state;
    Novelty a = {.count = 0}, b = a;
    learn_regular(&a, 10, 6000);
    learn_regular(&b, 30, 3000);
    double odder = judge(&a, 0).surprise;
    novelty_merge(&a, &b);
    assert_true(a.count == 9000);
    double surprise = judge(&a, 0).surprise;
    assert_true(surprise > odder - 0.3 && surprise < odder + 0.3);
}

static void what_is_no_count_is_passed_over(void **state)
{
    (void)state;
    Novelty n = {.count = 0};
    novelty_learn(&n, NAN);
    novelty_learn(&n, -1);
    novelty_learn(&n, INFINITY);
    assert_true(n.count == 0);
    assert_true(judge(&n, NAN).surprise == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_pattern_after_a_quiet_past_is_odd),
        cmocka_unit_test(a_pattern_seen_once_before_is_rare),
        cmocka_unit_test(where_every_twentieth_line_is_new_a_new_one_is_no_news),
        cmocka_unit_test(five_hundred_patterns_of_a_start_fade),
        cmocka_unit_test(a_burst_of_new_patterns_rings_once),
        cmocka_unit_test(merging_two_sources_adds_their_lines),
        cmocka_unit_test(what_is_no_count_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
