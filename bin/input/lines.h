/* SPDX-License-Identifier: Apache-2.0
 *
 * lines.h - bytes as they come, cut into blocks of whole lines.
 *
 * A block ends with a line end unless it ends with the very last line.  A line longer than
 * line_bytes_max keeps its first line_bytes_max bytes and its line end; what was dropped between
 * them is counted, so a line of any length needs bounded memory.  Bytes are kept as they are, CR
 * and NUL too: the library strips a CR before a line end.  A last line without a line end is kept,
 * unless the tap was cut off by a fault or a stop: then it is torn, and left out.
 *
 * OWNERSHIP  A Block belongs to the caller, is used again and again, and is freed by block_free.
 * EXACTNESS  The lines, their cuts and counts depend on the bytes alone, not on how they arrive or
 *            on block_bytes.
 */
#ifndef INPUT_LINES_H
#define INPUT_LINES_H
#include "input/tap.h"

typedef struct {
    char    *bytes;
    size_t   size;
    size_t   capacity;
    uint64_t row;       /* Number of its first line, from 1. */
    uint64_t row_count;
} Block;                /* All zero is an empty block.       */

typedef struct {
    uint64_t rows;
    uint64_t bytes;     /* Given in blocks.            */
    uint64_t cut_lines; /* Too long.                   */
    uint64_t cut_bytes; /* Dropped of them.            */
    uint64_t nul_bytes; /* Kept, for the curious note. */
    uint64_t torn_lines; /* Left out, 0 or 1: bytes behind the last line end of what was cut off. */
} LineCounts;

typedef struct {
    Tap       *tap;
    const TapSetting *setting; /* Of the tap, to ask whether it was cut off; NULL: it never is. */
    size_t     block_bytes, line_bytes_max;
    char      *carry; /* The beginning of a line whose end is still to come. */
    size_t     carry_size, carry_capacity;
    bool       dropping; /* The carried line is too long: wait for its end. */
    bool       failed;   /* Out of memory. */
    LineCounts counts;
} Lines;

/* The tap stays the caller's.  block_bytes and line_bytes_max are at least 1. */
void lines_begin(Lines *lines, Tap *tap, size_t block_bytes, size_t line_bytes_max);
void lines_end(Lines *lines);

/* The next block: about block_bytes, at least one line.  False at the end; `failed` tells why. */
bool lines_next(Lines *lines, Block *ret);
void block_free(Block *block);

#endif
