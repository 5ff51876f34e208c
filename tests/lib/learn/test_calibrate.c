/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "base/rng.h"
#include "learn/calibrate.h"

#define ROWS 4000

static Mem    mem;
static double said[3 * ROWS], targets[ROWS];

static void open_classes(Predictor *predictor, int classes)
{
    predictor_open(predictor, &mem);
    predictor->task = TASK_CLASSES;
    assert_true(predictor_word(&predictor->words, WORD_TARGET, STR("y")));
    for (int k = 0; k < classes; k++)
        assert_true(predictor_word(&predictor->words, WORD_CLASS, (Str){&"abc"[k], 1}));
}

/* What is said is twice as sure, in log odds, as it may be. */
static void make_two(Rng *rng, int rows)
{
    for (int i = 0; i < rows; i++) {
        double p = 0.02 + 0.96 * rng_real(rng), odds = p / (1 - p);
        said[2 * i + 1] = odds * odds / (1 + odds * odds);
        said[2 * i] = 1 - said[2 * i + 1];
        targets[i] = rng_real(rng) < p;
    }
}

/* The truth of what is said: the root of its odds. */
static double worst_off(const Predictor *predictor)
{
    double worst = 0;
    for (double s = 0.1; s < 0.95; s += 0.1) {
        double values[2] = {1 - s, s}, root = sqrt(s / (1 - s));
        predictor_calibrate(predictor, values);
        double off = fabs(values[1] - root / (1 + root));
        worst = off > worst ? off : worst;
    }
    return worst;
}

static void many_rows_give_a_curve_that_tells_the_truth(void **state)
{
    (void)state;
    Predictor predictor;
    Rng rng = rng_seeded(3);
    open_classes(&predictor, 2);
    make_two(&rng, ROWS);
    assert_int_equal(calibrate_learn(&mem, &predictor, said, targets, ROWS), ODD_OK);
    assert_string_equal(calibration_name(&predictor), "isotonic");
    assert_true(worst_off(&predictor) < 0.08);
    for (size_t i = 1; i < predictor.curve_count; i++)
        assert_true(predictor.curve[1][i] >= predictor.curve[1][i - 1]);
    predictor_close(&predictor);
}

static void few_rows_give_a_logistic_line(void **state)
{
    (void)state;
    Predictor predictor;
    Rng rng = rng_seeded(4);
    open_classes(&predictor, 2);
    make_two(&rng, 600);
    assert_int_equal(calibrate_learn(&mem, &predictor, said, targets, 600), ODD_OK);
    assert_string_equal(calibration_name(&predictor), "platt");
    assert_true(worst_off(&predictor) < 0.08);
    predictor_close(&predictor);
}

static void what_is_right_already_is_left_as_it_is(void **state)
{
    (void)state;
    Predictor predictor;
    Rng rng = rng_seeded(5);
    int left = 0;
    for (int run = 0; run < 20; run++) {
        open_classes(&predictor, 2);
        for (int i = 0; i < 300; i++) {
            said[2 * i + 1] = rng_real(&rng);
            said[2 * i] = 1 - said[2 * i + 1];
            targets[i] = rng_real(&rng) < said[2 * i + 1];
        }
        assert_int_equal(calibrate_learn(&mem, &predictor, said, targets, 300), ODD_OK);
        left += predictor.calibration == CALIBRATION_NONE;
        predictor_close(&predictor);
    }
    assert_true(left >= 8);
}

static void of_three_classes_a_temperature_cools_the_sure_ones(void **state)
{
    (void)state;
    Predictor predictor;
    Rng rng = rng_seeded(6);
    open_classes(&predictor, 3);
    for (int i = 0; i < ROWS; i++) {
        size_t best = (size_t)rng_below(&rng, 3);
        for (size_t k = 0; k < 3; k++)
            said[3 * i + (int)k] = k == best ? 0.98 : 0.01;
        targets[i] = rng_real(&rng) < 0.7 ? (double)best : (double)((best + 1) % 3);
    }
    assert_int_equal(calibrate_learn(&mem, &predictor, said, targets, ROWS), ODD_OK);
    double values[3] = {0.98, 0.01, 0.01};
    predictor_calibrate(&predictor, values);
    assert_true(values[0] > 0.6 && values[0] < 0.8);
    predictor_close(&predictor);
}

static void nine_of_ten_numbers_lie_within_what_is_told(void **state)
{
    (void)state;
    Predictor predictor;
    Rng rng = rng_seeded(7);
    predictor_open(&predictor, &mem);
    predictor.task = TASK_NUMBER;
    assert_true(predictor_word(&predictor.words, WORD_TARGET, STR("y")));
    for (int i = 0; i < 1000; i++) {
        said[i] = 5;
        targets[i] = 5 + 2 * (rng_real(&rng) - 0.5);
    }
    assert_int_equal(calibrate_learn(&mem, &predictor, said, targets, 1000), ODD_OK);
    assert_true(predictor.shift > 0.87 && predictor.shift < 0.93);
    predictor_close(&predictor);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_rows_give_a_curve_that_tells_the_truth),
        cmocka_unit_test(few_rows_give_a_logistic_line),
        cmocka_unit_test(what_is_right_already_is_left_as_it_is),
        cmocka_unit_test(of_three_classes_a_temperature_cools_the_sure_ones),
        cmocka_unit_test(nine_of_ten_numbers_lie_within_what_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
