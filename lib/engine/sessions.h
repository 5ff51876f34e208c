/* SPDX-License-Identifier: Apache-2.0
 *
 * sessions.h - the engine's side of sessions: lines go in, judged sessions wait to be asked for.
 *
 * OWNERSHIP  Sessions owns its list; it ends with sessions_close.
 * ERRORS     Where memory is short a session is not kept, and counted in `lost`.
 */
#ifndef ENGINE_SESSIONS_H
#define ENGINE_SESSIONS_H
#include <oddball.h>

#include "base/mem.h"
#include "detect/session_feed.h"

typedef struct {
    Mem              *mem;
    SessionFeed      *feed; /* NULL: sessions are not looked at. */
    SessionJudgement *list;
    size_t            count, capacity;
    uint64_t          total, lost; /* All that ended; those that had no room. */
    uint64_t          hinted[TRAIT_KINDS]; /* Of all, those that hint at such a trait. */
    bool              only_odd;    /* Keep none with a surprise below 3. */
    bool              ended;
} Sessions;

odd_rc sessions_open(Sessions *sessions, Mem *mem, const odd_options *options);
void   sessions_close(Sessions *sessions);
void   sessions_end(Sessions *sessions); /* Those that are open are judged; once. */
uint64_t sessions_lost(const Sessions *sessions); /* Sessions and events without room. */

#endif
