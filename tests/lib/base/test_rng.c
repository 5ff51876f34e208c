/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"

#define DRAW_COUNT 100000

static void the_same_seed_draws_the_same_numbers(void **state)
{
    (void)state;
    Rng a = rng_seeded(7), b = rng_seeded(7), c = rng_seeded(8);
    int equal = 0;
    for (int i = 0; i < 100; i++) {
        uint64_t draw = rng_next(&a);
        assert_true(draw == rng_next(&b));
        equal += draw == rng_next(&c);
    }
    assert_int_equal(equal, 0);
}

static void the_numbers_of_a_seed_never_change(void **state)
{
    (void)state;
    Rng rng = rng_seeded(2026);
    assert_true(rng_next(&rng) == 2861961612455166807ULL);
    assert_true(rng_next(&rng) == 542910964361831813ULL);
}

static void dice_are_fair(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    int faces[6] = {0};
    for (int i = 0; i < DRAW_COUNT; i++)
        faces[rng_below(&rng, 6)]++;
    double chi2 = 0;
    for (int i = 0; i < 6; i++) {
        double expected = DRAW_COUNT / 6.0, difference = faces[i] - expected;
        chi2 += difference * difference / expected;
    }
    assert_true(chi2 < 20.5); /* scipy.stats.chi2.isf(1e-3, 5) is 20.515 */
}

static void every_bit_is_set_half_of_the_time(void **state)
{
    (void)state;
    Rng rng = rng_seeded(3);
    int set[64] = {0};
    for (int i = 0; i < DRAW_COUNT; i++) {
        uint64_t draw = rng_next(&rng);
        for (int bit = 0; bit < 64; bit++)
            set[bit] += (int)((draw >> bit) & 1);
    }
    for (int bit = 0; bit < 64; bit++) /* Five standard deviations. */
        assert_in_range(set[bit], DRAW_COUNT / 2 - 791, DRAW_COUNT / 2 + 791);
}

static void reals_fill_the_open_unit_interval(void **state)
{
    (void)state;
    Rng rng = rng_seeded(4);
    double sum = 0, least = 1, most = 0;
    for (int i = 0; i < DRAW_COUNT; i++) {
        double x = rng_real(&rng);
        least = x < least ? x : least;
        most = x > most ? x : most;
        sum += x;
    }
    assert_true(least > 0 && least < 1e-3);
    assert_true(most < 1 && most > 1 - 1e-3);
    assert_true(sum / DRAW_COUNT > 0.495 && sum / DRAW_COUNT < 0.505);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_draws_the_same_numbers),
        cmocka_unit_test(the_numbers_of_a_seed_never_change),
        cmocka_unit_test(dice_are_fair),
        cmocka_unit_test(every_bit_is_set_half_of_the_time),
        cmocka_unit_test(reals_fill_the_open_unit_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
