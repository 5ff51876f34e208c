/* SPDX-License-Identifier: Apache-2.0
 *
 * print.h - how a log file is known again: by device, inode, its first bytes, and those before the
 * place where reading stopped.
 *
 * An inode is used again and a name moves on, so neither alone tells a file.  A log only grows at
 * its end: while its first PRINT_HEAD_BYTES and the PRINT_TRAIL_BYTES before our place are the
 * same, it is the file that was read, or a copy of it.
 *
 * ALGORITHM  FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923).
 * SHAPE      Plain values.
 */
#ifndef SOURCE_PRINT_H
#define SOURCE_PRINT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRINT_HEAD_BYTES 1024
#define PRINT_TRAIL_BYTES 256

typedef struct {
    uint64_t hash;
    uint32_t size; /* Bytes that it covers. */
} Print;           /* All zero covers nothing, and fits everything. */

Print print_of(const void *bytes, size_t size);
bool  print_fits(Print print, const void *bytes, size_t size); /* Over the first print.size. */

typedef struct {      /* Where reading of one file stopped. */
    uint64_t device, inode, offset;
    Print    head, trail;
    bool     cutting; /* Inside a line that is too long: drop up to its end. */
} Place;

#define PLACES_MAX 8 /* Of one source: files that were rotated and are still written to. */

typedef struct {
    int64_t changed_ns; /* When the newest file of the source was last written to. */
    Place   places[PLACES_MAX];
    size_t  count;
} Places;

/* As JSON, for the intake to keep.  text holds PLACES_TEXT_SIZE bytes. */
#define PLACES_TEXT_SIZE (128 + PLACES_MAX * 256)
void places_write(const Places *places, char *text);
bool places_read(const char *text, Places *ret); /* False: not written by places_write. */

#endif
