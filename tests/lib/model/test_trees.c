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
#include "model/loss.h"
#include "model/trees.h"

enum { ROWS = 4000, COLUMNS = 4, CELLS = 16 };

typedef struct {
    uint8_t cells[COLUMNS * ROWS], nodes[ROWS];
    double  targets[ROWS], scratch[2 * ROWS];
    bool    left_out[ROWS];
    Trees   trees;
} Lesson;

/* The number follows from two columns together; two more are of no use. */
static double truth(const uint8_t *cells)
{
    return (cells[0] > 7) == (cells[ROWS] > 7) ? 2 : -2;
}

static Lesson *learn(bool is_category)
{
    Rng rng = rng_seeded(1);
    Lesson *lesson = calloc(1, sizeof *lesson);
    for (size_t i = 0; i < (size_t)COLUMNS * ROWS; i++)
        lesson->cells[i] = (uint8_t)rng_below(&rng, CELLS);
    for (size_t row = 0; row < ROWS; row++)
        lesson->targets[row] = truth(lesson->cells + row) + rng_real(&rng) - 0.5;
    TreesLesson task = {.cells = lesson->cells,
                        .columns = COLUMNS,
                        .stride = ROWS,
                        .targets = lesson->targets,
                        .is_left_out = lesson->left_out,
                        .rows = ROWS};
    for (size_t c = 0; c < COLUMNS; c++)
        task.is_category[c] = is_category;
    trees_learn(&task, TREES_MAX, lesson->scratch, lesson->nodes, &lesson->trees);
    return lesson;
}

static double mean_miss(const Lesson *lesson)
{
    double sum = 0;
    for (size_t row = 0; row < ROWS; row++)
        sum += fabs(trees_value(&lesson->trees, lesson->cells + row, ROWS, TREES_MAX) -
                    truth(lesson->cells + row));
    return sum / ROWS;
}

static void what_two_columns_say_together_is_learnt(void **state)
{
    (void)state;
    Lesson *lesson = learn(false);
    assert_true(mean_miss(lesson) < 0.4);
    free(lesson);
}

static void the_same_rows_give_the_same_trees(void **state)
{
    (void)state;
    Lesson *one = learn(true), *other = learn(true);
    assert_memory_equal(&one->trees, &other->trees, sizeof one->trees);
    free(one);
    free(other);
}

static void no_trees_say_the_mean(void **state)
{
    (void)state;
    Lesson *lesson = learn(false);
    double sum = 0;
    for (size_t row = 0; row < ROWS; row++)
        sum += lesson->targets[row];
    assert_true(fabs(trees_value(&lesson->trees, lesson->cells, ROWS, 0) - sum / ROWS) < 1e-12);
    free(lesson);
}

static void errors_of_numbers_add_up(void **state)
{
    (void)state;
    LossSums left = {0}, right = {0};
    loss_learn_truth(&left, -3);
    loss_learn_truth(&right, 4);
    loss_add(&left, &right);
    assert_true(fabs(loss_figure(&left, QUALITY_MAE).value - 3.5) < 1e-12);
    assert_true(fabs(loss_figure(&left, QUALITY_RMSE).value - sqrt(12.5)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_two_columns_say_together_is_learnt),
        cmocka_unit_test(the_same_rows_give_the_same_trees),
        cmocka_unit_test(no_trees_say_the_mean),
        cmocka_unit_test(errors_of_numbers_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
