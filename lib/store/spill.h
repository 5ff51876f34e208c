/* SPDX-License-Identifier: Apache-2.0
 *
 * spill.h - records in order of a key, more of them than memory holds.
 *
 * ALGORITHM  Sorted runs on disk, merged by a heap (Knuth, The Art of Computer Programming 5.4.1).
 * SHAPE      Records of at most SPILL_RECORD_MAX bytes.  The files have no name, so that nothing of
 *            them is left whatever happens.
 * OWNERSHIP  spill_close frees all.  What spill_next gives is valid until the next call.
 * ERRORS     ODD_SPACE, ODD_IO (errno says why), ODD_NOMEM, ODD_FULL (too many runs).
 * EXACTNESS  Records of one key come in any order: they are for those to whom it does not matter.
 */
#ifndef STORE_SPILL_H
#define STORE_SPILL_H
#include <oddball.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/str.h"

#define SPILL_RECORD_MAX 4096
#define SPILL_RUNS_MAX 256

typedef struct {
    int64_t  key;
    uint64_t at;
    uint64_t size;
} SpillEntry;

typedef struct {
    FILE    *file; /* NULL: it is the run in memory. */
    uint64_t left; /* Records to come.               */
    int64_t  key;  /* Of the next one.               */
    uint32_t size;
} SpillRun;

typedef struct {
    Mem        *mem;
    char        folder[1024];
    uint64_t    bytes_max; /* Of memory, before a run is written. */
    SpillEntry *entries;
    size_t      entry_count, entry_capacity;
    char       *bytes;
    size_t      size, capacity;
    SpillRun    runs[SPILL_RUNS_MAX];
    size_t      run_count;
    uint32_t    heap[SPILL_RUNS_MAX]; /* Of runs that have more. */
    size_t      heap_count;
    char        record[SPILL_RECORD_MAX];
} Spill;

void   spill_open(Spill *spill, Mem *mem, const char *folder, uint64_t bytes_max);
void   spill_close(Spill *spill);
odd_rc spill_add(Spill *spill, int64_t key, Str record);
/* From now on nothing is added.  Then ODD_ROW for each record, ODD_DONE behind the last one. */
odd_rc spill_sort(Spill *spill);
odd_rc spill_next(Spill *spill, int64_t *ret_key, Str *ret_record);

#endif
