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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bonferroni_takes_off_the_number_of_looks),
        cmocka_unit_test(many_that_are_odd_say_more_than_chance_and_few_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
