/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "model/gap.h"

/* So many rows, of which this share errs. */
static GroupSums rows_of(int rows, double share)
{
    GroupSums sums = {.rows = 0};
    for (int i = 0; i < rows; i++)
        group_learn(&sums, i < share * rows ? 1 : 0, 0.2, 0.4);
    return sums;
}

static void a_gap_that_stands_is_no_gap_that_grows(void **state)
{
    (void)state;
    GroupSums before = rows_of(2000, 0.3), same = rows_of(2000, 0.3), worse = rows_of(2000, 0.4);
    Gap gap = gap_of(group_known(&same), 0.1, group_known(&before), 0.1, false);
    assert_true(fabs(gap.now - 0.2) < 1e-9 && fabs(gap.size) < 1e-9 && !gap.matters);
    gap = gap_of(group_known(&worse), 0.1, group_known(&before), 0.1, false);
    assert_true(gap.matters && gap.surprise > 8 && fabs(gap.size - 0.1) < 1e-9);
    assert_true(gap.lower > 0.05 && gap.upper < 0.15);
}

static void a_group_that_stays_while_others_move_is_not_told(void **state)
{
    (void)state;
    GroupSums before = rows_of(5000, 0.3), now = rows_of(5000, 0.3);
    assert_false(gap_of(group_known(&now), 0.2, group_known(&before), 0.1, false).matters);
}

static void outcomes_count_where_all_are_there_and_else_the_guess(void **state)
{
    (void)state;
    GroupSums sums = rows_of(100, 0.5);
    assert_true(group_loss(&sums).is_known && group_loss(&sums).loss == 0.5);
    group_learn(&sums, NAN, 0.2, 0.4);
    GroupLoss loss = group_loss(&sums);
    assert_true(!loss.is_known && fabs(loss.loss - 0.2) < 1e-9);
    group_know(&sums, 1);
    assert_true(group_loss(&sums).is_known && sums.known == 101);
}

static void sums_of_parts_add_up(void **state)
{
    (void)state;
    GroupSums sums = rows_of(64, 0.25), more = rows_of(64, 0.75);
    group_add(&sums, &more);
    assert_true(sums.rows == 128 && group_known(&sums).loss == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gap_that_stands_is_no_gap_that_grows),
        cmocka_unit_test(a_group_that_stays_while_others_move_is_not_told),
        cmocka_unit_test(outcomes_count_where_all_are_there_and_else_the_guess),
        cmocka_unit_test(sums_of_parts_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
