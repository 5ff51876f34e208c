/* SPDX-License-Identifier: Apache-2.0 */
#include "store/shelf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define LOG_FILE "log"
#define DURABLE_PARTS 3 /* Of the path of a version: kind, name, version. */

bool shelf_name_is_good(Str name)
{
    if (name.size == 0 || name.size > SHELF_NAME_MAX || name.text[0] == '.')
        return false;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.text[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '.';
        if (!good)
            return false;
    }
    return true;
}

static odd_rc path_of(const Shelf *shelf, const char *name, const char *rest,
                      char path[SHELF_PATH_SIZE], Problem *problem)
{
    int size = snprintf(path, SHELF_PATH_SIZE, "%s/%s/%s%s%s", shelf->root, shelf->kind, name,
                        rest[0] != '\0' ? "/" : "", rest);
    if (size < SHELF_PATH_SIZE - 8)
        return ODD_OK;
    return problem_say(problem, ODD_RANGE, "the path of %s is too long", name);
}

static odd_rc fail(Problem *problem, odd_rc rc, const char *attempt, const char *path)
{
    const char *why = rc == ODD_SPACE ? "the disk is full" : strerror(errno);
    return problem_say(problem, rc, "%s %s: %s", attempt, path, why);
}

/* -- writing ---------------------------------------------------------------------------------- */

static bool remove_one(void *context, const char *name)
{
    char path[2 * SHELF_PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
    disk_remove(path);
    return false;
}

static void sweep(char *folder)
{
    disk_list(folder, remove_one, folder);
    disk_remove_folder(folder);
}

static odd_rc write_files(const char *folder, const ShelfFile *files, size_t count)
{
    odd_rc rc = disk_make(folder, DURABLE_PARTS);
    for (size_t i = 0; rc == ODD_OK && i < count; i++) {
        char path[2 * SHELF_PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        rc = disk_write(path, files[i].bytes);
    }
    return rc;
}

odd_rc shelf_put(const Shelf *shelf, const char *name, const char *version, const ShelfFile *files,
                 size_t count, Problem *problem)
{
    char folder[SHELF_PATH_SIZE], part[SHELF_PATH_SIZE], hidden[SHELF_NAME_MAX];
    if (!shelf_name_is_good(str_of(name)))
        return problem_say(problem, ODD_RANGE,
                           "'%s' is no name: letters, digits, - _ and . make one", name);
    snprintf(hidden, sizeof hidden, ".%.80s.part", version);
    odd_rc rc = path_of(shelf, name, version, folder, problem);
    if (rc == ODD_OK)
        rc = path_of(shelf, name, hidden, part, problem);
    if (rc != ODD_OK)
        return rc;
    if (disk_is_there(folder))
        return ODD_EXISTS;
    sweep(part);
    rc = write_files(part, files, count);
    if (rc == ODD_OK)
        rc = disk_publish(part, folder);
    if (rc == ODD_OK)
        return ODD_OK;
    fail(problem, rc, "writing", folder);
    sweep(part);
    return rc;
}

/* -- reading ---------------------------------------------------------------------------------- */

odd_rc shelf_get(const Shelf *shelf, const char *name, const char *version, const char *file,
                 Str *ret, Problem *problem)
{
    char path[SHELF_PATH_SIZE], rest[2 * SHELF_NAME_MAX];
    snprintf(rest, sizeof rest, "%.90s/%.90s", version, file);
    odd_rc rc = path_of(shelf, name, rest, path, problem);
    if (rc != ODD_OK)
        return rc;
    rc = disk_map(path, ret);
    return rc == ODD_OK ? rc : fail(problem, rc, "reading", path);
}

typedef struct {
    Names *names;
    bool   failed;
} Listing;

static bool list_one(void *context, const char *name)
{
    Listing *listing = context;
    bool is_new;
    if (name[0] == '.' || strcmp(name, LOG_FILE) == 0)
        return false;
    listing->failed |= names_add(listing->names, str_of(name), &is_new) == NAME_NONE;
    return listing->failed;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Names in the order of their bytes, whatever order the folder has. */
static odd_rc sort(Names *found, Names *ret)
{
    size_t bytes = found->count * (SHELF_NAME_MAX + 1);
    char *texts = mem_take(found->mem, bytes);
    bool good = texts != NULL || found->count == 0, is_new;
    for (uint32_t i = 0; good && i < found->count; i++) {
        Str text = names_text(found, i);
        size_t size = text.size < SHELF_NAME_MAX ? text.size : SHELF_NAME_MAX;
        memcpy(texts + i * (SHELF_NAME_MAX + 1), text.text, size);
    }
    if (good && found->count > 0)
        qsort(texts, found->count, SHELF_NAME_MAX + 1, by_text);
    for (size_t i = 0; good && i < found->count; i++)
        good = names_add(ret, str_of(texts + i * (SHELF_NAME_MAX + 1)), &is_new) != NAME_NONE;
    mem_free(found->mem, texts, bytes);
    return good ? ODD_OK : ODD_NOMEM;
}

odd_rc shelf_list(const Shelf *shelf, const char *name, Names *ret, Problem *problem)
{
    char path[SHELF_PATH_SIZE];
    Names found = {.mem = ret->mem};
    Listing listing = {.names = &found};
    odd_rc rc = path_of(shelf, name != NULL ? name : ".", "", path, problem);
    if (rc != ODD_OK)
        return rc;
    rc = disk_list(path, list_one, &listing);
    if (rc != ODD_OK)
        fail(problem, rc, "listing", path);
    else
        rc = listing.failed ? ODD_NOMEM : sort(&found, ret);
    names_close(&found);
    return rc;
}

/* -- the log ---------------------------------------------------------------------------------- */

odd_rc shelf_log(const Shelf *shelf, const char *name, Str *ret, Problem *problem)
{
    char path[SHELF_PATH_SIZE];
    odd_rc rc = path_of(shelf, name, LOG_FILE, path, problem);
    if (rc == ODD_OK)
        rc = disk_map(path, ret);
    if (rc == ODD_NOTFOUND) {
        *ret = STR("");
        return ODD_OK;
    }
    return rc == ODD_OK ? rc : fail(problem, rc, "reading", path);
}

/* Who adds holds the lock, so that two never lose a line of each other. */
static odd_rc lock(const Shelf *shelf, const char *name, int *ret_lock, Problem *problem)
{
    char path[SHELF_PATH_SIZE];
    odd_rc rc = path_of(shelf, name, ".lock", path, problem);
    if (rc != ODD_OK)
        return rc;
    rc = disk_lock(path, ret_lock);
    return rc == ODD_OK ? rc : fail(problem, rc, "locking", path);
}

odd_rc shelf_log_add(const Shelf *shelf, Mem *mem, const char *name, Str line, Problem *problem)
{
    char path[SHELF_PATH_SIZE];
    Str before = STR("");
    ImageOut all = {.mem = mem};
    int held;
    odd_rc rc = lock(shelf, name, &held, problem);
    if (rc != ODD_OK)
        return rc;
    rc = path_of(shelf, name, LOG_FILE, path, problem);
    if (rc == ODD_OK)
        rc = shelf_log(shelf, name, &before, problem);
    if (rc == ODD_OK) {
        image_put(&all, before.text, before.size);
        image_put(&all, line.text, line.size);
        image_put(&all, "\n", 1);
        disk_unmap(before);
        rc = all.failed ? ODD_NOMEM : disk_write(path, (Str){.text = all.bytes, .size = all.size});
        if (rc != ODD_OK)
            fail(problem, rc, "writing", path);
    }
    image_close(&all);
    disk_unlock(held);
    return rc;
}
