/* SPDX-License-Identifier: Apache-2.0
 *
 * watcher.h - is told by the kernel that files in folders have changed (inotify), where it can.
 *
 * OWNERSHIP  The caller; watcher_close.
 * ERRORS     Where the kernel refuses (no inotify, too many watches) `blind` is true: the caller
 *            looks by itself from time to time.
 */
#ifndef SOURCE_WATCHER_H
#define SOURCE_WATCHER_H
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    int    descriptor; /* For poll; -1: none.                             */
    char **folders;    /* By watch number; NULL: none, or not any more.   */
    size_t capacity;
    bool   blind;      /* Some folder is not watched.                     */
    int    problem;    /* Why: an errno.                                  */
} Watcher;

void watcher_open(Watcher *watcher);
void watcher_close(Watcher *watcher);
void watcher_add(Watcher *watcher, const char *folder); /* Again is a no-op. */

typedef struct {
    void (*changed)(void *context, const char *path); /* A file was written to.             */
    void (*moved)(void *context); /* Files came, went or moved, or events were lost.        */
    void *context;
} WatcherNews;

void watcher_read(Watcher *watcher, const WatcherNews *news); /* Does not wait. */

#endif
