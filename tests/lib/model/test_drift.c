/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "draw_rows.h"
#include "model/drift.h"
#include "model/stretches.h"

enum { REFERENCE_ROWS = 50000, ROWS = 5000 };

static uint8_t  reference[REFERENCE_ROWS], cells[ROWS];
static Bins     bins;
static Expected expected;

static Drift judge(Rng *rng, double shift, double spread)
{
    double counts[CELL_COUNT] = {0};
    draw_cells(rng, &bins, shift, spread, ROWS, cells);
    for (size_t i = 0; i < ROWS; i++)
        counts[cells[i]]++;
    return drift_of(&expected, counts, 0.04, 1);
}

static bool is_odd(const Drift *drift)
{
    return drift->what != DRIFT_NONE && !drift->is_negligible;
}

static void a_shift_of_a_tenth_is_found_in_5000_rows(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    draw_reference(&rng, REFERENCE_ROWS, &bins, reference, &expected);
    int found = 0;
    for (int i = 0; i < 200; i++) {
        Drift drift = judge(&rng, 0.1, 1);
        found += is_odd(&drift);
        assert_true(!is_odd(&drift) || drift.what == DRIFT_SHIFT || drift.what == DRIFT_SHAPE);
    }
    assert_true(found >= 190);
}

static void without_drift_nothing_is_odd(void **state)
{
    (void)state;
    Rng rng = rng_seeded(2);
    draw_reference(&rng, REFERENCE_ROWS, &bins, reference, &expected);
    int found = 0;
    for (int i = 0; i < 500; i++) {
        Drift drift = judge(&rng, 0, 1);
        found += is_odd(&drift);
    }
    assert_true(found <= 2);
}

static void a_hundredth_is_real_but_negligible_in_half_a_million(void **state)
{
    (void)state;
    Rng rng = rng_seeded(3);
    draw_reference(&rng, REFERENCE_ROWS, &bins, reference, &expected);
    expected.rows = 5e6;
    double counts[CELL_COUNT];
    for (size_t c = 0; c < CELL_COUNT; c++)
        counts[c] = expected.share[c] * (1 + 0.01 * expected.score[c]) * 5e5;
    Drift drift = drift_of(&expected, counts, 0.04, 1);
    assert_true(drift.what == DRIFT_SHIFT && drift.is_negligible);
    assert_true(fabs(drift.effect.shift - 0.01) < 0.001);
}

static void each_change_has_its_name(void **state)
{
    (void)state;
    Rng rng = rng_seeded(4);
    draw_reference(&rng, REFERENCE_ROWS, &bins, reference, &expected);
    assert_int_equal(judge(&rng, 0.5, 1).what, DRIFT_SHIFT);
    assert_int_equal(judge(&rng, 0, 1.5).what, DRIFT_SPREAD);
    double counts[CELL_COUNT];
    for (size_t c = 0; c < CELL_COUNT; c++)
        counts[c] = expected.share[c] * 5000;
    counts[CELL_MISSING] = 100;
    assert_int_equal(drift_of(&expected, counts, 0.04, 1).what, DRIFT_MISSING);
    counts[CELL_MISSING] = 0;
    counts[CELL_FAULT] = 100;
    assert_int_equal(drift_of(&expected, counts, 0.04, 1).what, DRIFT_FAULT);
}

static void rows_in_runs_prove_less(void **state)
{
    (void)state;
    Rng rng = rng_seeded(5);
    draw_reference(&rng, REFERENCE_ROWS, &bins, reference, &expected);
    double counts[CELL_COUNT];
    for (size_t c = 0; c < CELL_COUNT; c++)
        counts[c] = expected.share[c] * (1 + 0.1 * expected.score[c]) * 5000;
    Drift alone = drift_of(&expected, counts, 0.04, 1);
    Drift in_runs = drift_of(&expected, counts, 0.04, 16);
    assert_true(is_odd(&alone));
    assert_false(is_odd(&in_runs));
}

