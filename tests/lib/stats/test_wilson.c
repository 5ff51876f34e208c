/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "stats/normal.h"
#include "stats/wilson.h"

/* The ends solve (share - p)^2 = z^2 p (1 - p) / n for p. */
static void the_ends_are_as_far_from_the_share_as_chance_reaches_from_them(void **state)
{
    (void)state;
    for (int n = 1; n <= 40; n++)
        for (int part = 0; part <= n; part++) {
            ShareInterval of = wilson_share(part, n);
            double ends[] = {of.lower, of.upper};
            assert_true(fabs(of.share - (double)part / n) < 1e-15);
            assert_true(of.lower >= 0 && of.upper <= 1);
            for (int i = 0; i < 2; i++) {
                double away = of.share - ends[i];
                double chance = NORMAL_95 * NORMAL_95 * ends[i] * (1 - ends[i]) / n;
                assert_true(fabs(away * away - chance) < 1e-12);
            }
        }
}

static void of_nothing_nothing_is_known(void **state)
{
    (void)state;
    ShareInterval of = wilson_share(0, 0);
    assert_true(isnan(of.share) && isnan(of.lower) && isnan(of.upper));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ends_are_as_far_from_the_share_as_chance_reaches_from_them),
        cmocka_unit_test(of_nothing_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
