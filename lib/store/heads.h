/* SPDX-License-Identifier: Apache-2.0
 *
 * heads.h - which files the journal has, and which commits each of them holds.
 *
 * The commits of a file go from its first up to the one before the first of the next file that can
 * be read.  What a file holds beyond that was never acknowledged: a commit whose sync failed.
 *
 * OWNERSHIP  heads_close gives up the list.
 */
#ifndef STORE_HEADS_H
#define STORE_HEADS_H
#include "store/segment.h"

typedef struct {
    SegmentHead head;
    odd_rc      state; /* ODD_OK, or why its head cannot be read. */
} Head;

typedef struct {
    Mem           mem;
    FolderNumbers numbers;
    Head         *items; /* By n, ascending. */
    size_t        count, capacity;
} Heads; /* All zero is empty. */

/* Files that came since the last call, and those that could not be reached then, are read, up to
 * file n_max; those that went are forgotten.  The sentence of the last file that cannot be read is
 * in *problem; that is no error but for ODD_NOMEM, ODD_SPACE and ODD_VERSION. */
odd_rc heads_refresh(Heads *heads, const Folder *folder, const char *vfs, uint64_t n_max,
                     Problem *problem);
void   heads_close(Heads *heads);

/* The file that holds a commit, if it is there at all; NULL: all files begin later. */
const Head *heads_find(const Heads *heads, uint64_t number);
/* The next file that can be read; head NULL: the first one.  NULL: none. */
const Head *heads_next(const Heads *heads, const Head *head);

/* How a file that nobody writes is to be opened: not by the log's rules if there is no log. */
SqlMode heads_mode(const Folder *folder, uint64_t n);

#endif
