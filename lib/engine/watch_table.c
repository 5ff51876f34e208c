/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/watch_table.h"

#include <assert.h>

static bool add_block(WatchTable *table)
{
    if (table->bytes_max != 0 && watch_table_bytes(table) + sizeof(WatchBlock) > table->bytes_max)
        return false;
    WatchBlock **grown = mem_grow(table->mem, table->blocks, &table->block_capacity,
                                  table->block_count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    table->blocks = grown;
    WatchBlock *block = mem_take(table->mem, sizeof *block);
    if (block == NULL)
        return false;
    grown[table->block_count++] = block;
    return true;
}

uint32_t watch_table_add(WatchTable *table)
{
    if (table->count == table->block_count * WATCHES_OF_BLOCK && !add_block(table))
        return WATCH_NONE;
    return (uint32_t)table->count++;
}

SeriesWatch *watch_table_at(const WatchTable *table, uint32_t number)
{
    assert(number < table->count);
    return &table->blocks[number / WATCHES_OF_BLOCK]->watches[number % WATCHES_OF_BLOCK];
}

uint64_t watch_table_bytes(const WatchTable *table)
{
    return table->block_count * sizeof(WatchBlock);
}

void watch_table_close(WatchTable *table)
{
    for (size_t i = 0; i < table->block_count; i++)
        mem_free(table->mem, table->blocks[i], sizeof(WatchBlock));
    mem_free(table->mem, table->blocks, table->block_capacity * sizeof(WatchBlock *));
}

void watch_table_save(const WatchTable *table, ImageOut *out)
{
    uint64_t count = table->count;
    image_put(out, &count, sizeof count);
    for (size_t i = 0; i < table->block_count; i++)
        image_put(out, table->blocks[i], sizeof(WatchBlock));
}

void watch_table_load(WatchTable *table, ImageIn *in)
{
    uint64_t count = 0;
    image_get(in, &count, sizeof count);
    uint64_t bytes_max = table->bytes_max;
    table->bytes_max = 0; /* It had that memory before. */
    for (uint64_t i = 0; !in->failed && i * WATCHES_OF_BLOCK < count; i++) {
        if (!add_block(table))
            in->failed = true;
        else
            image_get(in, table->blocks[i], sizeof(WatchBlock));
    }
    table->count = in->failed ? 0 : (size_t)count;
    table->bytes_max = bytes_max;
}
