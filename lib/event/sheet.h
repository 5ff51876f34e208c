/* SPDX-License-Identifier: Apache-2.0
 *
 * sheet.h - a table of metric series in text: how it is laid out, learnt from its beginning, then
 * applied to each line alone.
 *
 * Separators are comma, semicolon, tab, or none (one number a line).  A column is the time (or a
 * date, and the next one its time of day), an index (1, 2, 3 ...), a label (text that tells series
 * apart), or values.  Without labels each column of values is a series (wide form); with labels
 * each combination of them is one (long form), for each column of values.
 *
 * ALGORITHM  The separator is the one that gives the most columns that are numbers or times, the
 *            same number of them on every line.  The first line is a header if it is text where the
 *            others are numbers.  Text that is no label (long, or with many words) makes it a log.
 *            A spelling of time holds for all cells of the sample; of several (is 01/02 in January
 *            or in February?) that one counts whose times go forward, in the shortest span.
 * SHAPE      The Sheet has a block for its columns.
 * OWNERSHIP  sheet_learn takes memory, sheet_close gives it back; mem is the same one.
 * ERRORS     sheet_learn: false, and nothing taken, if it is no such table or memory is short.
 *            A row that does not fit is read as far as it goes, and says what is wrong with it.
 * EXACTNESS  sheet_read depends on sheet and line alone.
 */
#ifndef EVENT_SHEET_H
#define EVENT_SHEET_H
#include <oddball.h>

#include "base/mem.h"
#include "event/cells.h"
#include "event/timestamp.h"

#define SHEET_SAMPLE_BYTES 65536 /* As much of the beginning tells, if it has lines enough; ... */
#define SHEET_SAMPLE_BYTES_MAX (1 << 20) /* ... of long lines, more. */
#define SHEET_SAMPLE_LINES 4
#define SHEET_LINE_BYTES_MAX (4 << 20)
#define SHEET_COLUMNS_MAX 65536
#define SHEET_LABELS_MAX 16
#define SHEET_LABEL_BYTES_MAX 1024 /* Of all labels of a row. */
#define SHEET_SERIES_BYTES_MAX 2048

typedef enum {
    SHEET_VALUE = 0,
    SHEET_TIME,
    SHEET_CLOCK, /* Behind a date: its time of day. */
    SHEET_INDEX,
    SHEET_LABEL
} SheetRole;

typedef struct {
    uint32_t name_from, name_size; /* In names. */
    uint8_t  role;                 /* SheetRole */
} SheetColumn;

typedef struct {
    TimeFrame    frame;
    char         separator;       /* '\0': none. */
    bool         has_decimal_comma;
    TimeFormat   time_format;     /* TIME_FORMAT_NONE: no column is the time. */
    uint32_t     head_lines;      /* Before the first row of data. */
    uint32_t     column_count, value_count, label_count;
    SheetColumn *columns;
    char        *names;
    size_t       columns_bytes, names_bytes; /* Of the blocks. */
} Sheet;

typedef enum { NUMBER_FINITE = 0, NUMBER_MISSING, NUMBER_INFINITE, NUMBER_BAD } NumberKind;

typedef enum {
    ROW_FINE = 0,
    ROW_SHORT,  /* Fewer cells than columns: the rest is missing.       */
    ROW_LONG,   /* More cells than columns: what is beyond is left out. */
    ROW_TORN,   /* A quote is not closed.                               */
    ROW_TIME,   /* The time cannot be read.                             */
    ROW_LABELS, /* The labels are too long: they are cut.               */
    ROW_FAULT_COUNT
} RowFault;

typedef struct {
    odd_time time;  /* ODD_TIME_NONE: not said, or not readable.  */
    RowFault fault;
    size_t   label_size;
    uint32_t bad_count; /* Cells that should be numbers and are none. */
} SheetRow;

/* How much of the beginning is wanted: SHEET_SAMPLE_BYTES, or _MAX where that has too few lines. */
size_t sheet_sample_wanted(Str beginning);

/* sample: the beginning of the source, whole lines, as much as is wanted.
 * forced: it is one, whatever it looks like; false only if no column can be a series then. */
bool sheet_learn(Str sample, TimeFrame frame, bool forced, Mem *mem, Sheet *ret);
void sheet_close(Sheet *sheet, Mem *mem); /* All zero is closed already. */

/* line: without its line end.  values and kinds have room for value_count, labels for
 * SHEET_LABEL_BYTES_MAX; equal labels, equal bytes. */
void sheet_read(const Sheet *sheet, Str line, double *values, uint8_t *kinds, char *labels,
                SheetRow *ret);

/* The name of the series of these labels and this column of values; gives its size, at most
 * SHEET_SERIES_BYTES_MAX.  name has room for that. */
size_t sheet_series(const Sheet *sheet, Str labels, uint32_t value_column, char *name);

/* A date and the clock of the next cell as one stamp, in `text`; 0: they are too long. */
#define SHEET_STAMP_BYTES (2 * TIMESTAMP_BYTES_MAX + 1)
size_t sheet_stamp(Str date, Str clock, char text[SHEET_STAMP_BYTES]);

/* A cell as a number: decimal, NaN, inf, true, false, or one of the words for nothing. */
NumberKind sheet_number(Str text, bool has_decimal_comma, double *ret);

Str sheet_column_name(const Sheet *sheet, uint32_t column);

#endif
