/* SPDX-License-Identifier: Apache-2.0
 *
 * find.h - the log files that names lead to: files, folders with all that is in them, globs.
 *
 * A glob's or a file's rotated siblings (app.log.1 of app.log) are found with it.  In a folder,
 * hidden names, devices, pipes, sockets and folders of the kernel are left out.
 *
 * OWNERSHIP  found_free frees the list.
 * ERRORS     found_all is false only without memory.  What may not be looked into is in `refused`.
 */
#ifndef SOURCE_FIND_H
#define SOURCE_FIND_H
#include "settings/settings.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/rotation.h"

#define FIND_FILES_MAX 100000
#define FIND_DEPTH_MAX 32

typedef struct {
    char    *path, *live;
    Rotation rotation;
    bool     link;      /* A symbolic link leads to it. */
    uint64_t device, inode, size;
    int64_t  changed_ns;
    void    *taken;     /* For the caller: who follows it. */
} FoundFile;

typedef struct {
    char *path;
    int   error; /* An errno. */
} FoundRefusal;

typedef struct {
    FoundFile    *files; /* By path. */
    size_t        count, capacity;
    FoundRefusal *refused;
    size_t        refused_count, refused_capacity;
    TextList      folders; /* That were looked into: to be watched. */
    size_t        folder_capacity;
    bool          full;    /* There are more than FIND_FILES_MAX. */
    bool          failed;  /* No memory. */
} Found;

/* names: absolute or relative paths and globs; exclude: globs over the whole path, or, without a
 * slash, over the last part of it. */
bool found_all(const TextList *names, const TextList *exclude, Found *ret);
void found_free(Found *found);

#endif
