/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/model_speed.h"

#include <math.h>

#include "cli/pool.h"
#include "input/clock.h"

#define BATCHES 40
#define BATCH_ROWS 100

static double one_batch(const odd_predictor *predictor, odd_predictor_cell *cells)
{
    size_t columns = odd_predictor_columns(predictor);
    double values[ODD_PREDICTOR_VALUES], begun = clock_seconds();
    for (int row = 0; row < BATCH_ROWS; row++) {
        for (size_t c = 0; c < columns; c++)
            cells[c] = (odd_predictor_cell){.number = (row * 7 + (int)c * 13) % 101,
                                            .text = "a",
                                            .time = (odd_time)row * 3600 * 1000000000};
        odd_predictor_say(predictor, cells, values);
    }
    return clock_seconds() - begun;
}

double model_microseconds(const odd_predictor *predictor)
{
    Pool pool = {0};
    double least = INFINITY;
    odd_predictor_cell *cells =
        pool_take(&pool, (odd_predictor_columns(predictor) + 1) * sizeof *cells);
    for (int batch = 0; batch < BATCHES; batch++) {
        double spent = one_batch(predictor, cells);
        least = spent < least ? spent : least;
    }
    pool_free(&pool);
    return floor(least / BATCH_ROWS * 1e8 + 0.5) / 100;
}
