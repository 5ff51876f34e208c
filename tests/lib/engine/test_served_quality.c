/* SPDX-License-Identifier: Apache-2.0 */
#include "model_world.h"

typedef struct { /* Steps of a metric that have both, and of them those whose interval holds. */
    size_t steps, held;
    double estimate, realised; /* Of the last one. */
} Figures;

static Figures course_of(odd_fold *fold, const char *metric, int64_t rows_min)
{
    odd_rows *rows;
    Figures course = {.estimate = NAN, .realised = NAN};
    odd_question question = {.view = ODD_MODEL_COURSE};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        double realised = odd_double(rows, odd_column(rows, "realised"));
        double estimate = odd_double(rows, odd_column(rows, "estimate"));
        if (strcmp(odd_text(rows, odd_column(rows, "metric")), metric) != 0 ||
            odd_int(rows, odd_column(rows, "rows")) < rows_min || isnan(estimate) ||
            isnan(realised))
            continue;
        course.steps++;
        course.held += odd_double(rows, odd_column(rows, "lower")) <= realised &&
                       realised <= odd_double(rows, odd_column(rows, "upper"));
        course.estimate = estimate;
        course.realised = realised;
    }
    odd_rows_close(rows);
    return course;
}

static void accuracy_of_three_classes_is_estimated_without_outcomes(void **state)
{
    (void)state;
    for (int by_class = 0; by_class < 2; by_class++) {
        World *world = world_made(1);
        odd_fold *fold = opened();
        world->kind = WORLD_THREE_CLASSES;
        world->by_class = by_class;
        run(world, fold, 14000, true);
        Figures course = course_of(fold, "accuracy", 100);
        assert_true(course.steps > 20 && course.held * 100 >= course.steps * 80);
        world->shift = -0.4; /* Where it is less sure. */
        run(world, fold, 4000, true);
        course = course_of(fold, "accuracy", 100);
        assert_true(course.estimate < 0.6 && fabs(course.estimate - course.realised) < 0.12);
        close_all(world, fold);
    }
}

static void errors_of_numbers_are_estimated_from_the_inputs(void **state)
{
    (void)state;
    World *world = world_made(2);
    odd_fold *fold = opened();
    world->kind = WORLD_NUMBERS;
    run(world, fold, 14000, true);
    Figures mae = course_of(fold, "mae", 100), rmse = course_of(fold, "rmse", 100);
    assert_true(mae.steps > 20 && mae.held * 100 >= mae.steps * 80);
    assert_true(rmse.steps > 20 && rmse.held * 100 >= rmse.steps * 80);
    assert_true(rmse.realised > mae.realised);
    double before = mae.estimate;
    world->west = 0.9;
    run(world, fold, 4000, false); /* Nobody has told yet how it went. */
    run(world, fold, 500, true);
    mae = course_of(fold, "mae", 100);
    assert_true(mae.estimate > 1.5 * before);
    assert_true(found(fold, "quality", "mean error of credit 1 is estimated at") != ODD_TIME_NONE);
    close_all(world, fold);
}

static void a_score_that_ranks_has_an_area_under_its_curve(void **state)
{
    (void)state;
    World *world = world_made(3);
    odd_fold *fold = opened();
    world->kind = WORLD_SCORES;
    run(world, fold, 14000, true);
    Figures auc = course_of(fold, "auc", 100);
    assert_true(auc.steps > 20 && auc.held * 100 >= auc.steps * 80 && auc.realised > 0.7);
    Figures accuracy = course_of(fold, "accuracy", 100);
    assert_true(accuracy.steps > 20 && accuracy.realised > 0.6);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    close_all(world, fold);
}

typedef struct {
    double labelled, estimate, realised, reference, all;
    char   state[16];
} Group;

static Group group_of(odd_fold *fold, const char *name)
{
    odd_rows *rows;
    Group group = {.labelled = -1};
    odd_question question = {.view = ODD_MODEL_GROUPS, .model = "credit"};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        if (strcmp(odd_text(rows, odd_column(rows, "segment")), name) != 0)
            continue;
        group.labelled = (double)odd_int(rows, odd_column(rows, "labelled"));
        group.estimate = odd_double(rows, odd_column(rows, "estimate"));
        group.realised = odd_double(rows, odd_column(rows, "realised"));
        group.reference = odd_double(rows, odd_column(rows, "reference"));
        group.all = odd_double(rows, odd_column(rows, "all"));
        snprintf(group.state, sizeof group.state, "%s", odd_text(rows, odd_column(rows, "state")));
    }
    odd_rows_close(rows);
    return group;
}

static void a_group_that_gets_worse_than_all_rows_is_told(void **state)
{
    (void)state;
    World *world = world_made(4);
    odd_fold *fold = opened();
    world->is_segment = true;
    run(world, fold, 10000, true);
    Group west = group_of(fold, "region=west");
    assert_true(west.labelled > 300 && fabs(west.realised - west.estimate) < 0.1);
    assert_string_equal(west.state, "steady");
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    world->wrong_west = 0.3;
    run(world, fold, 6000, true);
    west = group_of(fold, "region=west");
    assert_true(west.realised > west.reference + 0.1 && west.realised > west.all + 0.05);
    assert_true(found(fold, "quality", "the group region=west of credit 1 has ") != ODD_TIME_NONE);
    assert_true(group_of(fold, "region=north").realised < 0.35);
    close_all(world, fold);
}

static void a_gap_of_numbers_is_told_in_units_of_the_mean_error(void **state)
{
    (void)state;
    World *world = world_made(5);
    odd_fold *fold = opened();
    world->kind = WORLD_NUMBERS;
    world->is_segment = true;
    run(world, fold, 10000, true);
    Group west = group_of(fold, "region=west");
    assert_true(west.realised > 1 && group_of(fold, "region=south").realised < 0.5);
    assert_string_equal(west.state, "steady"); /* It was always worse. */
    world->wrong_west = 0.1;
    run(world, fold, 6000, true);
    assert_true(found(fold, "quality", " % more errors than all rows, it had ") != ODD_TIME_NONE);
    close_all(world, fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accuracy_of_three_classes_is_estimated_without_outcomes),
        cmocka_unit_test(errors_of_numbers_are_estimated_from_the_inputs),
        cmocka_unit_test(a_score_that_ranks_has_an_area_under_its_curve),
        cmocka_unit_test(a_group_that_gets_worse_than_all_rows_is_told),
        cmocka_unit_test(a_gap_of_numbers_is_told_in_units_of_the_mean_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
