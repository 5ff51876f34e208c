/* SPDX-License-Identifier: Apache-2.0
 *
 * disk.h - files that appear whole or not at all, and files as bytes in memory.
 *
 * OWNERSHIP  A mapping is the caller's, to be unmapped.
 * ERRORS     ODD_SPACE: the disk is full; ODD_NOTFOUND: no such file; ODD_IO: all else.  errno has
 *            the reason.
 */
#ifndef STORE_DISK_H
#define STORE_DISK_H
#include <oddball.h>

#include "base/str.h"

#define DISK_PATH_MAX 4096

/* A folder, and those above it; there already is fine.  The names of the last `durable` parts of
 * its path are synced, whoever made them: a process may have died behind making one. */
odd_rc disk_make(const char *path, int durable);

/* `from`, in the same folder, becomes `to`: both the bytes and the name are synced. */
odd_rc disk_publish(const char *from, const char *to);
odd_rc disk_write(const char *path, Str bytes); /* By way of PATH.tmp. */
void   disk_sweep(const char *path);            /* What a write of it left that ended early. */
odd_rc disk_remove(const char *path);           /* Not there is fine.  */
void   disk_remove_folder(const char *path);    /* Only if it is empty. */

odd_rc disk_map(const char *path, Str *ret_bytes); /* To read. */
void   disk_unmap(Str bytes);

bool disk_is_there(const char *path);

/* Waits until nobody else holds the lock of that name, a file that stays.  disk_unlock gives it
 * back. */
odd_rc disk_lock(const char *path, int *ret_lock);
void   disk_unlock(int lock);

uint64_t disk_checksum(Str bytes); /* Of a file; the same on every machine. */

/* Calls `each` with the name of each entry of a folder, in no order; true from it ends the walk.
 * No folder: no entries. */
odd_rc disk_list(const char *path, bool (*each)(void *context, const char *name), void *context);

#endif
