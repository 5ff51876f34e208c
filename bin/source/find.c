/* SPDX-License-Identifier: Apache-2.0 */
#include "source/find.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input/input.h"
#include "input/seen.h"

#define NS_PER_S INT64_C(1000000000)

typedef struct {
    Found          *found;
    const TextList *exclude;
    Seen            folders; /* Walked, so that links can't lead round in circles. */
} Search;

/* Room for one more; false: none, and the search has failed. */
static bool room_for(Found *found, void **items, size_t count, size_t *capacity, size_t bytes)
{
    if (count < *capacity)
        return true;
    size_t larger = *capacity == 0 ? 64 : *capacity * 2;
    void  *grown = realloc(*items, larger * bytes);
    if (grown == NULL) {
        found->failed = true;
        return false;
    }
    *items = grown;
    *capacity = larger;
    return true;
}

static void refuse(Found *found, const char *path, int error)
{
    void *items = found->refused;
    if (!room_for(found, &items, found->refused_count, &found->refused_capacity,
                  sizeof *found->refused))
        return;
    found->refused = items;
    char *copy = strdup(path);
    if (copy == NULL)
        found->failed = true;
    else
        found->refused[found->refused_count++] = (FoundRefusal){.path = copy, .error = error};
}

static void note_folder(Found *found, const char *path)
{
    void *items = found->folders.items;
    if (!room_for(found, &items, found->folders.count, &found->folder_capacity, sizeof(char *)))
        return;
    found->folders.items = items;
    char *copy = strdup(path);
    if (copy == NULL)
        found->failed = true;
    else
        found->folders.items[found->folders.count++] = copy;
}

static bool is_excluded(const TextList *exclude, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    for (size_t i = 0; i < exclude->count; i++) {
        const char *pattern = exclude->items[i];
        if (fnmatch(pattern, strchr(pattern, '/') != NULL ? path : name, 0) == 0)
            return true;
    }
    return false;
}

static void add_file(Search *search, const char *path, const struct stat *status, bool link)
{
    Found *found = search->found;
    char   live[LOG_PATH_SIZE];
    void  *items = found->files;
    if (found->count >= FIND_FILES_MAX) {
        found->full = true;
        return;
    }
    if (!room_for(found, &items, found->count, &found->capacity, sizeof *found->files))
        return;
    found->files = items;
    FoundFile file = {.rotation = rotation_of(path, live),
                      .link = link,
                      .device = status->st_dev,
                      .inode = status->st_ino,
                      .size = (uint64_t)status->st_size,
                      .changed_ns = status->st_mtim.tv_sec * NS_PER_S + status->st_mtim.tv_nsec};
    file.path = strdup(path);
    file.live = strdup(live);
    if (file.path == NULL || file.live == NULL) {
        free(file.path);
        free(file.live);
        found->failed = true;
        return;
    }
    found->files[found->count++] = file;
}

static void walk(Search *search, const char *folder, int depth);

/* Who may write into a folder of logs must not choose what a reader with more rights reads: a link
 * in a folder leads only to what its owner owns, unless it is root's. */
static bool link_is_trusted(const struct stat *link, const struct stat *target)
{
    return link->st_uid == 0 || link->st_uid == target->st_uid;
}

/* What a name leads to: a file is added, a folder walked if `below` allows. */
static void look_at(Search *search, const char *path, int depth, bool named)
{
    struct stat status, itself;
    if (is_excluded(search->exclude, path))
        return;
    if (stat(path, &status) != 0) {
        if (named || errno == EACCES)
            refuse(search->found, path, errno);
        return;
    }
    bool is_link = lstat(path, &itself) == 0 && S_ISLNK(itself.st_mode);
    if (!named && is_link && !link_is_trusted(&itself, &status))
        return;
    if (S_ISDIR(status.st_mode)) {
        SeenAnswer answer = seen_add(&search->folders, status.st_dev, status.st_ino);
        search->found->failed |= answer == SEEN_NO_MEMORY;
        if (answer == SEEN_NEW)
            walk(search, path, depth + 1);
    } else if (S_ISREG(status.st_mode)) {
        add_file(search, path, &status, is_link);
    }
}

