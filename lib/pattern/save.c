/* SPDX-License-Identifier: Apache-2.0
 *
 * save.c - a pattern table as bytes, and back: it learns on as if it had never been away. */
#include "pattern/table.h"

/* What of the table is neither a pointer nor an array. */
typedef struct {
    uint64_t seed, words_seed, room_bytes, room_bytes_max;
    uint64_t key_count, alias_count, coarse_lines;
    uint32_t words_text_size, coarse_count, rest;
    uint8_t  has_lists;
} Plain;

static Plain plain_of(const PatternTable *table)
{
    Plain plain;
    memset(&plain, 0, sizeof plain);
    plain.seed = table->seed;
    plain.words_seed = table->words.seed;
    plain.room_bytes = table->room.bytes;
    plain.room_bytes_max = table->room.bytes_max;
    plain.key_count = table->key_count;
    plain.alias_count = table->alias_count;
    plain.words_text_size = table->words.text_size;
    plain.coarse_count = table->coarse_count;
    plain.rest = table->rest;
    plain.has_lists = table->has_lists;
    plain.coarse_lines = table->coarse_lines;
    return plain;
}

static void plain_into(PatternTable *table, const Plain *plain)
{
    table->seed = plain->seed;
    table->words.seed = plain->words_seed;
    table->room.bytes = plain->room_bytes;
    table->room.bytes_max = plain->room_bytes_max;
    table->key_count = (size_t)plain->key_count;
    table->alias_count = (size_t)plain->alias_count;
    table->words.text_size = plain->words_text_size;
    table->coarse_count = plain->coarse_count;
    table->rest = plain->rest;
    table->has_lists = plain->has_lists;
    table->coarse_lines = plain->coarse_lines;
}

void pattern_table_save(const PatternTable *table, ImageOut *out)
{
    Plain plain = plain_of(table);
    const Words *words = &table->words;
    image_put(out, &plain, sizeof plain);
    image_put_array(out, words->words, words->count, words->word_capacity, sizeof *words->words);
    image_put_array(out, words->text, words->text_size, words->text_capacity, 1);
    image_put_array(out, words->slots, words->slot_count, words->slot_count, sizeof *words->slots);
    image_put_array(out, table->skeletons, table->skeleton_count, table->skeleton_capacity,
                    sizeof *table->skeletons);
    image_put_array(out, table->skeleton_slots, table->skeleton_slot_count,
                    table->skeleton_slot_count, sizeof *table->skeleton_slots);
    image_put_array(out, table->patterns, table->pattern_count, table->pattern_capacity,
                    sizeof *table->patterns);
    image_put_array(out, table->cells, table->cell_count, table->cell_capacity,
                    sizeof *table->cells);
    image_put_array(out, table->keys, table->key_slot_count, table->key_slot_count,
                    sizeof *table->keys);
    image_put_array(out, table->merges, table->merge_count, table->merge_capacity,
                    sizeof *table->merges);
}

static uint32_t get_u32_array(ImageIn *in, Mem *mem, void *ret_array, size_t *ret_capacity,
                              size_t element_bytes)
{
    size_t count;
    void *array = image_get_array(in, mem, &count, ret_capacity, element_bytes);
    memcpy(ret_array, &array, sizeof array);
    return (uint32_t)count;
}

static void load_arrays(PatternTable *table, Mem *mem, ImageIn *in)
{
    Words *words = &table->words;
    size_t count;
    words->count =
        get_u32_array(in, mem, &words->words, &words->word_capacity, sizeof *words->words);
    words->text = image_get_array(in, mem, &count, &words->text_capacity, 1);
    words->slots = image_get_array(in, mem, &count, &words->slot_count, sizeof *words->slots);
    table->skeleton_count = get_u32_array(in, mem, &table->skeletons, &table->skeleton_capacity,
                                          sizeof *table->skeletons);
    table->skeleton_slots = image_get_array(in, mem, &count, &table->skeleton_slot_count,
                                            sizeof *table->skeleton_slots);
    table->pattern_count =
        get_u32_array(in, mem, &table->patterns, &table->pattern_capacity, sizeof *table->patterns);
    table->cell_count =
        get_u32_array(in, mem, &table->cells, &table->cell_capacity, sizeof *table->cells);
    table->keys = image_get_array(in, mem, &count, &table->key_slot_count, sizeof *table->keys);
    table->merges = image_get_array(in, mem, &table->merge_count, &table->merge_capacity,
                                    sizeof *table->merges);
}

PatternTable *pattern_table_load(Mem *mem, ImageIn *in)
{
    PatternTable *table = mem_take(mem, sizeof *table);
    if (table == NULL)
        return NULL;
    table->room.mem = mem;
    Plain plain;
    memset(&plain, 0, sizeof plain);
    image_get(in, &plain, sizeof plain);
    load_arrays(table, mem, in);
    plain_into(table, &plain);
    if (!in->failed)
        return table;
    /* Its room counts what did come, so that closing frees just that. */
    table->room.bytes = UINT64_MAX / 2;
    pattern_table_close(table);
    return NULL;
}

void pattern_table_limit(PatternTable *table, uint64_t bytes_max)
{
    table->room.bytes_max = bytes_max;
}

uint64_t pattern_table_bytes(const PatternTable *table)
{
    return table->room.bytes;
}
