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

bool shape_desk_give(ShapeDesk *desk, uint32_t seat, uint32_t series)
{
    while (desk->blocks.count <= seat)
        if (block_table_add(&desk->blocks) == NULL)
            return false;
    memset(shape_desk_change(desk, seat), 0, sizeof(ShapeWatch));
    desk->taken[seat] = series;
    return true;
}

ShapeWatch *shape_desk_change(ShapeDesk *desk, uint32_t seat)
{
    if (seat == SEAT_NONE)
        return NULL;
    block_table_touch(&desk->blocks, seat);
    return block_table_at(&desk->blocks, seat);
}

const ShapeWatch *shape_desk_at(const ShapeDesk *desk, uint32_t seat)
{
    return seat != SEAT_NONE ? block_table_at(&desk->blocks, seat) : NULL;
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
