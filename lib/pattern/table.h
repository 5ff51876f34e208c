/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - the inside of a pattern table, shared by the files of this room alone.
 *
 * A skeleton is the gaps of a message with a blank for each field.  A pattern is a skeleton and a
 * cell for each field: the number of its mould in the vocabulary, and its kind.  Patterns that were
 * merged are kept as they were; the root's cells are blank where its members differ.
 *
 * SHAPE      Growing arrays and two hash tables; numbers instead of pointers.
 */
#ifndef PATTERN_TABLE_H
#define PATTERN_TABLE_H
#include "pattern/pattern.h"
#include "pattern/words.h"

#define PATTERN_NONE UINT32_MAX
#define COARSE_COUNT_MAX 256
#define CELL_KIND_SHIFT 27
#define CELL_WORD_MASK ((1u << CELL_KIND_SHIFT) - 1)
#define WORD_UNKNOWN CELL_WORD_MASK
#define CELL_VALUE ((uint32_t)KIND_VALUE << CELL_KIND_SHIFT | WORD_BLANK)

typedef struct {
    uint64_t hash;
    uint32_t gaps; /* Word: the text with a blank for each field. */
    uint32_t field_count;
    uint32_t first;   /* Its roots, linked by Pattern.next, newest first ...     */
    uint32_t general; /* ... and those of them that evidence widened, likewise.  */
    uint32_t root_count;
    uint32_t check_at; /* Evidence is weighed when root_count gets here.         */
    bool     dirty;    /* Something is new since evidence was weighed.           */
    bool     fixed;    /* Evidence is not asked: its patterns are coarse.        */
} Skeleton;

typedef struct {
    uint32_t skeleton;
    uint32_t cells; /* Where its cells begin.                  */
    uint32_t parent;
    uint32_t next;  /* Next root of the skeleton.              */
    uint32_t line_count; /* Saturating; a root's is the sum of its members'.             */
    bool     general;    /* Evidence widened some of its cells.                            */
    uint16_t list;       /* The field that stands for a list of any length, + 1; 0: none.  */
} Pattern;

typedef struct {
    uint64_t key;
    uint32_t check;
    uint32_t ref; /* + 1; 0 is free.  With KEY_ALIAS: may be forgotten. */
} KeySlot;

struct PatternTable {
    Room     room;
    uint64_t seed;
    Words    words;

    Skeleton *skeletons;
    size_t    skeleton_capacity;
    uint32_t  skeleton_count;
    uint32_t *skeleton_slots; /* Number + 1 */
    size_t    skeleton_slot_count;

    Pattern  *patterns;
    size_t    pattern_capacity;
    uint32_t  pattern_count;
    uint32_t *cells;
    size_t    cell_capacity;
    uint32_t  cell_count;

    KeySlot *keys;
    size_t   key_slot_count;
    size_t   key_count, alias_count;
    bool     has_lists; /* Some keys are signatures of lists. */

    PatternMerge *merges;
    size_t        merge_capacity;
    size_t        merge_count;

    uint64_t coarse_lines;
    uint32_t coarse_count;
    uint32_t rest; /* The pattern of all that there is no memory for, or PATTERN_NONE. */
};

static inline uint32_t cell_word(uint32_t cell)
{
    return cell & CELL_WORD_MASK;
}

static inline Kind cell_kind(uint32_t cell)
{
    return (Kind)(cell >> CELL_KIND_SHIFT);
}

/* `from` becomes a part of `into`, and the change log says so.  False: no memory. */
bool table_merge(PatternTable *table, uint32_t from, uint32_t into);

/* Links the roots of each skeleton anew. */
void table_link_roots(PatternTable *table);
void table_link_root(PatternTable *table, PatternRef root);

/* Weighs the evidence for merging roots of one skeleton; see doc/design/patterns.md. */
void cluster_skeleton(PatternTable *table, uint32_t skeleton);

#endif
