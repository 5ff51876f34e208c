/* SPDX-License-Identifier: Apache-2.0
 *
 * journal.h - everything that entered, in its order: commits go to the end of the newest file.
 *
 * A file that failed once (a write, a sync) is never written again: the next commit begins a new
 * one, whose head says which commit comes first in it, so that whatever the failed file holds from
 * that number on does not count.  Without room on the disk nothing is given up: the next commit
 * tries again.
 *
 * OWNERSHIP  The journal must not move while it is open.
 * THREADS    One thread puts, another may forget; position and newest may be read on any thread.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H
#include <stdatomic.h>

#include "store/damage.h"
#include "store/heads.h"
#include "store/reach.h"

typedef struct {
    const Folder *folder;
    const char   *vfs;
    Problem      *problem; /* Of opening and putting.                              */
    Heads         heads;   /* Of opening, and later of forgetting.                 */
    uint64_t      segment_bytes_max;
    Reach         reach;
    Segment       segment;
    bool          is_open;          /* The segment takes further commits.         */
    uint64_t      sum;              /* Of the last commit; 0: not known.          */
    Str         (*base)(void *context); /* What a new file begins with: see segment.h. */
    void         *context;
    uint64_t      newest_tried;     /* No file with a number up to this is begun. */
    _Atomic uint64_t position;      /* Of the last commit.                        */
    _Atomic uint64_t newest;        /* File.                                      */
} Journal;

/* floor: a commit that is known from elsewhere; new ones get higher numbers.  What was found
 * damaged is put aside and added to *found; that is no error. */
odd_rc journal_open(Journal *journal, const Folder *folder, const char *vfs,
                    uint64_t segment_bytes_max, uint64_t floor, Problem *problem, Damages *found);
/* All files are left so that they need no log. */
void   journal_close(Journal *journal);

/* packed: a run of `size` bytes.  Durable on ODD_OK; else nothing is stored. */
odd_rc journal_put(Journal *journal, Str packed, uint64_t size, Str notes, uint64_t *ret_number);

/* Files that hold nothing behind `boundary` go, the oldest first, but for the newest bytes_kept. */
odd_rc journal_forget(Journal *journal, uint64_t boundary, uint64_t bytes_kept, Problem *problem);

#endif
