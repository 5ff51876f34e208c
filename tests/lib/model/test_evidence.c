/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "draw_rows.h"
#include "model/effect.h"
#include "model/temper.h"

enum { REFERENCE_ROWS = 20000, ROWS = 20000 };

static uint8_t  reference[REFERENCE_ROWS];
static Bins     bins;
static Expected expected;
static Bets     bets;

static void begin(Rng *rng, Evidence *evidence)
{
    draw_reference(rng, REFERENCE_ROWS, &bins, reference, &expected);
    temper_bets(&bins, &expected, BETS_BOTH_WAYS, 0.05, reference, REFERENCE_ROWS, &bets);
    evidence_begin(evidence, &bets);
}

/* Rows until the money reaches the level; ROWS if it never does. */
static size_t rows_until(Rng *rng, Evidence *evidence, double shift, double spread, float level)
{
    static uint8_t cells[ROWS];
    static float money[ROWS];
    draw_cells(rng, &bins, shift, spread, ROWS, cells);
    evidence_learn(evidence, &expected, cells, ROWS, money);
    size_t row = 0;
    while (row < ROWS && money[row] < level)
        row++;
    return row;
}

/* 40 times 20,000 rows at a level of 10,000 rows between two: 80 alarms are allowed. */
static void false_alarms_are_rarer_than_promised(void **state)
{
    (void)state;
    size_t alarms = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        Rng rng = rng_seeded(seed);
        Evidence evidence;
        begin(&rng, &evidence);
        assert_int_equal(bets.roots, 0);
        alarms += rows_until(&rng, &evidence, 0, 1, 1e4f) < ROWS;
    }
    assert_true(alarms <= 20);
}

static void what_is_tolerated_stays_quiet(void **state)
{
    (void)state;
    Rng rng = rng_seeded(5);
    Evidence evidence;
    begin(&rng, &evidence);
    assert_int_equal(rows_until(&rng, &evidence, 0.04, 1, 1e6f), ROWS);
}

static void a_shift_of_one_deviation_is_found_within_80_rows(void **state)
{
    (void)state;
    Rng rng = rng_seeded(6);
    Evidence evidence;
    begin(&rng, &evidence);
    rows_until(&rng, &evidence, 0, 1, 1e9f);
    assert_true(rows_until(&rng, &evidence, 1, 1, 1e7f) < 80);
}

static void a_wider_spread_is_found_too(void **state)
{
    (void)state;
    Rng rng = rng_seeded(7);
    Evidence evidence;
    begin(&rng, &evidence);
    assert_true(rows_until(&rng, &evidence, 0, 1.5, 1e7f) < 400);
}

static void what_goes_missing_is_found(void **state)
{
    (void)state;
    Rng rng = rng_seeded(8);
    Evidence evidence;
    begin(&rng, &evidence);
    uint8_t cells[300];
    float money[300];
    draw_cells(&rng, &bins, 0, 1, 300, cells);
    for (size_t i = 0; i < 300; i += 20)
        cells[i] = CELL_MISSING;
    evidence_learn(&evidence, &expected, cells, 300, money);
    assert_true(money[299] > 1e7f);
}

static void the_split_into_calls_does_not_matter(void **state)
{
    (void)state;
    Rng rng = rng_seeded(9);
    Evidence whole;
    begin(&rng, &whole);
    Evidence parts = whole;
    static uint8_t cells[ROWS];
    static float money[ROWS], again[ROWS];
    draw_cells(&rng, &bins, 0.3, 1, ROWS, cells);
    evidence_learn(&whole, &expected, cells, ROWS, money);
    for (size_t at = 0; at < ROWS;) {
        size_t count = 1 + rng_below(&rng, 200);
        count = at + count > ROWS ? ROWS - at : count;
        evidence_learn(&parts, &expected, cells + at, count, again + at);
        at += count;
    }
    assert_memory_equal(money, again, sizeof money);
    assert_memory_equal(&whole, &parts, sizeof whole);
}

/* Each value comes 32 times: a stretch says as much as a thirty-second of it. */
static void rows_that_come_in_runs_are_bet_on_carefully(void **state)
{
    (void)state;
    Rng rng = rng_seeded(10);
    Evidence evidence;
    begin(&rng, &evidence);
    for (size_t i = 0; i < REFERENCE_ROWS; i++)
        reference[i] = i % 32 == 0 ? reference[i] : reference[i - 1];
    expected_make(&bins, reference, REFERENCE_ROWS, 0, &expected);
    temper_bets(&bins, &expected, BETS_BOTH_WAYS, 0.05, reference, REFERENCE_ROWS, &bets);
    assert_in_range(bets.roots, 3, 6);
    evidence_begin(&evidence, &bets);
    static uint8_t cells[ROWS];
    static float money[ROWS];
    draw_cells(&rng, &bins, 0, 1, ROWS, cells);
    for (size_t i = 0; i < ROWS; i++)
        cells[i] = i % 32 == 0 ? cells[i] : cells[i - 1];
    evidence_learn(&evidence, &expected, cells, ROWS, money);
    for (size_t i = 0; i < ROWS; i++)
        assert_true(money[i] < 1e6f);
}

static void an_effect_is_the_shift_in_deviations(void **state)
{
    (void)state;
    Rng rng = rng_seeded(11);
    Evidence evidence;
    begin(&rng, &evidence);
    static uint8_t cells[ROWS];
    double counts[CELL_COUNT] = {0};
    draw_cells(&rng, &bins, 0.2, 1, ROWS, cells);
    for (size_t i = 0; i < ROWS; i++)
        counts[cells[i]]++;
    Effect effect = effect_of(&expected, counts);
    assert_true(effect.size > 0.17 && effect.size < 0.23);
    assert_true(effect.lower < 0.2 && effect.upper > 0.2);
    assert_true(fabs(effect.shift - 0.2) < 0.02);
}

static void no_drift_has_an_effect_of_about_nothing(void **state)
{
    (void)state;
    Rng rng = rng_seeded(12);
    Evidence evidence;
    begin(&rng, &evidence);
    static uint8_t cells[ROWS];
    double counts[CELL_COUNT] = {0};
    draw_cells(&rng, &bins, 0, 1, ROWS, cells);
    for (size_t i = 0; i < ROWS; i++)
        counts[cells[i]]++;
    Effect effect = effect_of(&expected, counts);
    assert_true(effect.size < 0.05 && effect.lower < 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(false_alarms_are_rarer_than_promised),
        cmocka_unit_test(what_is_tolerated_stays_quiet),
        cmocka_unit_test(a_shift_of_one_deviation_is_found_within_80_rows),
        cmocka_unit_test(a_wider_spread_is_found_too),
        cmocka_unit_test(what_goes_missing_is_found),
        cmocka_unit_test(the_split_into_calls_does_not_matter),
        cmocka_unit_test(rows_that_come_in_runs_are_bet_on_carefully),
        cmocka_unit_test(an_effect_is_the_shift_in_deviations),
        cmocka_unit_test(no_drift_has_an_effect_of_about_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
