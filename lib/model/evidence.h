/* SPDX-License-Identifier: Apache-2.0
 *
 * evidence.h - how much the rows so far say that a column has drifted, at any row.
 *
 * ODD MEANS  The column holds other values than the reference by more than it may, since some row
 *            not long ago.
 * ALGORITHM  E-detector (J. Shin, A. Ramdas, A. Rinaldo, New England Journal of Statistics in Data
 *            Science 2, 2024) with the sum of A. Shiryaev (1963) and S. Roberts (1966): each row,
 *            each bet's money plus a new stake is multiplied by what the bet pays (model/bets.h).
 *            Without drift the money is on average at most the number of rows, so that alarms at a
 *            level come less often than once in so many rows: whatever the column's distribution,
 *            and whenever one looks.
 * SHAPE      Flat, about 6 KB a column; O(1) a row.
 * UNITS      Money: rows between two false alarms.
 * BLIND TO   Rows that depend on each other beyond what the reference showed.
 * EXACTNESS  The same for any split into calls.
 */
#ifndef MODEL_EVIDENCE_H
#define MODEL_EVIDENCE_H
#include "model/bets.h"

#define EVIDENCE_STEP_ROWS 128 /* The learning bets learn once in so many. */

typedef struct {
    Bets     bets;
    float    money[BET_COUNT];
    double   recent[BETS_LEARNT][CELL_COUNT]; /* Rows by cell, of which the older fade.          */
    double   recent_count[BETS_LEARNT];
    uint64_t rows;
    uint16_t step[CELL_COUNT]; /* Of the rows since the last step. */
} Evidence;

/* Something else is expected from now on; what was earned stays, and what was seen of late is bet
 * on. */
void evidence_turn(Evidence *evidence, const Bins *bins, const Expected *expected,
                   double tolerance);
void evidence_begin(Evidence *evidence, const Bets *bets);
/* cells is (n); ret_money (n): behind each row. */
void evidence_learn(Evidence *evidence, const Expected *expected, const uint8_t *cells, size_t n,
                    float *ret_money);

#endif