static void the_oddest_stretches_begin_where_it_changed(void **state)
{
    (void)state;
    Rng rng = rng_seeded(6);
    draw_reference(&rng, REFERENCE_ROWS, &bins, reference, &expected);
    static Stretches stretches;
    stretches_begin(&stretches);
    for (uint64_t row = 1; row <= 4 * ROWS; row++) {
        if ((row - 1) % ROWS == 0)
            draw_cells(&rng, &bins, row > 2 * ROWS ? 0.5 : 0, 1, ROWS, cells);
        stretches_learn(&stretches, cells[(row - 1) % ROWS], row, (odd_time)row);
    }
    assert_true(stretches.count > STRETCH_COUNT_MAX / 2 && stretches.count <= STRETCH_COUNT_MAX);
    StretchRun run = stretches_oddest(&stretches, &expected);
    double first = (double)stretches.first_row[run.first];
    assert_true(fabs(first - 2 * ROWS) <= (double)stretches.length);
    assert_int_equal(run.last, stretches.count - 1);
    assert_int_equal(stretches.last_row[run.last], 4 * ROWS);
    double counts[CELL_COUNT], sum = 0;
    stretches_sum(&stretches, (StretchRun){0, stretches.count - 1}, counts);
    for (size_t c = 0; c < CELL_COUNT; c++)
        sum += counts[c];
    assert_true(sum == 4 * ROWS);
}

static void a_burst_is_a_few_odd_stretches_among_usual_ones(void **state)
{
    (void)state;
    enum { SMALL_ROWS = 500, BURST_FIRST = 65, BURST_LAST = 80, END = 320 };
    Rng rng = rng_seeded(7);
    draw_reference(&rng, SMALL_ROWS, &bins, reference, &expected);
    static Stretches stretches;
    stretches_begin(&stretches);
    for (uint64_t row = 1; row <= END; row++) {
        bool is_odd_one = row >= BURST_FIRST && row <= BURST_LAST;
        uint8_t cell = (uint8_t)(is_odd_one ? bins.count - 1u : row % bins.count);
        stretches_learn(&stretches, cell, row, (odd_time)row);
    }
    StretchRun run = stretches_burst(&stretches, &expected);
    assert_true(stretches.first_row[run.first] + STRETCH_ROWS_FIRST >= BURST_FIRST);
    assert_int_equal(stretches.last_row[run.last], BURST_LAST);
}

/* Nearly all rows are 0; of each 1,000 two are 1. */
static double surprise_of_few(double ones, double rows)
{
    static uint8_t few[1000];
    const double both[2] = {0, 1};
    Bins two;
    Expected usual;
    double counts[CELL_COUNT] = {0};
    bins_of_numbers(both, 2, &two);
    for (size_t i = 0; i < 1000; i++)
        few[i] = bins_number_cell(&two, i % 500 == 7);
    expected_make(&two, few, 1000, 0, &usual);
    counts[few[7]] = ones;
    counts[few[0]] = rows - ones;
    return drift_of(&usual, counts, 0.04, 1).surprise;
}

static void a_rare_value_among_twenty_rows_is_no_news_and_ten_of_them_are(void **state)
{
    (void)state;
    assert_true(surprise_of_few(1, 20) <= 0);
    assert_true(surprise_of_few(2, 20) <= 0);
    assert_true(surprise_of_few(10, 20) > 6);
    assert_true(surprise_of_few(2, 200) <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_of_a_tenth_is_found_in_5000_rows),
        cmocka_unit_test(without_drift_nothing_is_odd),
        cmocka_unit_test(a_hundredth_is_real_but_negligible_in_half_a_million),
        cmocka_unit_test(each_change_has_its_name),
        cmocka_unit_test(rows_in_runs_prove_less),
        cmocka_unit_test(a_rare_value_among_twenty_rows_is_no_news_and_ten_of_them_are),
        cmocka_unit_test(the_oddest_stretches_begin_where_it_changed),
        cmocka_unit_test(a_burst_is_a_few_odd_stretches_among_usual_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
