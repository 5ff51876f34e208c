/* SPDX-License-Identifier: Apache-2.0
 *
 * header.h - finds the columns of a header by majority over a sample, and reads them off a line.
 *
 * ALGORITHM  Column by column from the left: of the kinds in column.h the first that nearly all
 *            sample lines agree on is taken, and the lines that disagree have no more say.  Words
 *            are taken only on the way to a stronger column (a time, a level, a tag).  Without a
 *            time the evidence must be much stronger: a word that all lines happen to begin with
 *            is no header.
 * SHAPE      Fills columns, marks, counts and the time format of a Layout.
 */
#ifndef EVENT_HEADER_H
#define EVENT_HEADER_H
#include "event/layout.h"

#define HEADER_LINES_MAX 256 /* More of a sample are not looked at. */
#define HEADER_NONE ((size_t)-1)

/* Finds a header in the lines; false, and *layout is as before, if there is none. */
bool header_learn(Layout *layout, const Str *lines, size_t line_count);

/* Where the message starts; HEADER_NONE if the line does not have this header. */
size_t header_read(const Layout *layout, Str line, size_t at, Record *record);

/* The column that tells the time, column_count if none does. */
size_t header_time_column(const Layout *layout);

#endif
