/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/rng.h"
#include "detect/category.h"

static void learn_times(Category *c, uint64_t symbol, int times)
{
    for (int i = 0; i < times; i++)
        category_learn(c, symbol);
}

static Judgement judge(const Category *c, uint64_t symbol)
{
    Judgement j;
    category_score(c, symbol, &j);
    return j;
}

static void a_new_symbol_in_a_constant_place_is_as_odd_as_the_past_is_long(void **state)
{
    (void)state;
    Category c = {.count = 0};
    learn_times(&c, 5, 100);
    Judgement after_100 = judge(&c, 6);
    learn_times(&c, 5, 9900);
    Judgement after_10000 = judge(&c, 6);
    assert_true(after_100.surprise > 1.6 && after_100.surprise < 2);
    assert_true(after_10000.surprise > 3.6 && after_10000.surprise < 4);
    assert_string_equal(after_10000.reason, "new");
    assert_true(after_10000.alarm >= 3);
}

static void a_symbol_seen_once_long_ago_is_rare(void **state)
{
    (void)state;
    Category c = {.count = 0};
    learn_times(&c, 1, 1000);
    learn_times(&c, 2, 1);
    learn_times(&c, 1, 9000);
    Judgement j = judge(&c, 2);
    assert_true(j.surprise >= 3);
    assert_string_equal(j.reason, "rare");
    assert_int_equal(category_count(&c, 2), 1);
    assert_true(judge(&c, 1).surprise == 0);
}

static void a_place_that_keeps_bringing_new_symbols_is_not_surprised(void **state)
{
    (void)state;
    Category c = {.count = 0};
    for (uint64_t i = 0; i < 20; i++) {
        learn_times(&c, 1, 50);
        category_learn(&c, 100 + i);
    }
    assert_true(judge(&c, 999).surprise < 2);
}

static void a_place_of_which_every_symbol_is_another_is_free(void **state)
{
    (void)state;
    Category c = {.count = 0};
    int i = 0;
    while (!category_is_free(&c) && i < 1000)
        category_learn(&c, (uint64_t)i++);
    assert_true(i <= 100);
    assert_true(judge(&c, 5000).surprise == 0);
    Category before = c;
    category_learn(&c, 1);
    assert_memory_equal(&c, &before, sizeof c);
}

static void the_rush_of_the_start_is_forgotten(void **state)
{
    (void)state;
    Category c = {.count = 0};
    for (uint64_t i = 0; i < 400; i++)
        category_learn(&c, i % 20);
    for (uint64_t i = 0; i < 20000; i++)
        category_learn(&c, i % 20);
    assert_true(judge(&c, 77).surprise >= 3);
}

static void frequent_symbols_stay_while_rare_ones_pass_through(void **state)
{
    (void)state;
    Category c = {.count = 0};
    for (uint64_t i = 0; i < 3000; i++) {
        category_learn(&c, i % 10);
        if (i % 50 == 0)
            category_learn(&c, 1000 + i);
    }
    assert_false(category_is_free(&c));
    for (uint64_t symbol = 0; symbol < 10; symbol++)
        assert_int_equal(category_count(&c, symbol), 300);
    assert_int_equal(c.used, CATEGORY_SLOT_COUNT);
    uint64_t sum = c.lost;
    for (int i = 0; i < c.used; i++)
        sum += c.counts[i];
    assert_int_equal(sum, c.count);
}

static void a_long_episode_of_a_new_symbol_rings_once(void **state)
{
    (void)state;
    Category c = {.count = 0};
    learn_times(&c, 1, 20000);
    int alarms = 0;
    for (int i = 0; i < 200; i++) {
        alarms += judge(&c, 2).alarm >= 3;
        category_learn(&c, 2);
    }
    assert_int_equal(alarms, 1);
}

static void four_million_lines_halve_the_past_and_nothing_breaks(void **state)
{
    (void)state;
    Category c = {.count = 0};
    learn_times(&c, 1, 5000000);
    assert_in_range(c.count, 1 << 21, 1 << 22);
    assert_true(judge(&c, 2).surprise > 6);
    learn_times(&c, 2, 5);
    learn_times(&c, 1, 2000);
    assert_true(judge(&c, 2).surprise > 5);
}

static void merging_two_halves_adds_all_counts(void **state)
{
    (void)state;
    Rng rng = rng_seeded(31);
    Category whole = {.count = 0}, first = whole, second = whole;
    for (int i = 0; i < 4000; i++) {
        uint64_t symbol = rng_below(&rng, 1 + rng_below(&rng, 20));
        category_learn(&whole, symbol);
        category_learn(i % 2 ? &first : &second, symbol);
    }
    category_merge(&first, &second);
    assert_int_equal(first.count, whole.count);
    for (uint64_t symbol = 0; symbol < 20; symbol++)
        assert_int_equal(category_count(&first, symbol), category_count(&whole, symbol));
    double difference = judge(&first, 999).surprise - judge(&whole, 999).surprise;
    assert_true(difference > -0.4 && difference < 0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_symbol_in_a_constant_place_is_as_odd_as_the_past_is_long),
        cmocka_unit_test(a_symbol_seen_once_long_ago_is_rare),
        cmocka_unit_test(a_place_that_keeps_bringing_new_symbols_is_not_surprised),
        cmocka_unit_test(a_place_of_which_every_symbol_is_another_is_free),
        cmocka_unit_test(the_rush_of_the_start_is_forgotten),
        cmocka_unit_test(frequent_symbols_stay_while_rare_ones_pass_through),
        cmocka_unit_test(a_long_episode_of_a_new_symbol_rings_once),
        cmocka_unit_test(four_million_lines_halve_the_past_and_nothing_breaks),
        cmocka_unit_test(merging_two_halves_adds_all_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
