/* SPDX-License-Identifier: Apache-2.0
 *
 * sure_files.h - what a disk is sure to hold of a folder, beside what programs see there.
 *
 * The real files are what programs see.  Here are the bytes that were synced of each file; and of
 * each folder the names that were synced, and the steps from these to those of now.  Syncing a file
 * makes no name durable, as POSIX has it.
 *
 * A power loss keeps of the steps of each folder as many as a seed says, in their order; each
 * sector of 512 bytes that was written since it was synced is new or old.
 *
 * OWNERSHIP  All nodes are kept until sure_forget.
 * THREADS    One at a time.
 */
#ifndef TESTS_STORE_SURE_FILES_H
#define TESTS_STORE_SURE_FILES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SURE_NAME_SIZE 96

typedef struct SureNode SureNode; /* A file or a folder. */

typedef struct {
    char      name[SURE_NAME_SIZE];
    SureNode *node;
} SureName;

typedef struct {
    SureName *items;
    size_t    count;
} SureNames;

typedef struct { /* NAME becomes NODE; NULL: it goes.  FROM, if given, goes in the same moment. */
    char      name[SURE_NAME_SIZE], from[SURE_NAME_SIZE];
    SureNode *node;
} SureStep;

struct SureNode {
    SureNode *next;
    bool      is_folder;
    bool      is_lost; /* A sync of it failed. */
    char     *synced;  /* Of a file: what the disk is sure to hold, */
    size_t    synced_size;
    char     *last; /* and what it held when it lost its name.   */
    size_t    last_size;
    SureNames durable, now; /* Of a folder. */
    SureStep *steps;
    size_t    step_count;
};

void sure_begin(const char *folder); /* All that is there counts as synced. */
void sure_forget(void);

/* The folder that a path is in, and the name in it; NULL: another path.  "" is the name of the
 * folder that was given to sure_begin. */
SureNode *sure_folder_of(const char *path, char name[SURE_NAME_SIZE]);
SureNode *sure_find(const SureNode *folder, const char *name); /* Of now; or NULL. */
SureNode *sure_make(bool is_folder);

/* from: another name of the folder that goes, or "".  node: NULL: the name goes. */
void sure_step(SureNode *folder, const char *name, const char *from, SureNode *node);

/* What a file holds is remembered when it loses its name: the name may come back.  NULL is fine. */
void sure_keep_last(SureNode *node, const char *path);
void sure_sync(SureNode *node, int descriptor);

/* The real folder becomes what the disk may hold.  keep: that is all that was written. */
void sure_lose(uint64_t seed, bool keep);

#endif
