/* SPDX-License-Identifier: Apache-2.0 */
#include "model/harm.h"

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
