/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "model/harm.h"

/* Two cells, of which the second comes with three times the errors. */
static Expected expected_of_two(void)
{
    Expected expected;
    memset(&expected, 0, sizeof expected);
    expected.rows = 1000;
    expected.share[0] = 0.8;
    expected.share[1] = 0.2;
    return expected;
}

static void cells_with_little_behind_them_lean_on_all(void **state)
{
    (void)state;
    double rows[CELL_COUNT] = {10000, 10}, losses[CELL_COUNT] = {1000, 10}, shares[CELL_COUNT];
    harm_shares(rows, losses, 0.1, shares);
    assert_true(fabs(shares[0] - 0.1) < 0.001);
    assert_true(shares[1] > 0.2 && shares[1] < 0.3);
    assert_true(shares[5] == 0.1);
}

static void harm_is_what_the_other_mix_of_cells_adds(void **state)
{
    (void)state;
    Expected expected = expected_of_two();
    double shares[CELL_COUNT] = {0.1, 0.3}, now[CELL_COUNT] = {500, 500};
    double rows[CELL_COUNT] = {8000, 2000}, few[CELL_COUNT] = {80, 20};
    assert_true(fabs(harm_of(&expected, now, 1000, shares) - 0.3 * 0.2) < 1e-12);
    double sure = harm_error(&expected, now, 1000, shares, rows, false);
    assert_true(sure < 0.005 && harm_error(&expected, now, 1000, shares, few, false) > 0.01);
    double same[CELL_COUNT] = {800, 200};
    assert_true(fabs(harm_of(&expected, same, 1000, shares)) < 1e-12);
    assert_true(harm_error(&expected, same, 1000, shares, few, true) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_with_little_behind_them_lean_on_all),
        cmocka_unit_test(harm_is_what_the_other_mix_of_cells_adds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
