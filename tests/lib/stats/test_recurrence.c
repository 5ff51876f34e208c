/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/recurrence.h"

static const Recurrence nothing = {0};

static Recurrence share_of(uint64_t shapes, uint64_t recurring)
{
    return (Recurrence){.shapes = shapes, .recurring = recurring};
}

static double plain(Recurrence family, Recurrence run)
{
    return recurrence_surprise(family, run, SEVERITY_PLAIN);
}

static void where_every_second_shape_recurs_a_new_one_is_just_odd(void **state)
{
    (void)state;
    assert_true(fabs(plain(nothing, share_of(98, 49)) - 3) < 1e-12);
}

static void the_surprise_agrees_with_its_formula(void **state)
{
    (void)state;
    /* python3: q = (10 + 2 * 99 / 100) / 12; 3 + math.log10(q / (1 - q)) */
    assert_true(fabs(plain(share_of(10, 10), share_of(98, 98)) - 5.77742682238933) < 1e-9);
    /* q = (2 + 2 * 0.5) / 102 */
    assert_true(fabs(plain(share_of(100, 2), share_of(98, 49)) - 1.4814860601221125) < 1e-9);
}

static void a_family_that_hardly_recurs_makes_no_finding_of_a_new_line(void **state)
{
    (void)state;
    for (uint64_t shapes = 3; shapes < 1000; shapes++)
        assert_true(plain(share_of(shapes, 0), share_of(5000, 4900)) < 3);
}

static void the_more_a_family_recurs_the_odder_is_a_new_line(void **state)
{
    (void)state;
    double before = -1;
    for (uint64_t recurring = 0; recurring <= 40; recurring++) {
        double surprise = plain(share_of(40, recurring), share_of(100, 60));
        assert_true(surprise > before);
        before = surprise;
    }
}

static void a_run_that_broke_off_early_is_not_believed_below_one_half(void **state)
{
    (void)state;
    assert_true(plain(nothing, share_of(1000, 3)) == plain(nothing, share_of(1000, 400)));
    assert_true(plain(nothing, share_of(1000, 900)) > plain(nothing, share_of(1000, 400)));
}

static void no_run_is_so_perfect_that_the_surprise_is_infinite(void **state)
{
    (void)state;
    assert_true(isfinite(plain(share_of(1000000, 1000000), share_of(1000000, 1000000))));
    assert_true(isfinite(plain(nothing, nothing)));
    assert_true(plain(share_of(1000000, 0), nothing) >= 0);
}

static void severity_adds_the_same_wherever_it_stands(void **state)
{
    (void)state;
    const Recurrence run = share_of(100, 60);
    for (uint64_t recurring = 0; recurring <= 9; recurring += 3) {
        Recurrence family = share_of(9, recurring);
        double error = recurrence_surprise(family, run, SEVERITY_ERROR);
        assert_true(fabs(error - plain(family, run) - severity_bonus(SEVERITY_ERROR)) < 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_every_second_shape_recurs_a_new_one_is_just_odd),
        cmocka_unit_test(the_surprise_agrees_with_its_formula),
        cmocka_unit_test(a_family_that_hardly_recurs_makes_no_finding_of_a_new_line),
        cmocka_unit_test(the_more_a_family_recurs_the_odder_is_a_new_line),
        cmocka_unit_test(a_run_that_broke_off_early_is_not_believed_below_one_half),
        cmocka_unit_test(no_run_is_so_perfect_that_the_surprise_is_infinite),
        cmocka_unit_test(severity_adds_the_same_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
