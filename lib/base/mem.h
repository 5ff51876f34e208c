/* SPDX-License-Identifier: Apache-2.0
 *
 * mem.h - the only door to the heap: zeroed blocks, growing arrays, counted bytes.
 *
 * OWNERSHIP  The caller frees what it takes, with mem_free and the same Mem.
 * ERRORS     NULL when the system or the cap refuses; what was there before stays as it was.
 * UNITS      Bytes as asked for, not as the allocator rounds them: the same on every machine, so
 *            that a memory limit acts at the same event everywhere.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t bytes;      /* In use now.                */
    uint64_t bytes_peak; /* Most ever in use.          */
    uint64_t bytes_max;  /* Refuse above; 0: no limit. */
} Mem;

void *mem_take(Mem *mem, size_t size); /* Zeroed.  size 0 gives NULL. */
void  mem_free(Mem *mem, void *block, size_t size);

/* The array, which is too small, doubled or, near the cap, a little larger than needed. */
void *mem_grow_more(Mem *mem, void *array, size_t *capacity, size_t count, size_t element_bytes);

/* An array of *capacity elements grows (as mem_grow_more, new part zeroed) to hold `count`.
 * Gives the array, moved perhaps, or NULL and leaves all as it was. */
static inline void *mem_grow(Mem *mem, void *array, size_t *capacity, size_t count,
                             size_t element_bytes)
{
    if (count <= *capacity && array != NULL)
        return array;
    return mem_grow_more(mem, array, capacity, count, element_bytes);
}

#endif
