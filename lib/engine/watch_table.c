/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/watch_table.h"

#include <assert.h>

typedef struct {
    uint32_t count, free_count, first_free;
} WatchCounts;

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
    if (table->free_count > 0) {
        uint32_t number = table->first_free;
        SeriesWatch *watch = watch_table_at(table, number);
        memcpy(&table->first_free, watch, sizeof table->first_free);
        memset(watch, 0, sizeof *watch);
        table->free_count--;
        return number;
    }
    if (table->count == table->block_count * WATCHES_OF_BLOCK && !add_block(table))
        return WATCH_NONE;
    return table->count++;
}

void watch_table_give_back(WatchTable *table, uint32_t number)
{
    SeriesWatch *watch = watch_table_at(table, number);
    memset(watch, 0, sizeof *watch);
    memcpy(watch, &table->first_free, sizeof table->first_free);
    table->first_free = number;
    table->free_count++;
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
    const WatchCounts counts = {table->count, table->free_count, table->first_free};
    image_put(out, &counts, sizeof counts);
    for (size_t i = 0; i < table->block_count; i++)
        image_put(out, table->blocks[i], sizeof(WatchBlock));
}

void watch_table_load(WatchTable *table, ImageIn *in)
{
    WatchCounts counts = {0};
    image_get(in, &counts, sizeof counts);
    uint64_t bytes_max = table->bytes_max;
    table->bytes_max = 0; /* It had that memory before. */
    for (uint64_t i = 0; !in->failed && i * WATCHES_OF_BLOCK < counts.count; i++) {
        if (!add_block(table))
            in->failed = true;
        else
            image_get(in, table->blocks[i], sizeof(WatchBlock));
    }
    if (in->failed)
        counts = (WatchCounts){0};
    table->count = counts.count;
    table->free_count = counts.free_count;
    table->first_free = counts.first_free;
    table->bytes_max = bytes_max;
}
