/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "base/rng.h"
#include "model/lateness.h"
#include "model/realised.h"

#define ROWS 4000

static double minutes(int n)
{
    return 60.0 * n;
}

/* A model that is right in .9; positives come after an hour, negatives at once. */
static void draw(Rng *rng, bool *ret_said, bool *ret_truth, size_t *ret_group)
{
    *ret_truth = rng_real(rng) < 0.3;
    *ret_said = rng_real(rng) < 0.9 ? *ret_truth : !*ret_truth;
    *ret_group = (size_t)(rng_real(rng) * 20) + (*ret_said ? 40 : 0);
}

static void with_all_outcomes_the_figure_is_what_it_is(void **state)
{
    (void)state;
    Realised realised = {.count = 0};
    const double weights[2] = {1, 1};
    Rng rng = rng_seeded(3);
    double right = 0;
    for (int i = 0; i < ROWS; i++) {
        bool said, truth;
        size_t group;
        draw(&rng, &said, &truth, &group);
        realised_learn(&realised, group, said, truth);
        right += said == truth;
    }
    RealisedFigure figure = realised_figure(&realised, QUALITY_ACCURACY, weights, ROWS);
    assert_true(fabs(figure.value - right / ROWS) < 1e-12);
    assert_true(figure.upper - figure.lower < 1e-9);
}

static void later_positives_do_not_make_recall_better_or_worse(void **state)
{
    (void)state;
    Realised in = {.count = 0}, all = {.count = 0};
    Lateness lateness = {0};
    Rng rng = rng_seeded(4);
    for (int i = 0; i < ROWS; i++) {
        bool said, truth;
        size_t group;
        draw(&rng, &said, &truth, &group);
        double delay = minutes(truth ? 120 : 1) * (0.5 + rng_real(&rng));
        lateness_learn(&lateness, truth, delay);
        realised_learn(&all, group, said, truth);
        if (delay < minutes(120))
            realised_learn(&in, group, said, truth);
    }
    const double plain[2] = {1, 1};
    const double weights[2] = {lateness_weight(&lateness, 0, minutes(120)),
                               lateness_weight(&lateness, 1, minutes(120))};
    double truth = realised_figure(&all, QUALITY_PRECISION, plain, ROWS).value;
    RealisedFigure corrected = realised_figure(&in, QUALITY_PRECISION, weights, ROWS);
    double naive = realised_figure(&in, QUALITY_PRECISION, plain, ROWS).value;
    assert_true(weights[0] < 1.01 && weights[1] > 1.5);
    assert_true(fabs(naive - truth) > 0.05);
    assert_true(fabs(corrected.value - truth) < 0.02);
    assert_true(corrected.lower < truth && truth < corrected.upper);
}

static void intervals_hold_the_truth_of_all_rows(void **state)
{
    (void)state;
    const double plain[2] = {1, 1};
    const QualityMetric metrics[] = {QUALITY_ACCURACY, QUALITY_AUC, QUALITY_F1, QUALITY_PRECISION,
                                     QUALITY_RECALL};
    for (size_t m = 0; m < sizeof metrics / sizeof metrics[0]; m++) {
        int held = 0;
        for (uint64_t seed = 0; seed < 400; seed++) {
            Realised in = {.count = 0}, all = {.count = 0};
            Rng rng = rng_seeded(seed);
            for (int i = 0; i < 800; i++) {
                bool said, truth;
                size_t group;
                draw(&rng, &said, &truth, &group);
                realised_learn(&all, group, said, truth);
                if (i < 300)
                    realised_learn(&in, group, said, truth);
            }
            double value = realised_figure(&all, metrics[m], plain, 800).value;
            RealisedFigure figure = realised_figure(&in, metrics[m], plain, 800);
            held += figure.lower <= value && value <= figure.upper;
        }
        if (held < 368 || held > 399)
            fail_msg("%s: %d of 400 intervals hold", quality_name(metrics[m]), held);
    }
}

static void the_estimate_adds_up_over_steps(void **state)
{
    (void)state;
    Estimated all = {.said = {.rows = 0}}, parts[2] = {{.said = {.rows = 0}}};
    Rng rng = rng_seeded(9);
    for (int i = 0; i < ROWS; i++) {
        double q = rng_real(&rng);
        size_t group = (size_t)(q * REALISED_GROUPS);
        estimated_learn(&all, group, q > 0.5, q);
        estimated_learn(&parts[i % 2], group, q > 0.5, q);
    }
    estimated_add(&parts[0], &parts[1]);
    assert_memory_equal(&all, &parts[0], sizeof all);
    assert_true(fabs(estimated_figure(&all, QUALITY_ACCURACY).value - 0.75) < 0.01);
    assert_true(fabs(estimated_figure(&all, QUALITY_AUC).value - 5.0 / 6) < 0.01);
}

static void shares_of_delays_rise_to_one(void **state)
{
    (void)state;
    Lateness lateness = {0};
    assert_true(lateness_share(&lateness, 0, 5) == 1);
    for (int i = 0; i < 1000; i++)
        lateness_learn(&lateness, 0, minutes(i));
    assert_true(fabs(lateness_share(&lateness, 0, minutes(500)) - 0.5) < 0.1);
    assert_true(lateness_share(&lateness, 0, minutes(2000)) == 1);
    assert_true(lateness_weight(&lateness, 0, 0.1) == LATENESS_WEIGHT_MAX);
    assert_true(fabs(lateness_median(&lateness) / minutes(500) - 1) < 0.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_all_outcomes_the_figure_is_what_it_is),
        cmocka_unit_test(later_positives_do_not_make_recall_better_or_worse),
        cmocka_unit_test(intervals_hold_the_truth_of_all_rows),
        cmocka_unit_test(the_estimate_adds_up_over_steps),
        cmocka_unit_test(shares_of_delays_rise_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
