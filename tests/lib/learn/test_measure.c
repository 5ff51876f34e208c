/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "base/rng.h"
#include "learn/measure.h"

static void intervals_hold_the_mean_about_as_often_as_they_say(void **state)
{
    (void)state;
    static double values[600];
    int held = 0;
    Rng rng = rng_seeded(1);
    for (int run = 0; run < 1000; run++) {
        for (int i = 0; i < 600; i++)
            values[i] = rng_real(&rng);
        Measure measure = measure_mean(values, 600);
        held += measure.lower <= 0.5 && measure.upper >= 0.5;
    }
    assert_true(held > 930 && held < 970);
}

/* Neighbours are alike: plain intervals would be far too short. */
static void rows_that_are_alike_make_them_longer(void **state)
{
    (void)state;
    static double values[3000];
    int held = 0;
    Rng rng = rng_seeded(2);
    for (int run = 0; run < 500; run++) {
        for (int i = 0; i < 3000; i++)
            values[i] = i % 50 == 0 ? rng_real(&rng) : values[i - 1];
        Measure measure = measure_mean(values, 3000);
        held += measure.lower <= 0.5 && measure.upper >= 0.5;
    }
    assert_true(held > 455);
}

/* sklearn.metrics.roc_auc_score([0,0,1,1,1,0], [.1,.4,.35,.8,.4,.4]) gives 0.666666... */
static void the_area_counts_ties_by_half(void **state)
{
    (void)state;
    MeasureRank ranks[] = {{.1, false}, {.4, false}, {.35, true},
                           {.8, true},  {.4, true},  {.4, false}};
    Measure area = measure_area(ranks, 6);
    assert_true(fabs(area.value - 6.0 / 9) < 1e-12);
    assert_true(area.lower < area.value && area.upper > area.value);
}

static void one_class_alone_has_no_area(void **state)
{
    (void)state;
    MeasureRank ranks[] = {{.1, true}, {.4, true}};
    assert_true(isnan(measure_area(ranks, 2).value));
    assert_true(isnan(measure_mean(NULL, 0).value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_the_mean_about_as_often_as_they_say),
        cmocka_unit_test(rows_that_are_alike_make_them_longer),
        cmocka_unit_test(the_area_counts_ties_by_half),
        cmocka_unit_test(one_class_alone_has_no_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
