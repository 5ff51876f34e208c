/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "base/hash.h"
#include "pattern/evidence.h"
#include "pattern/table.h"

#define ROUNDS_MAX 16
#define PAIR_FIELDS_MAX 12 /* Pairs are made of so many of the fields that differ. */
#define MANY_ROWS_MIN 8

typedef struct {
    uint32_t stamp, word;
} Seen;

/* The roots of one skeleton, row by row; cells are copied so that a round sees the state before. */
typedef struct {
    PatternTable *table;
    uint32_t      field_count;
    uint32_t      count;
    uint32_t     *roots;  /* (count), by number            */
    uint32_t     *group;  /* (count), local union-find      */
    uint32_t     *chain;  /* (count), next in its bucket    */
    uint64_t     *hashes; /* (count), sum over the cells    */
    uint32_t     *slots;  /* (slot_count), heads of buckets */
    Seen         *seen;   /* (slot_count), words of a bucket that carry the stamp */
    uint32_t      stamp;
    size_t        slot_count;
} Cluster;

static uint64_t cell_hash(uint32_t field, uint32_t word)
{
    return hash_fold(field + HASH_P0, word + HASH_P1);
}

static const uint32_t *row_cells(const Cluster *c, uint32_t row)
{
    return c->table->cells + c->table->patterns[c->roots[row]].cells;
}

static uint32_t group_of(Cluster *c, uint32_t row)
{
    while (c->group[row] != row)
        row = c->group[row] = c->group[c->group[row]];
    return row;
}

static void group_join(Cluster *c, uint32_t a, uint32_t b)
{
    a = group_of(c, a);
    b = group_of(c, b);
    if (a < b)
        c->group[b] = a;
    else
        c->group[a] = b;
}

static uint64_t row_hash(const Cluster *c, uint32_t row)
{
    const uint32_t *cells = row_cells(c, row);
    uint64_t hash = 0;
    for (uint32_t f = 0; f < c->field_count; f++)
        hash += cell_hash(f, cell_word(cells[f]));
    return hash;
}

/* -- some fields left out ----------------------------------------------------------------------- */

static uint64_t masked_hash(const Cluster *c, uint32_t row, const Mask *mask)
{
    const uint32_t *cells = row_cells(c, row);
    uint64_t hash = c->hashes[row];
    for (uint32_t i = 0; i < mask->count; i++)
        hash -= cell_hash(mask->fields[i], cell_word(cells[mask->fields[i]]));
    return hash;
}

/* Puts rows that agree in all but the masked fields into one bucket each. */
static void fill_buckets(Cluster *c, const Mask *mask)
{
    memset(c->slots, 0xff, c->slot_count * sizeof *c->slots);
    for (uint32_t row = 0; row < c->count; row++) {
        uint64_t hash = masked_hash(c, row, mask);
        size_t at = hash & (c->slot_count - 1);
        while (c->slots[at] != PATTERN_NONE && masked_hash(c, c->slots[at], mask) != hash)
            at = (at + 1) & (c->slot_count - 1);
        c->chain[row] = c->slots[at];
        c->slots[at] = row;
    }
}

/* Is this the first time in this bucket that the word is seen? */
static bool seen_first(Cluster *c, uint32_t word)
{
    size_t at = hash_fold(word + HASH_P0, HASH_P2) & (c->slot_count - 1);
    for (; c->seen[at].stamp == c->stamp; at = (at + 1) & (c->slot_count - 1))
        if (c->seen[at].word == word)
            return false;
    c->seen[at] = (Seen){.stamp = c->stamp, .word = word};
    return true;
}

static double weigh_field(Cluster *c, const Mask *mask, uint32_t f, uint32_t head)
{
    Evidence e;
    evidence_open(&e, c->table, c->table->patterns[c->roots[head]].skeleton, row_cells(c, head), mask, f);
    c->stamp++;
    for (uint32_t row = head; row != PATTERN_NONE; row = c->chain[row])
        if (seen_first(c, cell_word(row_cells(c, row)[f])))
            evidence_add(&e, row_cells(c, row)[f]);
    return evidence_odds(&e);
}

/* A bucket whose masked fields are all variables is one pattern. */
static void weigh_bucket(Cluster *c, const Mask *mask, uint32_t head)
{
    for (uint32_t i = 0; i < mask->count; i++)
        if (weigh_field(c, mask, mask->fields[i], head) <= 0)
            return;
    for (uint32_t row = c->chain[head]; row != PATTERN_NONE; row = c->chain[row])
        group_join(c, head, row);
}

static void weigh_mask(Cluster *c, const Mask *mask)
{
    fill_buckets(c, mask);
    for (size_t at = 0; at < c->slot_count; at++)
        if (c->slots[at] != PATTERN_NONE && c->chain[c->slots[at]] != PATTERN_NONE)
            weigh_bucket(c, mask, c->slots[at]);
}

/* Rows that became equal are one. */
static void join_equals(Cluster *c)
{
    memset(c->slots, 0xff, c->slot_count * sizeof *c->slots);
    for (uint32_t row = 0; row < c->count; row++) {
        size_t at = c->hashes[row] & (c->slot_count - 1);
        while (c->slots[at] != PATTERN_NONE && c->hashes[c->slots[at]] != c->hashes[row])
            at = (at + 1) & (c->slot_count - 1);
        if (c->slots[at] == PATTERN_NONE)
            c->slots[at] = row;
        else
            group_join(c, c->slots[at], row);
    }
}

/* -- merging what was joined ------------------------------------------------------------------------- */

