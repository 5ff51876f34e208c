/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/shape.h"

#include "base/hash.h"
#include "pattern/scan.h"

void shape_put(Shape *shape, char c)
{
    shape->gap_hash = hash_add(shape->gap_hash, (unsigned char)c);
    if (shape->gap_size < SHAPE_GAPS_MAX)
        shape->gaps[shape->gap_size++] = c;
}

/* White space counts as one space, and not at all at either end of the message. */
static void shape_gap(Shape *shape, Str gap, bool at_end)
{
    bool space = false;
    for (size_t i = 0; i < gap.size; i++) {
        unsigned char c = (unsigned char)gap.text[i];
        if (scan_is_space(c)) {
            space = true;
            continue;
        }
        if (space && shape->gap_size > 0)
            shape_put(shape, ' ');
        space = false;
        shape_put(shape, (char)c);
    }
    if (space && !at_end && shape->gap_size > 0)
        shape_put(shape, ' ');
}

static uint32_t shape_cell(PatternTable *table, Str text, const Value *value, bool rest)
{
    Field field;
    if (rest)
        scan_rest(text, value->from, &field);
    else if (scan_class[(unsigned char)text.text[value->from]] == 0)
        scan_bracket(text, value->from, &field);
    else
        scan_field(text, value->from, &field);
    Str mould = {.text = field.mould, .size = field.mould_size};
    if (field.mould_size == 0)
        mould = str_part(text, field.from, field.from + field.size);
    uint32_t word = words_add(&table->words, &table->room, mould);
    return word == WORD_NONE ? WORD_NONE : (uint32_t)field.kind << CELL_KIND_SHIFT | word;
}

bool shape_read(PatternTable *table, Str text, const Lexed *lexed, Shape *ret_shape)
{
    ret_shape->cell_count = 0;
    ret_shape->gap_size = 0;
    ret_shape->gap_hash = table->seed;
    size_t at = 0;
    for (uint32_t n = 0; n < lexed->value_count; n++) {
        const Value *value = &lexed->values[n];
        bool rest = n == LEX_VALUES_MAX - 1;
        shape_gap(ret_shape, str_part(text, at, value->from), false);
        shape_put(ret_shape, MOULD_BLANK);
        uint32_t cell = shape_cell(table, text, value, rest);
        if (cell == WORD_NONE)
            return false;
        ret_shape->cells[ret_shape->cell_count++] = cell;
        at = rest || value->size == UINT16_MAX ? text.size : value->from + value->size;
    }
    shape_gap(ret_shape, str_part(text, at, text.size), true);
    return true;
}
