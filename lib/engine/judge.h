/* SPDX-License-Identifier: Apache-2.0
 *
 * judge.h - how surprising one line is, from all that was learnt before it.
 *
 * EXACTNESS  Reads only; what it says of a line never changes with later lines.
 */
#ifndef ENGINE_JUDGE_H
#define ENGINE_JUDGE_H
#include "detect/detector.h"
#include "engine/db.h"
#include "event/record.h"

typedef struct { /* A line on its way in.  All borrowed. */
    Str          message;
    const Lexed *lexed;
    PatternRef   signal; /* Of the line itself.                              */
    PatternRef   head;   /* Of the record that it belongs to.                */
    bool         is_new; /* Its pattern was not known.                       */
    Side         side;
    uint8_t      level;
    uint32_t     family;
    Spot         spot;
} Line;

Judgement judge_line(odd_db *db, const Line *line);

/* Merges that need the whole picture are made, and followed. */
void db_settle(odd_db *db);

#endif
