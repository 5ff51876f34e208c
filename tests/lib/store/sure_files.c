/* SPDX-License-Identifier: Apache-2.0 */
#include "sure_files.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SECTOR 512
#define PATH_SIZE 512

static char      root_path[PATH_SIZE]; /* "": none. */
static SureNode *root, *all;

/* -- names ------------------------------------------------------------------------------------- */

SureNode *sure_make(bool is_folder)
{
    SureNode *node = calloc(1, sizeof *node);
    node->is_folder = is_folder;
    node->next = all;
    all = node;
    return node;
}

SureNode *sure_find(const SureNode *folder, const char *name)
{
    for (size_t i = 0; i < folder->now.count; i++)
        if (strcmp(folder->now.items[i].name, name) == 0)
            return folder->now.items[i].node;
    return NULL;
}

/* node: NULL: the name goes. */
static void names_put(SureNames *names, const char *name, SureNode *node)
{
    size_t i = 0;
    while (i < names->count && strcmp(names->items[i].name, name) != 0)
        i++;
    if (node == NULL) {
        if (i < names->count)
            names->items[i] = names->items[--names->count];
        return;
    }
    if (i == names->count)
        names->items = realloc(names->items, ++names->count * sizeof *names->items);
    names->items[i].node = node;
    snprintf(names->items[i].name, SURE_NAME_SIZE, "%s", name);
}

static void step_do(SureNames *names, const SureStep *step)
{
    if (step->from[0] != '\0')
        names_put(names, step->from, NULL);
    names_put(names, step->name, step->node);
}

void sure_step(SureNode *folder, const char *name, const char *from, SureNode *node)
{
    SureStep step = {.node = node};
    snprintf(step.name, sizeof step.name, "%s", name);
    snprintf(step.from, sizeof step.from, "%s", from);
    folder->steps = realloc(folder->steps, (folder->step_count + 1) * sizeof step);
    folder->steps[folder->step_count++] = step;
    step_do(&folder->now, &step);
}

SureNode *sure_folder_of(const char *path, char name[SURE_NAME_SIZE])
{
    size_t size = strlen(root_path);
    if (size == 0 || strncmp(path, root_path, size) != 0 ||
        (path[size] != '/' && path[size] != '\0'))
        return NULL;
    SureNode *folder = root;
    name[0] = '\0';
    for (const char *at = path + size; *at == '/';) {
        const char *end = at + 1 + strcspn(at + 1, "/");
        if (name[0] != '\0')
            folder = sure_find(folder, name);
        if (folder == NULL || !folder->is_folder)
            return NULL;
        snprintf(name, SURE_NAME_SIZE, "%.*s", (int)(end - at - 1), at + 1);
        at = end;
    }
    return folder;
}

/* -- bytes ------------------------------------------------------------------------------------- */

static char *bytes_of(const char *path, size_t *ret_size)
{
    *ret_size = 0;
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0)
        return NULL;
    struct stat about;
    int         status = fstat(file, &about);
    assert(status == 0);
    char *bytes = calloc(1, (size_t)about.st_size + 1);
    while (*ret_size < (size_t)about.st_size) {
        ssize_t got = read(file, bytes + *ret_size, (size_t)about.st_size - *ret_size);
        if (got <= 0)
            break;
        *ret_size += (size_t)got;
    }
    syscall(SYS_close, file);
    return bytes;
}

void sure_sync(SureNode *node, int descriptor)
{
    for (size_t i = 0; i < node->step_count; i++)
        step_do(&node->durable, &node->steps[i]);
    node->step_count = 0;
    if (node->is_folder || node->is_lost)
        return;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    free(node->synced);
    node->synced = bytes_of(path, &node->synced_size);
}

void sure_keep_last(SureNode *node, const char *path)
{
    if (node == NULL || node->is_folder)
        return;
    free(node->last);
    node->last = bytes_of(path, &node->last_size);
}

/* -- begin and end ----------------------------------------------------------------------------- */

