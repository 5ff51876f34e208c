/* SPDX-License-Identifier: Apache-2.0
 *
 * bets.h - bets that a column does not hold what is expected: what each pays for a row in a cell.
 *
 * A bet turns 1 into factor[cell].  If the column strays from what is expected by no more than the
 * tolerance, no bet gains on average; so what bets earn is evidence of a drift that matters.
 *
 * ALGORITHM  Bets on cells pay q / share for an alternative q (J. L. Kelly, 1956): shifts of the
 *            mean and of the spread by exponential tilts, a common category more or less frequent,
 *            more missing, more of what is not expected at all.  Divided by 1 + tolerance times the
 *            deviation of the payment, which no distribution within the tolerance (chi-square
 *            distance) beats: Cauchy's and Schwarz's inequality.  Two more bets learn their q from
 *            the rows before (a predictable plug-in; A. Dawid, 1984).
 *            A root of a fair bet is fair too (Jensen's inequality).
 * SHAPE      Flat, 4.5 KB a column.
 */
#ifndef MODEL_BETS_H
#define MODEL_BETS_H
#include "model/expected.h"

#define BET_COUNT 16
#define BET_LEARNT 14 /* The two that learn are the last.                          */
#define BETS_LEARNT 2

typedef enum {
    BETS_BOTH_WAYS = 0,
    BETS_UP /* Of errors, of which fewer are welcome: two cells, and only more is bet on. */
} BetsWay;

typedef struct {
    float factor[CELL_COUNT][BET_COUNT]; /* 0: no such bet. */
    float start[BET_COUNT];              /* Money of each for a new start; sum 1. */
    float learnt_tolerance;
    uint32_t roots, unused[2];
} Bets;

/* tolerance: that of effects, in standard deviations (model/effect.h).  roots: so many times the
 * square root of each factor is taken (model/temper.h); 0 for independent rows. */
void bets_make(const Bins *bins, const Expected *expected, BetsWay way, double tolerance,
               uint32_t roots, Bets *ret);

/* A learning bet, 0 or 1: on the shares of the recent rows, which count `recent_count`. */
void bets_learn(Bets *bets, const Expected *expected, int which, const double *recent,
                double recent_count);

#endif
