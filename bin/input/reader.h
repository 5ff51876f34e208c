/* SPDX-License-Identifier: Apache-2.0
 *
 * reader.h - feeds inputs into an engine: known good ones first, the others merged by time.
 *
 * All inputs are registered in their order, and their first bytes looked at.  Then they are opened
 * in the order of their first record's time, each only when the merge has come to that record: of
 * a hundred rotated files about two are open at once.
 *
 * SHAPE      At most OPEN_STREAMS_MAX inputs are merged at once, or as the limit on open files
 *            allows.  If more overlap in time, the later ones wait until one ends (a note says so).
 * ERRORS     What the engine returns; inputs that fail have a note and the others go on.
 * THREADS    Uses options.threads threads; all callbacks come from the caller's.
 * EXACTNESS  What the engine learns, and in which order, does not depend on the number of threads.
 */
#ifndef INPUT_READER_H
#define INPUT_READER_H
#include <oddball.h>

#include "input/input.h"
#include "input/stream.h"

#define OPEN_STREAMS_MAX 100

typedef struct {
    uint64_t rows;          /* Learnt. */
    uint64_t bytes_done;    /* As they lie on the disk; of bytes_total. */
    uint64_t bytes_total;   /* 0: not known.                            */
    uint64_t cut_lines, cut_bytes, nul_bytes; /* Of the inputs that are done. */
    size_t   input_count, input_done_count;
    size_t   input_refused_count; /* Could not be opened. */
    size_t   input_failed_count;  /* Named, and gave no line for a fault.              */
    size_t   input_lost_count;    /* Found in a folder, still there, and not opened.   */
    uint64_t torn_lines;          /* Last lines that the stop tore, and were left out. */
    size_t   input_unread_count;  /* Left when the stop came. */
} ReaderCounts;

typedef struct {             /* Zero is the default in every field but `threads`.           */
    int           threads;   /* 1: none besides the caller's; 0: one for each processor.    */
    odd_time      now;       /* When the last lines were written; 0: each file's own time.  */
    int32_t       zone_s;    /* See odd_reading.                                            */
    odd_kind      kind;      /* See odd_reading.                                            */
    StreamOptions stream;    /* Its `stop` ends everything: what was read by then is learnt. */
    odd_rc (*step)(void *context, const ReaderCounts *counts); /* After each commit; not OK: end. */
    void         *context;
} ReaderOptions;

/* reference: known good inputs, NULL or empty if there are none. */
odd_rc reader_feed(odd_db *db, const Inputs *reference, const Inputs *inputs,
                   const ReaderOptions *options, Notes *notes, ReaderCounts *ret_counts);

#endif
