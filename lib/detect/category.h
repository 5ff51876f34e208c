/* SPDX-License-Identifier: Apache-2.0
 *
 * category.h - how surprising is this symbol here, in a place that has few of them.
 *
 * ODD MEANS  This place (a typed variable, the level of a pattern, the pattern after a pattern) has
 *            never had this value (new) or seldom had it (rare), and new or so rare values are
 *            seldom in it.
 * ALGORITHM  Conformal p-values on frequencies: the share of the past in symbols at most as
 *            frequent. Unseen symbols: the share of past lines that brought one, the i-th line
 *            weighing i (weighted conformal, R. Barber et al., Annals of Statistics 51(2), 2023),
 *            so that a place that stopped bringing new ones is trusted.  Symbols are kept most
 *            frequent first; the least frequent goes (A. Metwally et al., Space-Saving, ICDT 2005).
 * PARAMS     None.
 * BLIND TO   Numbers as numbers; symbols whose frequency changes and stays above one in ten.
 * SHAPE      Flat, CATEGORY_SLOT_COUNT symbols; every call is O(1), most end at the first slots.
 *            Observation.symbol is the symbol, any 64 bits.
 * UNITS      A surprise below 1 is given as 0.  After n lines that of a new symbol is at most
 *            log10((n + 2) / 2) or so, of a rare one log10(n + 1).
 * ERRORS     A place with too many symbols is free: the surprise is 0 from then on, and
 *            category_is_free tells, so that the caller can drop the state.
 * EXACTNESS  category_merge adds all counts; exact while both together have at most
 *            CATEGORY_SLOT_COUNT symbols and none has been dropped.
 */
#ifndef DETECT_CATEGORY_H
#define DETECT_CATEGORY_H
#include <stdbool.h>

#include "detect/detector.h"

#define CATEGORY_SLOT_COUNT 32

typedef struct {
    uint32_t count;        /* Lines learnt, halved at times.                      */
    uint32_t lost;         /* Of them, of symbols no longer kept.                 */
    uint32_t fresh;        /* Of them, whose symbol was unseen.                   */
    uint32_t everyday;     /* A symbol seen at least so often is not odd.         */
    uint16_t used;
    uint16_t free;
    double   fresh_weight; /* Sum of the weights of the fresh ones but the first. */
    float    recent;       /* Share of fresh ones in about the last 256.          */
    float    envelope;     /* Of the alarms.                                      */
    uint32_t tags[CATEGORY_SLOT_COUNT];   /* Folded symbols, most frequent first. */
    uint32_t counts[CATEGORY_SLOT_COUNT];
} Category;                /* All zero is the empty state. */

static inline bool category_is_free(const Category *category)
{
    return category->free;
}

void     category_score(const Category *category, uint64_t symbol, Judgement *ret_judgement);
void     category_learn(Category *category, uint64_t symbol);
void     category_merge(Category *category, const Category *other);
uint32_t category_count(const Category *category, uint64_t symbol); /* Seen so far; 0: unseen. */

extern const odd_detector detector_category;

#endif
