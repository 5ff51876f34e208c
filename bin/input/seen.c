/* SPDX-License-Identifier: Apache-2.0 */
#include "input/seen.h"

#include <stdlib.h>

#define SEEN_CAPACITY_MIN 64

/* Where the file stands, or the free place where it belongs. */
static SeenFile *seen_place(const Seen *seen, uint64_t device, uint64_t inode)
{
    size_t place = (size_t)((inode ^ device << 32) * UINT64_C(0x9e3779b97f4a7c15) >> 20);
    for (;; place++) {
        SeenFile *file = &seen->files[place & (seen->capacity - 1)];
        if (!file->taken || (file->inode == inode && file->device == device))
            return file;
    }
}

static bool seen_grow(Seen *seen)
{
    Seen grown = {.count = seen->count,
                  .capacity = seen->capacity == 0 ? SEEN_CAPACITY_MIN : seen->capacity * 2};
    grown.files = calloc(grown.capacity, sizeof *grown.files);
    if (grown.files == NULL)
        return false;
    for (size_t i = 0; i < seen->capacity; i++)
        if (seen->files[i].taken)
            *seen_place(&grown, seen->files[i].device, seen->files[i].inode) = seen->files[i];
    free(seen->files);
    *seen = grown;
    return true;
}

SeenAnswer seen_add(Seen *seen, uint64_t device, uint64_t inode)
{
    if (seen->count * 2 >= seen->capacity && !seen_grow(seen))
        return SEEN_NO_MEMORY;
    SeenFile *file = seen_place(seen, device, inode);
    if (file->taken)
        return SEEN_BEFORE;
    *file = (SeenFile){.device = device, .inode = inode, .taken = true};
    seen->count++;
    return SEEN_NEW;
}

void seen_free(Seen *seen)
{
    free(seen->files);
    *seen = (Seen){0};
}
