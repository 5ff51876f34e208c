/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "draw.h"
#include "stats/period.h"

#define TURN 6.283185307179586

static double found_of(const Period *period)
{
    double confidence;
    return period_find(period, &confidence);
}

static void put_waves(Period *period, Rng *rng, int count, double length, double noise)
{
    for (int i = 0; i < count; i++)
        period_put(period, sin(TURN * i / length) + noise * draw_normal(rng));
}

static void the_period_of_a_wave_is_found_whatever_its_length(void **state)
{
    (void)state;
    static const double lengths[] = {5, 12, 24, 60, 97.5, 168, 288, 700, 1440, 10080};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        static Period period;
        memset(&period, 0, sizeof period);
        Rng rng = rng_seeded(i);
        put_waves(&period, &rng, 8 * (int)lengths[i] + 200, lengths[i], 0.3);
        double confidence, found = period_find(&period, &confidence);
        if (fabs(found - lengths[i]) > 0.05 * lengths[i] + 0.5)
            fail_msg("%g instead of %g", found, lengths[i]);
        assert_true(confidence > 0.4 && confidence <= 1);
    }
}

static void noise_a_trend_and_a_random_walk_have_no_period(void **state)
{
    (void)state;
    static Period noise, trend, walk, constant;
    Rng rng = rng_seeded(3);
    double at = 0;
    for (int i = 0; i < 20000; i++) {
        double x = draw_normal(&rng);
        period_put(&noise, x);
        period_put(&trend, i + x);
        period_put(&walk, at += x);
        period_put(&constant, 7);
    }
    assert_true(found_of(&noise) == 0);
    assert_true(found_of(&trend) == 0);
    assert_true(found_of(&constant) == 0);
    double confidence;
    period_find(&walk, &confidence);
    assert_true(confidence < 0.4); /* By chance a walk comes back, a little. */
}

static void outliers_do_not_hide_a_period(void **state)
{
    (void)state;
    static Period period;
    Rng rng = rng_seeded(4);
    for (int i = 0; i < 4000; i++) {
        double x = sin(TURN * i / 50) + 0.1 * draw_normal(&rng);
        period_put(&period, rng_below(&rng, 200) == 0 ? x + 50 : x);
    }
    assert_true(fabs(found_of(&period) - 50) < 1);
}

static void a_new_period_replaces_the_old_one(void **state)
{
    (void)state;
    static Period period;
    Rng rng = rng_seeded(5);
    put_waves(&period, &rng, 5000, 40, 0.1);
    assert_true(fabs(found_of(&period) - 40) < 1);
    put_waves(&period, &rng, 5000, 28, 0.1);
    assert_true(fabs(found_of(&period) - 28) < 1);
}

static void an_empty_stream_has_no_period(void **state)
{
    (void)state;
    static Period period;
    double confidence = 1;
    assert_true(period_find(&period, &confidence) == 0 && confidence == 0);
    period_put(&period, 1);
    assert_true(found_of(&period) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_period_of_a_wave_is_found_whatever_its_length),
        cmocka_unit_test(noise_a_trend_and_a_random_walk_have_no_period),
        cmocka_unit_test(outliers_do_not_hide_a_period),
        cmocka_unit_test(a_new_period_replaces_the_old_one),
        cmocka_unit_test(an_empty_stream_has_no_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
