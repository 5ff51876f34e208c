/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../stats/draw.h"
#include "detect/series_kind.h"

static SeriesKind learnt(double (*value)(Rng *rng, int i))
{
    SeriesKind kind = {0};
    Rng rng = rng_seeded(3);
    for (int i = 0; i < 500; i++)
        series_kind_learn(&kind, value(&rng, i));
    return kind;
}

static double noise(Rng *rng, int i)
{
    (void)i;
    return draw_normal(rng);
}

static double growing(Rng *rng, int i)
{
    return 40.0 * i + (double)rng_below(rng, 30);
}

static double growing_with_resets(Rng *rng, int i)
{
    return 40.0 * (i % 90) + (double)rng_below(rng, 30);
}

static double sometimes_growing(Rng *rng, int i)
{
    (void)rng;
    return i / 3;
}

static double saw(Rng *rng, int i)
{
    (void)rng;
    return 100 + i % 50;
}

static double five(Rng *rng, int i)
{
    (void)rng;
    (void)i;
    return 5;
}

static double whole(Rng *rng, int i)
{
    (void)i;
    return draw_poisson(rng, 6);
}

static double sparse(Rng *rng, int i)
{
    (void)rng;
    return i % 10 == 0 ? 0.5 : 0;
}

static double share(Rng *rng, int i)
{
    (void)i;
    return rng_real(rng);
}

static void each_class_is_recognised(void **state)
{
    (void)state;
    static const struct {
        double (*value)(Rng *rng, int i);
        SeriesClass class;
    } cases[] = {
        {noise, SERIES_GAUGE},
        {growing, SERIES_COUNTER},
        {growing_with_resets, SERIES_COUNTER},
        {sometimes_growing, SERIES_COUNTER},
        {saw, SERIES_INTEGER},
        {five, SERIES_CONSTANT},
        {whole, SERIES_INTEGER},
        {sparse, SERIES_SPARSE},
        {share, SERIES_BOUNDED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SeriesKind kind = learnt(cases[i].value);
        if (series_class(&kind) != cases[i].class)
            fail_msg("case %zu: class %d", i, (int)series_class(&kind));
    }
}

static void of_a_counter_the_rate_is_watched_and_a_reset_is_passed_over(void **state)
{
    (void)state;
    SeriesKind kind = learnt(growing);
    Measure next = series_measure(&kind, kind.last + 300, 60);
    assert_true(next.value == 5 && !next.skip);
    assert_true(next.from + next.value * next.per == kind.last + 300);
    assert_true(series_measure(&kind, 3, 60).skip);
    assert_false(series_kind_learn(&kind, 3));
    assert_int_equal(series_class(&kind), SERIES_COUNTER);
}

static void a_counter_that_falls_a_little_was_none(void **state)
{
    (void)state;
    SeriesKind kind = learnt(growing);
    assert_true(series_kind_learn(&kind, kind.last * 0.9));
    assert_int_not_equal(series_class(&kind), SERIES_COUNTER);
    assert_true(series_measure(&kind, 7, 60).value == 7);
}

static void what_is_seldom_anything_bears_out_how_seldom_and_how_much(void **state)
{
    (void)state;
    SeriesKind kind = {0};
    for (int i = 1; i <= 999; i++)
        series_kind_learn(&kind, i % 100 == 0 ? 2 + i % 3 : 0);
    assert_int_equal(series_class(&kind), SERIES_SPARSE);
    assert_true(fabs(series_kind_most(&kind, 2, 1) - 2) < 1e-9);   /* 9 of 999, and this one. */
    assert_true(fabs(series_kind_most(&kind, 40, 1) - 4) < 1e-9);  /* Ten times the largest. */
    assert_true(fabs(series_kind_most(&kind, 2, 3) - 6) < 1e-9);
    assert_true(series_kind_most(&kind, 0, 1) < 2);
    kind.zeros = 0;
    assert_true(isinf(series_kind_most(&kind, 40, 1)));
}

static void what_is_named_a_counter_is_one_however_seldom_it_grows(void **state)
{
    (void)state;
    assert_true(series_name_counts(STR("http_errors_total")));
    assert_true(series_name_counts(STR("latency_seconds_bucket")));
    assert_false(series_name_counts(STR("node_load1")));
    assert_false(series_name_counts(STR("_total")));
    SeriesKind kind = {.is_named = 1}, plain = {0};
    for (int i = 1; i <= 999; i++) {
        series_kind_learn(&kind, 300 + i / 100);
        series_kind_learn(&plain, 300 + i / 100);
    }
    assert_int_equal(series_class(&kind), SERIES_COUNTER);
    assert_int_equal(series_class(&plain), SERIES_INTEGER);
    assert_true(series_measure(&kind, kind.last + 6, 60).value == 0.1);
    /* It grew 9 times of 999, by one each time. */
    assert_true(fabs(series_kind_most(&kind, 1, 1) - 2) < 1e-9);
    assert_true(fabs(series_kind_most(&kind, 10, 1) - 4) < 1e-9);
    assert_true(isinf(series_kind_most(&plain, 10, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_is_recognised),
        cmocka_unit_test(of_a_counter_the_rate_is_watched_and_a_reset_is_passed_over),
        cmocka_unit_test(a_counter_that_falls_a_little_was_none),
        cmocka_unit_test(what_is_named_a_counter_is_one_however_seldom_it_grows),
        cmocka_unit_test(what_is_seldom_anything_bears_out_how_seldom_and_how_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
