/* SPDX-License-Identifier: Apache-2.0
 *
 * rarity.h - looking back at a whole file: how odd is it that a pattern is so rare and so severe.
 *
 * The chance is the share of lines that are at least as odd: in patterns at most as frequent and
 * at least as severe.  No independence of the two is assumed, the lines are counted.  Two
 * corrections make it honest; doc/design/surprise.md has the reasons.
 *
 * ALGORITHM  Weighted p-values (C. Genovese, K. Roeder, L. Wasserman, Biometrika 93, 2006): a
 *            severe line is given more weight as long as severe lines are few, so that the weights
 *            average to one.  Crowding: the chance is multiplied by a quarter (severe lines:
 *            half) of the number of 256ths of the file that hold such lines: where one-off lines come all the time, one more is no
 *            news.
 * SHAPE      patterns is (count).  O(count log count) time, 24 bytes of scratch a pattern.
 * UNITS      Rows count from anything, first to last of the whole file in the same way.
 * EXACTNESS  Depends on the set of patterns, not on their order.
 */
#ifndef STATS_RARITY_H
#define STATS_RARITY_H
#include <stddef.h>
#include <stdint.h>

#include "stats/severity.h"

typedef struct {
    uint64_t count;               /* Lines of this pattern; 0 is left out (surprise 0). */
    uint64_t first_row, last_row; /* Where they stand.                                  */
    uint8_t  severity;            /* Severity                                           */
} RarityPattern;

typedef struct {
    double   surprise;
    uint64_t line_count;    /* Lines at least as odd, this pattern's own among them.    */
    uint32_t pattern_count; /* Their patterns.                                          */
    uint32_t place_count;   /* 256ths of the file in which they stand.                  */
} Rarity;

/* Scratch of rarity_score for `count` patterns. */
size_t rarity_scratch_bytes(size_t count);

/* ret_rarities is (count). */
void rarity_score(const RarityPattern *patterns, size_t count, void *scratch, Rarity *ret_rarities);

#endif
