/* SPDX-License-Identifier: Apache-2.0
 *
 * visible.h - log text made safe to look at: nothing in it can act on a terminal or deceive an eye.
 *
 * Control characters (ESC, CR, NUL, C1 ...) become \x1b or \u009b; characters that turn the
 * direction of text, hide, or break lines become \u202e; bytes that are not UTF-8 become \xff; a
 * tab becomes \t and a line end \n.  All else stays as it is.  The same on a terminal, a pipe, in
 * CSV and in HTML.  It is for eyes: a backslash of the text itself is not doubled.
 *
 * UNITS      Widths in columns.
 * OWNERSHIP  Buffers belong to the caller.
 */
#ifndef CLI_VISIBLE_H
#define CLI_VISIBLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/buffer.h"

typedef struct {
    char   text[12]; /* Terminated, unless it is the NUL that cannot happen: NUL is escaped. */
    size_t size;
    int    width;    /* Columns.                         */
    size_t consumed; /* Bytes of the input that it shows. */
} Glyph;

bool  visible_is_safe(int32_t character); /* May be shown as it is. */
Glyph visible_next(const char *bytes, size_t size); /* size > 0 */
void  visible_add(Buffer *out, const char *bytes, size_t size);
int   visible_width(const char *bytes, size_t size);

/* Where the longest end of the text begins that is at most `columns` wide. */
size_t visible_end(const char *bytes, size_t size, int columns);

/* At most `columns` wide: cut in the middle with "…" (or "..." if ascii), or at both ends so that
 * the bytes [focus, focus + focus_size) are seen (focus_size 0: no focus). */
void visible_shorten(Buffer *out, const char *bytes, size_t size, int columns, bool ascii,
                     size_t focus, size_t focus_size);

#endif
