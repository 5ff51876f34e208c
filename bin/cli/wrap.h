/* SPDX-License-Identifier: Apache-2.0
 *
 * wrap.h - a sentence folded into lines of a terminal, with a hanging indent.
 *
 * The text is made visible (visible.h) first.  A word longer than a line is broken.
 */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H
#include <stddef.h>

#include "cli/buffer.h"

/* Adds `text` in lines of at most `columns`, the first beginning at column `column` (the caller has
 * written what stands before it), the others after `indent` spaces.  Ends with a line end. */
void wrap_add(Buffer *out, const char *text, size_t size, int column, int indent, int columns);

/* Adds lines, the last with its line end too: one that is too wide is folded, its further lines
 * below where its text begins: behind its spaces and a number such as "2. "; of one that begins at
 * the left, after four spaces. */
void wrap_lines(Buffer *out, const char *text, int columns);

#endif
