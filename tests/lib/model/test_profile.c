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
#include "model/profile.h"

enum { ROWS = 20000, SHARDS = 1000 };

static void bins_hold_equal_shares(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    static uint8_t cells[ROWS];
    static Bins bins;
    static Expected expected;
    draw_reference(&rng, ROWS, &bins, cells, &expected);
    assert_int_equal(bins.count, BINS_MAX);
    for (size_t c = 0; c < BINS_MAX; c++)
        assert_true(fabs(expected.share[c] * BINS_MAX - 1) < 0.05);
}

static void a_value_that_comes_often_has_a_bin_alone(void **state)
{
    (void)state;
    static double sorted[1000];
    for (size_t i = 0; i < 1000; i++)
        sorted[i] = i < 500 ? 0 : (double)i;
    static Bins bins;
    bins_of_numbers(sorted, 1000, &bins);
    assert_int_equal(bins_number_cell(&bins, 0), 0);
    assert_int_equal(bins_number_cell(&bins, 500), 1);
    assert_int_equal(bins_number_cell(&bins, 1e9), bins.count - 1);
}

static void few_values_have_a_bin_each(void **state)
{
    (void)state;
    const double sorted[] = {1, 1, 1, 2, 5, 5};
    static Bins bins;
    bins_of_numbers(sorted, 6, &bins);
    assert_int_equal(bins.count, 3);
    assert_int_equal(bins_number_cell(&bins, 2), 1);
    assert_int_equal(bins_number_cell(&bins, 5), 2);
}

static void what_is_no_number_has_a_cell_of_its_own(void **state)
{
    (void)state;
    const double one = 1;
    static Bins bins;
    bins_of_numbers(&one, 1, &bins);
    PredictionCell text = {.kind = PREDICTION_TEXT, .number = NAN, .text = STR("tall")};
    PredictionCell missing = {.kind = PREDICTION_MISSING, .number = NAN, .text = STR("")};
    assert_int_equal(bins_cell(&bins, &text), CELL_FAULT);
    assert_int_equal(bins_cell(&bins, &missing), CELL_MISSING);
    assert_int_equal(bins_number_cell(&bins, INFINITY), CELL_FAULT);
}

static void a_category_is_known_or_rare_or_new(void **state)
{
    (void)state;
    BinsCategory categories[100];
    for (size_t i = 0; i < 100; i++)
        categories[i] = (BinsCategory){.hash = hash_bytes(&i, sizeof i, 7), .count = 1000 - i};
    static Bins bins;
    bins_of_categories(categories, 100, &bins);
    size_t unknown = 1000, unseen = 0;
    for (size_t i = 0; i < 100; i++) {
        uint8_t cell = bins_category_cell(&bins, categories[i].hash);
        assert_true(i < BINS_MAX ? cell < BINS_MAX : cell == CELL_OTHER);
    }
    for (; unknown < 2000; unknown++)
        unseen += bins_category_cell(&bins, hash_bytes(&unknown, sizeof unknown, 7)) == CELL_UNSEEN;
    assert_true(unseen > 990);
}

static void a_thousand_shards_add_up_to_one_pass_bit_for_bit(void **state)
{
    (void)state;
    Rng rng = rng_seeded(2);
    static uint8_t cells[ROWS];
    static double numbers[ROWS];
    static Bins bins;
    static Expected expected;
    draw_reference(&rng, ROWS, &bins, cells, &expected);
    for (size_t i = 0; i < ROWS; i++) {
        numbers[i] = i % 97 == 0 ? NAN : 1e3 * draw_normal(&rng);
        cells[i] = bins_number_cell(&bins, numbers[i]);
    }
    static Profile whole, shards[SHARDS], sum;
    profile_begin(&whole);
    profile_learn(&whole, &bins, numbers, cells, ROWS);
    for (size_t i = 0; i < SHARDS; i++)
        profile_begin(&shards[i]);
    for (size_t i = 0; i < ROWS; i++)
        profile_learn(&shards[rng_below(&rng, SHARDS)], &bins, &numbers[i], &cells[i], 1);
    profile_begin(&sum);
    for (size_t i = SHARDS; i > 0; i--)
        profile_add(&sum, &shards[i - 1]);
    assert_memory_equal(&sum, &whole, sizeof whole);
    assert_int_equal(profile_count(&sum), ROWS);
}

static void moments_are_those_of_the_numbers(void **state)
{
    (void)state;
    const double numbers[] = {1, 2, 3, 4, 10};
    static Bins bins;
    bins_of_numbers(numbers, 5, &bins);
    uint8_t cells[5];
    for (size_t i = 0; i < 5; i++)
        cells[i] = bins_number_cell(&bins, numbers[i]);
    Profile profile;
    profile_begin(&profile);
    profile_learn(&profile, &bins, numbers, cells, 5);
    assert_true(fabs(profile_mean(&profile, &bins) - 4) < 1e-6);
    assert_true(fabs(profile_deviation(&profile, &bins) - sqrt(10)) < 1e-6);
    assert_true(profile.least == 1 && profile.most == 10);
}

static void fifty_columns_take_less_than_32_kib(void **state)
{
    (void)state;
    assert_true(50 * sizeof(Profile) <= 32 << 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_hold_equal_shares),
        cmocka_unit_test(a_value_that_comes_often_has_a_bin_alone),
        cmocka_unit_test(few_values_have_a_bin_each),
        cmocka_unit_test(what_is_no_number_has_a_cell_of_its_own),
        cmocka_unit_test(a_category_is_known_or_rare_or_new),
        cmocka_unit_test(a_thousand_shards_add_up_to_one_pass_bit_for_bit),
        cmocka_unit_test(moments_are_those_of_the_numbers),
        cmocka_unit_test(fifty_columns_take_less_than_32_kib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
