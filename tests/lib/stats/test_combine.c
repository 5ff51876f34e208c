/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "draw.h"
#include "stats/combine.h"

/* python3: -log10(4 / (10**2.5 + 10**1 + 10**0.2 + 10**0)) */
static void the_harmonic_mean_agrees_with_its_formula(void **state)
{
    (void)state;
    const double surprises[] = {2.5, 1, 0.2, 0};
    assert_true(fabs(combine_dependent(surprises, 4) - 1.9148885) < 1e-6);
}

static void one_surprise_stays_as_it_is(void **state)
{
    (void)state;
    const double surprise = 3.25;
    assert_true(combine_dependent(&surprise, 1) == 3.25);
    assert_true(combine_dependent(NULL, 0) == 0);
}

static void the_same_evidence_twice_counts_once(void **state)
{
    (void)state;
    const double surprises[] = {4, 4, 4, 4, 4};
    assert_true(fabs(combine_dependent(surprises, 5) - 4) < 1e-9);
}

static void enormous_surprises_do_not_overflow(void **state)
{
    (void)state;
    const double surprises[] = {5000, 1, 2, 3};
    assert_true(fabs(combine_dependent(surprises, 4) - (5000 - 0.60205999132796239)) < 1e-9);
}

static void independent_noise_stays_calibrated(void **state)
{
    (void)state;
    Rng rng = rng_seeded(11);
    int at_2 = 0, at_3 = 0, tries = 200000;
    for (int i = 0; i < tries; i++) {
        double surprises[8];
        for (int k = 0; k < 8; k++)
            surprises[k] = draw_exponential(&rng) / REAL_LN10;
        double together = combine_dependent(surprises, 8);
        at_2 += together >= 2;
        at_3 += together >= 3;
    }
    assert_in_range(at_2, 1600, 2300);
    assert_in_range(at_3, 130, 270);
}

static void bonferroni_takes_off_the_number_of_looks(void **state)
{
    (void)state;
    assert_true(combine_bonferroni(5, 100) == 3);
    assert_true(combine_bonferroni(1, 100) == 0);
    assert_true(combine_bonferroni(1, 0) == 1);
}

/* python3: p = [.001, .04, .03, .005], Holm: [.004, .06, .06, .015] */
static void holm_corrects_step_by_step(void **state)
{
    (void)state;
    const double p[] = {0.001, 0.04, 0.03, 0.005}, corrected_p[] = {0.004, 0.06, 0.06, 0.015};
    double surprises[4], corrected[4];
    for (int i = 0; i < 4; i++)
        surprises[i] = -real_log10(p[i]);
    combine_holm(surprises, 4, corrected);
    for (int i = 0; i < 4; i++)
        assert_true(fabs(corrected[i] + real_log10(corrected_p[i])) < 1e-12);
}

static void many_that_are_odd_say_more_than_chance_and_few_do_not(void **state)
{
    (void)state;
    assert_true(combine_crowd(1, 3, 1000) < 0.3);
    assert_true(combine_crowd(1, 6, 1000) > 2.9 && combine_crowd(1, 6, 1000) < 3.1);
    assert_true(combine_crowd(10, 3, 1000) > 6);
    assert_true(combine_crowd(0, 3, 1000) <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_harmonic_mean_agrees_with_its_formula),
        cmocka_unit_test(one_surprise_stays_as_it_is),
        cmocka_unit_test(the_same_evidence_twice_counts_once),
        cmocka_unit_test(enormous_surprises_do_not_overflow),
        cmocka_unit_test(independent_noise_stays_calibrated),
        cmocka_unit_test(bonferroni_takes_off_the_number_of_looks),
        cmocka_unit_test(holm_corrects_step_by_step),
        cmocka_unit_test(many_that_are_odd_say_more_than_chance_and_few_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
