/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "draw.h"
#include "stats/two_runs.h"

static void the_surprise_agrees_with_a_sum_of_the_negative_binomial(void **state)
{
    (void)state;
    /* python3: r = min(first + .5, 4); m = (first + .5) * second_lines / first_lines; -math.log10
     * of the fsum of exp(lgamma(x + r) - lgamma(r) - lgamma(x + 1) + r * log(r / (r + m)) +
     * x * log(m / (r + m))) over x >= second, or x <= second if that is at most m */
    const struct {
        uint64_t first, first_lines, second, second_lines;
        double   surprise;
    } rows[] = {
        {100, 1000, 100, 1000, 0.24676529709235928}, {100, 1000, 1000, 1000, 12.943856020149559},
        {100, 1000, 0, 1000, 5.668225196476442},     {1, 1000, 50, 1000, 14.292641458075678},
        {5000, 10000, 900, 10000, 2.1945130303012608}, {7, 500, 40, 1000, 1.922136756283721},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double surprise = two_runs_surprise(rows[i].first, rows[i].first_lines, rows[i].second,
                                            rows[i].second_lines);
        assert_true(fabs(surprise - rows[i].surprise) < 1e-7);
    }
}

static void the_same_run_again_is_never_odd(void **state)
{
    (void)state;
    for (uint64_t count = 0; count <= 100000; count = 2 * count + 1)
        assert_true(two_runs_surprise(count, 100000, count, 100000) < 1);
}

static void a_run_of_another_length_is_compared_by_its_share(void **state)
{
    (void)state;
    assert_true(two_runs_surprise(100, 1000, 1000, 10000) < 1);
    assert_true(two_runs_surprise(100, 1000, 100, 10000) > 2);
}

static void a_million_counts_are_believed_no_more_than_four(void **state)
{
    (void)state;
    assert_true(two_runs_surprise(1000000, 2000000, 500000, 2000000) < 3);
    assert_true(two_runs_surprise(1000000, 2000000, 0, 2000000) > 3);
}

static void what_came_once_may_be_missing(void **state)
{
    (void)state;
    assert_true(two_runs_surprise(1, 1000, 0, 1000) < 1);
}

static void runs_whose_rates_differ_as_allowed_stay_calibrated(void **state)
{
    (void)state;
    Rng rng = rng_seeded(7);
    int at_2 = 0, tries = 20000;
    for (int i = 0; i < tries; i++) {
        uint32_t second = draw_negbin(&rng, 200, TWO_RUNS_CERTAINTY);
        at_2 += two_runs_surprise(200, 10000, second, 10000) >= 2;
    }
    assert_in_range(at_2, 250, 550); /* Two tails of 1 %. */
}

static void the_expected_count_keeps_the_share_of_the_first_run(void **state)
{
    (void)state;
    assert_true(two_runs_expected(30, 1000, 2000) == 60);
    assert_true(two_runs_expected(0, 1000, 2000) == 0);
}

static void another_value_is_odd_where_one_stood_ten_times(void **state)
{
    (void)state;
    assert_true(fabs(two_runs_new_value(10, 1) - 3) < 1e-12);
    assert_true(two_runs_new_value(9, 1) < 3);
    assert_true(two_runs_new_value(29, 3) < 3);
    assert_true(two_runs_new_value(1000, 1) > two_runs_new_value(1000, 2));
    assert_true(two_runs_new_value(0, 0) == 0);
    assert_true(two_runs_new_value(12, 12) >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_surprise_agrees_with_a_sum_of_the_negative_binomial),
        cmocka_unit_test(the_same_run_again_is_never_odd),
        cmocka_unit_test(a_run_of_another_length_is_compared_by_its_share),
        cmocka_unit_test(a_million_counts_are_believed_no_more_than_four),
        cmocka_unit_test(what_came_once_may_be_missing),
        cmocka_unit_test(runs_whose_rates_differ_as_allowed_stay_calibrated),
        cmocka_unit_test(the_expected_count_keeps_the_share_of_the_first_run),
        cmocka_unit_test(another_value_is_odd_where_one_stood_ten_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
