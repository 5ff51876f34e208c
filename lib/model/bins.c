/* SPDX-License-Identifier: Apache-2.0 */
#include "model/bins.h"

#include <assert.h>
#include <math.h>

/* -- making them ----------------------------------------------------------------------------- */

static size_t run_end(const double *sorted, size_t n, size_t from)
{
    size_t to = from + 1;
    while (to < n && sorted[to] == sorted[from])
        to++;
    return to;
}

/* Where a bin ends that begins at `from`, if what is left is shared among `left` bins.  A run of
 * one value that would fill a bin begins a new one. */
static size_t bin_end(const double *sorted, size_t n, size_t from, size_t left)
{
    size_t target = (n - from + left - 1) / left;
    size_t to = run_end(sorted, n, from);
    while (to < n && to - from < target) {
        size_t next = run_end(sorted, n, to);
        if (next - to >= target || next - from > target + target / 2)
            break;
        to = next;
    }
    return to;
}

static double quantile(const double *sorted, size_t n, double p)
{
    return sorted[(size_t)((double)(n - 1) * p + 0.5)];
}

/* Half the width of the middle 68 percent; of columns that hardly vary their whole range. */
static double spread(const double *sorted, size_t n)
{
    double width = (quantile(sorted, n, 0.84) - quantile(sorted, n, 0.16)) / 2;
    if (!(width > 0))
        width = sorted[n - 1] - sorted[0];
    if (!(width > 0))
        width = fabs(sorted[0]);
    return width > 0 && isfinite(width) ? width : 1;
}

void bins_of_numbers(const double *sorted, size_t n, Bins *ret)
{
    assert(n > 0);
    memset(ret, 0, sizeof *ret);
    ret->kind = BINS_NUMBER;
    ret->center = quantile(sorted, n, 0.5);
    ret->scale = spread(sorted, n);
    ret->is_whole = 1;
    for (size_t i = 0; i < n; i++)
        ret->is_whole &= sorted[i] == floor(sorted[i]);
    size_t at = 0;
    while (at < n) {
        size_t left = (size_t)BINS_MAX - ret->count;
        size_t to = left > 1 ? bin_end(sorted, n, at, left) : n;
        if (to < n) {
            double middle = sorted[to - 1] / 2 + sorted[to] / 2;
            ret->edges[ret->count] = middle > sorted[to - 1] ? middle : sorted[to];
        }
        ret->count++;
        at = to;
    }
    for (size_t i = ret->count - 1u; i < BINS_MAX; i++)
        ret->edges[i] = INFINITY;
}

static void bloom_add(Bins *bins, uint64_t hash)
{
    for (int probe = 0; probe < 2; probe++, hash >>= 32) {
        uint32_t bit = (uint32_t)hash % (BINS_BLOOM_WORDS * 64);
        bins->known[bit / 64] |= 1ULL << bit % 64;
    }
}

static bool bloom_has(const Bins *bins, uint64_t hash)
{
    bool has = true;
    for (int probe = 0; probe < 2; probe++, hash >>= 32) {
        uint32_t bit = (uint32_t)hash % (BINS_BLOOM_WORDS * 64);
        has &= (bins->known[bit / 64] >> bit % 64 & 1) != 0;
    }
    return has;
}

void bins_of_categories(const BinsCategory *categories, size_t n, Bins *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->kind = BINS_CATEGORY;
    ret->scale = 1;
    ret->count = (uint16_t)(n < BINS_MAX ? n : BINS_MAX);
    for (size_t i = 0; i < n; i++)
        bloom_add(ret, categories[i].hash);
    for (size_t i = 0; i < ret->count; i++) {
        size_t at = i;
        for (; at > 0 && ret->hashes[at - 1] > categories[i].hash; at--)
            ret->hashes[at] = ret->hashes[at - 1];
        ret->hashes[at] = categories[i].hash;
    }
    for (size_t i = ret->count; i < BINS_MAX; i++)
        ret->hashes[i] = UINT64_MAX;
}

/* -- using them ------------------------------------------------------------------------------ */

/* Six halvings without a branch that could be guessed wrong. */
uint8_t bins_number_cell(const Bins *bins, double x)
{
    if (!isfinite(x))
        return isnan(x) ? CELL_MISSING : CELL_FAULT;
    uint32_t at = 0;
    for (uint32_t step = BINS_MAX / 2; step > 0; step /= 2)
        at += bins->edges[at + step - 1] <= x ? step : 0;
    return (uint8_t)at;
}

uint8_t bins_category_cell(const Bins *bins, uint64_t hash)
{
    uint32_t at = 0;
    for (uint32_t step = BINS_MAX / 2; step > 0; step /= 2)
        at += bins->hashes[at + step - 1] < hash ? step : 0;
    if (at < bins->count && bins->hashes[at] == hash)
        return (uint8_t)at;
    return bloom_has(bins, hash) ? CELL_OTHER : CELL_UNSEEN;
}

uint8_t bins_cell(const Bins *bins, const PredictionCell *cell)
{
    if (cell->kind == PREDICTION_MISSING)
        return CELL_MISSING;
    if (bins->kind == BINS_CATEGORY)
        return bins_category_cell(bins, bins_hash(cell->text));
    return cell->kind == PREDICTION_NUMBER ? bins_number_cell(bins, cell->number) : CELL_FAULT;
}
