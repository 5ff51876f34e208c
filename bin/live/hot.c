/* SPDX-License-Identifier: Apache-2.0 */
#include "live/hot.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define PART_BYTES 65536

static bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

bool hot_add(Hot *hot, const char *name, const void *bytes, size_t size)
{
    if (size == 0)
        return true;
    if (hot->descriptor < 0)
        hot->descriptor = memfd_create(name, MFD_CLOEXEC);
    if (hot->descriptor < 0)
        return false;
    if (!write_all(hot->descriptor, bytes, size)) {
        int error = errno;
        if (ftruncate(hot->descriptor, (off_t)hot->size) == 0)
            lseek(hot->descriptor, 0, SEEK_END);
        errno = error;
        return false;
    }
    hot->size += size;
    return true;
}

void hot_clear(Hot *hot)
{
    if (hot->descriptor >= 0)
        close(hot->descriptor);
    *hot = (Hot){.descriptor = -1};
}

static bool add_all(Hot *hot, const char *name, const Hot *from)
{
    char part[PART_BYTES];
    for (uint64_t at = 0; at < from->size;) {
        ssize_t size = pread(from->descriptor, part, sizeof part, (off_t)at);
        if (size <= 0 || !hot_add(hot, name, part, (size_t)size))
            return false;
        at += (uint64_t)size;
    }
    return true;
}

/* Into a new file: a child may have opened the front one, and would see the others there too. */
bool hot_join(Hot *front, Hot *back, const char *name)
{
    Hot both = {.descriptor = -1};
    if (front->size == 0)
        return true;
    if (!add_all(&both, name, front) || !add_all(&both, name, back)) {
        hot_clear(&both);
        return false;
    }
    hot_clear(front);
    hot_clear(back);
    *back = both;
    return true;
}

HotRows hot_rows_none(void)
{
    HotRows rows;
    for (int table = 0; table < ODD_TABLE_GROWING; table++)
        rows.of[table] = (Hot){.descriptor = -1};
    return rows;
}

uint64_t hot_rows_size(const HotRows *rows)
{
    uint64_t size = 0;
    for (int table = 0; table < ODD_TABLE_GROWING; table++)
        size += rows->of[table].size;
    return size;
}

void hot_rows_clear(HotRows *rows)
{
    for (int table = 0; table < ODD_TABLE_GROWING; table++)
        hot_clear(&rows->of[table]);
}

bool hot_rows_join(HotRows *front, HotRows *back)
{
    for (int table = 0; table < ODD_TABLE_GROWING; table++)
        if (!hot_join(&front->of[table], &back->of[table], HOT_ROWS_NAME))
            return false;
    return true;
}

int hot_whole(const char *name, const void *bytes, size_t size)
{
    Hot hot = {.descriptor = -1};
    if (size == 0)
        hot.descriptor = memfd_create(name, MFD_CLOEXEC);
    else if (!hot_add(&hot, name, bytes, size))
        hot_clear(&hot);
    return hot.descriptor;
}
