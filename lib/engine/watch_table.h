/* SPDX-License-Identifier: Apache-2.0
 *
 * watch_table.h - the detectors of a shard's series, in blocks.
 *
 * SHAPE      Blocks of WATCHES_OF_BLOCK states; a state stays where it is.  One that is given back
 *            is the next to be given out.
 * OWNERSHIP  The table owns the states; pointers live as long as it.
 * ERRORS     WATCH_NONE when memory is short or at bytes_max; nothing has changed then.
 */
#ifndef ENGINE_WATCH_TABLE_H
#define ENGINE_WATCH_TABLE_H
#include "base/image.h"
#include "detect/series.h"

#define WATCHES_OF_BLOCK 64
#define WATCH_NONE UINT32_MAX

typedef struct {
    SeriesWatch watches[WATCHES_OF_BLOCK];
} WatchBlock;

typedef struct {
    Mem         *mem;
    uint64_t     bytes_max; /* Of the blocks; 0: no limit. */
    WatchBlock **blocks;
    size_t       block_count, block_capacity;
    uint32_t     count;      /* Ever given out.                                  */
    uint32_t     free_count; /* Given back; each holds the number of the next one. */
    uint32_t     first_free;
} WatchTable; /* {.mem} is empty. */

uint32_t     watch_table_add(WatchTable *table); /* The number of an empty state. */
void         watch_table_give_back(WatchTable *table, uint32_t number);
SeriesWatch *watch_table_at(const WatchTable *table, uint32_t number);
uint64_t     watch_table_bytes(const WatchTable *table);
void         watch_table_close(WatchTable *table);

void watch_table_save(const WatchTable *table, ImageOut *out);
void watch_table_load(WatchTable *table, ImageIn *in); /* Into an empty one. */

#endif
