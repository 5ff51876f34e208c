/* SPDX-License-Identifier: Apache-2.0
 *
 * shape.h - a message as the miss path sees it: the text of its gaps, and a cell for each field.
 */
#ifndef PATTERN_SHAPE_H
#define PATTERN_SHAPE_H
#include "pattern/table.h"

#define SHAPE_GAPS_MAX WORD_SIZE_MAX

typedef struct {
    uint32_t cells[LEX_VALUES_MAX];
    uint32_t cell_count;
    uint64_t gap_hash; /* Of all gaps, cut or not. */
    char     gaps[SHAPE_GAPS_MAX];
    size_t   gap_size;
} Shape;

void shape_put(Shape *shape, char c); /* One byte of a gap, or MOULD_BLANK for a field. */

/* Its skeleton, new if need be; PATTERN_NONE: no memory. */
uint32_t skeleton_of(PatternTable *table, const Shape *shape);

/* False: no memory for a new word. */
bool shape_read(PatternTable *table, Str text, const Lexed *lexed, Shape *ret_shape);

#endif
