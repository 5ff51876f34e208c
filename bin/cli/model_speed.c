/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/model_speed.h"

#include <math.h>
#include <stdlib.h>

#include "cli/pool.h"
#include "input/clock.h"

#define ROWS 2000

double model_microseconds(const odd_predictor *predictor)
{
    Pool pool = {0};
    size_t columns = odd_predictor_columns(predictor);
    odd_predictor_cell *cells = pool_take(&pool, (columns + 1) * sizeof *cells);
    double values[ODD_PREDICTOR_VALUES], begun = clock_seconds();
    for (int row = 0; row < ROWS; row++) {
        for (size_t c = 0; c < columns; c++)
            cells[c] = (odd_predictor_cell){.number = (row * 7 + (int)c * 13) % 101,
                                            .text = "a",
                                            .time = (odd_time)row * 3600 * 1000000000};
        odd_predictor_say(predictor, cells, values);
    }
    double spent = clock_seconds() - begun;
    pool_free(&pool);
    return floor(spent / ROWS * 1e8) / 100;
}