static char *joined(const char *folder, const char *name, char *ret)
{
    const char *slash = folder[0] != '\0' && folder[strlen(folder) - 1] == '/' ? "" : "/";
    int         size = snprintf(ret, LOG_PATH_SIZE, "%s%s%s", folder, slash, name);
    return size < LOG_PATH_SIZE ? ret : NULL;
}

/* wanted: a glob over names and live names of the files in it; NULL: all that is in it. */
static void list(Search *search, const char *folder, const char *wanted, int depth)
{
    char path[LOG_PATH_SIZE], live[LOG_PATH_SIZE];
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        if (errno != ENOENT)
            refuse(search->found, folder, errno);
        return;
    }
    note_folder(search->found, folder);
    const struct dirent *entry;
    while (!search->found->failed && (entry = readdir(entries)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (wanted == NULL && entry->d_name[0] == '.')
            continue;
        if (joined(folder, entry->d_name, path) == NULL)
            continue;
        bool itself = wanted == NULL || fnmatch(wanted, entry->d_name, FNM_PERIOD) == 0;
        if (!itself) {
            rotation_of(entry->d_name, live);
            if (fnmatch(wanted, live, FNM_PERIOD) != 0)
                continue;
        }
        look_at(search, path, depth, false);
    }
    closedir(entries);
}

static void walk(Search *search, const char *folder, int depth)
{
    if (depth <= FIND_DEPTH_MAX && !folder_is_pseudo(folder))
        list(search, folder, NULL, depth);
}

static void look_for(Search *search, const char *name)
{
    char        absolute[LOG_PATH_SIZE], folder[LOG_PATH_SIZE];
    struct stat status;
    char       *here = name[0] == '/' ? NULL : realpath(".", NULL);
    if (joined(here != NULL ? here : "", here != NULL ? name : name + 1, absolute) == NULL)
        refuse(search->found, name, ENAMETOOLONG);
    free(here);
    if (stat(absolute, &status) == 0 && S_ISDIR(status.st_mode)) {
        look_at(search, absolute, 0, true);
        return;
    }
    snprintf(folder, sizeof folder, "%s", absolute);
    char *slash = strrchr(folder, '/');
    *slash = '\0';
    size_t had = search->found->count;
    glob_t folders = {0};
    if (glob(folder[0] != '\0' ? folder : "/", GLOB_NOSORT | GLOB_NOCHECK, NULL, &folders) == 0)
        for (size_t i = 0; i < folders.gl_pathc; i++)
            list(search, folders.gl_pathv[i], slash + 1, 0);
    globfree(&folders);
    if (search->found->count == had && strpbrk(name, "*?[") == NULL)
        refuse(search->found, absolute, stat(absolute, &status) != 0 ? errno : EINVAL);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const FoundFile *)a)->path, ((const FoundFile *)b)->path);
}

bool found_all(const TextList *names, const TextList *exclude, Found *ret)
{
    Found  found = {0};
    Search search = {.found = &found, .exclude = exclude};
    for (size_t i = 0; i < names->count && !found.failed; i++)
        look_for(&search, names->items[i]);
    seen_free(&search.folders);
    if (found.failed) {
        found_free(&found);
        return false;
    }
    if (found.count > 0)
        qsort(found.files, found.count, sizeof *found.files, by_path);
    *ret = found;
    return true;
}

void found_free(Found *found)
{
    for (size_t i = 0; i < found->count; i++) {
        free(found->files[i].path);
        free(found->files[i].live);
    }
    for (size_t i = 0; i < found->refused_count; i++)
        free(found->refused[i].path);
    for (size_t i = 0; i < found->folders.count; i++)
        free(found->folders.items[i]);
    free(found->files);
    free(found->refused);
    free(found->folders.items);
    *found = (Found){0};
}
