/* SPDX-License-Identifier: Apache-2.0 */
#include "model/evidence.h"

#include <assert.h>

#define MONEY_MAX 1e20f /* Enough; and it is lost again within some rows when a drift ends. */

/* What is left of recent rows after a step: half after 256 rows, and after 2,048. */
static const double fading[BETS_LEARNT] = {0.840896415253714543, 0.978572062087700134};

void evidence_begin(Evidence *evidence, const Bets *bets)
{
    memset(evidence, 0, sizeof *evidence);
    evidence->bets = *bets;
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

/* All within one step. */
static void bet(Evidence *evidence, const uint8_t *cells, size_t n, float *ret_money)
{
    float money[BET_COUNT], start[BET_COUNT];
    memcpy(money, evidence->money, sizeof money);
    memcpy(start, evidence->bets.start, sizeof start);
    for (size_t i = 0; i < n; i++) {
        const float *factor = evidence->bets.factor[cells[i]];
        float total[4] = {0};
        for (int k = 0; k < BET_COUNT; k++) {
            float more = (money[k] + start[k]) * factor[k];
            money[k] = more < MONEY_MAX ? more : MONEY_MAX;
        }
        for (int k = 0; k < BET_COUNT; k++)
            total[k % 4] += money[k];
        ret_money[i] = (total[0] + total[1]) + (total[2] + total[3]);
        evidence->step[cells[i]]++;
    }
    memcpy(evidence->money, money, sizeof money);
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
        if (count == room)
            step(evidence, expected);
    }
}
