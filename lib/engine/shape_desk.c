/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/shape_desk.h"

#include <string.h>

void shape_desk_open(ShapeDesk *desk, Mem *mem)
{
    *desk = (ShapeDesk){
        .blocks = {.mem = mem, .element_bytes = sizeof(ShapeWatch), .block_elements = 1}};
    for (uint32_t seat = 0; seat < SHAPE_SEATS; seat++)
        desk->taken[seat] = SEAT_NONE;
}

static uint32_t seat_of(const ShapeDesk *desk, uint32_t series)
{
    uint32_t seat = 0;
    while (seat < SHAPE_SEATS && desk->taken[seat] != series)
        seat++;
    return seat < SHAPE_SEATS ? seat : SEAT_NONE;
}

bool shape_desk_give(ShapeDesk *desk, uint32_t seat, uint32_t series)
{
    while (desk->blocks.count <= seat)
        if (block_table_add(&desk->blocks) == NULL)
            return false;
    desk->taken[seat] = series;
    memset(shape_desk_change(desk, series), 0, sizeof(ShapeWatch));
    return true;
}

void shape_desk_leave(ShapeDesk *desk, uint32_t series)
{
    uint32_t seat = seat_of(desk, series);
    if (seat != SEAT_NONE)
        desk->taken[seat] = SEAT_NONE;
}

bool shape_desk_has(const ShapeDesk *desk, uint32_t series)
{
    return seat_of(desk, series) != SEAT_NONE;
}

ShapeWatch *shape_desk_change(ShapeDesk *desk, uint32_t series)
{
    uint32_t seat = seat_of(desk, series);
    if (seat == SEAT_NONE)
        return NULL;
    block_table_touch(&desk->blocks, seat);
    return block_table_at(&desk->blocks, seat);
}

const ShapeWatch *shape_desk_at(const ShapeDesk *desk, uint32_t seat)
{
    return block_table_at(&desk->blocks, seat);
}

void shape_desk_save(const ShapeDesk *desk, ImageOut *out)
{
    block_table_save(&desk->blocks, out);
    image_put(out, desk->taken, sizeof desk->taken);
    image_put(out, &desk->next, sizeof desk->next);
}

void shape_desk_load(ShapeDesk *desk, ImageIn *in)
{
    block_table_load(&desk->blocks, in);
    image_get(in, desk->taken, sizeof desk->taken);
    image_get(in, &desk->next, sizeof desk->next);
    for (uint32_t seat = 0; seat < SHAPE_SEATS; seat++)
        in->failed |= desk->taken[seat] != SEAT_NONE && seat >= desk->blocks.count;
}

void shape_desk_close(ShapeDesk *desk)
{
    block_table_close(&desk->blocks);
}