static void take_in(SureNode *folder, const char *path)
{
    DIR *walk = opendir(path);
    assert(walk != NULL);
    for (const struct dirent *entry; (entry = readdir(walk)) != NULL;) {
        char        below[PATH_SIZE];
        struct stat about;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(below, sizeof below, "%.300s/%.200s", path, entry->d_name);
        int status = stat(below, &about);
        assert(status == 0);
        SureNode *node = sure_make(S_ISDIR(about.st_mode));
        names_put(&folder->durable, entry->d_name, node);
        names_put(&folder->now, entry->d_name, node);
        if (node->is_folder)
            take_in(node, below);
        else
            node->synced = bytes_of(below, &node->synced_size);
    }
    closedir(walk);
}

void sure_begin(const char *folder)
{
    sure_forget();
    root = sure_make(true);
    take_in(root, folder);
    snprintf(root_path, sizeof root_path, "%s", folder);
}

void sure_forget(void)
{
    root_path[0] = '\0';
    while (all != NULL) {
        SureNode *next = all->next;
        free(all->synced);
        free(all->last);
        free(all->durable.items);
        free(all->now.items);
        free(all->steps);
        free(all);
        all = next;
    }
    root = NULL;
}

/* -- power ------------------------------------------------------------------------------------- */

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* At times nothing is kept that was not synced, or all of it: both happen. */
static bool is_kept(uint64_t *seed, uint64_t temper)
{
    return temper == 0 ? false : temper == 1 ? true : draw(seed) % 2 == 0;
}

static void remember(const SureNode *folder, const char *path)
{
    for (size_t i = 0; i < folder->now.count; i++) {
        char  below[PATH_SIZE];
        SureNode *node = folder->now.items[i].node;
        snprintf(below, sizeof below, "%.300s/%s", path, folder->now.items[i].name);
        if (node->is_folder)
            remember(node, below);
        else
            sure_keep_last(node, below);
    }
}

static void write_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert(file != NULL);
    size_t put = size > 0 ? fwrite(bytes, 1, size, file) : 0;
    assert(put == size);
    fclose(file);
}

static void put_file(const SureNode *node, const char *path, uint64_t *seed, uint64_t temper)
{
    bool   longer = node->last != NULL && is_kept(seed, temper);
    size_t size = longer ? node->last_size : node->synced_size;
    char  *left = calloc(1, size + SECTOR);
    for (size_t at = 0; at < size; at += SECTOR) {
        bool        is_new = node->last != NULL && is_kept(seed, temper) && !node->is_lost;
        const char *from = is_new ? node->last : node->synced;
        size_t      from_size = is_new ? node->last_size : node->synced_size;
        size_t      end = at + SECTOR < from_size ? at + SECTOR : from_size;
        if (at < end)
            memcpy(left + at, from + at, end - at);
    }
    write_file(path, left, size);
    free(left);
}

static void put_folder(SureNode *folder, const char *path, uint64_t *seed, uint64_t temper)
{
    size_t kept = temper == 0   ? 0
                  : temper == 1 ? folder->step_count
                                : draw(seed) % (folder->step_count + 1);
    for (size_t i = 0; i < kept; i++)
        step_do(&folder->durable, &folder->steps[i]);
    for (size_t i = 0; i < folder->durable.count; i++) {
        char  below[PATH_SIZE];
        SureNode *node = folder->durable.items[i].node;
        snprintf(below, sizeof below, "%.300s/%s", path, folder->durable.items[i].name);
        if (!node->is_folder) {
            put_file(node, below, seed, temper);
            continue;
        }
        long status = syscall(SYS_mkdirat, AT_FDCWD, below, 0700);
        assert(status == 0);
        put_folder(node, below, seed, temper);
    }
}

void sure_lose(uint64_t seed, bool keep)
{
    char     path[PATH_SIZE], command[PATH_SIZE + 64];
    uint64_t temper = keep ? 1 : draw(&seed) % 4;
    snprintf(path, sizeof path, "%s", root_path);
    remember(root, path);
    root_path[0] = '\0'; /* What comes now is no operation of the program. */
    snprintf(command, sizeof command, "find %s -mindepth 1 -delete", path);
    int status = system(command);
    assert(status == 0);
    put_folder(root, path, &seed, temper);
    sure_begin(path);
}
