/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "stats/isotonic.h"

/* sklearn.isotonic.IsotonicRegression().fit_transform(range(6), y, sample_weight=w) */
static void the_fit_is_that_of_scikit_learn(void **state)
{
    (void)state;
    double values[] = {1, 3, 2, 2.5, 0, 6};
    const double weights[] = {1, 1, 2, 1, 1, 1};
    const double fit[] = {1, 1.9, 1.9, 1.9, 1.9, 6};
    double scratch[12];
    isotonic_fit(values, weights, 6, scratch);
    for (size_t i = 0; i < 6; i++)
        assert_true(fabs(values[i] - fit[i]) < 1e-12);
}

static void what_rises_stays_as_it_is(void **state)
{
    (void)state;
    double values[] = {0, 0.5, 0.75};
    const double weights[] = {1, 0, 1};
    double scratch[6];
    isotonic_fit(values, weights, 3, scratch);
    assert_true(values[0] == 0 && values[1] == 0.5 && values[2] == 0.75);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fit_is_that_of_scikit_learn),
        cmocka_unit_test(what_rises_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
