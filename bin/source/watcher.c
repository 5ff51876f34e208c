/* SPDX-License-Identifier: Apache-2.0 */
#include "source/watcher.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "source/rotation.h"

#define WATCH_MASK                                                                        \
    (IN_MODIFY | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB | IN_ONLYDIR)
#define EVENT_BYTES 65536
#define READS_MAX 64 /* At once: a folder that never rests must not keep us from reading. */

void watcher_open(Watcher *watcher)
{
    *watcher = (Watcher){.descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    watcher->blind = watcher->descriptor < 0;
    watcher->problem = watcher->blind ? errno : 0;
}

void watcher_close(Watcher *watcher)
{
    for (size_t i = 0; i < watcher->capacity; i++)
        free(watcher->folders[i]);
    free(watcher->folders);
    if (watcher->descriptor >= 0)
        close(watcher->descriptor);
    *watcher = (Watcher){.descriptor = -1};
}

static bool watcher_keep(Watcher *watcher, size_t number, const char *folder)
{
    if (number >= watcher->capacity) {
        size_t capacity = (number + 1) * 2;
        char **grown = realloc(watcher->folders, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        memset(grown + watcher->capacity, 0, (capacity - watcher->capacity) * sizeof *grown);
        watcher->folders = grown;
        watcher->capacity = capacity;
    }
    if (watcher->folders[number] != NULL && strcmp(watcher->folders[number], folder) == 0)
        return true;
    free(watcher->folders[number]);
    watcher->folders[number] = strdup(folder);
    return watcher->folders[number] != NULL;
}

void watcher_add(Watcher *watcher, const char *folder)
{
    if (watcher->descriptor < 0)
        return;
    int number = inotify_add_watch(watcher->descriptor, folder, WATCH_MASK);
    if (number < 0 && errno == ENOENT)
        return;
    if (number < 0) {
        watcher->blind = true;
        watcher->problem = errno;
    } else if (!watcher_keep(watcher, (size_t)number, folder)) {
        watcher->blind = true;
        watcher->problem = ENOMEM;
    }
}

static void watcher_tell(Watcher *watcher, const struct inotify_event *event,
                         const WatcherNews *news, bool *moved)
{
    char   path[LOG_PATH_SIZE];
    size_t number = (size_t)event->wd;
    if (event->mask & IN_Q_OVERFLOW) {
        *moved = true;
        return;
    }
    if (event->wd < 0 || number >= watcher->capacity || watcher->folders[number] == NULL)
        return;
    if (event->mask & IN_IGNORED) {
        free(watcher->folders[number]);
        watcher->folders[number] = NULL;
        *moved = true;
        return;
    }
    if (!(event->mask & IN_MODIFY)) {
        *moved = true;
        return;
    }
    const char *folder = watcher->folders[number];
    const char *slash = strcmp(folder, "/") == 0 ? "" : "/";
    if (event->len > 0 &&
        snprintf(path, sizeof path, "%s%s%s", folder, slash, event->name) < (int)sizeof path)
        news->changed(news->context, path);
}

void watcher_read(Watcher *watcher, const WatcherNews *news)
{
    static_assert(EVENT_BYTES >= sizeof(struct inotify_event) + 256, "one event fits");
    _Alignas(struct inotify_event) char bytes[EVENT_BYTES];
    bool moved = false;
    for (int i = 0; i < READS_MAX && watcher->descriptor >= 0; i++) {
        ssize_t size = read(watcher->descriptor, bytes, sizeof bytes);
        if (size <= 0)
            break;
        for (ssize_t at = 0; at < size;) {
            const struct inotify_event *event = (const void *)(bytes + at);
            watcher_tell(watcher, event, news, &moved);
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    if (moved)
        news->moved(news->context);
}
