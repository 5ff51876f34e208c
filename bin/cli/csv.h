/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.h - rows of CSV: RFC 4180, one line each.
 *
 * EXACTNESS  Fields with a comma, a quote, a space at an end or a '#' at the start are quoted, and
 *            quotes in them doubled.  Lines end with LF, as on Unix, not with CR LF.  Log text is
 *            made visible (visible.h), so no field holds a line end, and the file is valid UTF-8.
 */
#ifndef CLI_CSV_H
#define CLI_CSV_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oddball.h>

#include "cli/buffer.h"
#include "cli/pool.h"

typedef struct {
    Buffer *out;
    bool    started; /* The row has a field. */
} Csv;

void csv_text(Csv *csv, const char *bytes, size_t size);
void csv_piece(Csv *csv, Piece piece);
void csv_integer(Csv *csv, int64_t value);
void csv_real(Csv *csv, double value);   /* Three digits; empty if not finite. */
void csv_number(Csv *csv, double value); /* Exactly; empty if not finite.  */
void csv_about(Csv *csv, double value);  /* Seven digits; empty if not finite. */
void csv_time(Csv *csv, odd_time time);  /* ISO 8601; empty if none. */
void csv_end(Csv *csv);                  /* Of the row. */

#endif
