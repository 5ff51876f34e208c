/* SPDX-License-Identifier: Apache-2.0
 *
 * report.h - the whole answer of `scan` or `diff` as plain values, for the renderers to write.
 *
 * A renderer sees a Report and nothing of the engine, so that every form of an answer says the
 * same, and a test can make one up.
 *
 * SHAPE      Findings at most as many as were asked for; sources and time buckets as many as there
 *            are.
 * OWNERSHIP  A Report owns everything in it until report_free.
 * UNITS      Times are odd_time; ODD_TIME_NONE where none is known.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H
#include <stdbool.h>
#include <stdint.h>

#include <oddball.h>

#include "cli/pool.h"

typedef struct {  /* One fact behind a finding.            */
    Piece  name;
    double value; /* NaN: the text is the fact ...         */
    Piece  text;  /* ... else it says what the number means. */
} Reason;

typedef struct {
    int64_t  first, last;
} RowSpan;

#define LINE_POINT_MAX 400 /* More are not told from each other on a page. */

typedef struct {
    bool     good;                   /* Of the good run of two. */
    odd_time time;
    uint64_t row;
    double   low, high;              /* Of the values that it stands for. */
    double   expected, lower, upper; /* NaN: nothing was.                 */
} LinePoint;

typedef struct {
    LinePoint *points;
    size_t     count;
} Line;

typedef struct {
    int      rank;
    Piece    kind, signal, sentence, how_rare, sample, source, pattern, level;
    Piece    odd_part; /* What stands in the sample and is odd; may be empty. */
    odd_time time, last_time;
    double   surprise, seen, expected, effect;
    int64_t  row, last_row, repeats;
    RowSpan *spans; /* The rows that it is about, in order. */
    size_t   span_count;
    Reason  *reasons;
    size_t   reason_count;
    Line     near, whole;    /* Of its series; empty if lines were not kept. */
    bool     repeats_untold; /* how_rare does not say how often it came. */
    bool     is_metric;      /* Its signal is a series, its repeats are samples. */
    bool     fails;          /* It makes the exit status 1. */
} Finding;

typedef struct {
    Piece    name, kind;
    uint64_t rows, records, bytes, timed_rows;
    uint64_t cut_rows, nul_rows, invalid_utf8_rows, backward_rows;
    odd_time first_time, last_time;
} Source;

typedef struct {
    odd_time time;
    uint64_t rows, errors;
} Bucket;

typedef struct {
    Piece topic, sentence;
} Note;

typedef struct {
    bool     is_diff;
    Finding *findings;
    size_t   finding_count;
    Source  *sources;
    size_t   source_count;
    Bucket  *buckets;
    size_t   bucket_count;
    Note    *notes;
    size_t   note_count;
    uint64_t rows, bytes, patterns, series;
    size_t   good_count;   /* diff: the first so many sources are the known good ones. */
    odd_time first_time, last_time;
    odd_time since, until; /* 0: no limit. */
    double   seconds;
    bool     interrupted;
    Pool     pool;
} Report;

typedef struct {
    const char *list, *directions; /* See fail_on.h; NULL: any. */
} FailOn;

/* Asks the engine for everything.  question: view ODD_FINDINGS or ODD_DIFF.
 * On an error of the engine: that, and the Report is empty. */
odd_rc report_fill(odd_db *db, const odd_question *question, FailOn fail_on, Report *ret);
/* How loudly to show it, 1 to 3: by its surprise, and at least 2 if it is an error, 3 if fatal. */
int    finding_severity(const Finding *finding);
int    surprise_severity(double surprise, const char *level); /* level: "", "error", "fatal" ... */
bool   report_is_of_series(const Report *report); /* And of no log. */
bool   report_is_odd(const Report *report); /* A finding that fails. */
void   report_free(Report *report);

#endif
