/* SPDX-License-Identifier: Apache-2.0
 *
 * session.h - the open sessions of a stream: what each did so far; a judgement when it ends.
 *
 * A session is all events that carry the same value of the session key (a block, request, process
 * ...).  It ends when the input ends, or when the table is full and it is the one that has been
 * quiet for longest.  What ends at the end of the input is learnt first and judged then, each
 * against all others; what ends before is judged against what ended before it, and learnt then.
 *
 *     while (session_put(table, &event, &ended)) ... at most once: it made room
 *     while (session_end(table, &ended)) ... the rest, by first row
 *
 * ALGORITHM  Count vectors by detect/session_shape.h.
 * SHAPE      O(patterns of the session) an event; 256 bytes a session and 200 for each 16 patterns
 *            above 10.  At most session_count_max sessions, SHAPE_PARTS_MAX patterns in each.
 * OWNERSHIP  The table owns all; a SessionJudgement is a plain value.
 * ERRORS     An event for which there is no memory is counted (session_lost) and dropped.
 * EXACTNESS  Same events, same merges: same judgements, in the same order.
 */
#ifndef DETECT_SESSION_H
#define DETECT_SESSION_H
#include <oddball.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"
#include "detect/session_shape.h"

#define SESSION_COUNT_MAX (1u << 18) /* A good session_count_max: 64 MiB when full. */
#define SESSION_KEY_BYTES_MAX 48     /* Of a key that are kept; it is told apart by its whole. */

typedef struct {
    Str      key;       /* The value of the session key.             */
    uint64_t row;
    odd_time time;      /* ODD_TIME_NONE: not known.                 */
    uint32_t symbol;    /* The pattern.                              */
    uint8_t  level;     /* Of event/record.h.                        */
    bool     reference; /* From a source that is known good.         */
} SessionEvent;

typedef struct {
    char       key[SESSION_KEY_BYTES_MAX + 1];
    uint64_t   first_row, last_row, events;
    odd_time   first_time, last_time;
    double     surprise;
    ShapeTrait traits[SHAPE_TRAITS_MAX]; /* The reason, strongest first; evidence 0: none. */
} SessionJudgement;

typedef struct SessionTable SessionTable;

SessionTable *session_table_open(Mem *mem, uint64_t seed, uint32_t session_count_max);
void          session_table_close(SessionTable *table); /* NULL is a no-op. */

/* True: a session ended to make room, *ret_ended is its judgement. */
bool session_put(SessionTable *table, const SessionEvent *event, SessionJudgement *ret_ended);

/* The pattern `from` is now `into`, in open sessions too; past judgements stay. */
void session_merge(SessionTable *table, uint32_t from, uint32_t into);

/* The input has ended: gives one session after the other, false when none is left. */
bool session_end(SessionTable *table, SessionJudgement *ret_ended);

uint64_t session_lost(const SessionTable *table);

#endif
