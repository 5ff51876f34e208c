/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "draw.h"
#include "stats/two_extremes.h"
#include "stats/two_series.h"

#define RUN_MAX 5000
#define RUNS 100

typedef enum { WHITE, CORRELATED, DAILY, SKEWED, SPIKES, COUNTS, CLEAN_COUNT } Clean;

static double first[RUN_MAX], second[RUN_MAX], scratch[4 * RUN_MAX];

static void make(Clean clean, Rng *rng, double *values, int n)
{
    double memory = draw_normal(rng);
    for (int i = 0; i < n; i++) {
        double noise = draw_normal(rng);
        memory = 0.9 * memory + sqrt(0.19) * noise;
        values[i] = 10 + noise;
        if (clean == CORRELATED)
            values[i] = 10 + memory;
        else if (clean == DAILY) /* A triangle of 96 samples. */
            values[i] = 10 + noise + fabs((double)(i % 96) - 48) / 10;
        else if (clean == SKEWED)
            values[i] = real_exp(noise);
        else if (clean == SPIKES)
            values[i] = rng_real(rng) < 0.02 ? 20 + 20 * rng_real(rng) : 10 + noise / 10;
        else if (clean == COUNTS)
            values[i] = draw_poisson(rng, 2);
    }
}

static Change compared(Aspect aspect, int n, int m)
{
    return two_series(aspect, (Run){.values = first, .count = (size_t)n},
                      (Run){.values = second, .count = (size_t)m}, scratch);
}

static Change extreme(bool largest, int n, int m)
{
    return two_extremes(largest, (Run){.values = first, .count = (size_t)n},
                        (Run){.values = second, .count = (size_t)m}, scratch);
}

static void clean_runs_hardly_ever_differ(void **state)
{
    (void)state;
    const int sizes[][2] = {{3000, 5}, {2000, 96}, {1000, 1000}, {1500, 300}};
    int looks = 0, odd = 0;
    for (int clean = 0; clean < CLEAN_COUNT; clean++)
        for (int size = 0; size < 4; size++) {
            Rng rng = rng_seeded((uint64_t)clean * 4 + (uint64_t)size);
            int n = sizes[size][0], m = sizes[size][1];
            for (int run = 0; run < RUNS; run++) {
                make((Clean)clean, &rng, first, n);
                make((Clean)clean, &rng, second, m);
                for (int aspect = 0; aspect < ASPECT_COUNT; aspect++)
                    odd += compared((Aspect)aspect, n, m).surprise >= 3;
                odd += extreme(true, n, m).surprise >= 3;
                odd += extreme(false, n, m).surprise >= 3;
                looks += ASPECT_COUNT + 2;
            }
        }
    print_message("%d of %d looks at clean runs have a surprise of 3\n", odd, looks);
    assert_true(odd * 1000 <= looks);
}

static void a_shift_of_the_level_is_seen(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    make(CORRELATED, &rng, first, 2000);
    make(CORRELATED, &rng, second, 1000);
    for (int i = 0; i < 1000; i++)
        second[i] += 4;
    Change change = compared(ASPECT_LEVEL, 2000, 1000);
    assert_true(change.surprise > 3);
    assert_true(change.seen > 13 && change.seen < 15);
    assert_true(change.expected > 9 && change.expected < 11);
    assert_true(change.effect > 3 && change.effect < 5);
    assert_true(change.lower > 6 && change.upper < 14);
}

static void five_rows_are_enough_for_a_large_shift(void **state)
{
    (void)state;
    Rng rng = rng_seeded(2);
    make(WHITE, &rng, first, 500);
    make(WHITE, &rng, second, 5);
    for (int i = 0; i < 5; i++)
        second[i] += 10;
    assert_true(compared(ASPECT_LEVEL, 500, 5).surprise > 5);
    make(WHITE, &rng, second, 5);
    second[3] += 15;
    assert_true(compared(ASPECT_LEVEL, 500, 5).surprise < 2);
    Change change = extreme(true, 500, 5);
    assert_true(change.surprise > 3 && change.seen > 20);
    assert_int_equal(change.first, 3);
    assert_true(extreme(false, 500, 5).surprise < 2);
}

static void one_value_beyond_all_of_a_run_as_long_says_little_and_several_say_more(void **state)
{
    (void)state;
    Rng rng = rng_seeded(5);
    make(WHITE, &rng, first, 500);
    make(WHITE, &rng, second, 500);
    second[100] = 100;
    double one = extreme(true, 500, 500).surprise;
    second[300] = 120;
    second[400] = 110;
    double three = extreme(true, 500, 500).surprise;
    assert_true(one < 1 && three > one);
}

static void spread_and_shape_are_seen_apart_from_the_level(void **state)
{
    (void)state;
    Rng rng = rng_seeded(3);
    make(WHITE, &rng, first, 1000);
    make(WHITE, &rng, second, 1000);
    for (int i = 0; i < 1000; i++)
        second[i] = 10 + 8 * (second[i] - 10);
    Change change = compared(ASPECT_SPREAD, 1000, 1000);
    assert_true(change.surprise > 3);
    assert_true(change.effect > 6 && change.effect < 10);
    assert_true(compared(ASPECT_LEVEL, 1000, 1000).surprise < 2);
    assert_true(compared(ASPECT_SHAPE, 1000, 1000).surprise < 2);
    for (int i = 1; i < 1000; i++) /* Now it wanders where it jumped. */
        second[i] = 10 + 0.98 * (second[i - 1] - 10) + (second[i] - 10) / 40;
    change = compared(ASPECT_SHAPE, 1000, 1000);
    assert_true(change.surprise > 3);
    assert_true(change.effect < 0.5);
}

static void a_constant_that_changes_is_seen_and_one_that_does_not_is_not(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        first[i] = 100;
        second[i] = i < 50 ? 100 : 98;
    }
    Run constant = {.values = first, .count = 100};
    Change same = two_series(ASPECT_LEVEL, constant, (Run){.values = second, .count = 50}, scratch);
    assert_true(same.surprise <= 0);
    Change change =
        two_series(ASPECT_LEVEL, constant, (Run){.values = second + 50, .count = 50}, scratch);
    assert_true(change.surprise > 5);
    assert_true(isfinite(change.effect) && change.effect < -3);
}

static void too_little_says_nothing(void **state)
{
    (void)state;
    first[0] = first[1] = 1;
    second[0] = 100;
    for (int aspect = 0; aspect < ASPECT_COUNT; aspect++)
        for (int n = 0; n < 3; n++) {
            Change change = compared((Aspect)aspect, n, 1);
            assert_true(change.surprise <= 0 && isnan(change.seen));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_runs_hardly_ever_differ),
        cmocka_unit_test(a_shift_of_the_level_is_seen),
        cmocka_unit_test(five_rows_are_enough_for_a_large_shift),
        cmocka_unit_test(one_value_beyond_all_of_a_run_as_long_says_little_and_several_say_more),
        cmocka_unit_test(spread_and_shape_are_seen_apart_from_the_level),
        cmocka_unit_test(a_constant_that_changes_is_seen_and_one_that_does_not_is_not),
        cmocka_unit_test(too_little_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
