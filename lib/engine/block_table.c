/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/block_table.h"

#include <assert.h>

static size_t block_bytes(const BlockTable *table)
{
    return table->element_bytes * table->block_elements;
}

uint64_t block_table_bytes(const BlockTable *table)
{
    return (uint64_t)table->block_count * block_bytes(table);
}

size_t block_table_parts(const BlockTable *table)
{
    return (table->block_count + BLOCKS_OF_PART - 1) / BLOCKS_OF_PART;
}

static bool add_block(BlockTable *table)
{
    if (table->bytes_max != 0 && block_table_bytes(table) + block_bytes(table) > table->bytes_max)
        return false;
    char **grown = mem_grow(table->mem, table->blocks, &table->block_capacity,
                            table->block_count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    table->blocks = grown;
    uint8_t *changed = mem_grow(table->mem, table->changed, &table->changed_capacity,
                                table->block_count / BLOCKS_OF_PART + 1, 1);
    if (changed == NULL)
        return false;
    table->changed = changed;
    char *block = mem_take(table->mem, block_bytes(table));
    if (block == NULL)
        return false;
    grown[table->block_count++] = block;
    return true;
}

void *block_table_add(BlockTable *table)
{
    if (table->count == table->block_count * table->block_elements && !add_block(table))
        return NULL;
    block_table_touch(table, table->count);
    return block_table_at(table, table->count++);
}

void block_table_drop(BlockTable *table)
{
    assert(table->count > 0);
    table->count--;
}

void *block_table_at(const BlockTable *table, uint32_t number)
{
    char *block = table->blocks[number / table->block_elements];
    return block + number % table->block_elements * table->element_bytes;
}

void block_table_touch(BlockTable *table, uint32_t number)
{
    table->changed[number / table->block_elements / BLOCKS_OF_PART] = 1;
}

void block_table_close(BlockTable *table)
{
    for (size_t i = 0; i < table->block_count; i++)
        mem_free(table->mem, table->blocks[i], block_bytes(table));
    mem_free(table->mem, table->blocks, table->block_capacity * sizeof(char *));
    mem_free(table->mem, table->changed, table->changed_capacity);
}

void block_table_save(const BlockTable *table, ImageOut *out)
{
    uint64_t count = table->count;
    image_put(out, &count, sizeof count);
}

void block_table_load(BlockTable *table, ImageIn *in)
{
    uint64_t count = 0, bytes_max = table->bytes_max;
    image_get(in, &count, sizeof count);
    table->bytes_max = 0; /* It had that memory before. */
    while (!in->failed && (uint64_t)table->block_count * table->block_elements < count)
        in->failed = count > UINT32_MAX || !add_block(table);
    table->count = in->failed ? 0 : (uint32_t)count;
    table->bytes_max = bytes_max;
    for (size_t part = 0; part < block_table_parts(table); part++)
        table->changed[part] = 1; /* Until it is loaded. */
}

static size_t part_end(const BlockTable *table, size_t part)
{
    size_t end = (part + 1) * BLOCKS_OF_PART;
    return end < table->block_count ? end : table->block_count;
}

void block_table_save_part(const BlockTable *table, size_t part, ImageOut *out)
{
    for (size_t i = part * BLOCKS_OF_PART; i < part_end(table, part); i++)
        image_put(out, table->blocks[i], block_bytes(table));
}

void block_table_load_part(BlockTable *table, size_t part, ImageIn *in)
{
    if (part >= block_table_parts(table)) {
        in->failed = true;
        return;
    }
    for (size_t i = part * BLOCKS_OF_PART; i < part_end(table, part); i++)
        image_get(in, table->blocks[i], block_bytes(table));
    if (!image_at_end(in))
        in->failed = true;
}
