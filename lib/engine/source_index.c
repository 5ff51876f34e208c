/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/source_index.h"

#include <assert.h>

#include "base/hash.h"

#define SLOTS_FIRST 64

static Str name_of(const Source *source)
{
    return (Str){.text = source->name, .size = source->name_size};
}

static uint64_t index_hash(const SourceIndex *index, Str name)
{
    return index->by_family ? source_family_hash(name, index->seed)
                            : hash_bytes(name.text, name.size, index->seed);
}

/* The slot that holds such a source, or the free one where it would go. */
static size_t index_slot(const SourceIndex *index, const Source *sources, Str name)
{
    size_t at = index_hash(index, name) & (index->slot_count - 1);
    for (; index->slots[at] != 0; at = (at + 1) & (index->slot_count - 1)) {
        Str other = name_of(&sources[index->slots[at] - 1]);
        if (index->by_family ? source_same_family(other, name) : str_equal(other, name))
            break;
    }
    return at;
}

uint32_t source_index_find(const SourceIndex *index, const Source *sources, Str name)
{
    if (index->slot_count == 0)
        return SOURCE_NONE;
    size_t at = index_slot(index, sources, name);
    return index->slots[at] != 0 ? index->slots[at] - 1 : SOURCE_NONE;
}

bool source_index_make_room(SourceIndex *index, Mem *mem, const Source *sources)
{
    if (2 * (index->count + 1) <= index->slot_count)
        return true;
    SourceIndex grown = *index;
    grown.slot_count = index->slot_count > 0 ? 2 * index->slot_count : SLOTS_FIRST;
    grown.slots = mem_take(mem, grown.slot_count * sizeof *grown.slots);
    if (grown.slots == NULL)
        return false;
    grown.count = 0;
    for (size_t i = 0; i < index->slot_count; i++)
        if (index->slots[i] != 0)
            source_index_add(&grown, sources, index->slots[i] - 1);
    source_index_close(index, mem);
    *index = grown;
    return true;
}

void source_index_add(SourceIndex *index, const Source *sources, uint32_t number)
{
    size_t at = index_slot(index, sources, name_of(&sources[number]));
    assert(index->slots[at] == 0);
    index->slots[at] = number + 1;
    index->count++;
}

void source_index_close(SourceIndex *index, Mem *mem)
{
    mem_free(mem, index->slots, index->slot_count * sizeof *index->slots);
    *index = (SourceIndex){.by_family = index->by_family, .seed = index->seed};
}
