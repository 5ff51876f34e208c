/* SPDX-License-Identifier: Apache-2.0
 *
 * folder.h - the directory of a store: who holds it, which files are in it, and small files that
 * are written whole.
 *
 *     lock            held by the process that writes; says where that process listens
 *     catalog.db      see catalog.h
 *     journal-N.db    see segment.h; N counts from 1
 *     secret          16 bytes, and their checksum
 *     reach           the number of the last commit, see reach.h
 *     reserve         room that is given up when the disk is full, so that the store opens
 *     NAME.damaged    a file that could not be read, put aside for a person to look at
 *
 * Only this file calls the operating system for files; databases are SQLite's.
 *
 * OWNERSHIP  A Folder is closed by who opened it.
 * ERRORS     ODD_SPACE, ODD_IO, with a sentence; ODD_BUSY: another process holds the directory.
 */
#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H
#include <oddball.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/problem.h"
#include "base/str.h"

#define FOLDER_PATH_SIZE 3072 /* With a name behind it, it fits into SQL_PATH_SIZE. */
#define FOLDER_NAME_SIZE 64

typedef struct {
    char path[FOLDER_PATH_SIZE];
    int  lock; /* Its descriptor; -1: not held. */
} Folder;

/* Made with 0700 if it is not there, unless read_only; then it is locked too. */
odd_rc folder_open(Folder *folder, const char *path, bool read_only, Problem *problem);
void   folder_close(Folder *folder);

/* What another process that finds the directory locked is told: an address, say. */
odd_rc folder_note_holder(Folder *folder, const char *note, Problem *problem);

/* path of a file in the folder; `full` has FOLDER_PATH_SIZE + FOLDER_NAME_SIZE bytes. */
#define FOLDER_FULL_SIZE (FOLDER_PATH_SIZE + FOLDER_NAME_SIZE)
void folder_full(const Folder *folder, const char *name, char full[FOLDER_FULL_SIZE]);

/* The numbers N of all journal-N.db, ascending; the array grows with mem. */
typedef struct {
    uint64_t *items;
    size_t    count, capacity;
} FolderNumbers;
odd_rc folder_journals(const Folder *folder, Mem *mem, FolderNumbers *numbers, Problem *problem);

bool     folder_has(const Folder *folder, const char *name);
uint64_t folder_bytes(const Folder *folder, const char *name); /* 0: not there. */

/* An empty file that only its owner may read. */
odd_rc folder_touch(const Folder *folder, const char *name, Problem *problem);

/* A database with its -wal and -shm: away, or put aside as NAME.damaged, or with a number behind it
 * where there is such a one. */
void folder_remove(const Folder *folder, const char *name);
odd_rc folder_set_aside(const Folder *folder, const char *name, char ret_aside[FOLDER_NAME_SIZE],
                        Problem *problem);
odd_rc folder_rename(const Folder *folder, const char *from, const char *to, Problem *problem);

/* Whole and durable, or as it was before. */
odd_rc folder_put(const Folder *folder, const char *name, Str bytes, Problem *problem);
/* At most `size` bytes; 0: not there. */
size_t folder_get(const Folder *folder, const char *name, char *bytes, size_t size);

/* Room on the disk that is taken now, so that giving it up makes room; as much as there is. */
void folder_reserve(const Folder *folder, const char *name, uint64_t bytes);

/* A file in the folder that has no name, to write and to read; fclose ends it.  NULL: errno. */
FILE *folder_nameless(const char *path);

/* A small file that is overwritten in place, often: open, write, close. */
int  folder_open_place(const Folder *folder, const char *name); /* -1: it cannot. */
bool folder_write_place(int descriptor, Str bytes);
void folder_close_place(int descriptor);

#endif
