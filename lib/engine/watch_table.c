/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/watch_table.h"

#include <assert.h>

#define BLOCK_WATCHES 16

void watch_table_open(WatchTable *table, Mem *mem)
{
    *table = (WatchTable){.blocks = {.mem = mem,
                                     .element_bytes = sizeof(SeriesWatch),
                                     .block_elements = BLOCK_WATCHES}};
}

SeriesWatch *watch_table_change(WatchTable *table, uint32_t number)
{
    assert(number < table->blocks.count);
    block_table_touch(&table->blocks, number);
    return block_table_at(&table->blocks, number);
}

const SeriesWatch *watch_table_at(const WatchTable *table, uint32_t number)
{
    assert(number < table->blocks.count);
    return block_table_at(&table->blocks, number);
}

uint32_t watch_table_add(WatchTable *table)
{
    if (table->free_count == 0)
        return block_table_add(&table->blocks) != NULL ? table->blocks.count - 1 : WATCH_NONE;
    uint32_t number = table->first_free;
    SeriesWatch *watch = watch_table_change(table, number);
    memcpy(&table->first_free, watch, sizeof table->first_free);
    memset(watch, 0, sizeof *watch);
    table->free_count--;
    return number;
}

void watch_table_give_back(WatchTable *table, uint32_t number)
{
    SeriesWatch *watch = watch_table_change(table, number);
    memset(watch, 0, sizeof *watch);
    memcpy(watch, &table->first_free, sizeof table->first_free);
    table->first_free = number;
    table->free_count++;
}

void watch_table_close(WatchTable *table)
{
    block_table_close(&table->blocks);
}

void watch_table_save(const WatchTable *table, ImageOut *out)
{
    const uint32_t frees[] = {table->free_count, table->first_free};
    block_table_save(&table->blocks, out);
    image_put(out, frees, sizeof frees);
}

void watch_table_load(WatchTable *table, ImageIn *in)
{
    uint32_t frees[2] = {0};
    block_table_load(&table->blocks, in);
    image_get(in, frees, sizeof frees);
    bool sane =
        frees[0] <= table->blocks.count && (frees[0] == 0 || frees[1] < table->blocks.count);
    in->failed = in->failed || !sane;
    table->free_count = in->failed ? 0 : frees[0];
    table->first_free = in->failed ? 0 : frees[1];
}
