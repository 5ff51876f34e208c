/* SPDX-License-Identifier: Apache-2.0 */
#include "model/evidence.h"

#include <assert.h>

#define MONEY_MAX 1e20f /* Enough; and it is lost again within some rows when a drift ends. */

/* What is left of recent rows after a step: half after 256 rows, and after 2,048. */
static const double fading[BETS_LEARNT] = {0.707106781186547524, 0.957603280698573647};

void evidence_begin(Evidence *evidence, const Bets *bets)
{
    memset(evidence, 0, sizeof *evidence);
    evidence->bets = *bets;
}

void evidence_turn(Evidence *evidence, const Bins *bins, const Expected *expected, double tolerance)
{
    Bets bets;
    bets_make(bins, expected, BETS_BOTH_WAYS, tolerance, evidence->bets.roots, &bets);
    evidence->bets = bets;
    for (int which = 0; which < BETS_LEARNT; which++)
        bets_learn(&evidence->bets, expected, which, evidence->recent[which],
                   evidence->recent_count[which]);
}

static void step(Evidence *evidence, const Expected *expected)
{
    for (int which = 0; which < BETS_LEARNT; which++) {
        double *recent = evidence->recent[which];
        for (size_t c = 0; c < CELL_COUNT; c++)
            recent[c] = recent[c] * fading[which] + evidence->step[c];
        evidence->recent_count[which] =
            evidence->recent_count[which] * fading[which] + EVIDENCE_STEP_ROWS;
        bets_learn(&evidence->bets, expected, which, recent, evidence->recent_count[which]);
    }
    memset(evidence->step, 0, sizeof evidence->step);
}

/* Four bets at once, on machines that can; elsewhere the compiler does them one by one, with the
 * same result. */
typedef float Lanes __attribute__((vector_size(16)));
#define LANES (BET_COUNT / 4)

/* All within one step; only at its end what is beyond the most is cut, be it infinite. */
static void bet(Evidence *evidence, const uint8_t *cells, size_t n, float *ret_money)
{
    Lanes money[LANES], start[LANES], factor[LANES];
    memcpy(money, evidence->money, sizeof money);
    memcpy(start, evidence->bets.start, sizeof start);
    for (size_t i = 0; i < n; i++) {
        memcpy(factor, evidence->bets.factor[cells[i]], sizeof factor);
        for (int k = 0; k < LANES; k++)
            money[k] = (money[k] + start[k]) * factor[k];
        Lanes total = (money[0] + money[1]) + (money[2] + money[3]);
        float all = (total[0] + total[1]) + (total[2] + total[3]);
        ret_money[i] = all < MONEY_MAX ? all : MONEY_MAX;
    }
    for (size_t i = 0; i < n; i++)
        evidence->step[cells[i]]++;
    memcpy(evidence->money, money, sizeof money);
}

static void cut(Evidence *evidence)
{
    for (int k = 0; k < BET_COUNT; k++)
        evidence->money[k] = evidence->money[k] < MONEY_MAX ? evidence->money[k] : MONEY_MAX;
}

void evidence_learn(Evidence *evidence, const Expected *expected, const uint8_t *cells, size_t n,
                    float *ret_money)
{
    for (size_t at = 0; at < n;) {
        size_t room = EVIDENCE_STEP_ROWS - evidence->rows % EVIDENCE_STEP_ROWS;
        size_t count = n - at < room ? n - at : room;
        bet(evidence, cells + at, count, ret_money + at);
        evidence->rows += count;
        at += count;
        if (count == room) {
            cut(evidence);
            step(evidence, expected);
        }
    }
}
