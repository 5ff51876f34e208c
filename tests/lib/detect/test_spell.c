/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/spell.h"

/* Feeds samples of these surprises, each of them an alarm too where it is 9; counts what ended. */
static int feed(Spell *spell, uint64_t first_row, const int *surprises, int count, Spell *ret)
{
    int ended = 0;
    for (int i = 0; i < count; i++) {
        Spot spot = {.sequence = first_row + (uint64_t)i, .row = first_row + (uint64_t)i};
        Judgement judgement = {.surprise = surprises[i],
                               .alarm = surprises[i] == 9 ? 9 : 0,
                               .expected = 1,
                               .reason = "high"};
        ended += spell_feed(spell, spot, spot.row, (double)surprises[i], &judgement, ret);
    }
    return ended;
}

static void odd_samples_close_together_are_one_spell(void **state)
{
    (void)state;
    Spell spell = {0}, ended;
    const int surprises[] = {0, 2, 9, 2, 0, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    assert_int_equal(feed(&spell, 1, surprises, 18, &ended), 1);
    assert_int_equal(ended.first.row, 3);
    assert_int_equal(ended.last.row, 9);
    assert_int_equal(ended.samples, 7);
    assert_true(ended.surprise == 9 && ended.seen == 9 && ended.expected == 1);
    assert_false(spell.is_open);
}

static void a_spell_without_an_alarm_is_none(void **state)
{
    (void)state;
    Spell spell = {0}, ended;
    const int surprises[] = {3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    assert_int_equal(feed(&spell, 1, surprises, 12, &ended), 0);
    assert_false(spell.is_open);
}

static void after_enough_quiet_there_is_another_one(void **state)
{
    (void)state;
    Spell spell = {0}, ended;
    const int surprises[] = {9, 0, 0, 0, 0, 0, 0, 0, 0, 9};
    assert_int_equal(feed(&spell, 1, surprises, 10, &ended), 1);
    assert_int_equal(ended.last.row, 1);
    assert_true(spell.is_open);
    assert_int_equal(spell.first.row, 10);
}

static void the_echo_of_odd_values_in_the_shape_prolongs_nothing(void **state)
{
    (void)state;
    Spell spell = {0}, ended;
    bool is_over = false;
    for (uint64_t row = 1; row <= 12 && !is_over; row++) {
        Spot spot = {.row = row, .time = (odd_time)row};
        Judgement judgement = {.surprise = 9, .alarm = row == 1 ? 9 : 0,
                               .reason = row <= 3 ? "high" : "shape"};
        is_over = spell_feed(&spell, spot, row, 7, &judgement, &ended);
    }
    assert_true(is_over);
    assert_int_equal(ended.last.row, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_samples_close_together_are_one_spell),
        cmocka_unit_test(a_spell_without_an_alarm_is_none),
        cmocka_unit_test(after_enough_quiet_there_is_another_one),
        cmocka_unit_test(the_echo_of_odd_values_in_the_shape_prolongs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
