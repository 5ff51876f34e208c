/* SPDX-License-Identifier: Apache-2.0 */
#include "model/harm.h"

#include <math.h>

#define PRIOR_ROWS 50.0

void harm_shares(const double *rows, const double *losses, double all, double *ret_shares)
{
    for (size_t c = 0; c < CELL_COUNT; c++)
        ret_shares[c] = (losses[c] + PRIOR_ROWS * all) / (rows[c] + PRIOR_ROWS);
}

double harm_of(const Expected *expected, const double *counts, double n, const double *shares)
{
    double harm = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        harm += (counts[c] / n - expected->share[c]) * shares[c];
    return harm;
}

/* Sizes of errors scatter about as much as they are large. */
double harm_error(const Expected *expected, const double *counts, double n, const double *shares,
                  const double *rows, bool of_numbers)
{
    double variance = 0;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double more = counts[c] / n - expected->share[c], share = shares[c];
        double of_row = of_numbers ? share * share : fmax(share * (1 - share), 0);
        variance += more * more * of_row / (rows[c] + PRIOR_ROWS);
    }
    return sqrt(variance);
}
