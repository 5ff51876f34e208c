/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "draw_rows.h"
#include "model/weekly.h"

#define HOUR_NS (3600 * INT64_C(1000000000))

enum { DAYS = 200, ROWS = DAYS * 24, REFERENCE_ROWS = ROWS / 2 };

typedef struct {
    double   values[ROWS];
    odd_time times[ROWS];
} Year;

/* A row an hour: warm days, warmer weekends, a level that wanders, weather that lasts. */
static Year *draw_year(uint64_t seed)
{
    Rng rng = rng_seeded(seed);
    Year *year = calloc(1, sizeof *year);
    double level = 0, weather = 0;
    for (size_t i = 0; i < ROWS; i++) {
        size_t hour = i % 24, day = i / 24 % 7;
        level += 0.005 * draw_normal(&rng);
        weather = 0.9 * weather + 0.1 * draw_normal(&rng);
        year->times[i] = (odd_time)i * HOUR_NS;
        year->values[i] = level + weather + fabs((double)hour - 12) / 6 + (day >= 5 ? 1 : 0);
    }
    return year;
}

typedef struct {
    double odd, blocks, money_most;
} Tally;

/* The second half against the first one; each `every`-th block of six hours is shifted. */
static Tally judge(const Year *year, double shift, int64_t every)
{
    Weekly *weekly = calloc(1, sizeof *weekly);
    WeeklyBlock *scratch = calloc(WEEKLY_BLOCKS_MAX, sizeof *scratch);
    int64_t length = weekly_length(year->times, REFERENCE_ROWS);
    assert_int_equal(length, 6 * HOUR_NS);
    assert_true(weekly_make(year->values, year->times, REFERENCE_ROWS, length, scratch, weekly));
    Tally tally = {0};
    WeeklyVerdict verdict;
    for (size_t i = REFERENCE_ROWS; i < ROWS; i++) {
        bool is_shifted = every > 0 && (year->times[i] / length) % every == 0;
        double value = year->values[i] + (is_shifted ? shift : 0);
        if (!weekly_learn(weekly, value, year->times[i], i, &verdict))
            continue;
        bool counts = every == 0 || verdict.block.index % every == 0;
        tally.blocks += counts;
        tally.odd += counts && verdict.chance <= 0.05;
        tally.money_most = fmax(tally.money_most, verdict.money);
    }
    assert_true(weekly_end(weekly, &verdict));
    free(weekly);
    free(scratch);
    return tally;
}

static void few_usual_blocks_are_odd_although_they_have_a_season(void **state)
{
    (void)state;
    double odd = 0, blocks = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        Year *year = draw_year(seed);
        Tally tally = judge(year, 0, 0);
        odd += tally.odd;
        blocks += tally.blocks;
        free(year);
    }
    assert_true(odd / blocks < 0.075);
    assert_true(odd / blocks > 0.02);
}

static void one_shifted_block_is_found_within_its_season(void **state)
{
    (void)state;
    Year *year = draw_year(1);
    Tally tally = judge(year, 1, 9); /* Less than what the hour and the weekday make. */
    assert_true(tally.odd / tally.blocks > 0.9);
    free(year);
}

static void a_reference_of_some_days_has_no_week(void **state)
{
    (void)state;
    Year *year = draw_year(1);
    assert_int_equal(weekly_length(year->times, 24 * 10), 0);
    free(year);
}

static void rows_without_time_or_value_are_left_out(void **state)
{
    (void)state;
    Year *year = draw_year(2);
    Weekly *weekly = calloc(1, sizeof *weekly);
    WeeklyBlock *scratch = calloc(WEEKLY_BLOCKS_MAX, sizeof *scratch);
    year->values[7] = NAN;
    year->times[9] = ODD_TIME_NONE;
    assert_true(
        weekly_make(year->values, year->times, REFERENCE_ROWS, 6 * HOUR_NS, scratch, weekly));
    WeeklyVerdict verdict;
    assert_false(weekly_learn(weekly, NAN, year->times[REFERENCE_ROWS], 1, &verdict));
    assert_false(weekly_learn(weekly, 1, ODD_TIME_NONE, 2, &verdict));
    assert_false(weekly_end(weekly, &verdict));
    free(weekly);
    free(scratch);
    free(year);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_usual_blocks_are_odd_although_they_have_a_season),
        cmocka_unit_test(one_shifted_block_is_found_within_its_season),
        cmocka_unit_test(a_reference_of_some_days_has_no_week),
        cmocka_unit_test(rows_without_time_or_value_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
