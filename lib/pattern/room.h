/* SPDX-License-Identifier: Apache-2.0
 *
 * room.h - the memory of one pattern table: counted against its own limit.
 *
 * OWNERSHIP  As mem.h.
 * ERRORS     As mem.h; also when the table's own limit would be passed.
 */
#ifndef PATTERN_ROOM_H
#define PATTERN_ROOM_H
#include "base/mem.h"

typedef struct {
    Mem     *mem;
    uint64_t bytes, bytes_max; /* 0: no limit of its own. */
} Room;

/* What of a block's size may be taken now. */
static inline void *room_take(Room *room, size_t size)
{
    if (room->bytes_max != 0 && room->bytes + size > room->bytes_max)
        return NULL;
    void *block = mem_take(room->mem, size);
    if (block != NULL)
        room->bytes += size;
    return block;
}

static inline void room_free(Room *room, void *block, size_t size)
{
    if (block == NULL)
        return;
    mem_free(room->mem, block, size);
    room->bytes -= size;
}

/* False: the array could not hold `count`, and is as it was. */
static inline void *room_grow(Room *room, void *array, size_t *capacity, size_t count, size_t element)
{
    if (count <= *capacity)
        return array;
    size_t before = *capacity;
    size_t wanted = count > 2 * before ? count : 2 * before;
    if (room->bytes_max != 0 && room->bytes + (wanted - before) * element > room->bytes_max)
        return NULL;
    void *grown = mem_grow(room->mem, array, capacity, count, element);
    if (grown != NULL)
        room->bytes += (*capacity - before) * element;
    return grown;
}

#endif
