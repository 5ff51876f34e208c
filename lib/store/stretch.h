/* SPDX-License-Identifier: Apache-2.0
 *
 * stretch.h - some commits of the lake with all rows that they became, to be put together again.
 *
 * A stretch ends with a tick: the first lines of a source are learnt, and become rows, by then.
 *
 * SHAPE      Lines of a source lie one behind the other in the order of their numbers, samples of a
 *            series and commit by time; of each such group a table of hashes knows where.
 * OWNERSHIP  A Stretch owns all that it points to, until it is loaded again or closed.
 * ERRORS     The story of a failure is in odd_lake_errmsg.
 */
#ifndef STORE_STRETCH_H
#define STORE_STRETCH_H
#include "event/skeleton.h"
#include "store/lake.h"

typedef struct {
    uint64_t position;
    uint64_t rows; /* That it became. */
    size_t   at, size; /* Of its skeleton, in the pool. */
    bool     ticks;
} StretchCommit;

typedef struct {
    size_t   at; /* In the pool. */
    size_t   size;
    odd_time time;
    bool     is_lost; /* It cannot be put together. */
} StretchLine;

typedef struct {
    uint64_t key; /* 0: free. */
    size_t   first, count, used, needed;
    size_t   last_event; /* Of the commit that wants rows of it, counted from 1. */
    size_t   at, size; /* The name of the series, in the pool. */
} RowGroup;

typedef struct {
    Mem           *mem;
    uint64_t       width; /* Commits to look at next; 0: as many as at first. */
    char          *pool;
    size_t         pool_size, pool_capacity;
    StretchCommit *commits;
    size_t         commit_count, commit_capacity;
    StretchLine   *lines;
    size_t         line_count, line_capacity;
    Sample        *samples;
    size_t         sample_count, sample_capacity;
    RowGroup      *groups;
    size_t         group_count, group_capacity;
} Stretch; /* All zero but for `mem` is the empty one. */

/* The next ones behind `after`, up to the first tick at `last` or behind it; none: there are no
 * more. */
odd_rc stretch_load(Stretch *stretch, odd_lake *lake, uint64_t after, uint64_t last);
void   stretch_close(Stretch *stretch);

Str stretch_text(const Stretch *stretch, size_t at, size_t size);

/* NULL: there are no rows. */
RowGroup *stretch_lines(const Stretch *stretch, Str source);
RowGroup *stretch_samples(const Stretch *stretch, uint64_t series, uint64_t position);

#endif
