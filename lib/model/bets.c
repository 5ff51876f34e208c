/* SPDX-License-Identifier: Apache-2.0 */
#include "model/bets.h"

#include <math.h>

#include "base/real.h"

#define WOBBLES 2.0        /* So many of the reference's own are tolerated.                       */
#define UNCERTAINTIES 1.5  /* And so many standard errors of the reference.                       */
#define PRIOR_ROWS 64.0    /* Rows as expected that a learning bet sees beside the recent ones.   */
#define RARE_SHARE 0.002   /* So many missing or faulty ones are tolerated even if none were.     */
#define FACTOR_MAX 1000.0f /* What one row can pay: a new category is no proof.                   */

static void set_factor(Bets *bets, size_t cell, int bet, double pays)
{
    float factor = (float)pays;
    factor = factor < FACTOR_MAX ? factor : FACTOR_MAX;
    for (uint32_t i = 0; i < bets->roots; i++)
        factor = sqrtf(factor);
    bets->factor[cell][bet] = factor;
}

/* A bet on `wanted`, up to scale, becomes factors that are fair even to what is tolerated. */
static void set_factors(Bets *bets, const Expected *expected, int bet, const double *wanted,
                        double tolerance)
{
    double total = 0, square = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        total += wanted[c];
    for (size_t c = 0; c < CELL_COUNT; c++)
        square += wanted[c] * wanted[c] * expected->inverse[c];
    square /= total * total;
    double unit = 1 / (total * (1 + tolerance * sqrt(square > 1 ? square - 1 : 0)));
    for (size_t c = 0; c < CELL_COUNT; c++)
        set_factor(bets, c, bet, wanted[c] * expected->inverse[c] * unit);
}

static void bet_on_tilt(Bets *bets, const Expected *expected, int bet, double tilt, bool of_spread,
                        double tolerance)
{
    double wanted[CELL_COUNT];
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double z = expected->score[c];
        wanted[c] = expected->share[c] * real_exp(tilt * (of_spread ? (z * z - 1) / sqrt(2.0) : z));
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

/* So much more of all rows are in these cells, which are rare: what is tolerated is a share. */
static void bet_on_more(Bets *bets, const Expected *expected, int bet, size_t from, size_t to,
                        double tolerance)
{
    double share = 0;
    for (size_t c = from; c <= to; c++)
        share += expected->share[c];
    double fair = share + tolerance * sqrt(share);
    fair = fair > RARE_SHARE ? fair : RARE_SHARE;
    fair = fair < 0.9 ? fair : 0.9;
    double wanted = fair + 0.05;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        bool is_in = c >= from && c <= to;
        set_factor(bets, c, bet, is_in ? wanted / fair : (1 - wanted) / (1 - fair));
    }
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

/* Of two values one is more frequent, by little or much. */
static void bet_on_either(const Bins *bins, Bets *bets, const Expected *expected, double tolerance)
{
    static const double odds[] = {1.25, 1.5, 2.25, 5};
    size_t cell = expected->share[0] < expected->share[bins->count - 1] ? 0 : bins->count - 1u;
    for (int i = 0; i < 4; i++) {
        bet_on_cell(bets, expected, 2 * i, cell, odds[i], tolerance);
        bet_on_cell(bets, expected, 2 * i + 1, cell, 1 / odds[i], tolerance);
    }
}

/* The six most frequent categories, each more and less frequent. */
static void bet_on_categories(const Bins *bins, Bets *bets, const Expected *expected,
                              double tolerance)
{
    bool taken[BINS_MAX] = {false};
    int count = bins->count < 6 ? bins->count : 6;
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

/* All bets start with the same. */
static void share_start(Bets *bets, bool learns)
{
    int count = 0;
    for (int bet = 0; bet < BET_COUNT; bet++)
        count += bet >= BET_LEARNT ? learns : bets->factor[CELL_MISSING][bet] > 0;
    for (int bet = 0; bet < BET_COUNT; bet++) {
        bool is_one = bet >= BET_LEARNT ? learns : bets->factor[CELL_MISSING][bet] > 0;
        bets->start[bet] = is_one ? 1 / (float)count : 0;
    }
}

/* Small changes take long to see, so most is put on them. */
static void bet_on_errors(Bets *bets, const Expected *expected, double tolerance)
{
    static const double odds[] = {1.25, 1.5, 2.25, 5};
    static const float starts[] = {0.25f, 0.4f, 0.25f, 0.1f};
    for (int i = 0; i < 4; i++) {
        bet_on_cell(bets, expected, i, 1, odds[i], tolerance);
        bets->start[i] = starts[i];
    }
}

void bets_make(const Bins *bins, const Expected *expected, BetsWay way, double tolerance,
               uint32_t roots, Bets *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->roots = roots;
    double shift =
        tolerance + UNCERTAINTIES / sqrt(expected->rows) + WOBBLES * expected->shift_wobble;
    double shape =
        tolerance + sqrt(expected->cells / expected->rows) + WOBBLES * expected->shape_wobble;
    if (way == BETS_UP) {
        bet_on_errors(ret, expected, shift);
        return;
    }
    if (bins->count <= 2)
        bet_on_either(bins, ret, expected, shift);
    else if (bins->kind == BINS_NUMBER)
        bet_on_numbers(ret, expected, shift);
    else
        bet_on_categories(bins, ret, expected, shape);
    bet_on_more(ret, expected, 12, CELL_MISSING, CELL_MISSING, shape);
    bet_on_more(ret, expected, 13, CELL_FAULT, CELL_UNSEEN, shape);
    ret->learnt_tolerance = (float)shape;
    share_start(ret, bins->count > 2);
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
        wanted[c] =
            PRIOR_ROWS * expected->share[c] + (recent != NULL && recent_count > 0 ? recent[c] : 0);
    set_factors(bets, expected, BET_LEARNT + which, wanted, (double)bets->learnt_tolerance);
}
