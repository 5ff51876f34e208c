/* SPDX-License-Identifier: Apache-2.0
 *
 * names.h - texts by number and numbers by text: the first new text is 0, the next one 1.
 *
 * ALGORITHM  Open addressing with linear probing, at most half full; keyed hashes, so that nobody
 *            who chooses the texts can make them collide.
 * OWNERSHIP  Names owns the texts; a Str from it lives until the next names_add.
 * ERRORS     NAME_NONE when memory is short or at the limit; nothing has changed then.
 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H
#include "base/image.h"

#define NAME_NONE UINT32_MAX

typedef struct {
    uint64_t hash;
    uint64_t from; /* In the pool. */
    uint32_t size;
    uint32_t unused;
} Name;

typedef struct {
    Mem      *mem;
    uint64_t  seed;
    uint32_t  count_max; /* 0: no limit. */
    Name     *names;
    size_t    count, capacity;
    char     *pool;
    size_t    pool_size, pool_capacity;
    uint32_t *slots; /* Number + 1; 0 is free. */
    size_t    slot_count;
} Names; /* {.mem, .seed, .count_max} is empty. */

uint32_t names_find(const Names *names, Str text); /* NAME_NONE: not there. */
uint32_t names_add(Names *names, Str text, bool *ret_is_new);
Str      names_text(const Names *names, uint32_t number);
void     names_close(Names *names);

void names_save(const Names *names, ImageOut *out);
void names_load(Names *names, ImageIn *in); /* Into an empty one. */

#endif
