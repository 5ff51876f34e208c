/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "base/hash.h"
#include "pattern/evidence.h"
#include "pattern/table.h"

#define ROUNDS_MAX 16

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

/* -- one field left out ------------------------------------------------------------------------------ */

/* Puts rows that agree in all but field f into one bucket each. */
static void fill_buckets(Cluster *c, uint32_t f)
{
    memset(c->slots, 0xff, c->slot_count * sizeof *c->slots);
    for (uint32_t row = 0; row < c->count; row++) {
        uint64_t hash = c->hashes[row] - cell_hash(f, cell_word(row_cells(c, row)[f]));
        size_t at = hash & (c->slot_count - 1);
        for (; c->slots[at] != PATTERN_NONE; at = (at + 1) & (c->slot_count - 1)) {
            uint32_t head = c->slots[at];
            if (c->hashes[head] - cell_hash(f, cell_word(row_cells(c, head)[f])) == hash)
                break;
        }
        c->chain[row] = c->slots[at];
        c->slots[at] = row;
    }
}

static void weigh_bucket(Cluster *c, uint32_t f, uint32_t head)
{
    Evidence e;
    evidence_open(&e, c->table, c->table->patterns[c->roots[head]].skeleton, row_cells(c, head), f);
    for (uint32_t row = head; row != PATTERN_NONE; row = c->chain[row])
        evidence_add(&e, row_cells(c, row)[f], c->table->patterns[c->roots[row]].line_count);
    if (!evidence_is_variable(&e))
        return;
    for (uint32_t row = c->chain[head]; row != PATTERN_NONE; row = c->chain[row])
        group_join(c, head, row);
}

static void weigh_field(Cluster *c, uint32_t f)
{
    fill_buckets(c, f);
    for (size_t at = 0; at < c->slot_count; at++)
        if (c->slots[at] != PATTERN_NONE && c->chain[c->slots[at]] != PATTERN_NONE)
            weigh_bucket(c, f, c->slots[at]);
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

static void cluster_rounds(Cluster *c)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        begin_round(c);
        join_equals(c);
        c->count = merge_groups(c);
        begin_round(c);
        for (uint32_t f = 0; f < c->field_count; f++)
            weigh_field(c, f);
        uint32_t left = merge_groups(c);
        if (left == c->count)
            return;
        c->count = left;
    }
}

/* -- the skeleton -------------------------------------------------------------------------------------- */

static void read_roots(Cluster *c, const Skeleton *s)
{
    uint32_t at = c->count;
    for (uint32_t ref = s->first; ref != PATTERN_NONE; ref = c->table->patterns[ref].next)
        c->roots[--at] = ref;
    assert(at == 0);
}

static void write_roots(const Cluster *c, Skeleton *s)
{
    s->first = PATTERN_NONE;
    for (uint32_t row = 0; row < c->count; row++) {
        c->table->patterns[c->roots[row]].next = s->first;
        s->first = c->roots[row];
    }
    s->root_count = c->count;
}

void cluster_skeleton(PatternTable *table, uint32_t skeleton)
{
    Skeleton *s = &table->skeletons[skeleton];
    s->dirty = false;
    if (s->root_count < 2)
        return;
    Cluster c = {.table = table, .field_count = s->field_count, .count = s->root_count, .slot_count = 4};
    while (c.slot_count < 2 * (size_t)c.count)
        c.slot_count *= 2;
    size_t n = c.count, size = n * (3 * sizeof(uint32_t) + sizeof(uint64_t)) + c.slot_count * sizeof(uint32_t);
    char *block = mem_take(table->room.mem, size);
    if (block == NULL)
        return;
    c.hashes = (uint64_t *)(void *)block;
    c.roots = (uint32_t *)(void *)(block + n * sizeof(uint64_t));
    c.group = c.roots + n;
    c.chain = c.group + n;
    c.slots = c.chain + n;
    read_roots(&c, s);
    cluster_rounds(&c);
    write_roots(&c, s);
    mem_free(table->room.mem, block, size);
}
