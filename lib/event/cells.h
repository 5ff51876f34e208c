/* SPDX-License-Identifier: Apache-2.0
 *
 * cells.h - the cells of one line of a table in text: CSV with any separator (RFC 4180).
 *
 *     for (size_t at = 0; cell_next(line, &at, ',', &cell);) use(cell.text);
 *
 * Blanks around a cell are no part of it, nor are the quotes around it.  Within quotes a separator
 * is text and a quote stands twice; it is given as it stands (cell_unquote makes it one).
 *
 * OWNERSHIP  A cell points into its line.
 * ERRORS     None: a quote that is not closed reaches to the end of the line, and is `torn`.
 */
#ifndef EVENT_CELLS_H
#define EVENT_CELLS_H
#include <stdint.h>

#include "base/str.h"

typedef struct {
    Str  text;
    bool is_quoted;
    bool is_torn;
} SheetCell;

/* separator: '\0' if the whole line is one cell.  *at: 0 at the beginning.  An empty line has one
 * empty cell.  False: there are no more. */
bool cell_next(Str line, size_t *at, char separator, SheetCell *ret);

/* Cells of the line; beyond `most`, most + 1. */
uint32_t cell_count(Str line, char separator, uint32_t most);

/* The cell of a column, the first is 0; empty, if the line is too short. */
Str cell_at(Str line, char separator, uint32_t column);

/* Writes the text with single quotes to `to`, which has room for cell.text.size bytes. */
size_t cell_unquote(SheetCell cell, char *to);

#endif
