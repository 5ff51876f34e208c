/* SPDX-License-Identifier: Apache-2.0 */
#include "model/effect.h"

#include <math.h>

#define SIDE 1.645
#define RARE_SHARE 0.002

static double root(double square)
{
    return square > 0 ? sqrt(square) : 0;
}

Effect effect_of(const Expected *expected, const double *counts)
{
    double n = 0, square = 0, shift = 0, cells = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        n += counts[c];
    if (!(n > 0))
        return (Effect){.size = 0};
    double chance = 1 / n + 1 / expected->rows;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double share = expected->share[c], away = counts[c] / n - share;
        bool is_filled = expected_is_filled(expected, c);
        if (c < CELL_OTHER && !is_filled)
            continue; /* A bin that there is not. */
        double rare = c >= CELL_OTHER ? RARE_SHARE : 1 / n / 4; /* A row alone is no proof. */
        square += away * away / (share + rare);
        shift += counts[c] / n * expected->score[c];
        cells += is_filled && share * n > 0.5;
    }
    double freedom = cells > 1 ? cells - 1 : 1;
    double w2 = square - freedom * chance;
    double error = root(2 * freedom * chance * chance + 4 * (w2 > 0 ? w2 : 0) * chance);
    return (Effect){.size = root(w2),
                    .lower = root(w2 - SIDE * error),
                    .upper = root((w2 > 0 ? w2 : 0) + SIDE * error),
                    .shift = shift};
}
