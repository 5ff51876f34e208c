/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "model/labels.h"

enum { ROWS = 10000, DRAWN = 300, SEEDS = 400 };

typedef struct {
    double   loss[ROWS], guess[ROWS], doubt[ROWS], chance[ROWS];
    uint32_t rows[DRAWN + 1];
    Label    labels[DRAWN + 1];
} World;

/* Most rows are nearly sure; is_told: the guess knows it, else guess and doubt are mere chance. */
static World *draw(bool is_told)
{
    Rng rng = rng_seeded(1);
    World *world = calloc(1, sizeof *world);
    for (size_t i = 0; i < ROWS; i++) {
        double p = rng_below(&rng, 4) == 0 ? rng_real(&rng) : 0.02;
        double other = rng_real(&rng);
        world->loss[i] = rng_real(&rng) < p;
        world->guess[i] = is_told ? p : other;
        world->doubt[i] = is_told ? sqrt(p * (1 - p)) + 0.02 : rng_real(&rng);
    }
    return world;
}

static double mean(const double *values)
{
    double sum = 0;
    for (size_t i = 0; i < ROWS; i++)
        sum += values[i];
    return sum / ROWS;
}

typedef struct {
    double held, square; /* Share of intervals; mean squared error. */
} Tally;

static Tally judge(World *world)
{
    double real = mean(world->loss), guess = mean(world->guess);
    Tally tally = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        Rng rng = rng_seeded(seed);
        labels_chances(world->doubt, ROWS, DRAWN, world->chance);
        size_t n = labels_draw(world->chance, ROWS, &rng, world->rows, DRAWN + 1);
        assert_true(n >= DRAWN - 1 && n <= DRAWN + 1);
        for (size_t i = 0; i < n; i++) {
            uint32_t row = world->rows[i];
            world->labels[i] = (Label){world->loss[row], world->guess[row], world->chance[row]};
        }
        LabelsEstimate told = labels_estimate(world->labels, n, ROWS, guess);
        tally.held += (told.lower <= real && real <= told.upper) / (double)SEEDS;
        tally.square += (told.estimate - real) * (told.estimate - real) / SEEDS;
    }
    return tally;
}

/* Mean squared error of as many labels drawn blindly. */
static double blind(const World *world)
{
    double real = mean(world->loss);
    return real * (1 - real) / DRAWN;
}

static void guesses_that_know_save_labels(void **state)
{
    (void)state;
    World *world = draw(true);
    Tally tally = judge(world);
    assert_true(blind(world) / tally.square > 1.8);
    assert_true(tally.held > 0.92 && tally.held < 0.99);
    free(world);
}

static void guesses_that_are_mere_chance_cost_little(void **state)
{
    (void)state;
    World *world = draw(false);
    Tally tally = judge(world);
    assert_true(blind(world) / tally.square > 0.85); /* .95 but for the chance of 400 seeds. */
    assert_true(tally.held > 0.92 && tally.held < 0.98);
    free(world);
}

static void chances_add_up_to_the_labels_and_are_no_more_than_one(void **state)
{
    (void)state;
    World *world = draw(true);
    world->doubt[7] = 1e6;
    labels_chances(world->doubt, ROWS, DRAWN, world->chance);
    assert_true(fabs(mean(world->chance) * ROWS - DRAWN) < 0.01);
    assert_true(world->chance[7] == 1);
    free(world);
}

static void who_asks_about_all_rows_leaves_none_to_chance(void **state)
{
    (void)state;
    double chances[300], doubts[300];
    uint32_t rows[301];
    Rng rng = rng_seeded(1);
    for (size_t i = 0; i < 300; i++)
        doubts[i] = rng_real(&rng);
    for (size_t count = 300; count <= 301; count++) {
        labels_chances(doubts, 300, count, chances);
        for (size_t i = 0; i < 300; i++)
            assert_true(chances[i] == 1);
        assert_int_equal(labels_draw(chances, 300, &rng, rows, 301), 300);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guesses_that_know_save_labels),
        cmocka_unit_test(guesses_that_are_mere_chance_cost_little),
        cmocka_unit_test(chances_add_up_to_the_labels_and_are_no_more_than_one),
        cmocka_unit_test(who_asks_about_all_rows_leaves_none_to_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
