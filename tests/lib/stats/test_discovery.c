/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/discovery.h"

static void near(double a, double b)
{
    assert_true(fabs(a - b) < 1e-9);
}

static void one_alone_is_corrected_for_all_looks(void **state)
{
    (void)state;
    double surprises[] = {8};
    discovery_correct(surprises, 1, 1000);
    near(surprises[0], 5);
}

static void where_there_is_much_to_tell_each_costs_less(void **state)
{
    (void)state;
    double surprises[10];
    for (int i = 0; i < 10; i++)
        surprises[i] = 6;
    discovery_correct(surprises, 10, 1000);
    for (int i = 0; i < 10; i++)
        near(surprises[i], 4);
}

static void a_larger_one_never_ends_below_a_smaller_one(void **state)
{
    (void)state;
    double surprises[] = {6, 5.9, 1};
    discovery_correct(surprises, 3, 100);
    near(surprises[1], 5.9 - 2 + 0.30102999566398120);
    near(surprises[0], surprises[1]);
    near(surprises[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_alone_is_corrected_for_all_looks),
        cmocka_unit_test(where_there_is_much_to_tell_each_costs_less),
        cmocka_unit_test(a_larger_one_never_ends_below_a_smaller_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
