/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../stats/draw.h"
#include "detect/count_model.h"

static CountForecast learnt(CountModel *model, double mean, double size, int windows)
{
    Rng rng = rng_seeded(1);
    CountLevel at = {.level = mean, .windows = 1};
    CountForecast f = count_forecast(model, &at);
    for (int i = 0; i < windows; i++) {
        double count = size > 0 ? draw_negbin(&rng, mean, size) : draw_poisson(&rng, mean);
        count_model_learn(model, &f, count);
        at.windows++;
        f = count_forecast(model, &at);
    }
    return f;
}

static void what_scatters_more_than_chance_bears_out_less(void **state)
{
    (void)state;
    CountModel steady = {0}, wild = {0};
    CountForecast of_steady = learnt(&steady, 50, 0, 400), of_wild = learnt(&wild, 50, 2, 400);
    assert_true(of_steady.dispersion < 0.05);
    assert_true(of_wild.dispersion > 0.2);
    assert_true(count_surprise(&of_steady, 100, 1, 0) > 4);
    assert_true(count_surprise(&of_wild, 100, 1, 0) < 2);
}

static void many_windows_together_bear_out_more_than_one(void **state)
{
    (void)state;
    CountModel model = {0};
    CountForecast f = learnt(&model, 20, 0, 400);
    double one = count_surprise(&f, 28, 1, 0), many = count_surprise(&f, 28, 19, 0);
    assert_true(many > one + 1);
    assert_true(count_surprise(&f, 28, 19, 0.1) < many - 1); /* The hour may bring that. */
}

static void an_hour_that_had_none_so_far_may_have_one(void **state)
{
    (void)state;
    CountModel model = {0};
    CountLevel night = {.level = 20, .season = -20, .seen = 60, .windows = 1440};
    CountForecast f = count_forecast(&model, &night);
    assert_true(f.mean > 0.01 && f.mean < 0.02);
    assert_true(count_surprise(&f, 1, 1, 0) < 2);
    assert_true(count_surprise(&f, 20, 1, 0) > 3);
}

static void whole_numbers_that_stand_still_count_nothing(void **state)
{
    (void)state;
    CountModel still = {0}, counting = {0};
    CountLevel at = {.level = 5, .windows = 200};
    CountForecast f = count_forecast(&still, &at);
    for (int i = 0; i < 200; i++)
        count_model_learn(&still, &f, 5);
    learnt(&counting, 5, 0, 200);
    assert_false(count_scatters(&still, 5, 200));
    assert_true(count_scatters(&counting, 5, 200));
}

static void the_bounds_hold_all_but_a_few_windows(void **state)
{
    (void)state;
    CountModel model = {0};
    CountForecast f = learnt(&model, 20, 0, 400);
    Judgement j;
    count_bounds(&f, &j);
    Rng rng = rng_seeded(2);
    int out = 0;
    for (int i = 0; i < 10000; i++) {
        double count = draw_poisson(&rng, 20);
        out += count < j.lower || count > j.upper;
    }
    assert_true(out < 40);
    assert_true(j.lower < 10 && j.upper < 45);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_scatters_more_than_chance_bears_out_less),
        cmocka_unit_test(many_windows_together_bear_out_more_than_one),
        cmocka_unit_test(an_hour_that_had_none_so_far_may_have_one),
        cmocka_unit_test(whole_numbers_that_stand_still_count_nothing),
        cmocka_unit_test(the_bounds_hold_all_but_a_few_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
