/* SPDX-License-Identifier: Apache-2.0
 *
 * shape_table.h - the exact shapes (keys) of lines on both sides of a comparison.
 *
 * Patterns generalise: `Started <value>` covers services that the good run never started.  A
 * comparison of two runs wants the shapes themselves, so they are counted here before merging.
 *
 * SHAPE      Open addressing, linear probing; entries are listed in order of first sight.
 * OWNERSHIP  ShapeTable owns all until shapes_close; pointers live until the next shapes_count.
 * ERRORS     shapes_count gives NULL when SHAPES_MAX or the memory is reached; `overflow` counts.
 */
#ifndef ENGINE_SHAPE_TABLE_H
#define ENGINE_SHAPE_TABLE_H
#include "base/mem.h"
#include "base/str.h"
#include "engine/side.h"
#include "event/spot.h"

#define SHAPES_MAX (1u << 20)
#define SHAPE_ROWS_MAX 32 /* Rows kept of a shape that only the judged side has. */

typedef struct {
    uint64_t key;
    uint32_t signal; /* Of its first line; follow merges. */
    uint32_t level;  /* Of its first line. */
    uint64_t count[SIDE_COUNT];
    Spot     first; /* On the judged side, else on the reference. */
    Spot    *rows;  /* Judged ones, if the reference does not have it; NULL: `first` alone. */
    size_t   row_capacity;
    uint32_t row_count;
    uint32_t sample_size;
    char    *sample; /* Its first judged line, likewise. */
} LineShape;

typedef struct {
    Mem       *mem;
    LineShape *shapes;
    size_t     shape_count, shape_capacity;
    uint32_t  *slots; /* Index + 1; 0: empty. */
    size_t     slot_count;
    uint64_t   overflow;
} ShapeTable;

void        shapes_close(ShapeTable *table);
const Spot *shape_rows(const LineShape *shape); /* (row_count), in order. */

/* One line of a side.  Gives its shape, already counted. */
LineShape *shapes_count(ShapeTable *table, uint64_t key, Side side, Spot spot, uint32_t signal,
                        uint32_t level, Str line);

#endif
