/* SPDX-License-Identifier: Apache-2.0 */
#include "model_world.h"

#define ASKED 200

static size_t asked(odd_fold *fold, int count, uint64_t *ret_numbers, double *ret_chances)
{
    odd_rows *rows;
    size_t found = 0;
    odd_question question = {.view = ODD_MODEL_QUESTIONS, .row_count_max = count};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        const char *id = odd_text(rows, odd_column(rows, "id"));
        assert_int_equal(id[0], 'p');
        ret_numbers[found] = strtoull(id + 1, NULL, 10);
        ret_chances[found++] = odd_double(rows, odd_column(rows, "probability"));
    }
    odd_rows_close(rows);
    return found;
}

static bool estimate_of(odd_fold *fold, double *ret, double *ret_lower, double *ret_upper)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_MODEL_LABELS};
    bool is_there = false;
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        is_there = true;
        *ret = odd_double(rows, odd_column(rows, "estimate"));
        *ret_lower = odd_double(rows, odd_column(rows, "lower"));
        *ret_upper = odd_double(rows, odd_column(rows, "upper"));
    }
    odd_rows_close(rows);
    return is_there;
}

/* The outcomes that a person was asked for. */
static void answer(World *world, odd_fold *fold, const uint64_t *numbers, size_t count)
{
    odd_events *events = events_opened(now_of(world));
    for (size_t i = 0; i < count; i++)
        tell_outcomes(world, events, numbers[i], numbers[i] + 1, "1");
    fold_learn(fold, events, now_of(world) + NS_PER_S);
    events_close(events);
}

/* Outcomes stop, and mean something else from then on: nothing but labels can tell. */
static void labels_of_a_few_rows_tell_how_good_the_model_is_now(void **state)
{
    (void)state;
    uint64_t numbers[500];
    double chances[500], stand_for = 0, estimate = 0, lower = 0, upper = 0;
    World *world = world_made(1);
    odd_fold *fold = opened();
    run(world, fold, 6000, true);
    world->wrong = 0.3;
    run(world, fold, 500, false);
    uint64_t first = world->number;
    run(world, fold, 17500, false); /* A day is 8,640 rows. */
    assert_int_equal(asked(fold, ASKED, numbers, chances), ASKED);
    for (int i = 0; i < ASKED; i++) {
        assert_true(numbers[i] >= first && chances[i] > 0 && chances[i] <= 1);
        stand_for += 1 / chances[i];
    }
    assert_true(stand_for > 3000 && stand_for < 10000);
    answer(world, fold, numbers, ASKED);
    assert_true(estimate_of(fold, &estimate, &lower, &upper));
    /* Three of four were right, and now three of ten outcomes are turned round. */
    assert_true(fabs(estimate - (0.75 * 0.7 + 0.25 * 0.3)) < 0.08);
    assert_true(upper - lower < 0.2 && upper < 0.72);
    assert_int_equal(asked(fold, 10, numbers, chances), 10); /* Others. */
    close_all(world, fold);
}

static void questions_do_not_change_until_they_are_answered(void **state)
{
    (void)state;
    uint64_t first[500], again[500];
    double chances[500];
    World *world = world_made(2);
    odd_fold *fold = opened();
    assert_int_equal(asked(fold, 100, first, chances), 0);
    run(world, fold, 6000, false);
    assert_int_equal(asked(fold, 50, first, chances), 50);
    assert_int_equal(asked(fold, 80, again, chances), 80);
    assert_memory_equal(first, again, 50 * sizeof *first);
    answer(world, fold, first, 50);
    assert_int_equal(asked(fold, 30, again, chances), 30);
    for (int i = 0; i < 30; i++)
        for (int k = 0; k < 50; k++)
            assert_true(again[i] != first[k]);
    close_all(world, fold);
}

static void the_curve_shows_what_probabilities_were_and_are_worth(void **state)
{
    (void)state;
    World *world = world_made(3);
    odd_fold *fold = opened();
    odd_rows *rows;
    odd_question question = {.view = ODD_MODEL_CURVE, .model = "credit"};
    size_t points = 0, near = 0;
    run(world, fold, 16000, true);
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    for (; odd_next(rows) == ODD_ROW; points++) {
        double p = odd_double(rows, odd_column(rows, "probability"));
        assert_true(fabs(odd_double(rows, odd_column(rows, "reference")) - p) < 0.25);
        near += odd_double(rows, odd_column(rows, "realised_lower")) - 0.05 <= p &&
                p <= odd_double(rows, odd_column(rows, "realised_upper")) + 0.05;
    }
    odd_rows_close(rows);
    assert_true(points > 5 && near >= points - 1);
    close_all(world, fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_of_a_few_rows_tell_how_good_the_model_is_now),
        cmocka_unit_test(questions_do_not_change_until_they_are_answered),
        cmocka_unit_test(the_curve_shows_what_probabilities_were_and_are_worth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
