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
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int      descriptor; /* -1: nothing yet. */
    uint64_t size;
} Hot; /* {.descriptor = -1} is empty. */

bool hot_add(Hot *hot, const char *name, const void *bytes, size_t size);
void hot_clear(Hot *hot);    /* Empty; those who have the file open keep it. */

/* The rows of `front` go before those of `back`, and front is empty; false: both are as before. */
bool hot_join(Hot *front, Hot *back, const char *name);

int  hot_whole(const char *name, const void *bytes, size_t size); /* A file of its own; -1. */

#endif
