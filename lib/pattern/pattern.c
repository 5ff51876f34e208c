/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/pattern.h"

#include <assert.h>

#include "base/hash.h"
#include "pattern/lists.h"
#include "pattern/scan.h"
#include "pattern/shape.h"
#include "pattern/table.h"

#define SLOTS_FIRST 1024
#define CHECK_FIRST 8       /* Roots of a skeleton at which evidence is first weighed. */
#define GENERAL_TRIED_MAX 64 /* Roots that a new key is held against.                   */

/* -- open, close --------------------------------------------------------------------------------- */

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
        !words_open(&table->words, &table->room, seed)) {
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

/* -- the cache of keys ----------------------------------------------------------------------------- */

/* The slot that holds the key, or the free one where it would go. */
static KeySlot *key_slot(const PatternTable *table, uint64_t key, uint32_t check)
{
    size_t at = key & (table->key_slot_count - 1);
    while (table->keys[at].ref != 0 && (table->keys[at].key != key || table->keys[at].check != check))
        at = (at + 1) & (table->key_slot_count - 1);
    return &table->keys[at];
}

static bool keys_double(PatternTable *table)
{
    KeySlot *old = table->keys;
    size_t old_count = table->key_slot_count;
    KeySlot *slots = room_take(&table->room, 2 * old_count * sizeof *slots);
    if (slots == NULL)
        return false;
    table->keys = slots;
    table->key_slot_count = 2 * old_count;
    for (size_t i = 0; i < old_count; i++)
        if (old[i].ref != 0)
            *key_slot(table, old[i].key, old[i].check) = old[i];
    room_free(&table->room, old, old_count * sizeof *old);
    return true;
}

/* A key that finds no room is simply not remembered: its next line takes the long way again. */
static void keys_add(PatternTable *table, uint64_t key, uint32_t check, PatternRef ref)
{
    if (4 * (table->key_count + 1) > 3 * table->key_slot_count && !keys_double(table))
        return;
    KeySlot *slot = key_slot(table, key, check);
    table->key_count += slot->ref == 0;
    *slot = (KeySlot){.key = key, .check = check, .ref = ref + 1};
}

/* Of a key that is no line's but a signature's. */
static uint32_t remembered_check(uint64_t key)
{
    return (uint32_t)hash_add(HASH_P0, key);
}

void table_remember(PatternTable *table, uint64_t key, PatternRef root)
{
    keys_add(table, key, remembered_check(key), root);
    table->remembered = true;
}

/* -- skeletons and patterns -------------------------------------------------------------------------- */

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
    if (2 * ((size_t)table->skeleton_count + 1) > table->skeleton_slot_count && !skeletons_rehash(table))
        return PATTERN_NONE;
    uint32_t gaps = words_add(&table->words, &table->room, (Str){.text = shape->gaps, .size = shape->gap_size});
    if (gaps == WORD_NONE)
        return PATTERN_NONE;
    size_t at = shape->gap_hash & (table->skeleton_slot_count - 1);
    while (table->skeleton_slots[at] != 0)
        at = (at + 1) & (table->skeleton_slot_count - 1);
    table->skeletons[table->skeleton_count] = (Skeleton){.hash = shape->gap_hash,
                                                         .gaps = gaps,
                                                         .field_count = shape->cell_count,
                                                         .first = PATTERN_NONE,
                                                         .check_at = CHECK_FIRST};
    table->skeleton_slots[at] = ++table->skeleton_count;
    return table->skeleton_count - 1;
}

uint32_t skeleton_of(PatternTable *table, const Shape *shape)
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

static PatternRef pattern_add(PatternTable *table, uint32_t skeleton, const Shape *shape)
{
    Pattern *patterns = room_grow(&table->room, table->patterns, &table->pattern_capacity,
                                  table->pattern_count + 1, sizeof *patterns);
    if (patterns == NULL)
        return PATTERN_NONE;
    table->patterns = patterns;
    uint32_t *cells = room_grow(&table->room, table->cells, &table->cell_capacity,
                                table->cell_count + shape->cell_count + 1, sizeof *cells);
    if (cells == NULL)
        return PATTERN_NONE;
    table->cells = cells;
    for (uint32_t i = 0; i < shape->cell_count; i++) {
        cells[table->cell_count + i] = shape->cells[i];
        Word *word = &table->words.words[cell_word(shape->cells[i])];
        if (word->uses < UINT8_MAX)
            word->uses++;
    }
    Skeleton *s = &table->skeletons[skeleton];
    PatternRef ref = table->pattern_count++;
    patterns[ref] = (Pattern){.skeleton = skeleton,
                              .cells = table->cell_count,
                              .parent = ref,
                              .next = s->first};
    table->cell_count += shape->cell_count;
    s->first = ref;
    s->root_count++;
    s->dirty = true;
    return ref;
}

