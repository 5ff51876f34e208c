/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.h - the answer to a question: a table filled by the engine, walked by the caller.
 *
 * OWNERSHIP  The table owns its text; rows_constant keeps the pointer that it is given.
 * ERRORS     Filling never fails at once: rows_finish tells whether memory ran out on the way.
 */
#ifndef ENGINE_ROWS_H
#define ENGINE_ROWS_H
#include <oddball.h>
#include <stdbool.h>

#include "base/str.h"

/* columns: names, NULL at the end; static.  Cells are added left to right, row after row. */
odd_rows *rows_open(const char *const *columns); /* NULL: out of memory */
odd_rows *rows_open_copied(const char *const *columns, size_t column_count); /* Names are kept. */
void      rows_missing(odd_rows *rows);
void      rows_bool(odd_rows *rows, bool value);
void      rows_int(odd_rows *rows, int64_t value);
void      rows_double(odd_rows *rows, double value);
void      rows_text(odd_rows *rows, Str text);
void      rows_constant(odd_rows *rows, const char *text); /* Static text. */
odd_rc    rows_finish(odd_rows *rows, odd_rows **ret_rows); /* On failure closes it. */

#endif
