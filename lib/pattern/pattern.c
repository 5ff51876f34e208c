/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/pattern.h"

#include <assert.h>

#include "base/hash.h"
#include "pattern/keys.h"
#include "pattern/lists.h"
#include "pattern/scan.h"
#include "pattern/shape.h"
#include "pattern/table.h"

#define SLOTS_FIRST 1024
#define CHECK_FIRST 8       /* Roots of a skeleton at which evidence is first weighed. */
#define GENERAL_TRIED_MAX 64 /* Widened roots that a new key is held against.           */
#define SPARE (COARSE_COUNT_MAX + 1) /* Patterns that always find room.                 */
#define PATTERN_COUNT_MAX ((1u << 31) - 2)

/* -- skeletons and patterns -------------------------------------------------------------------- */

static bool skeletons_rehash(PatternTable *table)
{
    size_t count = 2 * table->skeleton_slot_count;
    uint32_t *slots = room_take(&table->room, count * sizeof *slots);
    if (slots == NULL)
        return false;
    for (uint32_t s = 0; s < table->skeleton_count; s++) {
        size_t at = table->skeletons[s].hash & (count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (count - 1);
        slots[at] = s + 1;
    }
    room_free(&table->room, table->skeleton_slots, table->skeleton_slot_count * sizeof *slots);
    table->skeleton_slots = slots;
    table->skeleton_slot_count = count;
    return true;
}

static uint32_t skeleton_add(PatternTable *table, const Shape *shape)
{
    Skeleton *grown = room_grow(&table->room, table->skeletons, &table->skeleton_capacity,
                                table->skeleton_count + 1, sizeof *grown);
    if (grown == NULL)
        return PATTERN_NONE;
    table->skeletons = grown;
    if (2 * ((size_t)table->skeleton_count + 1) > table->skeleton_slot_count &&
        !skeletons_rehash(table))
        return PATTERN_NONE;
    uint32_t gaps =
        words_add(&table->words, &table->room, (Str){.text = shape->gaps, .size = shape->gap_size});
    if (gaps == WORD_NONE)
        return PATTERN_NONE;
    size_t at = shape->gap_hash & (table->skeleton_slot_count - 1);
    while (table->skeleton_slots[at] != 0)
        at = (at + 1) & (table->skeleton_slot_count - 1);
    table->skeletons[table->skeleton_count] = (Skeleton){.hash = shape->gap_hash,
                                                         .gaps = gaps,
                                                         .field_count = shape->cell_count,
                                                         .first = PATTERN_NONE,
                                                         .general = PATTERN_NONE,
                                                         .check_at = CHECK_FIRST};
    table->skeleton_slots[at] = ++table->skeleton_count;
    return table->skeleton_count - 1;
}

uint32_t table_skeleton(PatternTable *table, const Shape *shape)
{
    size_t at = shape->gap_hash & (table->skeleton_slot_count - 1);
    for (; table->skeleton_slots[at] != 0; at = (at + 1) & (table->skeleton_slot_count - 1)) {
        uint32_t s = table->skeleton_slots[at] - 1;
        if (table->skeletons[s].hash == shape->gap_hash &&
            table->skeletons[s].field_count == shape->cell_count)
            return s;
    }
    return skeleton_add(table, shape);
}

/* Words that the vocabulary lacks join it. */
static bool write_cells(PatternTable *table, const Shape *shape, uint32_t *cells)
{
    for (uint32_t i = 0; i < shape->cell_count; i++) {
        uint32_t word = cell_word(shape->cells[i]);
        if (word == WORD_UNKNOWN)
            word = words_add(&table->words, &table->room, shape->moulds[i]);
        if (word == WORD_NONE)
            return false;
        cells[i] = (uint32_t)cell_kind(shape->cells[i]) << CELL_KIND_SHIFT | word;
    }
    return true;
}

void table_link_root(PatternTable *table, PatternRef root)
{
    Pattern *p = &table->patterns[root];
    Skeleton *s = &table->skeletons[p->skeleton];
    uint32_t *chain = p->general ? &s->general : &s->first;
    p->next = *chain;
    *chain = root;
    s->root_count++;
}

/* `spare` patterns must find room after it. */
static PatternRef pattern_add(PatternTable *table, uint32_t skeleton, const Shape *shape,
                              uint32_t spare)
{
    Pattern *patterns = room_grow(&table->room, table->patterns, &table->pattern_capacity,
                                  table->pattern_count + 1 + spare, sizeof *patterns);
    if (patterns == NULL || table->pattern_count >= PATTERN_COUNT_MAX)
        return PATTERN_NONE;
    table->patterns = patterns;
    uint32_t *cells = room_grow(&table->room, table->cells, &table->cell_capacity,
                                table->cell_count + shape->cell_count + 2 * spare, sizeof *cells);
    if (cells == NULL)
        return PATTERN_NONE;
    table->cells = cells;
    if (!write_cells(table, shape, cells + table->cell_count))
        return PATTERN_NONE;
    PatternRef ref = table->pattern_count++;
    patterns[ref] = (Pattern){.skeleton = skeleton, .cells = table->cell_count, .parent = ref};
    table->cell_count += shape->cell_count;
    table_link_root(table, ref);
    table->skeletons[skeleton].dirty = true;
    return ref;
}

/* Does the word fill the mould that evidence made, "node-\1"? */
static bool mould_admits(Str m, Str w)
{
    const char *blank = memchr(m.text, MOULD_BLANK, m.size);
    size_t head = (size_t)(blank - m.text), tail = m.size - head - 1;
    return w.size >= head + tail && memcmp(m.text, w.text, head) == 0 &&
           memcmp(blank + 1, w.text + w.size - tail, tail) == 0;
}

/* A root whose blank cells, made by evidence, let the shape in. */
static bool pattern_admits(const PatternTable *table, PatternRef ref, const Shape *shape)
{
    const uint32_t *cells = table->cells + table->patterns[ref].cells;
    for (uint32_t i = 0; i < shape->cell_count; i++) {
        if (cell_word(cells[i]) == cell_word(shape->cells[i]))
            continue;
        if (cell_kind(cells[i]) != KIND_VALUE ||
            !mould_admits(words_text(&table->words, cell_word(cells[i])), shape->moulds[i]))
            return false;
    }
    return true;
}

static PatternRef pattern_find(const PatternTable *table, uint32_t skeleton, const Shape *shape)
{
    PatternRef ref = table->skeletons[skeleton].general;
    for (int tried = 0; ref != PATTERN_NONE && tried < GENERAL_TRIED_MAX; tried++) {
        if (pattern_admits(table, ref, shape))
            return ref;
        ref = table->patterns[ref].next;
    }
    if (!table->has_lists) /* Else it may be a list of a length that was not seen yet. */
        return PATTERN_NONE;
    return keys_signature(table, list_signature(table, shape));
}

/* -- when memory is short -------------------------------------------------------------------------
 *
 * Room for SPARE patterns is always kept.  Coarse patterns know the first word of a message alone,
 * and when they are many, or the word is new, all that is left shares one pattern. */

static PatternRef coarse_add(PatternTable *table, Shape *shape, uint16_t list)
{
    shape_add(shape, CELL_VALUE, STR(""));
    uint32_t skeleton = table_skeleton(table, shape);
    assert(skeleton != PATTERN_NONE);
    table->skeletons[skeleton].fixed = true;
    PatternRef ref = pattern_add(table, skeleton, shape, 0);
    assert(ref != PATTERN_NONE);
    table->patterns[ref].list = list;
    return ref;
}

static PatternRef learn_rest(PatternTable *table, bool *ret_is_new)
{
    if (table->rest != PATTERN_NONE)
        return table->rest;
    Shape shape;
    shape_open(&shape, ~table->seed);
    *ret_is_new = true;
    return table->rest = coarse_add(table, &shape, 1);
}

static PatternRef learn_coarse(PatternTable *table, const Shape *line, bool *ret_is_new)
{
    table->coarse_lines++;
    if (line->cell_count < 2 || cell_kind(line->cells[0]) != KIND_WORD ||
        cell_word(line->cells[0]) == WORD_UNKNOWN)
        return learn_rest(table, ret_is_new);
    uint64_t signature = hash_add(~table->seed, line->cells[0]);
    PatternRef ref = keys_signature(table, signature);
    if (ref != PATTERN_NONE)
        return ref;
    if (table->coarse_count == COARSE_COUNT_MAX)
        return learn_rest(table, ret_is_new);
    table->coarse_count++;
    Shape shape;
    shape_open(&shape, ~table->seed);
    shape_add(&shape, line->cells[0], line->moulds[0]);
    shape_put(&shape, ' ');
    ref = coarse_add(table, &shape, 2);
    keys_add_signature(table, signature, ref);
    *ret_is_new = true;
    return ref;
}

/* -- learning ---------------------------------------------------------------------------------- */

static PatternRef learn_new_key(PatternTable *table, Str text, const Lexed *lexed, bool *ret_is_new)
{
    Shape shape;
    shape_read(table, text, lexed, &shape);
    uint32_t skeleton = table_skeleton(table, &shape);
    if (skeleton == PATTERN_NONE)
        return learn_coarse(table, &shape, ret_is_new);
    PatternRef ref = pattern_find(table, skeleton, &shape);
    if (ref != PATTERN_NONE) {
        keys_add(table, lexed->key, (uint32_t)lexed->check, ref, true);
        return ref;
    }
    if (!keys_make_space(table, false))
        return learn_coarse(table, &shape, ret_is_new);
    ref = pattern_add(table, skeleton, &shape, SPARE);
    if (ref == PATTERN_NONE)
        return learn_coarse(table, &shape, ret_is_new);
    keys_add(table, lexed->key, (uint32_t)lexed->check, ref, false);
    *ret_is_new = true;
    return ref;
}

static void pattern_count_line(PatternTable *table, PatternRef ref)
{
    Pattern *p = &table->patterns[ref];
    p->line_count += p->line_count < UINT32_MAX;
}

PatternRef pattern_learn(PatternTable *table, Str text, const Lexed *lexed, bool *ret_is_new)
{
    assert(text.size == lexed->byte_count);
    *ret_is_new = false;
    KeySlot *slot = key_slot(table, lexed->key, (uint32_t)lexed->check);
    if (slot->ref != 0) {
        PatternRef root = key_root(table, slot);
        slot->ref = (root + 1) | (slot->ref & KEY_ALIAS);
        pattern_count_line(table, root);
        return root;
    }
    PatternRef ref = learn_new_key(table, text, lexed, ret_is_new);
    pattern_count_line(table, ref);
    uint32_t s = table->patterns[ref].skeleton;
    if (table->skeletons[s].root_count >= table->skeletons[s].check_at &&
        !table->skeletons[s].fixed) {
        cluster_skeleton(table, s);
        Skeleton *skeleton = &table->skeletons[s];
        skeleton->check_at =
            skeleton->root_count > CHECK_FIRST / 2 ? 2 * skeleton->root_count : CHECK_FIRST;
        ref = pattern_root(table, ref);
    }
    return ref;
}

static void settle_skeletons(PatternTable *table)
{
    for (uint32_t s = 0; s < table->skeleton_count; s++)
        if (table->skeletons[s].dirty)
            cluster_skeleton(table, s);
}

void pattern_settle(PatternTable *table)
{
    settle_skeletons(table);
    lists_merge(table);
    settle_skeletons(table);
}

/* -- merges ------------------------------------------------------------------------------------ */

bool table_merge(PatternTable *table, uint32_t from, uint32_t into)
{
    assert(from != into);
    assert(table->patterns[from].parent == from);
    assert(table->patterns[into].parent == into);
    PatternMerge *merges = room_grow(&table->room, table->merges, &table->merge_capacity,
                                     table->merge_count + 1, sizeof *merges);
    if (merges == NULL)
        return false;
    table->merges = merges;
    merges[table->merge_count++] = (PatternMerge){.from = from, .into = into};
    Pattern *a = &table->patterns[from], *b = &table->patterns[into];
    a->parent = into;
    uint64_t sum = (uint64_t)a->line_count + b->line_count;
    b->line_count = (uint32_t)(sum < UINT32_MAX ? sum : UINT32_MAX);
    return true;
}

void table_link_roots(PatternTable *table)
{
    for (uint32_t s = 0; s < table->skeleton_count; s++) {
        table->skeletons[s].first = table->skeletons[s].general = PATTERN_NONE;
        table->skeletons[s].root_count = 0;
    }
    for (PatternRef ref = 0; ref < table->pattern_count; ref++)
        if (table->patterns[ref].parent == ref)
            table_link_root(table, ref);
}

size_t pattern_merge_count(const PatternTable *table)
{
    return table->merge_count;
}

PatternMerge pattern_merge(const PatternTable *table, size_t n)
{
    assert(n < table->merge_count);
    return table->merges[n];
}

PatternRef pattern_root(const PatternTable *table, PatternRef ref)
{
    assert(ref < table->pattern_count);
    while (table->patterns[ref].parent != ref)
        ref = table->patterns[ref].parent;
    return ref;
}

size_t pattern_count(const PatternTable *table)
{
    return table->pattern_count;
}

uint64_t pattern_table_coarse(const PatternTable *table)
{
    return table->coarse_lines;
}

/* -- open, close ------------------------------------------------------------------------------- */

/* Room for SPARE patterns, and the skeletons of coarse ones. */
static bool keep_spare(PatternTable *table)
{
    Room *room = &table->room;
    table->patterns =
        room_grow(room, NULL, &table->pattern_capacity, SPARE, sizeof *table->patterns);
    table->cells = room_grow(room, NULL, &table->cell_capacity, 2 * SPARE, sizeof *table->cells);
    Shape shape;
    shape_open(&shape, ~table->seed);
    shape_add(&shape, CELL_VALUE, STR(""));
    bool kept = table_skeleton(table, &shape) != PATTERN_NONE;
    shape_put(&shape, ' ');
    shape_add(&shape, CELL_VALUE, STR(""));
    kept = kept && table_skeleton(table, &shape) != PATTERN_NONE;
    return kept && table->patterns != NULL && table->cells != NULL;
}

PatternTable *pattern_table_open(Mem *mem, uint64_t seed, uint64_t bytes_max)
{
    assert(mem != NULL);
    Room room = {.mem = mem, .bytes_max = bytes_max};
    PatternTable *table = room_take(&room, sizeof *table);
    if (table == NULL)
        return NULL;
    table->room = room;
    table->seed = seed;
    table->rest = PATTERN_NONE;
    table->skeleton_slots = room_take(&table->room, SLOTS_FIRST * sizeof *table->skeleton_slots);
    table->skeleton_slot_count = SLOTS_FIRST;
    table->keys = room_take(&table->room, SLOTS_FIRST * sizeof *table->keys);
    table->key_slot_count = SLOTS_FIRST;
    if (table->skeleton_slots == NULL || table->keys == NULL ||
        !words_open(&table->words, &table->room, seed) || !keep_spare(table)) {
        pattern_table_close(table);
        return NULL;
    }
    return table;
}

void pattern_table_close(PatternTable *table)
{
    if (table == NULL)
        return;
    Room room = table->room;
    words_close(&table->words, &room);
    room_free(&room, table->skeletons, table->skeleton_capacity * sizeof *table->skeletons);
    room_free(&room, table->skeleton_slots, table->skeleton_slot_count * sizeof(uint32_t));
    room_free(&room, table->patterns, table->pattern_capacity * sizeof *table->patterns);
    room_free(&room, table->cells, table->cell_capacity * sizeof *table->cells);
    room_free(&room, table->keys, table->key_slot_count * sizeof *table->keys);
    room_free(&room, table->merges, table->merge_capacity * sizeof *table->merges);
    room_free(&room, table, sizeof *table);
}
