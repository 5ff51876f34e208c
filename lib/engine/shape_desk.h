/* SPDX-License-Identifier: Apache-2.0
 *
 * shape_desk.h - a few seats for series whose shape is watched too: a shape costs fifty times the
 * memory and ten times the work of a watch, so a shard has room for SHAPE_SEATS of them.
 *
 * SHAPE      A flat ShapeWatch for each seat, made when it is first given (block_table.h).
 * OWNERSHIP  The desk owns the states; pointers live as long as it.
 * ERRORS     shape_desk_give is false when memory is short or at blocks.bytes_max; nothing has
 *            changed then.
 */
#ifndef ENGINE_SHAPE_DESK_H
#define ENGINE_SHAPE_DESK_H
#include "detect/shape.h"
#include "engine/block_table.h"

#define SHAPE_SEATS 2u
#define SEAT_NONE UINT32_MAX

typedef struct {
    BlockTable blocks;
    uint32_t   taken[SHAPE_SEATS]; /* The number of the series that has it; SEAT_NONE: nobody. */
    uint32_t   next;               /* The series that is asked next.                          */
} ShapeDesk;

void shape_desk_open(ShapeDesk *desk, Mem *mem);

/* The seat goes to a series, whose shape is empty then. */
bool shape_desk_give(ShapeDesk *desk, uint32_t seat, uint32_t series);
void shape_desk_leave(ShapeDesk *desk, uint32_t series); /* If it has one, nobody has it then. */

bool              shape_desk_has(const ShapeDesk *desk, uint32_t series);
ShapeWatch       *shape_desk_change(ShapeDesk *desk, uint32_t series); /* NULL: it has no seat. */
const ShapeWatch *shape_desk_at(const ShapeDesk *desk, uint32_t seat);

/* Without its blocks, which are saved part by part. */
void shape_desk_save(const ShapeDesk *desk, ImageOut *out);
void shape_desk_load(ShapeDesk *desk, ImageIn *in); /* Into one that was just opened. */
void shape_desk_close(ShapeDesk *desk);

#endif
