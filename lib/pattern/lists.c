/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/lists.h"

#include "base/hash.h"
#include "pattern/keys.h"
#include "pattern/scan.h"

#define RUN_MIN 3 /* Variables parted by spaces are a list from so many on; by commas, from two. */

typedef enum { PART_NONE, PART_SPACE, PART_COMMA } Part;

static Part part_of(Str gap)
{
    if (str_equal(gap, STR(" ")))
        return PART_SPACE;
    return str_equal(gap, STR(",")) || str_equal(gap, STR(", ")) ? PART_COMMA : PART_NONE;
}

/* The fields of a shape, each with the gap before it. */
typedef struct {
    Str             gaps;
    const uint32_t *cells;
    uint32_t        cell_count;
} Row;

static Str next_gap(Str gaps, size_t *at)
{
    size_t from = *at;
    while (*at < gaps.size && gaps.text[*at] != MOULD_BLANK)
        ++*at;
    Str gap = str_part(gaps, from, *at);
    *at += *at < gaps.size;
    return gap;
}

static bool is_blank(uint32_t cell)
{
    return cell_word(cell) == WORD_BLANK;
}

/* Number of fields from n on that make one list; at[n] is where the gap behind field n begins. */
static uint32_t run_length(const Row *row, uint32_t n, size_t at)
{
    uint32_t length = 1;
    Part part = PART_NONE;
    while (is_blank(row->cells[n]) && n + length < row->cell_count &&
           is_blank(row->cells[n + length])) {
        Part next = part_of(next_gap(row->gaps, &at));
        if (next == PART_NONE || (length > 1 && next != part))
            break;
        part = next;
        length++;
    }
    return part == PART_SPACE && length < RUN_MIN ? 1 : length;
}

static void put_gap(Shape *shape, Str gap)
{
    for (size_t i = 0; i < gap.size; i++)
        shape_put(shape, gap.text[i]);
}

static uint64_t collapse(const PatternTable *table, const Row *row, Shape *ret_shape,
                         uint32_t *ret_list)
{
    shape_open(ret_shape, table->seed);
    *ret_list = 0;
    size_t at = 0;
    uint64_t hash = ~table->seed;
    for (uint32_t n = 0; n < row->cell_count;) {
        put_gap(ret_shape, next_gap(row->gaps, &at));
        shape_add(ret_shape, row->cells[n], STR(""));
        hash = hash_add(hash, cell_word(row->cells[n]));
        uint32_t length = run_length(row, n, at);
        if (length > 1 && *ret_list == 0)
            *ret_list = ret_shape->cell_count;
        for (n++; length > 1; length--, n++)
            next_gap(row->gaps, &at);
    }
    put_gap(ret_shape, next_gap(row->gaps, &at));
    return hash_add(hash, ret_shape->gap_hash);
}

uint64_t list_signature(const PatternTable *table, const Shape *shape)
{
    Row row = {.gaps = {.text = shape->gaps, .size = shape->gap_size},
               .cells = shape->cells,
               .cell_count = shape->cell_count};
    Shape collapsed;
    uint32_t list;
    return collapse(table, &row, &collapsed, &list);
}

static uint64_t root_collapse(const PatternTable *table, PatternRef root, Shape *ret_shape,
                              uint32_t *ret_list)
{
    const Pattern *p = &table->patterns[root];
    const Skeleton *s = &table->skeletons[p->skeleton];
    Row row = {.gaps = words_text(&table->words, s->gaps),
               .cells = table->cells + p->cells,
               .cell_count = s->field_count};
    return collapse(table, &row, ret_shape, ret_list);
}

/* The root takes the short form, in which its list is one place. */
static void take_short_form(PatternTable *table, PatternRef root)
{
    Shape shape;
    uint32_t list;
    root_collapse(table, root, &shape, &list);
    uint32_t skeleton = table_skeleton(table, &shape);
    if (skeleton == PATTERN_NONE)
        return;
    Pattern *p = &table->patterns[root];
    p->skeleton = skeleton;
    if (list != 0)
        p->list = (uint16_t)list;
    memcpy(table->cells + p->cells, shape.cells, shape.cell_count * sizeof *shape.cells);
    table->skeletons[skeleton].dirty = true;
}

typedef struct {
    uint64_t signature;
    uint32_t root; /* + 1; 0 is free. */
    uint32_t list;
} ListSlot;

static void lists_join(PatternTable *table, ListSlot *slots, size_t slot_count)
{
    for (PatternRef ref = 0; ref < table->pattern_count; ref++) {
        if (table->patterns[ref].parent != ref ||
            table->skeletons[table->patterns[ref].skeleton].fixed)
            continue;
        Shape shape;
        uint32_t list;
        uint64_t signature = root_collapse(table, ref, &shape, &list);
        size_t at = signature & (slot_count - 1);
        while (slots[at].root != 0 && slots[at].signature != signature)
            at = (at + 1) & (slot_count - 1);
        if (slots[at].root == 0) {
            slots[at] = (ListSlot){.signature = signature, .root = ref + 1, .list = list};
            continue;
        }
        PatternRef root = slots[at].root - 1;
        if (!table_merge(table, ref, root))
            return;
        table->has_lists = true;
        take_short_form(table, root);
        if (table->patterns[root].list == 0)
            table->patterns[root].list = (uint16_t)list;
        if (!keys_add_signature(table, signature, root))
            return;
    }
}

void lists_merge(PatternTable *table)
{
    size_t slot_count = 4;
    while (slot_count < 2 * (size_t)table->pattern_count)
        slot_count *= 2;
    ListSlot *slots = mem_take(table->room.mem, slot_count * sizeof *slots);
    if (slots == NULL)
        return;
    lists_join(table, slots, slot_count);
    mem_free(table->room.mem, slots, slot_count * sizeof *slots);
    table_link_roots(table);
}
