/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/residual.h"

enum { COLUMNS = 20, ROWS = 400 };

/* Two numbers make all columns but the last, which never changes; a little noise. */
static void draw(Rng *rng, double *ret)
{
    double a = rng_real(rng) - 0.5, b = rng_real(rng) - 0.5;
    for (size_t c = 0; c + 1 < COLUMNS; c++)
        ret[c] = 100 + a * (double)c + b * (double)(COLUMNS - c) + 0.1 * rng_real(rng);
    ret[COLUMNS - 1] = 3;
}

static Residual *learnt(void)
{
    Residual *residual = calloc(1, residual_bytes(COLUMNS));
    double *rows = calloc((size_t)ROWS * COLUMNS, sizeof *rows);
    Rng rng = rng_seeded(1);
    for (size_t i = 0; i < ROWS; i++)
        draw(&rng, rows + i * COLUMNS);
    residual_learn(residual, COLUMNS, rows, ROWS);
    free(rows);
    return residual;
}

static void rows_like_the_reference_leave_little_and_rows_that_break_its_bonds_much(void **state)
{
    (void)state;
    Residual *residual = learnt();
    Rng rng = rng_seeded(2);
    for (int i = 0; i < 100; i++) {
        double row[COLUMNS], other[COLUMNS], mixed[COLUMNS];
        draw(&rng, row);
        draw(&rng, other);
        for (size_t c = 0; c < COLUMNS; c++)
            mixed[c] = c % 4 == 0 ? 200 - row[c] : row[c];
        assert_true(residual_of(residual, row) < 0.05);
        assert_true(residual_of(residual, other) < 0.05);
        assert_true(residual_of(residual, mixed) > 0.01);
    }
    free(residual);
}

static void a_number_far_away_counts_as_far_and_no_more(void **state)
{
    (void)state;
    Residual *residual = learnt();
    Rng rng = rng_seeded(3);
    double row[COLUMNS];
    draw(&rng, row);
    row[4] = 1e300;
    double left = residual_of(residual, row);
    assert_true(left > 0.5 && left < RESIDUAL_FAR);
    free(residual);
}

static void what_is_missing_counts_as_the_mean_and_a_constant_column_says_nothing(void **state)
{
    (void)state;
    Residual *residual = learnt();
    double row[COLUMNS];
    for (size_t c = 0; c < COLUMNS; c++)
        row[c] = NAN;
    row[COLUMNS - 1] = 7;
    assert_true(residual_of(residual, row) == 0);
    for (size_t c = 0; c < COLUMNS; c++)
        row[c] = c % 2 ? (double)NAN : INFINITY;
    assert_true(isfinite(residual_of(residual, row)));
    free(residual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_like_the_reference_leave_little_and_rows_that_break_its_bonds_much),
        cmocka_unit_test(a_number_far_away_counts_as_far_and_no_more),
        cmocka_unit_test(what_is_missing_counts_as_the_mean_and_a_constant_column_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
