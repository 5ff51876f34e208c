/* SPDX-License-Identifier: Apache-2.0
 *
 * tail.h - the number of the last commit, in a file of 16 bytes: the number, and its checksum.
 *
 * Written behind each commit and never synced: it may be behind the journal, never ahead of it.  So
 * a journal that ends earlier has lost commits that were acknowledged (a damaged write-ahead log
 * simply ends early, says SQLite), and their numbers must not be given again.
 */
#ifndef STORE_TAIL_H
#define STORE_TAIL_H
#include "store/folder.h"

typedef struct {
    int descriptor;
} Tail;

void     tail_open(Tail *tail, const Folder *folder);
uint64_t tail_read(const Folder *folder); /* 0: not known. */
void     tail_write(Tail *tail, uint64_t number);
void     tail_close(Tail *tail);

#endif
