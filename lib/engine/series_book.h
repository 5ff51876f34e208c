/* SPDX-License-Identifier: Apache-2.0
 *
 * series_book.h - the metric series of an engine's sources: each is watched, none is mixed up.
 *
 * A series is one of a source: the same name in another file is another one.
 *
 * SHAPE      A watch for each series (detect/series.h), and its name; the shape of the first
 *            BOOK_SHAPES_MAX is watched too (detect/shape.h).
 * OWNERSHIP  The book owns all of it, from `mem`; but the scores, which are the engine's.
 * ERRORS     NONE when memory is short or at its limit; nothing has changed then.
 */
#ifndef ENGINE_SERIES_BOOK_H
#define ENGINE_SERIES_BOOK_H
#include <oddball.h>

#include "base/names.h"
#include "detect/fleet.h"
#include "detect/series.h"
#include "detect/spell.h"
#include "detect/tiers.h"
#include "engine/run_samples.h"
#include "engine/trace.h"
#include "event/sheet.h"

typedef struct {
    SeriesWatch watch;
    ShapeWatch *shape; /* NULL: there was no room. */
    FleetSeries fleet;
    Spell       spell;
    uint32_t    source;
    uint32_t    name_size;
    size_t      name_from; /* In the book's pool. */
    uint64_t    samples;   /* Finite numbers. */
    uint64_t    missing;   /* Cells without. */
    uint64_t    last_row;  /* Of the source. */
    RunSamples  kept;      /* Of the samples, if they are to be compared. */
    Trace       trace;     /* Of them, if they are to be drawn.           */
    odd_time    first_time, last_time; /* Of them. */
    double      last_value;
} BookSeries;

typedef struct {
    Spell    spell;
    uint32_t series;
} BookSpell;

typedef struct {
    uint64_t count, first_row;
} BookFault;

typedef struct {           /* A source that is a table of series.        */
    Sheet     sheet;
    uint32_t *columns;     /* Wide form: the series of each, or NONE.   */
    uint64_t  lines;       /* Learnt of it, those of its head included. */
    uint64_t  moments;     /* Rows, but rows of one time are one.       */
    odd_time  moment_time;
    Fleet     fleet; /* Wide form: of its rows. */
    bool      is_sheet;
    BookFault faults[ROW_FAULT_COUNT], bad_numbers; /* Rows, by RowFault; cells. */
} BookSource;

typedef struct {           /* One number's answer to `score`. */
    uint64_t    row;
    odd_time    time;
    uint32_t    source, series;
    double      value, expected, lower, upper;
    float       surprise, alarm;
    float       together, share; /* Of all series of the row; NaN: is not known. */
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
    BookSpell   *spells; /* That have ended, as far as there is room: the oddest.    */
    size_t       spell_count, spell_capacity;
    uint64_t     spells_lost;
    uint64_t     samples; /* Of all series. */
    size_t       shape_count;
    bool         compares; /* Samples are kept, not judged. */
    bool         draws;    /* They are kept as lines too.   */
    Mem          kept_mem;
    uint64_t     next_halving; /* Of all lines: not before so many samples. */
    SampleScore *scores;
    size_t       score_count, score_capacity;
    uint64_t     refused; /* Numbers of series without room. */
} SeriesBook; /* {.mem, .keys = {.mem}} is empty. */

#define BOOK_SPELLS_MAX 20000 /* More than anybody reads. */
#define BOOK_SHAPES_MAX 1024  /* Of 66 kB each. */

/* A source is a table.  False: no memory; the sheet stays the caller's then. */
bool series_book_add_source(SeriesBook *book, uint32_t source, Sheet sheet);

/* NULL: it is none. */
BookSource       *series_book_source(SeriesBook *book, uint32_t source);
const BookSource *series_book_known_source(const SeriesBook *book, uint32_t source);

/* The series of a column of values of a table, with these labels. */
uint32_t series_book_find(SeriesBook *book, uint32_t source, uint32_t column, Str labels);

/* A sample of a series is judged, then learnt; or kept, if it is to be compared. */
void series_book_learn(SeriesBook *book, uint32_t number, Spot spot, uint64_t moment, double value,
                       Judgement *ret_judgement);

/* A row in wide form, all of whose numbers are learnt: how odd they are together. */
void     series_book_learn_row(SeriesBook *book, uint32_t source, FleetMoment *ret_moment,
                           Judgement *ret_judgement);

Str      series_book_name(const SeriesBook *book, uint32_t series);
void     series_book_close(SeriesBook *book);

#endif
