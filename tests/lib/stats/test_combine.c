/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/combine.h"

static void bonferroni_takes_off_the_number_of_looks(void **state)
{
    (void)state;
    assert_true(combine_bonferroni(5, 100) == 3);
    assert_true(combine_bonferroni(1, 100) == 0);
    assert_true(combine_bonferroni(1, 0) == 1);
}

static void many_that_are_odd_say_more_than_chance_and_few_do_not(void **state)
{
    (void)state;
    assert_true(combine_crowd(1, 3, 1000) < 0.3);
    assert_true(combine_crowd(1, 6, 1000) > 2.9 && combine_crowd(1, 6, 1000) < 3.1);
    assert_true(combine_crowd(10, 3, 1000) > 6);
    assert_true(combine_crowd(0, 3, 1000) <= 0);
}

static void the_harmonic_mean_lets_one_high_surprise_decide(void **state)
{
    (void)state;
    const double one[] = {6, 0, 0, 0}, all[] = {2, 2, 2, 2}, none[] = {0, 0};
    assert_true(combine_harmonic(one, NULL, 4) > 5.39 && combine_harmonic(one, NULL, 4) < 5.40);
    assert_true(combine_harmonic(all, NULL, 4) > 1.999 && combine_harmonic(all, NULL, 4) < 2.001);
    assert_true(combine_harmonic(none, NULL, 2) == 0);
    const double huge[] = {400, 3};
    assert_true(combine_harmonic(huge, NULL, 2) > 399);
}

static void what_is_not_trusted_decides_little(void **state)
{
    (void)state;
    const double both[] = {1, 6}, trust[] = {0.999, 0.001}, only[] = {1, 0};
    double joined = combine_harmonic(both, trust, 2);
    assert_true(joined > 2.9 && joined < 3.1);
    assert_true(combine_harmonic(both, only, 2) > 0.99 && combine_harmonic(both, only, 2) < 1.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bonferroni_takes_off_the_number_of_looks),
        cmocka_unit_test(many_that_are_odd_say_more_than_chance_and_few_do_not),
        cmocka_unit_test(the_harmonic_mean_lets_one_high_surprise_decide),
        cmocka_unit_test(what_is_not_trusted_decides_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
