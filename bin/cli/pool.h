/* SPDX-License-Identifier: Apache-2.0
 *
 * pool.h - texts that are kept until all of them are given up at once.
 *
 * OWNERSHIP  A Pool owns its blocks until pool_free.  All zero is empty.
 * ERRORS     None to check: without memory the program ends with a sentence and status 2.
 */
#ifndef CLI_POOL_H
#define CLI_POOL_H
#include <stddef.h>

typedef struct PoolBlock PoolBlock;

typedef struct {
    PoolBlock *newest;
} Pool;

typedef struct {
    const char *text; /* Never NULL once kept; terminated, and may hold NULs before its end. */
    size_t      size;
} Piece;

void *pool_take(Pool *pool, size_t size); /* Zeroed, aligned for anything. */
Piece pool_keep(Pool *pool, const char *bytes, size_t size);
void  pool_free(Pool *pool);

#endif
