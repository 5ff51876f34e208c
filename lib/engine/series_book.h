/* SPDX-License-Identifier: Apache-2.0
 *
 * series_book.h - the metric series of an engine's sources: each is watched, none is mixed up.
 *
 * A series is one of a source: the same name in another file is another one.
 *
 * SHAPE      A watch for each series (detect/series.h), and its name.
 * OWNERSHIP  The book owns all of it, from `mem`; but the scores, which are the engine's.
 * ERRORS     NONE when memory is short or at its limit; nothing has changed then.
 */
#ifndef ENGINE_SERIES_BOOK_H
#define ENGINE_SERIES_BOOK_H
#include <oddball.h>

#include "base/names.h"
#include "detect/series.h"
#include "event/sheet.h"

typedef struct {
    SeriesWatch watch;
    uint32_t    source;
    uint32_t    name_size;
    size_t      name_from; /* In the book's pool. */
} BookSeries;

typedef struct {           /* A source that is a table of series.        */
    Sheet     sheet;
    uint32_t *columns;     /* Wide form: the series of each, or NONE.   */
    uint64_t  lines;       /* Learnt of it, those of its head included. */
    bool      is_sheet;
    uint64_t  faults[ROW_FAULT_COUNT], bad_numbers;
} BookSource;

typedef struct {           /* One number's answer to `score`. */
    uint64_t    row;
    odd_time    time;
    uint32_t    source, series;
    double      value, expected, lower, upper;
    float       surprise, alarm;
    const char *reason;
} SampleScore;

typedef struct {
    Mem         *mem;
    BookSource  *sources; /* By number of the source, as far as there are tables among them. */
    size_t       source_count, source_capacity;
    Names        keys; /* Of series in long form: the source, the column, the labels. */
    BookSeries  *series;
    size_t       count, capacity;
    uint32_t    *of_keys; /* Series by number of its key. */
    size_t       of_keys_capacity;
    char        *pool;
    size_t       pool_size, pool_capacity;
    SampleScore *scores;
    size_t       score_count, score_capacity;
    uint64_t     refused; /* Numbers of series without room. */
} SeriesBook; /* {.mem, .keys = {.mem}} is empty. */

/* A source is a table.  False: no memory; the sheet stays the caller's then. */
bool series_book_add_source(SeriesBook *book, uint32_t source, Sheet sheet);

/* NULL: it is none. */
BookSource       *series_book_source(SeriesBook *book, uint32_t source);
const BookSource *series_book_known_source(const SeriesBook *book, uint32_t source);

/* The series of a column of values of a table, with these labels. */
uint32_t series_book_find(SeriesBook *book, uint32_t source, uint32_t column, Str labels);
Str      series_book_name(const SeriesBook *book, uint32_t series);
void     series_book_close(SeriesBook *book);

#endif
