/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 16

static int mem_allows(const Mem *mem, size_t more)
{
    return mem->bytes_max == 0 || mem->bytes + more <= mem->bytes_max;
}

static void mem_count(Mem *mem, size_t more, size_t less)
{
    assert(mem->bytes + more >= less);
    mem->bytes = mem->bytes + more - less;
    if (mem->bytes > mem->bytes_peak)
        mem->bytes_peak = mem->bytes;
}

void *mem_take(Mem *mem, size_t size)
{
    if (size == 0 || !mem_allows(mem, size))
        return NULL;
    void *block = calloc(1, size);
    if (block != NULL)
        mem_count(mem, size, 0);
    return block;
}

void mem_free(Mem *mem, void *block, size_t size)
{
    if (block == NULL)
        return;
    free(block);
    mem_count(mem, 0, size);
}

void *mem_grow_more(Mem *mem, void *array, size_t *capacity, size_t count, size_t element_bytes)
{
    size_t wanted = *capacity * 2 > CAPACITY_MIN ? *capacity * 2 : CAPACITY_MIN;
    if (wanted < count)
        wanted = count;
    if (wanted > SIZE_MAX / element_bytes)
        return NULL;
    size_t had = *capacity * element_bytes;
    if (!mem_allows(mem, wanted * element_bytes - had))
        wanted = count + count / 8; /* The last room below the cap is not for doubling. */
    size_t size = wanted * element_bytes;
    if (wanted < count || !mem_allows(mem, size - had))
        return NULL;
    char *grown = realloc(array, size);
    if (grown == NULL)
        return NULL;
    memset(grown + had, 0, size - had);
    mem_count(mem, size, had);
    *capacity = wanted;
    return grown;
}
