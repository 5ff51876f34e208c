/* SPDX-License-Identifier: Apache-2.0
 *
 * draft.h - a text that is put together piece by piece: statements, lists of files, sentences.
 *
 * OWNERSHIP  A Draft owns its bytes; all zero but for `mem` is the empty one.
 * ERRORS     Adding never fails at once: draft_text gives NULL where memory ran out on the way.
 */
#ifndef STORE_DRAFT_H
#define STORE_DRAFT_H
#include "base/mem.h"
#include "base/str.h"

typedef struct {
    Mem   *mem;
    char  *bytes;
    size_t size, capacity;
    bool   failed;
} Draft;

void draft_add(Draft *text, Str piece);
void draft_format(Draft *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void draft_quote(Draft *text, char quote, Str piece); /* Quotes in it are doubled. */

const char *draft_text(Draft *text); /* Terminated; valid until the next addition. */
void        draft_clear(Draft *text);
void        draft_close(Draft *text);

#endif
