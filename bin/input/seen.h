/* SPDX-License-Identifier: Apache-2.0
 *
 * seen.h - which files were met already, under whatever name.
 *
 * ALGORITHM  Open addressing over (device, inode), at most half full.
 * OWNERSHIP  seen_free.  All zero is the empty set.
 */
#ifndef INPUT_SEEN_H
#define INPUT_SEEN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t device, inode;
    bool     taken;
} SeenFile;

typedef struct {
    SeenFile *files;
    size_t    count, capacity;
} Seen;

typedef enum { SEEN_NEW, SEEN_BEFORE, SEEN_NO_MEMORY } SeenAnswer;

SeenAnswer seen_add(Seen *seen, uint64_t device, uint64_t inode);
void       seen_free(Seen *seen);

#endif
