/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/shape.h"

#include "base/hash.h"
#include "pattern/scan.h"

void shape_open(Shape *shape, uint64_t seed)
{
    shape->cell_count = 0;
    shape->gap_size = 0;
    shape->mould_size = 0;
    shape->gap_hash = seed;
}

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

/* The mould, where it stays as long as the shape; a plain blank where there is no room for more. */
static Str shape_mould(Shape *shape, Str text, const Field *field)
{
    static const char blank[] = {MOULD_BLANK};
    size_t size = field->mould_size, at = shape->mould_size;
    if (size == 0)
        return str_part(text, field->from, field->from + field->size);
    if (size == 1 || at + size > SHAPE_MOULDS_MAX)
        return (Str){.text = blank, .size = 1};
    memcpy(shape->made + at, field->mould, size);
    shape->mould_size += size;
    return (Str){.text = shape->made + at, .size = size};
}

void shape_add(Shape *shape, uint32_t cell, Str mould)
{
    shape_put(shape, MOULD_BLANK);
    shape->moulds[shape->cell_count] = mould;
    shape->cells[shape->cell_count++] = cell;
}

static void shape_field(const PatternTable *table, Str text, const Value *value, bool rest, Shape *shape)
{
    Field field;
    if (rest)
        scan_rest(text, value->from, &field);
    else if (scan_class[(unsigned char)text.text[value->from]] == 0)
        scan_bracket(text, value->from, &field);
    else
        scan_field(text, value->from, &field);
    Str mould = shape_mould(shape, text, &field);
    uint32_t word = words_find(&table->words, mould);
    shape_add(shape, (uint32_t)field.kind << CELL_KIND_SHIFT | (word == WORD_NONE ? WORD_UNKNOWN : word),
              mould);
}

void shape_read(const PatternTable *table, Str text, const Lexed *lexed, Shape *ret_shape)
{
    shape_open(ret_shape, table->seed);
    size_t at = 0;
    for (uint32_t n = 0; n < lexed->value_count; n++) {
        const Value *value = &lexed->values[n];
        bool rest = n == LEX_VALUES_MAX - 1;
        shape_gap(ret_shape, str_part(text, at, value->from), false);
        shape_field(table, text, value, rest, ret_shape);
        at = rest || value->size == UINT16_MAX ? text.size : value->from + value->size;
    }
    shape_gap(ret_shape, str_part(text, at, text.size), true);
}
