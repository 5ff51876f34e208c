/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/shape_table.h"

#define SAMPLE_BYTES_MAX 512
#define SLOTS_MIN 1024

void shapes_close(ShapeTable *table)
{
    for (size_t i = 0; i < table->shape_count; i++) {
        LineShape *shape = &table->shapes[i];
        mem_free(table->mem, shape->rows, shape->row_capacity * sizeof *shape->rows);
        mem_free(table->mem, shape->sample, shape->sample_size);
    }
    mem_free(table->mem, table->shapes, table->shape_capacity * sizeof *table->shapes);
    mem_free(table->mem, table->slots, table->slot_count * sizeof *table->slots);
}

const Spot *shape_rows(const LineShape *shape)
{
    return shape->rows != NULL ? shape->rows : &shape->first;
}

/* The slot of a key, or the empty one where it belongs. */
static uint32_t *slot_of(const ShapeTable *table, uint64_t key)
{
    size_t at = key & (table->slot_count - 1);
    while (table->slots[at] != 0 && table->shapes[table->slots[at] - 1].key != key)
        at = (at + 1) & (table->slot_count - 1);
    return &table->slots[at];
}

static bool slots_grow(ShapeTable *table)
{
    if (table->slot_count >= 2 * (table->shape_count + 1))
        return true;
    size_t count = table->slot_count > 0 ? 2 * table->slot_count : SLOTS_MIN;
    uint32_t *slots = mem_take(table->mem, count * sizeof *slots);
    if (slots == NULL)
        return false;
    mem_free(table->mem, table->slots, table->slot_count * sizeof *table->slots);
    table->slots = slots;
    table->slot_count = count;
    for (uint32_t i = 0; i < table->shape_count; i++)
        *slot_of(table, table->shapes[i].key) = i + 1;
    return true;
}

static LineShape *shape_add(ShapeTable *table, uint64_t key)
{
    if (table->shape_count == SHAPES_MAX || !slots_grow(table))
        return NULL;
    LineShape *grown = mem_grow(table->mem, table->shapes, &table->shape_capacity,
                                table->shape_count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    table->shapes = grown;
    *slot_of(table, key) = (uint32_t)++table->shape_count;
    LineShape *shape = &grown[table->shape_count - 1];
    *shape = (LineShape){.key = key};
    return shape;
}

/* Most new shapes come once, and need no list. */
static void shape_add_row(ShapeTable *table, LineShape *shape, Spot spot)
{
    if (shape->row_count == SHAPE_ROWS_MAX)
        return;
    if (shape->row_count > 0) {
        Spot *rows = mem_grow(table->mem, shape->rows, &shape->row_capacity, shape->row_count + 1,
                              sizeof *rows);
        if (rows == NULL)
            return;
        shape->rows = rows;
        rows[0] = shape->first;
        rows[shape->row_count] = spot;
    }
    shape->row_count++;
}

static void shape_sample(ShapeTable *table, LineShape *shape, Str line)
{
    size_t size = line.size < SAMPLE_BYTES_MAX ? line.size : SAMPLE_BYTES_MAX;
    shape->sample = mem_take(table->mem, size);
    if (shape->sample == NULL)
        return;
    memcpy(shape->sample, line.text, size);
    shape->sample_size = (uint32_t)size;
}

LineShape *shapes_count(ShapeTable *table, uint64_t key, Side side, Spot spot, uint32_t signal,
                        uint32_t level, Str line)
{
    if (table->slot_count == 0 && !slots_grow(table))
        return NULL;
    uint32_t slot = *slot_of(table, key);
    LineShape *shape = slot != 0 ? &table->shapes[slot - 1] : shape_add(table, key);
    if (shape == NULL) {
        table->overflow++;
        return NULL;
    }
    if (shape->count[SIDE_JUDGED] + shape->count[SIDE_REFERENCE] == 0) {
        shape->signal = signal;
        shape->level = level;
    }
    if (shape->count[side]++ == 0 && (side == SIDE_JUDGED || shape->count[SIDE_JUDGED] == 0))
        shape->first = spot;
    if (side == SIDE_JUDGED && shape->count[SIDE_REFERENCE] == 0) {
        if (shape->row_count == 0)
            shape_sample(table, shape, line);
        shape_add_row(table, shape, spot);
    }
    return shape;
}
