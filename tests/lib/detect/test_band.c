/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "detect/band.h"

static Judgement judged(double expected, double half)
{
    return (Judgement){.expected = expected, .lower = expected - half, .upper = expected + half};
}

static void follow(Band *band, Judgement judgement)
{
    band_follow(band, &judgement);
}

static void a_band_stays_until_it_is_an_eighth_off(void **state)
{
    (void)state;
    Band band = {0};
    follow(&band, judged(100, 10));
    assert_true(band.expected == 100 && band.lower == 90 && band.upper == 110);
    follow(&band, judged(102.4, 10));
    assert_true(band.expected == 100);
    follow(&band, judged(102.6, 10));
    assert_true(fabs(band.expected - 102.6) <= 20.0 / 64);
    assert_true(fabs(band.upper - 112.6) <= 20.0 / 64);
}

static void it_is_never_far_from_what_was_judged(void **state)
{
    (void)state;
    Band band = {0};
    for (int i = 0; i < 5000; i++) {
        double expected = 1e6 * i, half = 1 + i % 700;
        follow(&band, judged(expected / 1000, half));
        assert_true(fabs(band.expected - expected / 1000) <= half / 4 + 1e-9);
        assert_true(band.lower <= band.expected && band.expected <= band.upper);
    }
}

static void a_constant_is_kept_as_it_is(void **state)
{
    (void)state;
    Band band = {0};
    follow(&band, judged(0.1, 0));
    assert_true(band.expected == 0.1 && band.lower == 0.1 && band.upper == 0.1);
    follow(&band, judged(1e308, 0));
    assert_true(band.expected == 1e308);
}

static void what_is_not_known_is_missing(void **state)
{
    (void)state;
    Band band = {0};
    follow(&band, judged(5, 1));
    follow(&band, judged(NAN, NAN));
    assert_true(isnan(band.expected) && isnan(band.lower) && isnan(band.upper));
    follow(&band, judged(7, NAN));
    assert_true(band.expected == 7 && isnan(band.lower));
}

static void everyday_surprise_is_none(void **state)
{
    (void)state;
    assert_true(band_surprise(0.99) == 0 && band_surprise(1) == 1);
    assert_true(band_surprise(3.05) == 3 && band_surprise(3.07) == 3.125);
    assert_true(band_surprise(INFINITY) == 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_band_stays_until_it_is_an_eighth_off),
        cmocka_unit_test(it_is_never_far_from_what_was_judged),
        cmocka_unit_test(a_constant_is_kept_as_it_is),
        cmocka_unit_test(what_is_not_known_is_missing),
        cmocka_unit_test(everyday_surprise_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
