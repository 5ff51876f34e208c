/* SPDX-License-Identifier: Apache-2.0
 *
 * hot.h - rows that are not in the lake yet, in files in memory that a child process can map.
 *
 * Chunks are only ever added behind others; a child that opened the file meanwhile sees whole
 * chunks and perhaps one that is still growing, which it passes over.
 *
 * OWNERSHIP  Hot owns its descriptor; that of hot_whole is the caller's to close.
 * ERRORS     False, with errno: the memory for the file is refused.
 */
#ifndef LIVE_HOT_H
#define LIVE_HOT_H
#include <oddball.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOT_ROWS_NAME "oddball-rows"

typedef struct {
    int      descriptor; /* -1: nothing yet. */
    uint64_t size;
} Hot; /* {.descriptor = -1} is empty. */

typedef struct {
    Hot of[ODD_TABLE_GROWING]; /* By odd_table. */
} HotRows;

HotRows  hot_rows_none(void);
uint64_t hot_rows_size(const HotRows *rows);
void     hot_rows_clear(HotRows *rows);
/* As hot_join, of each table; false: what did not fit was not moved. */
bool     hot_rows_join(HotRows *front, HotRows *back);

bool hot_add(Hot *hot, const char *name, const void *bytes, size_t size);
void hot_clear(Hot *hot);    /* Empty; those who have the file open keep it. */

/* The rows of `front` go before those of `back`, and front is empty; false: both are as before. */
bool hot_join(Hot *front, Hot *back, const char *name);

int  hot_whole(const char *name, const void *bytes, size_t size); /* A file of its own; -1. */

#endif
