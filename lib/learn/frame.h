/* SPDX-License-Identifier: Apache-2.0
 *
 * frame.h - a table in memory: columns of numbers, texts and times, read from CSV.
 *
 * ALGORITHM  Two looks: the first tells of each column whether all its cells are numbers, or all
 *            are times; the second fills it.  Everything else is text.
 * SHAPE      Cells are (columns, rows), column by column.
 * OWNERSHIP  frame_open to frame_close; texts live as long.
 * ERRORS     ODD_SYNTAX with a sentence: no names, a name that comes twice, a quote that is not
 *            closed in its line (a cell with a line end in it would make two rows of one).  A row
 *            that is too short is filled with what is missing, one that is too long is cut; both
 *            are counted, and so are infinities, which are missing.
 * EXACTNESS  Numbers are doubles.  A column with a whole number that no double holds is text.
 */
#ifndef LEARN_FRAME_H
#define LEARN_FRAME_H
#include <oddball.h>

#include "base/image.h"
#include "base/names.h"
#include "base/problem.h"

#define FRAME_COLUMNS_MAX 4096
#define FRAME_ROWS_MAX (1u << 30)
#define FRAME_NONE UINT32_MAX

typedef enum { FRAME_NUMBER = 0, FRAME_TEXT, FRAME_TIME } FrameKind;

typedef struct {
    Str       name;
    FrameKind kind;
    double   *numbers; /* NUMBER; NaN: missing. */
    uint32_t *codes;   /* TEXT: in `texts`; NAME_NONE: missing. */
    odd_time *times;   /* TIME; ODD_TIME_NONE: missing. */
    Names     texts;   /* In the order in which they came first. */
    size_t    capacity;
} FrameColumn;

typedef struct {
    Mem         *mem;
    ImageOut     bytes; /* The text, as it came. */
    char         separator;
    FrameColumn *columns;
    size_t       column_count, columns_capacity, row_count;
    uint64_t     short_rows, long_rows, infinite_cells;
} Frame;

void   frame_open(Frame *frame, Mem *mem);
void   frame_close(Frame *frame);
odd_rc frame_put(Frame *frame, Str bytes);          /* Of the text, split anywhere. */
odd_rc frame_end(Frame *frame, Problem *problem);   /* No more: it is read now. */

uint32_t frame_find(const Frame *frame, Str name); /* FRAME_NONE: no such column. */
bool     frame_missing(const FrameColumn *column, size_t row);

/* "number", "text", "time". */
const char *frame_kind_name(FrameKind kind);

/* The name of a column that is nearest to what was typed; "": there is no column. */
Str frame_nearest(const Frame *frame, Str typed);

/* The canonical form: a line of names, a line for each row, commas; a number in as few digits as
 * read back to it, a time in UTC, what is missing as an empty cell. */
void frame_csv_names(const Frame *frame, ImageOut *out);
void frame_csv_row(const Frame *frame, size_t row, ImageOut *out);

#endif
