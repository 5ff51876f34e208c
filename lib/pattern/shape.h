/* SPDX-License-Identifier: Apache-2.0
 *
 * shape.h - a message as the miss path sees it: the text of its gaps, and a mould for each field.
 *
 * OWNERSHIP  The moulds point into the message or into the shape.
 */
#ifndef PATTERN_SHAPE_H
#define PATTERN_SHAPE_H
#include "pattern/table.h"

#define SHAPE_GAPS_MAX WORD_SIZE_MAX
#define SHAPE_MOULDS_MAX 2048 /* Bytes of moulds that are not in the message; then plain blanks. */

typedef struct {
    uint32_t cells[LEX_VALUES_MAX]; /* The word is WORD_UNKNOWN if the vocabulary lacks it. */
    Str      moulds[LEX_VALUES_MAX];
    uint32_t cell_count;
    uint64_t gap_hash; /* Of all gaps, cut or not. */
    size_t   gap_size, mould_size;
    char     gaps[SHAPE_GAPS_MAX];
    char     made[SHAPE_MOULDS_MAX];
} Shape;

void shape_read(const PatternTable *table, Str text, const Lexed *lexed, Shape *ret_shape);

/* Its skeleton, new if need be; PATTERN_NONE: no memory. */
uint32_t table_skeleton(PatternTable *table, const Shape *shape);

void shape_open(Shape *shape, uint64_t seed);
void shape_put(Shape *shape, char c); /* One byte of a gap, or MOULD_BLANK for a field. */
void shape_add(Shape *shape, uint32_t cell, Str mould);

#endif
