/* SPDX-License-Identifier: Apache-2.0
 *
 * readers.h - where the reader of each source stood in the last commit.
 *
 * SHAPE      A growing table of sources; of READERS_MAX and more, the one that was longest silent
 *            goes.
 * OWNERSHIP  Texts belong to the table, until the source is set again.
 * ERRORS     readers_make_room gives false when memory is short; readers_set behind it cannot fail.
 */
#ifndef STORE_READERS_H
#define STORE_READERS_H
#include <oddball.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/str.h"

#define READERS_MAX 100000

typedef struct {
    uint64_t hash;
    uint64_t set;  /* When, counted in calls of readers_set. */
    char    *text; /* The source and, behind its NUL, the position with its own. */
    size_t   source_size, position_size, capacity;
} Reader;

typedef struct {
    Mem       mem;
    Reader   *items;
    size_t    count, capacity;
    uint32_t *slots; /* Place in items, and 1; 0: empty. */
    size_t    slot_count;
    uint64_t  sets;
} Readers; /* All zero is empty. */

bool        readers_make_room(Readers *readers, Str source, Str position);
void        readers_set(Readers *readers, Str source, Str position);
const char *readers_get(const Readers *readers, Str source); /* "": not known. */
void        readers_close(Readers *readers);

#endif
