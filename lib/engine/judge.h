/* SPDX-License-Identifier: Apache-2.0
 *
 * judge.h - how surprising one line is, from all that was learnt before it.
 *
 * ALGORITHM  Three kinds of evidence, with a fixed share of the chance of error each (weighted
 *            Bonferroni): how new and how grave the line is, its values, the rate of its pattern.
 * OWNERSHIP  A Line borrows everything for the call.
 * ERRORS     None: where a table is full there is less evidence.
 * EXACTNESS  What it says of a line never changes with later lines.
 */
#ifndef ENGINE_JUDGE_H
#define ENGINE_JUDGE_H
#include "detect/detector.h"
#include "engine/db.h"
#include "event/record.h"

typedef struct {        /* A value of a line that is worth comparing. */
    PatternPlace at;
    uint32_t     known; /* The place in Signals.places, NONE: never filled before. */
} LinePlace;

struct Line { /* A line on its way in. */
    Str          message;
    const Lexed *lexed;
    PatternRef   signal; /* Of the line itself.                              */
    PatternRef   head;   /* Of the record that it belongs to.                */
    Side         side;
    uint8_t      level;
    uint32_t     family;
    Spot         spot;
    LinePlace   *places; /* Of its values, but for those that are times. */
    uint32_t     place_count;
    const PatternPlace *variables; /* All of its values, times too. */
    uint32_t     variable_count;
    bool         is_frame; /* It continues the record before. */
};

Judgement judge_line(const odd_db *db, const Line *line);

/* The oddest of its values, and which of line->places it fills. */
Judgement judge_values(const odd_db *db, const Line *line, uint32_t *ret_place);
void      judge_learn(odd_db *db, const Line *line); /* Only after it was judged. */

#endif
