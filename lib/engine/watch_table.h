/* SPDX-License-Identifier: Apache-2.0
 *
 * watch_table.h - the detectors of a shard's series.
 *
 * SHAPE      Flat states that stay where they are (block_table.h).  One that is given back is the
 *            next to be given out.
 * OWNERSHIP  The table owns the states; pointers live as long as it.
 * ERRORS     WATCH_NONE when memory is short or at blocks.bytes_max; nothing has changed then.
 */
#ifndef ENGINE_WATCH_TABLE_H
#define ENGINE_WATCH_TABLE_H
#include "detect/series.h"
#include "engine/block_table.h"

#define WATCH_NONE UINT32_MAX

typedef struct {
    BlockTable blocks;
    uint32_t   free_count; /* Given back; each holds the number of the next one. */
    uint32_t   first_free;
} WatchTable;

void     watch_table_open(WatchTable *table, Mem *mem);
uint32_t watch_table_add(WatchTable *table); /* The number of an empty state. */
void     watch_table_give_back(WatchTable *table, uint32_t number);

const SeriesWatch *watch_table_at(const WatchTable *table, uint32_t number);
SeriesWatch       *watch_table_change(WatchTable *table, uint32_t number);

/* Without its blocks, which are saved part by part. */
void watch_table_save(const WatchTable *table, ImageOut *out);
void watch_table_load(WatchTable *table, ImageIn *in); /* Into one that was just opened. */
void watch_table_close(WatchTable *table);

#endif
