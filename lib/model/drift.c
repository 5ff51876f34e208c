/* SPDX-License-Identifier: Apache-2.0 */
#include "model/drift.h"

#include <math.h>

#include "base/real.h"
#include "stats/count_tail.h"
#include "stats/incomplete.h"
#include "stats/normal.h"

#define TESTS 6.0
#define SIDE 1.645
#define WOBBLES 2.0
#define RARE_SHARE 0.002
#define MAIN_SHARE 0.75 /* Of a cell that nearly all rows are in, ... */
#define FEW_ROWS 20.0   /* ... with so few beside it. */
#define EVIDENT 3.0
#define CERTAIN 50.0 /* More surprise than that says nothing more. */

typedef struct {
    double surprise, size, lower, tolerated;
} Test;

static Test test_of_mean(double change, double variance, double chance, double tolerated)
{
    double error = sqrt(variance * chance), size = fabs(change) / sqrt(variance);
    return (Test){.surprise = normal_surprise(fabs(change) / error) - 0.30103, /* Both sides. */
                  .size = size,
                  .lower = size - SIDE * sqrt(chance),
                  .tolerated = tolerated};
}

static double spread_score(double z)
{
    return (z * z - 1) / sqrt(2.0);
}

static Test test_spread(const Expected *expected, const double *counts, double n, double chance,
                        double tolerated, double *ret_change)
{
    double mean = 0, square = 0, now = 0;
    for (size_t c = 0; c < BINS_MAX; c++) {
        double score = expected->score[c] != 0 ? spread_score(expected->score[c]) : 0;
        mean += expected->share[c] * score;
        square += expected->share[c] * score * score;
        now += counts[c] / n * score;
    }
    double variance = square - mean * mean;
    *ret_change = now - mean;
    if (!(variance > 1e-9))
        return (Test){.surprise = 0};
    return test_of_mean(now - mean, variance, chance, tolerated);
}

static Test test_shape(const Expected *expected, const Effect *effect, const double *counts,
                       double n, double chance, double tolerated)
{
    double square = 0, cells = 0;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double share = expected->share[c], away = counts[c] / n - share;
        if (share * n < 1 || c >= CELL_MISSING || !expected_is_filled(expected, c))
            continue;
        square += away * away / share;
        cells++;
    }
    double freedom = cells > 1 ? cells - 1 : 1;
    LogTails tails = incomplete_gamma(freedom / 2, square / chance / 2);
    return (Test){-tails.upper, effect->size, effect->lower, tolerated};
}

static Test test_rare(const Expected *expected, const double *counts, double n, double run,
                      size_t cell)
{
    double share = expected->share[cell], now = counts[cell] / n;
    double error = sqrt(share / expected->rows);
    double most = share + 2 * error + 1 / expected->rows;
    double tail = binomial_upper(floor(counts[cell] / run), floor(n / run), most < 1 ? most : 1);
    return (Test){-tail, now - share, now - SIDE * sqrt(now * run / n) - share,
                  RARE_SHARE + 2 * error};
}

static size_t main_cell(const Expected *expected)
{
    size_t main = 0;
    for (size_t c = 1; c < CELL_COUNT; c++)
        if (expected->share[c] > expected->share[main])
            main = c;
    return main;
}

/* Where nearly all rows are in one cell, no sum of so few others is normal: how many there are is
 * binomial. */
static Test test_few(const Expected *expected, const Effect *effect, const double *counts, double n,
                     double run, double tolerated)
{
    size_t main = main_cell(expected);
    double share = 1 - expected->share[main];
    double most = share + 2 * sqrt(share / expected->rows) + 1 / expected->rows;
    double tail =
        binomial_upper(floor((n - counts[main]) / run), floor(n / run), most < 1 ? most : 1);
    return (Test){-tail, effect->size, effect->lower, tolerated};
}

static void take(Drift *drift, Test test, DriftWhat what)
{
    double surprise = test.surprise - real_log10(TESTS);
    surprise = surprise < CERTAIN ? surprise : CERTAIN;
    bool is_small = !(test.lower > test.tolerated);
    if (surprise < EVIDENT || (drift->what != DRIFT_NONE && is_small > drift->is_negligible) ||
        (is_small == drift->is_negligible && surprise <= drift->surprise))
        return;
    drift->surprise = surprise;
    drift->what = what;
    drift->is_negligible = is_small;
    drift->lower = test.lower;
}

Drift drift_of(const Expected *expected, const double *counts, double tolerance, double run)
{
    Drift drift = {.effect = effect_of(expected, counts), .is_negligible = true};
    double n = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        n += counts[c];
    if (!(n > 0))
        return drift;
    double chance = run * (1 / n + 1 / expected->rows);
    double shift = tolerance + WOBBLES * expected->shift_wobble;
    double shape = tolerance + WOBBLES * expected->shape_wobble;
    take(&drift, test_rare(expected, counts, n, run, CELL_MISSING), DRIFT_MISSING);
    take(&drift, test_rare(expected, counts, n, run, CELL_FAULT), DRIFT_FAULT);
    take(&drift, test_rare(expected, counts, n, run, CELL_UNSEEN), DRIFT_UNSEEN);
    double most = expected->share[main_cell(expected)];
    if (most > MAIN_SHARE && n / run * (1 - most) < FEW_ROWS) {
        take(&drift, test_few(expected, &drift.effect, counts, n, run, shape), DRIFT_SHAPE);
        return drift;
    }
    take(&drift, test_of_mean(drift.effect.shift, 1, chance, shift), DRIFT_SHIFT);
    take(&drift, test_spread(expected, counts, n, chance, shift, &drift.spread), DRIFT_SPREAD);
    take(&drift, test_shape(expected, &drift.effect, counts, n, chance, shape), DRIFT_SHAPE);
    return drift;
}
