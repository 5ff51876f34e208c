/* SPDX-License-Identifier: Apache-2.0
 *
 * source_index.h - sources by their names, and by their families.
 *
 * ALGORITHM  Open addressing with linear probing, at most half full; keyed hashes, so that nobody
 *            who chooses names can make them collide.
 * OWNERSHIP  The names are those of the sources; source_index_close frees the slots.
 * ERRORS     source_index_make_room: false, no memory, and nothing has changed.
 */
#ifndef ENGINE_SOURCE_INDEX_H
#define ENGINE_SOURCE_INDEX_H
#include "engine/source.h"

#define SOURCE_NONE UINT32_MAX

typedef struct {
    bool      by_family;
    uint64_t  seed;
    uint32_t *slots; /* Number of a source + 1; 0 is free. */
    size_t    slot_count, count;
} SourceIndex; /* {.by_family, .seed} is empty. */

/* A source of that name or, by family, the one that was added of its family; or SOURCE_NONE. */
uint32_t source_index_find(const SourceIndex *index, const Source *sources, Str name);

bool source_index_make_room(SourceIndex *index, Mem *mem,
                            const Source *sources); /* For one more. */
void source_index_add(SourceIndex *index, const Source *sources, uint32_t number); /* A new one. */
void source_index_close(SourceIndex *index, Mem *mem);

#endif
