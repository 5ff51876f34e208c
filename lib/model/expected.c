/* SPDX-License-Identifier: Apache-2.0 */
#include "model/expected.h"

#include <assert.h>
#include <math.h>

#include "stats/normal.h"

#define CERTAIN 1.645 /* Standard errors. */

static void count(const uint8_t *cells, size_t n, double *counts)
{
    memset(counts, 0, CELL_COUNT * sizeof *counts);
    for (size_t i = 0; i < n; i++)
        counts[cells[i]]++;
}

/* -- shares and scores ----------------------------------------------------------------------- */

static bool is_in_use(const Bins *bins, size_t cell)
{
    return cell < bins->count || cell >= CELL_OTHER;
}

static void find_shares(const Bins *bins, const double *counts, uint64_t single, Expected *ret)
{
    double total = 0;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double added = c == CELL_UNSEEN ? (double)single + 0.5 : 0.5;
        ret->share[c] = is_in_use(bins, c) ? counts[c] + added : 0;
        ret->cells += counts[c] > 0;
        total += ret->share[c];
    }
    for (size_t c = 0; c < CELL_COUNT; c++)
        ret->share[c] = is_in_use(bins, c) ? ret->share[c] / total : 0.5 / total;
    for (size_t c = 0; c < CELL_COUNT; c++)
        ret->inverse[c] = 1 / ret->share[c];
}

static double density_at(double p)
{
    return p > 0 && p < 1 ? normal_density(normal_quantile(p)) : 0;
}

/* The mean of a normal variable between two of its quantiles, for each bin. */
static void find_scores(const Bins *bins, Expected *ret)
{
    double all = 0, below = 0, square = 0;
    for (size_t c = 0; c < bins->count; c++)
        all += ret->share[c];
    for (size_t c = 0; c < bins->count && bins->count > 1; c++) {
        double from = below / all, share = ret->share[c] / all;
        below += ret->share[c];
        double to = c + 1 < bins->count ? below / all : 1;
        ret->score[c] = (density_at(from) - density_at(to)) / share;
        square += ret->share[c] * ret->score[c] * ret->score[c];
    }
    for (size_t c = 0; c < bins->count && square > 0; c++)
        ret->score[c] /= sqrt(square);
}

/* -- wobble ---------------------------------------------------------------------------------- */

static double mean_score(const Expected *expected, const uint8_t *cells, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += expected->score[cells[i]];
    return sum / (double)n;
}

/* Chi-square of a stretch against the whole. */
static double distance(const Expected *expected, const uint8_t *cells, size_t n)
{
    double counts[CELL_COUNT], sum = 0;
    count(cells, n, counts);
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double mean = expected->share[c] * (double)n;
        sum += (counts[c] - mean) * (counts[c] - mean) / mean;
    }
    return sum;
}

static void find_wobble(const uint8_t *cells, size_t n, Expected *ret)
{
    size_t length = n / EXPECTED_STRETCHES;
    if (length < 2)
        return;
    double shifts = 0, shapes = 0, stretches = EXPECTED_STRETCHES;
    for (size_t i = 0; i < EXPECTED_STRETCHES; i++) {
        double shift = mean_score(ret, cells + i * length, length);
        shifts += shift * shift;
        shapes += distance(ret, cells + i * length, length);
    }
    double rows = (double)length, freedom = ret->cells > 1 ? ret->cells - 1 : 1;
    double shift = shifts / stretches - (1 + CERTAIN * sqrt(2 / stretches)) / rows;
    double shape = (shapes / stretches - freedom - CERTAIN * sqrt(2 * freedom / stretches)) / rows;
    ret->shift_wobble = sqrt(shift > 0 ? shift : 0);
    ret->shape_wobble = sqrt(shape > 0 ? shape : 0);
}

static void from_counts(const Bins *bins, const double *counts, double rows, uint64_t single,
                        Expected *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->rows = rows;
    find_shares(bins, counts, single, ret);
    if (bins->kind == BINS_NUMBER)
        find_scores(bins, ret);
}

void expected_of_counts(const Bins *bins, const double counts[CELL_COUNT], double rows,
                        Expected *ret)
{
    from_counts(bins, counts, rows, 0, ret);
}

void expected_make(const Bins *bins, const uint8_t *cells, size_t n, uint64_t single, Expected *ret)
{
    assert(n > 0);
    double counts[CELL_COUNT];
    count(cells, n, counts);
    from_counts(bins, counts, (double)n, single, ret);
    find_wobble(cells, n, ret);
}
