/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/pool.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POOL_BLOCK_BYTES 16384

struct PoolBlock {
    PoolBlock *older;
    size_t     used, capacity;
    alignas(max_align_t) char bytes[];
};

static PoolBlock *block_new(PoolBlock *older, size_t size)
{
    size_t capacity = size > POOL_BLOCK_BYTES ? size : POOL_BLOCK_BYTES;
    PoolBlock *block = calloc(1, sizeof *block + capacity);
    if (!block) {
        fputs("oddball: out of memory while collecting the answer\n", stderr);
        _exit(2);
    }
    block->older = older;
    block->capacity = capacity;
    return block;
}

void *pool_take(Pool *pool, size_t size)
{
    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    if (!pool->newest || pool->newest->capacity - pool->newest->used < size)
        pool->newest = block_new(pool->newest, size);
    void *taken = pool->newest->bytes + pool->newest->used;
    pool->newest->used += size;
    return taken;
}

Piece pool_keep(Pool *pool, const char *bytes, size_t size)
{
    char *text = pool_take(pool, size + 1);
    if (size > 0)
        memcpy(text, bytes, size);
    return (Piece){.text = text, .size = size};
}

void pool_free(Pool *pool)
{
    while (pool->newest) {
        PoolBlock *older = pool->newest->older;
        free(pool->newest);
        pool->newest = older;
    }
}
