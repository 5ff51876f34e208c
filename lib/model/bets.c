/* SPDX-License-Identifier: Apache-2.0 */
#include "model/bets.h"

#include <math.h>

#include "base/real.h"

#define WOBBLES 2.0        /* So many of the reference's own are tolerated.                       */
#define UNCERTAINTIES 1.5  /* And so many standard errors of the reference.                       */
#define PRIOR_ROWS 64.0    /* Rows as expected that a learning bet sees beside the recent ones.   */
#define FACTOR_MAX 1000.0f /* What one row can pay: a new category is no proof.                   */

/* A bet on `wanted`, up to scale, becomes factors that are fair even to what is tolerated. */
static void set_factors(Bets *bets, const Expected *expected, int bet, const double *wanted,
                        double tolerance)
{
    double total = 0, square = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        total += wanted[c];
    for (size_t c = 0; c < CELL_COUNT; c++)
        square += wanted[c] / total * (wanted[c] / total) / expected->share[c];
    double fair = 1 + tolerance * sqrt(square > 1 ? square - 1 : 0);
    for (size_t c = 0; c < CELL_COUNT; c++) {
        float factor = (float)(wanted[c] / total / expected->share[c] / fair);
        bets->factor[c][bet] = factor < FACTOR_MAX ? factor : FACTOR_MAX;
    }
}

static void bet_on_tilt(Bets *bets, const Expected *expected, int bet, double tilt, bool of_spread,
                        double tolerance)
{
    double wanted[CELL_COUNT];
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double z = expected->score[c];
        wanted[c] =
            expected->share[c] * real_exp(tilt * (of_spread ? (z * z - 1) / sqrt(2.0) : z));
    }
    set_factors(bets, expected, bet, wanted, tolerance);
}

/* The odds of one cell are multiplied. */
static void bet_on_cell(Bets *bets, const Expected *expected, int bet, size_t cell, double odds,
                        double tolerance)
{
    double wanted[CELL_COUNT];
    memcpy(wanted, expected->share, sizeof wanted);
    wanted[cell] *= odds;
    set_factors(bets, expected, bet, wanted, tolerance);
}

/* So much more of all rows are in these cells. */
static void bet_on_more(Bets *bets, const Expected *expected, int bet, size_t from, size_t to,
                        double more, double tolerance)
{
    double wanted[CELL_COUNT], share = 0;
    memcpy(wanted, expected->share, sizeof wanted);
    for (size_t c = from; c <= to; c++)
        share += wanted[c];
    double times = (share + more) / share;
    for (size_t c = from; c <= to; c++)
        wanted[c] *= times;
    set_factors(bets, expected, bet, wanted, tolerance);
}

static void bet_on_numbers(Bets *bets, const Expected *expected, double tolerance)
{
    static const double shifts[] = {0.1, -0.1, 0.25, -0.25, 0.6, -0.6, 1.2, -1.2};
    static const double spreads[] = {0.2, -0.2, 0.5, -0.5};
    for (int i = 0; i < 8; i++)
        bet_on_tilt(bets, expected, i, shifts[i], false, tolerance);
    for (int i = 0; i < 4; i++)
        bet_on_tilt(bets, expected, 8 + i, spreads[i], true, tolerance);
}

/* The six most frequent categories, each more and less frequent. */
static void bet_on_categories(const Bins *bins, Bets *bets, const Expected *expected,
                              double tolerance)
{
    bool taken[BINS_MAX] = {false};
    int count = bins->count == 2 ? 1 : bins->count < 6 ? bins->count : 6;
    for (int i = 0; i < count; i++) {
        size_t best = 0;
        while (taken[best])
            best++;
        for (size_t c = best; c < bins->count; c++)
            if (!taken[c] && expected->share[c] > expected->share[best])
                best = c;
        taken[best] = true;
        bet_on_cell(bets, expected, 2 * i, best, 1.6, tolerance);
        bet_on_cell(bets, expected, 2 * i + 1, best, 1 / 1.6, tolerance);
    }
}

static void share_start(Bets *bets)
{
    int count = 0;
    for (int bet = 0; bet < BET_COUNT; bet++)
        count += bet >= BET_LEARNT || bets->factor[CELL_MISSING][bet] > 0;
    for (int bet = 0; bet < BET_COUNT; bet++) {
        bool is_one = bet >= BET_LEARNT || bets->factor[CELL_MISSING][bet] > 0;
        bets->start[bet] = is_one ? 1 / (float)count : 0;
    }
}

static void bet_on_errors(Bets *bets, const Expected *expected, double tolerance)
{
    static const double odds[] = {1.25, 1.5, 2, 4};
    for (int i = 0; i < 4; i++) {
        bet_on_cell(bets, expected, i, 1, odds[i], tolerance);
        bets->start[i] = 0.25f;
    }
}

void bets_make(const Bins *bins, const Expected *expected, BetsWay way, double tolerance, Bets *ret)
{
    memset(ret, 0, sizeof *ret);
    double shift = tolerance + UNCERTAINTIES / sqrt(expected->rows) +
                   WOBBLES * expected->shift_wobble;
    double shape = tolerance + sqrt(expected->cells / expected->rows) +
                   WOBBLES * expected->shape_wobble;
    if (way == BETS_UP) {
        bet_on_errors(ret, expected, shift);
        return;
    }
    if (bins->kind == BINS_NUMBER)
        bet_on_numbers(ret, expected, shift);
    else
        bet_on_categories(bins, ret, expected, shape);
    bet_on_more(ret, expected, 12, CELL_MISSING, CELL_MISSING, 0.05, shape);
    bet_on_more(ret, expected, 13, CELL_FAULT, CELL_UNSEEN, 0.05, shape);
    ret->learnt_tolerance = (float)shape;
    share_start(ret);
    for (int which = 0; which < BETS_LEARNT; which++)
        bets_learn(ret, expected, which, NULL, 0);
}

void bets_learn(Bets *bets, const Expected *expected, int which, const double *recent,
                double recent_count)
{
    double wanted[CELL_COUNT];
    if (bets->start[BET_LEARNT + which] <= 0)
        return;
    for (size_t c = 0; c < CELL_COUNT; c++)
        wanted[c] = PRIOR_ROWS * expected->share[c] + (recent_count > 0 ? recent[c] : 0);
    set_factors(bets, expected, BET_LEARNT + which, wanted, (double)bets->learnt_tolerance);
}
