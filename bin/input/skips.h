/* SPDX-License-Identifier: Apache-2.0
 *
 * skips.h - what was left out of folders, counted by reason and told in one sentence each.
 *
 * OWNERSHIP  skips_tell frees what it holds.  All zero: nothing was left out.
 */
#ifndef INPUT_SKIPS_H
#define INPUT_SKIPS_H
#include <stdint.h>

#include "input/notes.h"

typedef enum {
    SKIP_DENIED, /* No permission. */
    SKIP_BINARY,
    SKIP_PACKED,
    SKIP_JOURNAL,
    SKIP_SPECIAL, /* Device, pipe, socket. */
    SKIP_HIDDEN,
    SKIP_LINK,    /* Leads nowhere.        */
    SKIP_TWICE,   /* Another name of a file that is read. */
    SKIP_DEEP,
    SKIP_PSEUDO,  /* /proc, /sys and the like. */
    SKIP_MANY,
    SKIP_COUNT
} Skip;

typedef struct {
    uint64_t count[SKIP_COUNT];
    char    *first[SKIP_COUNT]; /* One name of each, to be able to look. */
} Skips;

void skips_add(Skips *skips, Skip why, const char *path);
void skips_tell(Skips *skips, Notes *notes);

#endif
