/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/doubt.h"
#include "model/quality.h"

enum { ROWS = 20000 };

static int by_probability(const void *a, const void *b)
{
    double x = ((const CalibrationRow *)a)->p, y = ((const CalibrationRow *)b)->p;
    return (x > y) - (x < y);
}

/* The model says p, and is right in a share of p^2. */
static void draw(Rng *rng, CalibrationRow *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double p = rng_real(rng);
        rows[i] = (CalibrationRow){.p = p, .is_positive = rng_real(rng) < p * p, .said = p >= 0.5};
    }
}

static void learn(Rng *rng, CalibrationCells *cells, CalibrationCurve *curve)
{
    static CalibrationRow rows[ROWS];
    static double scratch[4 * ROWS];
    static CalibrationCounts counts;
    draw(rng, rows, ROWS);
    qsort(rows, ROWS, sizeof *rows, by_probability);
    calibration_cells(rows, ROWS, scratch, cells);
    memset(&counts, 0, sizeof counts);
    for (size_t i = 0; i < ROWS; i++) {
        size_t cell = calibration_cell(cells, rows[i].p);
        counts.rows[cell]++;
        counts.positives[cell] += rows[i].is_positive;
    }
    calibration_fit(cells, &counts, NULL, curve);
}

static void a_probability_is_worth_the_share_that_came_true(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    static CalibrationCells cells;
    static CalibrationCurve curve;
    learn(&rng, &cells, &curve);
    double before = 0;
    for (double p = 0.05; p < 1; p += 0.05) {
        double share = calibration_share(&cells, &curve, p);
        assert_true(fabs(share - p * p) < 0.1 && share >= before);
        before = share;
    }
}

static void estimates_come_near_the_truth_and_intervals_hold_it(void **state)
{
    (void)state;
    Rng rng = rng_seeded(2);
    static CalibrationCells cells;
    static CalibrationCurve curve;
    learn(&rng, &cells, &curve);
    int held = 0, all = 0;
    for (int chunk = 0; chunk < 100; chunk++) {
        static CalibrationRow rows[2000];
        static QualitySums estimate, truth;
        memset(&estimate, 0, sizeof estimate);
        memset(&truth, 0, sizeof truth);
        draw(&rng, rows, 2000);
        for (size_t i = 0; i < 2000; i++) {
            size_t cell = calibration_cell(&cells, rows[i].p);
            quality_learn(&estimate, cell, rows[i].said,
                          calibration_share(&cells, &curve, rows[i].p));
            quality_learn(&truth, cell, rows[i].said, rows[i].is_positive);
        }
        for (size_t metric = 0; metric < QUALITY_MAE; metric++) {
            QualityFigure told = quality_figure(&estimate, (QualityMetric)metric);
            QualityFigure real = quality_figure(&truth, (QualityMetric)metric);
            assert_true(fabs(told.value - real.value) < 0.08);
            assert_true(real.variance == 0);
            held += fabs(told.value - real.value) < 1.96 * sqrt(told.variance);
            all++;
        }
    }
    assert_in_range(held, all * 92 / 100, all * 98 / 100);
}

/* sklearn.metrics: roc_auc_score, f1_score, precision_score, recall_score, accuracy_score. */
static void with_outcomes_figures_are_those_of_scikit_learn(void **state)
{
    (void)state;
    const double p[] = {0.1, 0.4, 0.35, 0.8, 0.6, 0.6, 0.9, 0.2};
    const double y[] = {0, 0, 1, 1, 0, 1, 1, 0};
    const size_t cell[] = {0, 3, 2, 5, 4, 4, 6, 1};
    static QualitySums sums;
    memset(&sums, 0, sizeof sums);
    for (size_t i = 0; i < 8; i++)
        quality_learn(&sums, cell[i], p[i] >= 0.5, y[i]);
    assert_true(fabs(quality_figure(&sums, QUALITY_AUC).value - 0.84375) < 1e-9);
    assert_true(fabs(quality_figure(&sums, QUALITY_F1).value - 0.75) < 1e-9);
    assert_true(fabs(quality_figure(&sums, QUALITY_PRECISION).value - 0.75) < 1e-9);
    assert_true(fabs(quality_figure(&sums, QUALITY_RECALL).value - 0.75) < 1e-9);
    assert_true(fabs(quality_figure(&sums, QUALITY_ACCURACY).value - 0.75) < 1e-9);
}

static void sums_of_parts_are_those_of_the_whole(void **state)
{
    (void)state;
    Rng rng = rng_seeded(3);
    static QualitySums whole, parts[2];
    for (size_t i = 0; i < 1000; i++) {
        size_t cell = rng_below(&rng, CALIBRATION_CELLS);
        double q = rng_real(&rng);
        quality_learn(&whole, cell, q > 0.5, q);
        quality_learn(&parts[i % 2], cell, q > 0.5, q);
    }
    quality_add(&parts[1], &parts[0]);
    assert_memory_equal(&whole, &parts[1], sizeof whole);
}

static void nothing_is_no_figure(void **state)
{
    (void)state;
    static QualitySums none;
    for (size_t metric = 0; metric < QUALITY_COUNT; metric++)
        assert_true(isnan(quality_figure(&none, (QualityMetric)metric).value));
}

static void errors_beyond_chance_widen_the_interval(void **state)
{
    (void)state;
    Doubt doubt = {.stretches = 0};
    assert_true(fabs(doubt_reach(&doubt, 1) - 1.96) < 0.001);
    for (int i = 0; i < 10; i++)
        doubt_learn(&doubt, i % 2 ? 2 : -2, 1);
    assert_true(fabs(doubt_variance(&doubt) - 3) < 1e-12);
    assert_true(fabs(doubt_reach(&doubt, 1) - 3.92) < 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probability_is_worth_the_share_that_came_true),
        cmocka_unit_test(estimates_come_near_the_truth_and_intervals_hold_it),
        cmocka_unit_test(with_outcomes_figures_are_those_of_scikit_learn),
        cmocka_unit_test(sums_of_parts_are_those_of_the_whole),
        cmocka_unit_test(nothing_is_no_figure),
        cmocka_unit_test(errors_beyond_chance_widen_the_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
