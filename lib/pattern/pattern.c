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
#define GENERAL_TRIED_MAX 64 /* Widened roots that a new key is held against.           */
#define ALIAS_COUNT_MIN 65536
#define COARSE_SHARE 16 /* Of the memory, kept for coarse patterns.                    */
#define PATTERN_COUNT_MAX ((1u << 31) - 2)

/* -- open, close --------------------------------------------------------------------------------- */

/* Room for the pattern of learn_rest. */
static bool keep_spare(PatternTable *table)
{
    Room *room = &table->room;
    table->patterns = room_grow(room, NULL, &table->pattern_capacity, 1, sizeof *table->patterns);
    table->cells = room_grow(room, NULL, &table->cell_capacity, 1, sizeof *table->cells);
    table->skeletons = room_grow(room, NULL, &table->skeleton_capacity, 1, sizeof *table->skeletons);
    return table->patterns != NULL && table->cells != NULL && table->skeletons != NULL;
}

PatternTable *pattern_table_open(Mem *mem, uint64_t seed, uint64_t bytes_max)
{
    assert(mem != NULL);
    bytes_max -= bytes_max / COARSE_SHARE;
    Room room = {.mem = mem, .bytes_max = bytes_max};
    PatternTable *table = room_take(&room, sizeof *table);
    if (table == NULL)
        return NULL;
    table->room = room;
    table->bytes_max = bytes_max;
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

/* -- the cache of keys ---------------------------------------------------------------------------
 *
 * The key with which a pattern began stays for ever.  Keys that later joined a known pattern are
 * aliases: forgotten when they are many, and found again the long way. */

/* The slot that holds the key, or the free one where it would go. */
static KeySlot *key_slot(const PatternTable *table, uint64_t key, uint32_t check)
{
    size_t at = key & (table->key_slot_count - 1);
    while (table->keys[at].ref != 0 && (table->keys[at].key != key || table->keys[at].check != check))
        at = (at + 1) & (table->key_slot_count - 1);
    return &table->keys[at];
}

/* Moves the keys to slot_count slots. */
static bool keys_move(PatternTable *table, size_t slot_count, bool with_aliases)
{
    KeySlot *old = table->keys;
    size_t old_count = table->key_slot_count;
    KeySlot *slots = room_take(&table->room, slot_count * sizeof *slots);
    if (slots == NULL)
        return false;
    table->keys = slots;
    table->key_slot_count = slot_count;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].ref == 0)
            continue;
        if (with_aliases || !(old[i].ref & KEY_ALIAS))
            *key_slot(table, old[i].key, old[i].check) = old[i];
        else
            table->key_count--;
    }
    table->alias_count = with_aliases ? table->alias_count : 0;
    room_free(&table->room, old, old_count * sizeof *old);
    return true;
}

static bool keys_make_space(PatternTable *table, bool alias)
{
    size_t own = table->key_count - table->alias_count;
    if (alias && table->alias_count >= ALIAS_COUNT_MIN && table->alias_count >= 2 * own &&
        !keys_move(table, table->key_slot_count, false))
        return false;
    return 4 * (table->key_count + 1) <= 3 * table->key_slot_count ||
           keys_move(table, 2 * table->key_slot_count, true);
}

static bool keys_add(PatternTable *table, uint64_t key, uint32_t check, PatternRef ref, bool alias)
{
    if (!keys_make_space(table, alias))
        return false;
    KeySlot *slot = key_slot(table, key, check);
    table->key_count += slot->ref == 0;
    table->alias_count += alias;
    *slot = (KeySlot){.key = key, .check = check, .ref = (ref + 1) | (alias ? KEY_ALIAS : 0)};
    return true;
}

static PatternRef key_root(const PatternTable *table, const KeySlot *slot)
{
    return pattern_root(table, (slot->ref & ~KEY_ALIAS) - 1);
}

/* Of a key that is no line's but a signature's. */
static uint32_t remembered_check(uint64_t key)
{
    return (uint32_t)hash_add(HASH_P0, key);
}

static PatternRef remembered(const PatternTable *table, uint64_t key)
{
    const KeySlot *slot = key_slot(table, key, remembered_check(key));
    return slot->ref == 0 ? PATTERN_NONE : key_root(table, slot);
}

