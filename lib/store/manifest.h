/* SPDX-License-Identifier: Apache-2.0
 *
 * manifest.h - which files are the lake: the list that makes a change of several files one change.
 *
 * A file of the lake is written under another name, synced and renamed; then LAKE/manifest, which
 * lists it, is replaced in the same way; then what it stands for is unlinked.  So at any moment the
 * manifest lists each row once, whatever else lies in the folder.
 *
 *     first line   oddball lake 1
 *     a file       live|damaged BYTES CHECKSUM ROWS CONTENT NAME
 *     last line    end CHECKSUM (of all lines before it)
 *
 * NAME is TABLE/day=YYYY-MM-DD/FROM-TO.parquet, rows of the commits FROM to TO of the journal that
 * belong to that day in UTC, or TABLE/FROM-TO.parquet of the tables that are written whole, where
 * the newest has the largest TO, and of the same TO the smallest FROM.  A file whose commits lie
 * within those of another one of the same table and day was taken up by that one: by these rules
 * the list is made again, from the names alone, where it is missing or damaged.
 *
 * CHECKSUM is of the file, CONTENT of the rows of a whole table (so that what has not changed is
 * not written again); both in hexadecimal.
 *
 * ORDER      By table, day, commits.
 * ERRORS     ODD_NOMEM, and those of disk.h.
 */
#ifndef STORE_MANIFEST_H
#define STORE_MANIFEST_H
#include <oddball.h>

#include "base/mem.h"
#include "base/str.h"

#define LAKE_FILE_NAME_MAX 128
#define LAKE_DAY_NONE INT32_MIN /* Of the tables that are written whole. */

typedef struct {
    odd_table table;
    int32_t   day; /* Since 1970-01-01, UTC. */
    uint64_t  from, to;
    uint64_t  bytes, checksum, rows, content;
    bool      damaged; /* Left alone, and out of all answers. */
} LakeFile;

typedef struct {
    Mem      *mem;
    LakeFile *files;
    size_t    count, capacity;
    bool      made_again; /* Its list was missing or damaged, and there were files. */
} Manifest;

void lake_file_name(const LakeFile *file, char name[LAKE_FILE_NAME_MAX]);
bool lake_file_of_name(Str name, LakeFile *ret_file); /* Table, day and commits. */

odd_rc manifest_read(Manifest *manifest, const char *lake);
/* Of the lines of files alone.  ODD_CORRUPT: one of them is none. */
odd_rc manifest_lines(Manifest *manifest, Str lines);
odd_rc manifest_write(const Manifest *manifest, const char *lake);
void   manifest_sweep(const char *lake); /* What a write that ended early has left goes. */
void   manifest_close(Manifest *manifest);

/* In its order; one of the same name gives way. */
odd_rc    manifest_add(Manifest *manifest, const LakeFile *file);
odd_rc    manifest_copy(Manifest *manifest, const Manifest *from); /* Into an empty one. */
void      manifest_remove(Manifest *manifest, size_t index);
uint64_t  manifest_sum(const Manifest *manifest); /* Of its files, to see a change. */
LakeFile *manifest_find(const Manifest *manifest, const LakeFile *like); /* By name; or NULL. */

#endif
