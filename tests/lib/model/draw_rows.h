/* SPDX-License-Identifier: Apache-2.0
 *
 * draw_rows.h - rows of one column, drawn and put into cells, for tests of lib/model.
 */
#ifndef TESTS_MODEL_DRAW_ROWS_H
#define TESTS_MODEL_DRAW_ROWS_H
#include <stdlib.h>

#include "base/rng.h"
#include "model/expected.h"
#include "stats/normal.h"

static inline double draw_normal(Rng *rng)
{
    return normal_quantile(rng_real(rng));
}

static inline int number_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Bins, and what is expected, of n normal numbers; cells has room for n. */
static inline void draw_reference(Rng *rng, size_t n, Bins *bins, uint8_t *cells,
                                  Expected *expected)
{
    double *numbers = calloc(2 * n, sizeof *numbers);
    for (size_t i = 0; i < n; i++)
        numbers[i] = numbers[n + i] = draw_normal(rng);
    qsort(numbers + n, n, sizeof *numbers, number_order);
    bins_of_numbers(numbers + n, n, bins);
    for (size_t i = 0; i < n; i++)
        cells[i] = bins_number_cell(bins, numbers[i]);
    expected_make(bins, cells, n, 0, expected);
    free(numbers);
}

static inline void draw_cells(Rng *rng, const Bins *bins, double shift, double spread, size_t n,
                              uint8_t *cells)
{
    for (size_t i = 0; i < n; i++)
        cells[i] = bins_number_cell(bins, shift + spread * draw_normal(rng));
}

#endif