bool table_remember(PatternTable *table, uint64_t key, PatternRef root)
{
    table->remembered = true;
    return remembered(table, key) != PATTERN_NONE || keys_add(table, key, remembered_check(key), root, false);
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

/* `spare` skeletons must find room after it. */
static uint32_t skeleton_add(PatternTable *table, const Shape *shape, uint32_t spare)
{
    Skeleton *grown = room_grow(&table->room, table->skeletons, &table->skeleton_capacity,
                                table->skeleton_count + 1 + spare, sizeof *grown);
    if (grown == NULL)
        return PATTERN_NONE;
    table->skeletons = grown;
    if (2 * ((size_t)table->skeleton_count + 1 + spare) > table->skeleton_slot_count && !skeletons_rehash(table))
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
    return skeleton_add(table, shape, 1);
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
static PatternRef pattern_add(PatternTable *table, uint32_t skeleton, const Shape *shape, uint32_t spare)
{
    Pattern *patterns = room_grow(&table->room, table->patterns, &table->pattern_capacity,
                                  table->pattern_count + 1 + spare, sizeof *patterns);
    if (patterns == NULL || table->pattern_count >= PATTERN_COUNT_MAX)
        return PATTERN_NONE;
    table->patterns = patterns;
    uint32_t *cells = room_grow(&table->room, table->cells, &table->cell_capacity,
                                table->cell_count + shape->cell_count + spare, sizeof *cells);
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
    if (!table->remembered) /* Else it may be a list of a length that was not seen yet. */
        return PATTERN_NONE;
    return remembered(table, list_signature(table, shape));
}

/* -- when memory is short ------------------------------------------------------------------------- */

/* Room for one pattern more is always kept, and used here: all that is not known shares it. */
static PatternRef learn_rest(PatternTable *table, bool *ret_is_new)
{
    if (table->rest != PATTERN_NONE)
        return table->rest;
    Shape shape;
    shape_open(&shape, ~table->seed);
    shape_add(&shape, CELL_VALUE, STR(""));
    uint32_t skeleton = skeleton_add(table, &shape, 0);
    assert(skeleton != PATTERN_NONE);
    table->skeletons[skeleton].fixed = true;
    table->rest = pattern_add(table, skeleton, &shape, 0);
    assert(table->rest != PATTERN_NONE);
    table->patterns[table->rest].list = 1;
    *ret_is_new = true;
    return table->rest;
}

/* Only the first word counts. */
static PatternRef learn_coarse(PatternTable *table, const Shape *line, bool *ret_is_new)
{
    table->coarse = true;
    uint32_t skeleton;
    Shape shape;
    shape_open(&shape, ~table->seed);
    if (line->cell_count < 2 || cell_kind(line->cells[0]) != KIND_WORD)
        return learn_rest(table, ret_is_new);
    uint64_t key = hash_bytes(line->moulds[0].text, line->moulds[0].size, ~table->seed);
    PatternRef ref = remembered(table, key);
    if (ref != PATTERN_NONE)
        return ref;
    shape_add(&shape, line->cells[0], line->moulds[0]);
    shape_put(&shape, ' ');
    shape_add(&shape, CELL_VALUE, STR(""));
    table->room.bytes_max += table->room.bytes_max / COARSE_SHARE;
    skeleton = table_skeleton(table, &shape);
    if (skeleton != PATTERN_NONE) {
        table->skeletons[skeleton].fixed = true;
        ref = pattern_add(table, skeleton, &shape, 1);
    }
    if (ref != PATTERN_NONE) {
        table->patterns[ref].list = 2;
        table_remember(table, key, ref);
        *ret_is_new = true;
    }
    table->room.bytes_max = table->bytes_max;
    return ref != PATTERN_NONE ? ref : learn_rest(table, ret_is_new);
}

/* -- learning ------------------------------------------------------------------------------------- */

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
    ref = pattern_add(table, skeleton, &shape, 1);
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
    if (table->skeletons[s].root_count >= table->skeletons[s].check_at && !table->skeletons[s].fixed) {
        cluster_skeleton(table, s);
        Skeleton *skeleton = &table->skeletons[s];
        skeleton->check_at = skeleton->root_count > CHECK_FIRST / 2 ? 2 * skeleton->root_count : CHECK_FIRST;
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

bool pattern_table_coarse(const PatternTable *table)
{
    return table->coarse;
}
