/* SPDX-License-Identifier: Apache-2.0
 *
 * session_key.h - what ties the lines of one session together: found by itself, then read off.
 *
 * A key is a word and what follows it: values that begin with the word (blk_-1608, req-3e1f,
 * container_01), or values that stand behind it (instance: 4f2a-..., "request_id":"9b", sshd[4711],
 * job 12).
 *
 * ALGORITHM  Each word of the sample that has such values is a candidate.  Its worth: the share of
 *            the lines that lie in groups (same value, two lines or more), times the share of the
 *            values that have groups, times the share of the groups that mix patterns, times how
 *            much shorter groups are than the same number of lines scattered at random.  The best
 *            one is taken if it is worth SESSION_KEY_WORTH_MIN.
 * SHAPE      Finding: O(n log n) once, over at most SESSION_KEY_VALUES_MAX values.  Reading: one
 *            search for the word, so a line without it costs next to nothing.
 * OWNERSHIP  A SessionKey is a plain value.  The finder owns its tables until it is closed.
 * ERRORS     Memory short, or a limit reached: what was seen until then decides.
 * BLIND TO   Keys without a word (a bare number or UUID in a column); two keys that take turns;
 *            keys that come up only after the sample.
 */
#ifndef DETECT_SESSION_KEY_H
#define DETECT_SESSION_KEY_H
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"

#define SESSION_KEY_WORD_MAX 32    /* Bytes.                                        */
#define SESSION_KEY_WORDS_MAX 512  /* Candidates; later ones are not looked at.     */
#define SESSION_KEY_VALUES_MAX (1u << 18)
#define SESSION_KEY_WORTH_MIN 0.1

typedef enum { SESSION_KEY_NONE = 0, SESSION_KEY_BEGINS, SESSION_KEY_FOLLOWS } SessionKeyKind;

typedef struct {
    uint8_t kind; /* SessionKeyKind */
    uint8_t size;
    bool    told; /* By a person: a value need not hold a digit. */
    char    word[SESSION_KEY_WORD_MAX];
} SessionKey;

/* As a person writes it: "blk_", "req-" and "blk_<num>" begin values; "request_id", "instance: "
 * and "sshd[" stand before them.  A name too long or without a letter gives SESSION_KEY_NONE. */
SessionKey session_key_of(Str name);

/* The next value in the line from *at on, which moves behind it; empty: no more. */
Str session_key_next(const SessionKey *key, Str line, size_t *at);

typedef struct SessionKeyFinder SessionKeyFinder;

SessionKeyFinder *session_key_finder_open(Mem *mem, uint64_t seed); /* NULL: no memory. */
void              session_key_finder_close(SessionKeyFinder *finder);
void              session_key_look(SessionKeyFinder *finder, Str line, uint32_t symbol);
SessionKey        session_key_found(SessionKeyFinder *finder, double *ret_worth);

#endif
