/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/severity.h"

static void the_rarer_a_severity_the_more_it_says(void **state)
{
    (void)state;
    double before = -1;
    for (uint64_t grave = 1000; grave-- > 0;) {
        double surprise = severity_surprise(grave, 1000);
        assert_true(surprise > before);
        before = surprise;
    }
}

static void the_first_grave_line_of_999_is_once_in_a_thousand(void **state)
{
    (void)state;
    assert_true(fabs(severity_surprise(0, 999) - 3) < 1e-12);
}

static void where_all_lines_are_grave_severity_says_nothing(void **state)
{
    (void)state;
    assert_true(severity_surprise(0, 0) == 0);
    assert_true(severity_surprise(50, 50) == 0);
}

static void each_step_of_severity_is_worth_half_a_unit(void **state)
{
    (void)state;
    const double bonuses[SEVERITY_COUNT] = {0, 0.5, 1, 1.5};
    for (int severity = 0; severity < SEVERITY_COUNT; severity++)
        assert_true(severity_bonus((Severity)severity) == bonuses[severity]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rarer_a_severity_the_more_it_says),
        cmocka_unit_test(the_first_grave_line_of_999_is_once_in_a_thousand),
        cmocka_unit_test(where_all_lines_are_grave_severity_says_nothing),
        cmocka_unit_test(each_step_of_severity_is_worth_half_a_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
