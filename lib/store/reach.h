/* SPDX-License-Identifier: Apache-2.0
 *
 * reach.h - the number of the last commit, in a file of 16 bytes: the number, and its checksum.
 *
 * Written behind each commit and never synced: it may be behind the journal, never ahead of it.  So
 * a journal that ends earlier has lost commits that were acknowledged (a damaged write-ahead log
 * simply ends early, says SQLite), and their numbers must not be given again.
 */
#ifndef STORE_REACH_H
#define STORE_REACH_H
#include "store/folder.h"

typedef struct {
    int descriptor;
} Reach;

void     reach_open(Reach *reach, const Folder *folder);
uint64_t reach_read(const Folder *folder); /* 0: not known. */
void     reach_write(Reach *reach, uint64_t number);
void     reach_close(Reach *reach);

#endif
