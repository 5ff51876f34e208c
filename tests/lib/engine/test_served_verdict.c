/* SPDX-License-Identifier: Apache-2.0 */
#include "model_world.h"

static void assert_verdict(odd_fold *fold, const char *expected)
{
    char verdict[256];
    text_of(fold, ODD_MODELS, "verdict", verdict);
    assert_string_equal(verdict, expected);
}

static void a_calm_model_has_nothing_the_matter(void **state)
{
    (void)state;
    World *world = world_made(1);
    odd_fold *fold = opened();
    assert_int_equal(fold_row_count(fold, ODD_MODELS), 0);
    run(world, fold, 1000, true);
    assert_verdict(fold, ""); /* It learns. */
    run(world, fold, 9000, true);
    assert_verdict(fold, "none");
    close_all(world, fold);
}

static void outcomes_that_mean_something_else_are_a_concept_drift(void **state)
{
    (void)state;
    World *world = world_made(2);
    odd_fold *fold = opened();
    run(world, fold, 10000, true);
    world->wrong = 0.2;
    run(world, fold, 4000, true);
    assert_verdict(fold, "concept");
    assert_true(found(fold, "errors", "concept: what the inputs mean has changed") !=
                ODD_TIME_NONE);
    close_all(world, fold);
}

static void inputs_where_the_model_is_unsure_are_a_harmful_drift(void **state)
{
    (void)state;
    World *world = world_made(3);
    odd_fold *fold = opened();
    run(world, fold, 10000, true);
    world->squeeze = 0.4;
    run(world, fold, 4000, true);
    assert_verdict(fold, "harmful covariate");
    assert_true(found(fold, "drift", "harmful covariate: the inputs have moved") != ODD_TIME_NONE);
    close_all(world, fold);
}

static void inputs_where_the_model_is_sure_are_a_harmless_drift(void **state)
{
    (void)state;
    World *world = world_made(4);
    odd_fold *fold = opened();
    run(world, fold, 10000, true);
    world->shift = 0.25;
    run(world, fold, 4000, true);
    assert_verdict(fold, "harmless covariate");
    close_all(world, fold);
}

static void an_input_that_is_gone_is_a_fault_of_the_pipeline(void **state)
{
    (void)state;
    World *world = world_made(5);
    odd_fold *fold = opened();
    run(world, fold, 10000, true);
    world->has_region = false;
    run(world, fold, 2000, true);
    assert_verdict(fold, "pipeline");
    assert_true(found(fold, "drift", "pipeline: the table itself is at fault") != ODD_TIME_NONE);
    close_all(world, fold);
}

static void numbers_in_another_unit_are_a_fault_too(void **state)
{
    (void)state;
    World *world = world_made(6);
    odd_fold *fold = opened();
    run(world, fold, 6000, true);
    world->shift = 40;
    run(world, fold, 1000, true);
    assert_verdict(fold, "pipeline");
    close_all(world, fold);
}

static void errors_of_numbers_follow_the_inputs_or_do_not(void **state)
{
    (void)state;
    for (int is_concept = 0; is_concept < 2; is_concept++) {
        World *world = world_made(7);
        odd_fold *fold = opened();
        world->kind = WORLD_NUMBERS;
        run(world, fold, 10000, true);
        assert_verdict(fold, "none");
        world->west = is_concept ? world->west : 0.9;
        world->wrong = is_concept ? 0.1 : 0;
        run(world, fold, 4000, true);
        assert_verdict(fold, is_concept ? "concept" : "harmful covariate");
        close_all(world, fold);
    }
}

/* The state, and by which it is told, of a column. */
static void column_of(odd_fold *fold, const char *name, char state[256], char together[256],
                      double *harm)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_MODEL_FEATURES};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        if (strcmp(odd_text(rows, odd_column(rows, "feature")), name) != 0)
            continue;
        snprintf(state, 256, "%s", odd_text(rows, odd_column(rows, "state")));
        snprintf(together, 256, "%s", odd_text(rows, odd_column(rows, "together")));
        *harm = odd_double(rows, odd_column(rows, "harm"));
    }
    odd_rows_close(rows);
}

static void columns_that_move_together_are_one_finding_the_worst_first(void **state)
{
    (void)state;
    char how[256], of_x[256], of_probability[256];
    double harm, harm_of_probability;
    World *world = world_made(8);
    odd_fold *fold = opened();
    run(world, fold, 10000, true);
    world->squeeze = 0.4;
    run(world, fold, 3000, true);
    column_of(fold, "x", how, of_x, &harm);
    assert_string_equal(how, "drifting");
    column_of(fold, "probability", how, of_probability, &harm_of_probability);
    assert_string_equal(of_x, of_probability);
    assert_true(harm > 0.05 && harm_of_probability > 0.05);
    assert_true(found(fold, "drift", "; with it ") != ODD_TIME_NONE);
    assert_true(found(fold, "drift", " points more errors") != ODD_TIME_NONE);
    column_of(fold, "region", how, of_x, &harm);
    assert_string_equal(how, "steady");
    assert_string_equal(of_x, "");
    close_all(world, fold);
}

/* 30,000 rows leave no doubt of a change that is too small to matter. */
static void a_drift_that_is_real_but_negligible_is_shown_apart(void **state)
{
    (void)state;
    char how[256], together[256];
    double harm;
    World *world = world_made(9);
    odd_fold *fold;
    odd_options options = {.model_reference_rows = 10000, .memory_bytes_max = 256 << 20};
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    run(world, fold, 10000, false);
    world->west = 0.36; /* 0.055 standard deviations. */
    run(world, fold, 29000, false);
    column_of(fold, "region", how, together, &harm);
    assert_string_equal(how, "negligible");
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    close_all(world, fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_calm_model_has_nothing_the_matter),
        cmocka_unit_test(outcomes_that_mean_something_else_are_a_concept_drift),
        cmocka_unit_test(inputs_where_the_model_is_unsure_are_a_harmful_drift),
        cmocka_unit_test(inputs_where_the_model_is_sure_are_a_harmless_drift),
        cmocka_unit_test(an_input_that_is_gone_is_a_fault_of_the_pipeline),
        cmocka_unit_test(numbers_in_another_unit_are_a_fault_too),
        cmocka_unit_test(errors_of_numbers_follow_the_inputs_or_do_not),
        cmocka_unit_test(columns_that_move_together_are_one_finding_the_worst_first),
        cmocka_unit_test(a_drift_that_is_real_but_negligible_is_shown_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
