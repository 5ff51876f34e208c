/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include <math.h>

#include "base/real.h"
#include "stats/normal.h"

/* R: qnorm(c(.975, 1e-10, .6)), pnorm(-c(2, 10), log.p = TRUE) / log(10). */
static void quantiles_and_tails_are_those_of_R(void **state)
{
    (void)state;
    assert_true(fabs(normal_quantile(0.975) - 1.95996398454005) < 1e-13);
    assert_true(fabs(normal_quantile(1e-10) + 6.36134090240406) < 1e-12);
    assert_true(fabs(normal_quantile(0.6) - 0.253347103135800) < 1e-14);
    assert_true(fabs(normal_surprise(2) - 1.6430160801) < 1e-9);
    assert_true(fabs(normal_surprise(10) - 23.1180534) < 1e-6);
    assert_true(fabs(normal_upper(-1) - 0.841344746068543) < 1e-12);
    assert_true(fabs(normal_density(0) - 0.398942280401433) < 1e-13);
}

static void a_quantile_is_the_tail_turned_round(void **state)
{
    (void)state;
    for (double z = -6; z <= 6; z += 0.25)
        assert_true(fabs(normal_quantile(1 - normal_upper(z)) - z) < 1e-6);
    assert_true(normal_quantile(0) == -INFINITY && normal_quantile(1) == INFINITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_and_tails_are_those_of_R),
        cmocka_unit_test(a_quantile_is_the_tail_turned_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
