/* SPDX-License-Identifier: Apache-2.0
 *
 * rows_show.h - the rows of an answer as they are: a table for a person, CSV, or JSON.
 *
 * Columns named made or time are times.
 *
 * OWNERSHIP  The rows stay the caller's; they are read to their end.
 */
#ifndef CLI_ROWS_SHOW_H
#define CLI_ROWS_SHOW_H
#include <oddball.h>

#include "cli/options.h"
#include "cli/out.h"

/* JSON: {"items":[{...}]}. */
void rows_show(Out *out, odd_rows *rows, Format format);

#endif
