/* SPDX-License-Identifier: Apache-2.0
 *
 * signal.h - what is remembered of each pattern: how often, when, where first and last, how grave,
 * and the values of places that show few different ones.
 *
 * SHAPE      Tables of flat records, indexed by PatternRef and place number; text is in one pool.
 * OWNERSHIP  Signals owns all; pointers live until the next signals_ call that adds.
 * ERRORS     Each table has a limit (..._MAX); beyond it, or where memory is short, functions give
 *            NULL or keep nothing, and only counts go on.
 * EXACTNESS  signals_merge adds up all counts, spots, values and histories.  It is no more exact
 *            than that: of two rates the longer past stays, pauses start anew, of histories along
 *            different rulers one stays, and a place with too many values is free.
 */
#ifndef ENGINE_SIGNAL_H
#define ENGINE_SIGNAL_H
#include <oddball.h>

#include "base/mem.h"
#include "base/str.h"
#include "detect/category.h"
#include "engine/rate.h"
#include "engine/side.h"
#include "engine/timeline.h"
#include "event/record.h"
#include "event/spot.h"
#include "stats/longest_gap.h"
#include "stats/severity.h"

#define SIGNAL_SAMPLE_BYTES_MAX 512
#define SIGNAL_COURSES_MAX 4096 /* The first patterns; later ones have counts only. */
#define RATES_MAX 4096            /* As many patterns have a rate, line by line.           */
#define PLACES_MAX 32768
#define PLACE_SYMBOLS_MAX 12      /* More different values than this: the place is free.   */
#define PLACE_TEXT_BYTES_MAX 64
#define NONE UINT32_MAX

/* Histories lie along time, or along the lines' numbers where a source tells no time. */
typedef enum { RULER_TIME = 0, RULER_ORDER = 1, RULER_COUNT } Ruler;

typedef struct {
    uint64_t hash;
    uint64_t count[SIDE_COUNT];
    Spot     first;
    uint32_t text_from, text_size;
    uint32_t sample_from, sample_size; /* Its first line, unless that is the signal's own. */
} Symbol;

typedef struct {
    uint32_t signal, place; /* Which. */
    uint32_t next;          /* Place of the same signal, or NONE. */
    uint64_t count[SIDE_COUNT];
    uint32_t symbol_count;
    bool     is_free;       /* Too many values: no longer listed. */
    Category category;      /* Of all lines, in their order.      */
    Symbol   symbols[PLACE_SYMBOLS_MAX];
} Place;

typedef struct { /* How a signal went along its ruler. */
    History    counts;
    Marks      marks;
    LongestGap gaps;
    int64_t    last_moment;   /* Of its last record, as the ruler believes it. */
    Spot       before, after; /* The records on both sides of the longest gap. */
} Course;

typedef struct {
    uint64_t records[SIDE_COUNT];
    uint64_t rows[SIDE_COUNT];   /* Records and the lines that continue them. */
    uint64_t frames[SIDE_COUNT]; /* As a continuation of another record.      */
    Spot     first, last;        /* Of the judged side if it is there, else of the reference. */
    uint32_t level_counts[LEVEL_COUNT];
    uint8_t  trouble;            /* Level that its words speak of (event/level.h). */
    uint8_t  unused[3];
    uint32_t course;             /* Index, or NONE. */
    Ruler    ruler;              /* That the course lies along. */
    uint32_t rate;               /* Index, or NONE. */
    uint32_t place;              /* First of its places, or NONE. */
    uint32_t sample_from, sample_size;
} Signal;

typedef struct {
    Mem      *mem;
    Timeline  rulers[RULER_COUNT];
    Signal   *signals;
    size_t    signal_count, signal_capacity;
    Course   *courses;
    size_t    course_count, course_capacity;
    Rate     *rates;
    size_t    rate_count, rate_capacity;
    WatchTable watches; /* Of the rates. */
    Place    *places;
    size_t    place_count, place_capacity;
    char     *text;
    size_t    text_size, text_capacity;
    bool      lean;   /* No courses and no texts of values: what only a look back asks for. */
    uint64_t  spared; /* Times that something was not kept, for want of memory. */
} Signals;

void signals_open(Signals *signals, Mem *mem);
void signals_close(Signals *signals);

/* The signal of a reference, made if need be (references come densely); NULL: out of memory. */
Signal *signals_at(Signals *signals, uint32_t reference);

/* One record of a signal, in a bucket of a ruler; a signal's first record chooses its ruler. */
void signals_count(Signals *signals, uint32_t reference, Side side, Spot spot, int level,
                   Ruler ruler, uint32_t bucket, Str line);

/* The rate of a signal, made if need be; NULL: none left.  And whether it may have a series. */
Rate *signals_rate(Signals *signals, uint32_t reference);
bool  signals_rate_may_grow(const Signals *signals, uint32_t reference);

/* Keeps the line as the sample of its signal, if it has none yet (reference samples give way). */
void signals_sample(Signals *signals, uint32_t reference, Side side, Str line);
Str  signals_text(const Signals *signals, uint32_t from, uint32_t size);

/* Where in `places` a place of the signal is, or NONE.  hint: a place that it may be or precede in
 * the list, NONE: none known. */
uint32_t signals_known_place(const Signals *signals, uint32_t reference, uint32_t place,
                             uint32_t hint);

/* The place of a signal, made if need be; NULL: none left.  Then one value of it. */
Place *signals_place(Signals *signals, uint32_t reference, uint32_t place);
void   place_count(Signals *signals, Place *place, Side side, Spot spot, uint64_t hash, Str text,
                   Str line);
Str    symbol_text(const Signals *signals, const Symbol *symbol);
Str    symbol_sample(const Signals *signals, const Symbol *symbol); /* Empty: the signal's own. */

/* All of `from` joins `into`. */
void signals_merge(Signals *signals, uint32_t from, uint32_t into);

int signal_level(const Signal *signal); /* Its most frequent level; the graver of two equals. */
Severity severity_of_level(int level);

#endif