/* Does the word fill the mould that evidence made, "node-\1"? */
static bool mould_admits(const Words *words, uint32_t mould, uint32_t word)
{
    Str m = words_text(words, mould), w = words_text(words, word);
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
            !mould_admits(&table->words, cell_word(cells[i]), cell_word(shape->cells[i])))
            return false;
    }
    return true;
}

static PatternRef pattern_find(const PatternTable *table, uint32_t skeleton, const Shape *shape)
{
    PatternRef ref = table->skeletons[skeleton].first;
    for (int tried = 0; ref != PATTERN_NONE && tried < GENERAL_TRIED_MAX; tried++) {
        if (pattern_admits(table, ref, shape))
            return ref;
        ref = table->patterns[ref].next;
    }
    return PATTERN_NONE;
}

/* A list of a length that was not seen yet. */
static PatternRef pattern_find_list(const PatternTable *table, const Shape *shape)
{
    if (!table->remembered)
        return PATTERN_NONE;
    uint64_t signature = list_signature(table, shape);
    const KeySlot *slot = key_slot(table, signature, remembered_check(signature));
    return slot->ref == 0 ? PATTERN_NONE : pattern_root(table, slot->ref - 1);
}

/* -- learning ------------------------------------------------------------------------------------------ */

/* Memory is short: all that is not known yet shares one pattern. */
static PatternRef learn_rest(PatternTable *table, bool *ret_is_new)
{
    table->coarse = true;
    if (table->rest != PATTERN_NONE)
        return table->rest;
    Room *room = &table->room;
    uint64_t bytes_max = room->bytes_max;
    room->bytes_max = 0;
    Shape shape = {.cells = {CELL_VALUE}, .cell_count = 1, .gap_hash = ~table->seed,
                   .gaps = {MOULD_BLANK}, .gap_size = 1};
    uint32_t skeleton = skeleton_of(table, &shape);
    if (skeleton != PATTERN_NONE)
        table->rest = pattern_add(table, skeleton, &shape);
    room->bytes_max = bytes_max;
    if (table->rest == PATTERN_NONE)
        return 0;
    *ret_is_new = true;
    return table->rest;
}

static PatternRef learn_new_key(PatternTable *table, Str text, const Lexed *lexed, bool *ret_is_new)
{
    Shape shape;
    if (!shape_read(table, text, lexed, &shape))
        return learn_rest(table, ret_is_new);
    uint32_t skeleton = skeleton_of(table, &shape);
    if (skeleton == PATTERN_NONE)
        return learn_rest(table, ret_is_new);
    PatternRef ref = pattern_find(table, skeleton, &shape);
    if (ref == PATTERN_NONE)
        ref = pattern_find_list(table, &shape);
    if (ref == PATTERN_NONE) {
        ref = pattern_add(table, skeleton, &shape);
        if (ref == PATTERN_NONE)
            return learn_rest(table, ret_is_new);
        *ret_is_new = true;
    }
    keys_add(table, lexed->key, (uint32_t)lexed->check, ref);
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
        PatternRef root = pattern_root(table, slot->ref - 1);
        slot->ref = root + 1;
        pattern_count_line(table, root);
        return root;
    }
    PatternRef ref = learn_new_key(table, text, lexed, ret_is_new);
    pattern_count_line(table, ref);
    Skeleton *skeleton = &table->skeletons[table->patterns[ref].skeleton];
    if (skeleton->root_count >= skeleton->check_at) {
        cluster_skeleton(table, table->patterns[ref].skeleton);
        skeleton->check_at = 2 * skeleton->root_count > CHECK_FIRST ? 2 * skeleton->root_count : CHECK_FIRST;
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

/* -- merges ---------------------------------------------------------------------------------------------- */

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
        table->skeletons[s].first = PATTERN_NONE;
        table->skeletons[s].root_count = 0;
    }
    for (PatternRef ref = 0; ref < table->pattern_count; ref++) {
        Pattern *p = &table->patterns[ref];
        if (p->parent != ref)
            continue;
        Skeleton *s = &table->skeletons[p->skeleton];
        p->next = s->first;
        s->first = ref;
        s->root_count++;
    }
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

bool pattern_table_coarse(const PatternTable *table)
{
    return table->coarse;
}
