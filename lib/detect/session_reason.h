/* SPDX-License-Identifier: Apache-2.0
 *
 * session_reason.h - why a session is odd, in words.
 *
 *     "Unexpected error trying to delete block <id>": 119 of 11,501 sessions have it
 *     without "Received block <id> of size <num>", as 132 of 11,501 sessions
 *     4 x "Receiving block <id>", usually 3
 *
 * OWNERSHIP  Text is written into the caller's buffer, terminated, cut at its end if too long.
 */
#ifndef DETECT_SESSION_REASON_H
#define DETECT_SESSION_REASON_H
#include "detect/session.h"

#define SESSION_REASON_SIZE 512
#define SESSION_PATTERN_BYTES_MAX 80 /* Of a pattern's text that are shown. */

/* Writes the pattern's text, not terminated, at most `size` bytes; gives the size of the whole. */
typedef size_t SessionPatternText(void *context, uint32_t symbol, char *buffer, size_t size);

/* Gives the size of the text; 0: the session is not odd at all. */
size_t session_reason(const SessionJudgement *judgement, SessionPatternText *pattern_text,
                      void *context, char *buffer, size_t size);

#endif