static void widen(Cluster *c, uint32_t into, uint32_t from)
{
    PatternTable *table = c->table;
    uint32_t *a = table->cells + table->patterns[c->roots[into]].cells;
    const uint32_t *b = row_cells(c, from);
    table->patterns[c->roots[into]].general = true;
    for (uint32_t f = 0; f < c->field_count; f++) {
        if (cell_word(a[f]) != cell_word(b[f]))
            a[f] = (uint32_t)KIND_VALUE << CELL_KIND_SHIFT |
                   words_widen(&table->words, &table->room, cell_word(a[f]), cell_word(b[f]));
        else if (cell_kind(a[f]) != cell_kind(b[f]) && cell_word(a[f]) == WORD_BLANK)
            a[f] = CELL_VALUE;
    }
}

/* Gives the number of rows that are left. */
static uint32_t merge_groups(Cluster *c)
{
    uint32_t left = 0;
    for (uint32_t row = 0; row < c->count; row++) {
        uint32_t head = group_of(c, row);
        if (head != row && table_merge(c->table, c->roots[row], c->roots[head]))
            widen(c, head, row);
    }
    for (uint32_t row = 0; row < c->count; row++)
        if (c->table->patterns[c->roots[row]].parent == c->roots[row])
            c->roots[left++] = c->roots[row];
    return left;
}

static void begin_round(Cluster *c)
{
    for (uint32_t row = 0; row < c->count; row++) {
        c->group[row] = row;
        c->hashes[row] = row_hash(c, row);
    }
}

/* True: rows became fewer. */
static bool end_round(Cluster *c)
{
    uint32_t before = c->count;
    c->count = merge_groups(c);
    if (c->count == before)
        return false;
    begin_round(c);
    join_equals(c);
    c->count = merge_groups(c);
    begin_round(c);
    return true;
}

static uint32_t distinct_of(Cluster *c, uint32_t f)
{
    uint32_t distinct = 0;
    c->stamp++;
    for (uint32_t row = 0; row < c->count; row++)
        distinct += seen_first(c, cell_word(row_cells(c, row)[f]));
    return distinct;
}

static bool round_of_singles(Cluster *c)
{
    for (uint32_t f = 0; f < c->field_count; f++)
        weigh_mask(c, &(Mask){.count = 1, .fields = {f}});
    return end_round(c);
}

static bool round_of_pairs(Cluster *c)
{
    uint32_t fields[PAIR_FIELDS_MAX], count = 0;
    for (uint32_t f = 0; f < c->field_count && count < PAIR_FIELDS_MAX; f++)
        if (distinct_of(c, f) > 1)
            fields[count++] = f;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = i + 1; j < count; j++)
            weigh_mask(c, &(Mask){.count = 2, .fields = {fields[i], fields[j]}});
    return end_round(c);
}

/* All fields at once in which most rows differ. */
static bool round_of_many(Cluster *c)
{
    Mask mask = {0};
    for (uint32_t f = 0; f < c->field_count && mask.count < MASK_FIELDS_MAX; f++)
        if (distinct_of(c, f) > c->count / 2)
            mask.fields[mask.count++] = f;
    if (mask.count < 3 || c->count < MANY_ROWS_MIN)
        return false;
    weigh_mask(c, &mask);
    return end_round(c);
}

static void cluster_rounds(Cluster *c)
{
    begin_round(c);
    for (int round = 0; round < ROUNDS_MAX && c->count > 1; round++)
        if (!round_of_singles(c) && !round_of_pairs(c) && !round_of_many(c))
            return;
}

/* -- the skeleton -------------------------------------------------------------------------------------- */

/* Both chains run from the newest to the oldest; rows go from the oldest to the newest. */
static void read_roots(Cluster *c, const Skeleton *s)
{
    const Pattern *patterns = c->table->patterns;
    uint32_t at = c->count, a = s->first, b = s->general;
    while (a != PATTERN_NONE || b != PATTERN_NONE) {
        bool take_a = b == PATTERN_NONE || (a != PATTERN_NONE && a > b);
        uint32_t *from = take_a ? &a : &b;
        c->roots[--at] = *from;
        *from = patterns[*from].next;
    }
    assert(at == 0);
}

static void write_roots(const Cluster *c, Skeleton *s)
{
    s->first = s->general = PATTERN_NONE;
    s->root_count = 0;
    for (uint32_t row = 0; row < c->count; row++)
        table_link_root(c->table, c->roots[row]);
}

void cluster_skeleton(PatternTable *table, uint32_t skeleton)
{
    Skeleton *s = &table->skeletons[skeleton];
    s->dirty = false;
    if (s->root_count < 2 || s->fixed)
        return;
    Cluster c = {.table = table, .field_count = s->field_count, .count = s->root_count, .slot_count = 4};
    while (c.slot_count < 2 * (size_t)c.count)
        c.slot_count *= 2;
    size_t n = c.count;
    size_t size = n * (3 * sizeof(uint32_t) + sizeof(uint64_t)) + c.slot_count * (sizeof(uint32_t) + sizeof(Seen));
    char *block = mem_take(table->room.mem, size);
    if (block == NULL)
        return;
    c.hashes = (uint64_t *)(void *)block;
    c.roots = (uint32_t *)(void *)(block + n * sizeof(uint64_t));
    c.group = c.roots + n;
    c.chain = c.group + n;
    c.slots = c.chain + n;
    c.seen = (Seen *)(void *)(c.slots + c.slot_count);
    read_roots(&c, s);
    cluster_rounds(&c);
    write_roots(&c, s);
    mem_free(table->room.mem, block, size);
}
