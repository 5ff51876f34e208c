/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "model/hours.h"

#define ROWS 4000

typedef struct {
    Bins     bins;
    Expected whole;
    Hours    hours;
    Rng      rng;
    uint8_t  cells[ROWS];
} World;

static void draw(World *world, double shift)
{
    for (int i = 0; i < ROWS; i++)
        world->cells[i] = bins_number_cell(&world->bins, rng_real(&world->rng) + shift);
}

static void begin(World *world)
{
    double sorted[ROWS];
    memset(world, 0, sizeof *world);
    world->rng = rng_seeded(3);
    for (int i = 0; i < ROWS; i++)
        sorted[i] = (i + 0.5) / ROWS;
    bins_of_numbers(sorted, ROWS, &world->bins);
    draw(world, 0);
    expected_make(&world->bins, world->cells, ROWS, 0, &world->whole);
}

static double mean_score(const Expected *of, const Expected *scores)
{
    double sum = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        sum += of->share[c] * scores->score[c];
    return sum;
}

static void an_hour_without_rows_is_as_the_whole(void **state)
{
    (void)state;
    World world;
    begin(&world);
    Expected expected = world.whole;
    assert_false(hours_enter(&world.hours, 5, &world.bins, &expected));
    assert_memory_equal(&expected, &world.whole, sizeof expected);
    hours_learn(&world.hours, 5, world.cells, HOURS_ROWS_MIN - 1);
    assert_false(hours_enter(&world.hours, 5, &world.bins, &expected));
}

static void an_hour_is_expected_as_it_was_and_the_next_one_as_the_whole_again(void **state)
{
    (void)state;
    World world;
    begin(&world);
    Expected expected = world.whole;
    draw(&world, 0.3);
    hours_learn(&world.hours, 3, world.cells, ROWS);
    assert_true(hours_enter(&world.hours, 3, &world.bins, &expected));
    assert_true(mean_score(&expected, &world.whole) > 0.8);
    assert_true(fabs(mean_score(&expected, &expected)) < 1e-9);
    assert_true(expected.rows == ROWS);
    assert_memory_equal(hours_whole(&world.hours, &expected), &world.whole, sizeof expected);
    assert_true(hours_enter(&world.hours, 4, &world.bins, &expected));
    assert_memory_equal(&expected, &world.whole, sizeof expected);
    assert_false(hours_enter(&world.hours, 4, &world.bins, &expected));
}

/* The steeper the day, the more an hour may stray from its mean. */
static void what_moves_within_an_hour_is_tolerated(void **state)
{
    (void)state;
    double wobbles[2];
    for (int steep = 0; steep < 2; steep++) {
        World world;
        begin(&world);
        Expected expected = world.whole;
        for (size_t hour = 0; hour < 3; hour++) {
            draw(&world, steep ? 0.1 * (double)hour : 0.1);
            hours_learn(&world.hours, hour, world.cells, ROWS);
        }
        assert_true(hours_enter(&world.hours, 1, &world.bins, &expected));
        wobbles[steep] = expected.shift_wobble;
    }
    assert_true(wobbles[0] < 0.05 && wobbles[1] > 0.1 && wobbles[1] < 0.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_without_rows_is_as_the_whole),
        cmocka_unit_test(an_hour_is_expected_as_it_was_and_the_next_one_as_the_whole_again),
        cmocka_unit_test(what_moves_within_an_hour_is_tolerated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
