/* SPDX-License-Identifier: Apache-2.0 */
#include "model/temper.h"

static double most_money(const Expected *expected, const Bets *bets, const uint8_t *cells, size_t n)
{
    Evidence evidence;
    evidence_begin(&evidence, bets);
    float money[EVIDENCE_STEP_ROWS], most = 0;
    for (size_t at = 0; at < n; at += EVIDENCE_STEP_ROWS) {
        size_t count = n - at < EVIDENCE_STEP_ROWS ? n - at : EVIDENCE_STEP_ROWS;
        evidence_learn(&evidence, expected, cells + at, count, money);
        for (size_t i = 0; i < count; i++)
            most = money[i] > most ? money[i] : most;
    }
    return (double)most;
}

void temper_bets(const Bins *bins, const Expected *expected, BetsWay way, double tolerance,
                 const uint8_t *cells, size_t n, Bets *ret)
{
    for (uint32_t roots = 0; roots <= TEMPER_ROOTS_MAX; roots++) {
        bets_make(bins, expected, way, tolerance, roots, ret);
        if (most_money(expected, ret, cells, n) <= TEMPER_LUCK * (double)n)
            return;
    }
}
