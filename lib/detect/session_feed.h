/* SPDX-License-Identifier: Apache-2.0
 *
 * session_feed.h - from lines to judged sessions: waits for the key, then sorts lines by it.
 *
 *     SessionFeed *feed = session_feed_open(mem, seed, NULL, take, context);
 *     session_feed_line(feed, &line);         // every line, in order
 *     session_feed_merge(feed, from, into);   // whenever two patterns became one
 *     session_feed_end(feed);                 // once: take() gets all that are left
 *
 * Lines are kept until the key is found, at the latest after SESSION_SAMPLE_LINES_MAX of them, and
 * then replayed, so no line is missing from its session.  If there is no key, nothing is kept and
 * a line costs nothing.  A line that holds several values of the key belongs to each.
 *
 * SHAPE      The sample holds at most SESSION_SAMPLE_BYTES_MAX of text.
 * OWNERSHIP  Borrows the line for the call, and the judgement to take() for the call.
 * ERRORS     What has no room is counted: session_feed_lost.
 * EXACTNESS  Same lines, same merges: same calls of take(), in the same order.
 */
#ifndef DETECT_SESSION_FEED_H
#define DETECT_SESSION_FEED_H
#include "detect/session.h"
#include "detect/session_key.h"

#define SESSION_SAMPLE_LINES_MAX 20000
#define SESSION_SAMPLE_BYTES_MAX (4u << 20)
#define SESSION_LINE_BYTES_MAX 16384 /* Of a line that are searched for the key. */
#define SESSION_LINE_KEYS_MAX 128    /* Different values of the key in one line. */

typedef struct {
    Str      text; /* The whole line, header too: the key may be there. */
    uint64_t row;
    odd_time time;
    uint32_t symbol; /* Its pattern. */
    uint8_t  level;
    bool     reference;
} SessionLine;

typedef void SessionTake(void *context, const SessionJudgement *ended);
typedef struct SessionFeed SessionFeed;

/* key: as a person writes it (session_key_of); NULL or empty: found by itself.  NULL: no memory. */
SessionFeed *session_feed_open(Mem *mem, uint64_t seed, const char *key, SessionTake *take,
                               void *context);
void         session_feed_close(SessionFeed *feed); /* NULL is a no-op. */
void         session_feed_line(SessionFeed *feed, const SessionLine *line);
void         session_feed_merge(SessionFeed *feed, uint32_t from, uint32_t into);
void         session_feed_end(SessionFeed *feed);
SessionKey   session_feed_key(const SessionFeed *feed); /* SESSION_KEY_NONE: none, or not yet. */
uint64_t     session_feed_lost(const SessionFeed *feed);

#endif
