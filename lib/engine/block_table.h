/* SPDX-License-Identifier: Apache-2.0
 *
 * block_table.h - very many flat elements that stay where they are, and parts of them that know
 * whether they have changed since they were saved.
 *
 * SHAPE      Blocks of block_elements elements; BLOCKS_OF_PART blocks are a part.
 * OWNERSHIP  The table owns the elements; pointers live as long as it.
 * ERRORS     NULL when memory is short or at bytes_max; nothing has changed then.
 */
#ifndef ENGINE_BLOCK_TABLE_H
#define ENGINE_BLOCK_TABLE_H
#include "base/image.h"

#define BLOCKS_OF_PART 4

typedef struct {
    Mem     *mem;
    size_t   element_bytes;
    uint32_t block_elements;
    uint64_t bytes_max; /* Of the blocks; 0: no limit. */
    char   **blocks;
    size_t   block_count, block_capacity;
    uint8_t *changed;   /* Of each part. */
    size_t   changed_capacity;
    uint32_t count;     /* Elements. */
} BlockTable; /* {.mem, .element_bytes, .block_elements} is empty. */

void    *block_table_add(BlockTable *table); /* Zeroed; its number is the count before. */
void     block_table_drop(BlockTable *table); /* The last one, which has not been touched since. */
void    *block_table_at(const BlockTable *table, uint32_t number);
void     block_table_touch(BlockTable *table, uint32_t number); /* It is about to change. */
uint64_t block_table_bytes(const BlockTable *table);
void     block_table_close(BlockTable *table);

/* The table without its elements; then each part. */
void   block_table_save(const BlockTable *table, ImageOut *out);
void   block_table_load(BlockTable *table, ImageIn *in); /* Into an empty one: all zero. */
size_t block_table_parts(const BlockTable *table);
void   block_table_save_part(const BlockTable *table, size_t part, ImageOut *out);
void   block_table_load_part(BlockTable *table, size_t part, ImageIn *in);

#endif
