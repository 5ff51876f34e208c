/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "../stats/draw.h"
#include "base/time.h"
#include "detect/tiers.h"

#define CYCLE 50

/* One period of a wave, turned upside down in the odd cycle. */
static double wave(int i, int odd_cycle)
{
    double phase = (double)(i % CYCLE) / CYCLE * 4;
    double up = phase < 1 ? phase : phase < 3 ? 2 - phase : phase - 4;
    return i / CYCLE == odd_cycle ? -up : up;
}

static void without_a_shape_it_is_the_watch_that_is_always_on(void **state)
{
    (void)state;
    SeriesWatch watch = {0}, same = {0};
    Rng rng = rng_seeded(1);
    for (int i = 0; i < 500; i++) {
        double value = draw_normal(&rng);
        Judgement a, b;
        tiers_put(&watch, NULL, i * NS_PER_S, value, &a);
        series_put(&same, i * NS_PER_S, value, &b);
        assert_true(a.surprise == b.surprise && a.alarm == b.alarm);
    }
}

static void scoring_is_what_putting_says(void **state)
{
    (void)state;
    SeriesWatch watch = {0};
    static ShapeWatch shape;
    memset(&shape, 0, sizeof shape);
    Rng rng = rng_seeded(2);
    for (int i = 0; i < 1000; i++) {
        double value = wave(i, 15) + 0.02 * draw_normal(&rng);
        Judgement scored, put;
        tiers_score(&watch, &shape, ODD_TIME_NONE, value, &scored);
        tiers_put(&watch, &shape, ODD_TIME_NONE, value, &put);
        assert_true(scored.surprise == put.surprise && scored.alarm == put.alarm);
        assert_string_equal(scored.reason, put.reason);
    }
}

static void a_cycle_upside_down_is_told_though_each_value_is_usual(void **state)
{
    (void)state;
    SeriesWatch watch = {0};
    static ShapeWatch shape;
    memset(&shape, 0, sizeof shape);
    Rng rng = rng_seeded(3);
    double before = 0, most = 0;
    for (int i = 0; i < 33 * CYCLE; i++) {
        Judgement j;
        double value = wave(i, 32) + 0.02 * draw_normal(&rng);
        tiers_put(&watch, &shape, ODD_TIME_NONE, value, &j);
        if (i >= 20 * CYCLE && i < 32 * CYCLE)
            before = fmax(before, j.alarm);
        if (i >= 32 * CYCLE)
            most = fmax(most, j.alarm);
    }
    assert_true(most > 5 && most > 2 * before);
}

/* A counter's growth is a wave: its shape is that of the rate, in the counter's unit. */
static void of_a_counter_the_shape_of_its_rate_is_seen(void **state)
{
    (void)state;
    SeriesWatch watch = {0};
    static ShapeWatch shape;
    memset(&shape, 0, sizeof shape);
    Rng rng = rng_seeded(4);
    double total = 0, most = 0, before = 0;
    for (int i = 0; i < 33 * CYCLE; i++) {
        Judgement j;
        total += 20 + 10 * wave(i, 32) + 0.2 * draw_normal(&rng);
        tiers_put(&watch, &shape, i * NS_PER_S, total, &j);
        if (i >= 20 * CYCLE && i < 32 * CYCLE) {
            assert_true(fabs(j.expected - total) < 40);
            before = fmax(before, j.alarm);
        }
        if (i >= 32 * CYCLE)
            most = fmax(most, j.alarm);
    }
    assert_true(watch.kind.is_counter);
    assert_true(most > 4 && most > before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_shape_it_is_the_watch_that_is_always_on),
        cmocka_unit_test(scoring_is_what_putting_says),
        cmocka_unit_test(a_cycle_upside_down_is_told_though_each_value_is_usual),
        cmocka_unit_test(of_a_counter_the_shape_of_its_rate_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
