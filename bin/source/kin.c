/* SPDX-License-Identifier: Apache-2.0 */
#include "source/kin.h"

#include <stdlib.h>
#include <string.h>

typedef struct { /* One search at work. */
    Kin             *kin;
    const KinSearch *search;
    Found           *found;
    FoundFile      **files; /* Without second names of the same file. */
    size_t           count;
    bool             failed;
} Placing;

void kin_free(Kin *kin)
{
    for (size_t i = 0; i < kin->count; i++)
        family_free(kin->families[i]);
    for (size_t i = 0; i < kin->path_count; i++)
        free(kin->paths[i].path);
    free(kin->families);
    free(kin->paths);
    *kin = (Kin){0};
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(Family *const *)a)->name, (*(Family *const *)b)->name);
}

static Family *kin_find(const Kin *kin, size_t count, const char *name)
{
    Family        key = {.name = (char *)name};
    const Family *key_at = &key;
    Family      **found =
        count == 0 ? NULL : bsearch(&key_at, kin->families, count, sizeof(Family *), by_name);
    return found != NULL ? *found : NULL;
}

/* Behind all others; the caller sorts. */
static Family *kin_add(Kin *kin, const char *name)
{
    if (kin->count == kin->capacity) {
        size_t   capacity = kin->capacity == 0 ? 64 : kin->capacity * 2;
        Family **grown = realloc(kin->families, capacity * sizeof(Family *));
        if (grown == NULL)
            return NULL;
        kin->families = grown;
        kin->capacity = capacity;
    }
    Family *family = family_new(name);
    if (family != NULL)
        kin->families[kin->count++] = family;
    return family;
}

static void kin_sort(Kin *kin)
{
    if (kin->count > 0)
        qsort(kin->families, kin->count, sizeof(Family *), by_name);
}

/* -- the name of the family -------------------------------------------------------------------- */

static int path_is(const void *path, const void *file)
{
    return strcmp(path, ((const FoundFile *)file)->path);
}

/* foo.1 is a rotated foo only where there is, or was, a foo. */
static bool is_rotated(Placing *placing, const FoundFile *file)
{
    const Found *found = placing->found;
    if (file->rotation.sure ||
        bsearch(file->live, found->files, found->count, sizeof *file, path_is) != NULL ||
        kin_find(placing->kin, placing->kin->count, file->live) != NULL)
        return true;
    char *position = placing->search->position_of(placing->search->context, file->live);
    bool  known = position != NULL && position[0] != '\0';
    free(position);
    return known;
}

static void name_family(Placing *placing, FoundFile *file)
{
    if (file->rotation.kind == ROTATION_LIVE || is_rotated(placing, file))
        return;
    char *own = strdup(file->path);
    if (own == NULL) {
        placing->failed = true;
        return;
    }
    free(file->live);
    file->live = own;
    file->rotation.kind = ROTATION_LIVE;
}

/* -- orders ------------------------------------------------------------------------------------ */

static int by_inode(const void *a, const void *b)
{
    const FoundFile *x = *(FoundFile *const *)a, *y = *(FoundFile *const *)b;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    if (x->inode != y->inode)
        return x->inode < y->inode ? -1 : 1;
    return 0;
}

/* Of several names of one file the first one in this order counts. */
static int by_inode_and_name(const void *a, const void *b)
{
    const FoundFile *x = *(FoundFile *const *)a, *y = *(FoundFile *const *)b;
    int              order = by_inode(a, b);
    if (order == 0)
        order = (int)x->link - (int)y->link;
    if (order == 0)
        order = (int)y->rotation.kind - (int)x->rotation.kind;
    return order != 0 ? order : strcmp(x->path, y->path);
}

static int by_family(const void *a, const void *b)
{
    const FoundFile *x = *(FoundFile *const *)a, *y = *(FoundFile *const *)b;
    int              order = strcmp(x->live, y->live);
    if (order == 0)
        order = rotation_compare(x->rotation, y->rotation);
    return order != 0 ? order : strcmp(x->path, y->path);
}

static bool choose_files(Placing *placing)
{
    Found *found = placing->found;
    placing->files = calloc(found->count + 1, sizeof(FoundFile *));
    if (placing->files == NULL)
        return false;
    for (size_t i = 0; i < found->count; i++)
        placing->files[i] = &found->files[i];
    qsort(placing->files, found->count, sizeof(FoundFile *), by_inode_and_name);
    for (size_t i = 0; i < found->count; i++)
        if (i == 0 || by_inode(&placing->files[i], &placing->files[placing->count - 1]) != 0)
            placing->files[placing->count++] = placing->files[i];
    return true;
}

/* -- families of what was found ---------------------------------------------------------------- */

static Family *family_made(Placing *placing, const char *name)
{
    Family *family = kin_add(placing->kin, name);
    char   *position = placing->search->position_of(placing->search->context, name);
    if (family == NULL || position == NULL || !family_load(family, position))
        placing->failed = true;
    free(position);
    return family;
}

/* Files are in the order of families. */
static void make_families(Placing *placing)
{
    Kin   *kin = placing->kin;
    size_t had = kin->count;
    for (size_t i = 0; i < had; i++)
        kin->families[i]->seen = false;
    for (size_t i = 0; i < placing->count && !placing->failed; i++) {
        const char *name = placing->files[i]->live;
        if (i > 0 && strcmp(name, placing->files[i - 1]->live) == 0)
            continue;
        Family *family = kin_find(kin, had, name);
        if (family == NULL)
            family = family_made(placing, name);
        if (family != NULL)
            family->seen = true;
    }
    kin_sort(kin);
}

/* -- tails beside files ------------------------------------------------------------------------ */

static void tail_put(Placing *placing, Family *family, Tail *tail, FoundFile *file)
{
    if (tail->path == NULL || strcmp(tail->path, file->path) != 0) {
        char *path = strdup(file->path);
        if (path == NULL) {
            placing->failed = true;
            return;
        }
        free(tail->path);
        tail->path = path;
        family->dirty = true;
    }
    if (tail->size != file->size || tail->changed_ns != file->changed_ns || tail->lost)
        family->dirty = true;
    file->taken = tail;
    tail->placed = true;
    tail->lost = tail->cut = false;
    tail->packed = file->rotation.packed;
    if (tail->packed) {
        tail->size = file->size;
        tail->changed_ns = file->changed_ns;
    }
    tail->place.device = file->device;
    tail->place.inode = file->inode;
    tail->foreign = strcmp(file->live, family->name) != 0;
    family->blind |= file->link;
}

/* Whether it is the tail's file; its bytes are looked at where anything may have happened. */
static bool fits(const Tail *tail, const FoundFile *file)
{
    if (tail->descriptor >= 0 && !tail->lost)
        return true;
    if (!tail->lost && tail->path != NULL && strcmp(tail->path, file->path) == 0 &&
        tail->size == file->size && tail->changed_ns == file->changed_ns)
        return true;
    return tail_is_at(&tail->place, file->path, file->rotation.packed);
}

static void place_by_inode(Placing *placing, Family *family, Tail *tail)
{
    FoundFile        key = {.device = tail->place.device, .inode = tail->place.inode};
    const FoundFile *key_at = &key;
    FoundFile      **found =
        bsearch(&key_at, placing->files, placing->count, sizeof(FoundFile *), by_inode);
    if (found != NULL && (*found)->taken == NULL && !tail->cut && fits(tail, *found))
        tail_put(placing, family, tail, *found);
}

/* files: of the family, oldest first. */
static void place_by_content(Placing *placing, Family *family, Tail *tail, FoundFile **files,
                             size_t count)
{
    bool open = tail->descriptor >= 0 && !tail->lost;
    if (tail->place.head.size == 0)
        return;
    for (size_t i = count; i > 0; i--) {
        FoundFile *file = files[i - 1];
        bool       packed = file->rotation.packed;
        if (tail->cut && file->inode == tail->place.inode)
            continue;
        if (file->taken != NULL || (packed ? false : open || file->size < tail->place.offset) ||
            !tail_is_at(&tail->place, file->path, packed))
            continue;
        if (open)
            file->taken = tail; /* Deleted once packed: we read on in what is still open. */
        else
            tail_put(placing, family, tail, file);
        return;
    }
}

/* A file that nobody sees any more: what is open is read to its end. */
static void unsee(Placing *placing, Tail *tail)
{
    if (tail->path != NULL || tail->unseen_ns == 0)
        tail->unseen_ns = placing->search->monotonic_ns;
    free(tail->path);
    tail->path = NULL;
}

/* A file that was never looked into is not known: what was in it may be a copy by now. */
static void drop_unread(Family *family)
{
    for (size_t i = family->tail_count; i > 0; i--) {
        const Tail *tail = family->tails[i - 1];
        if (!tail->started && tail->place.head.size == 0 && !tail->binary)
            tail_free(family_take(family, i - 1));
    }
}

static void place_all_by_inode(Placing *placing)
{
    qsort(placing->files, placing->count, sizeof(FoundFile *), by_inode);
    for (size_t i = 0; i < placing->kin->count; i++) {
        Family *family = placing->kin->families[i];
        drop_unread(family);
        for (size_t j = 0; j < family->tail_count; j++) {
            family->tails[j]->placed = false;
            place_by_inode(placing, family, family->tails[j]);
        }
    }
    qsort(placing->files, placing->count, sizeof(FoundFile *), by_family);
}

static void place_family(Placing *placing, Family *family, FoundFile **files, size_t count)
{
    for (size_t i = family->tail_count; i > 0; i--) {
        Tail *tail = family->tails[i - 1];
        if (!tail->placed)
            place_by_content(placing, family, tail, files, count);
        if (!tail->placed && tail->cut)
            tail_free(family_take(family, i - 1)); /* There is no copy: its rest is lost. */
        else if (!tail->placed)
            unsee(placing, tail);
    }
    size_t had = family->tail_count;
    if (!family_grow(family, files, count, placing->search->oldest_ns))
        placing->failed = true;
    for (size_t i = 0; i < count; i++)
        family->blind |= files[i]->link;
    family->dirty |= family->tail_count > had;
}

static void place_families(Placing *placing)
{
    size_t at = 0;
    for (size_t i = 0; i < placing->kin->count; i++) {
        Family *family = placing->kin->families[i];
        size_t  from = at;
        while (at < placing->count && strcmp(placing->files[at]->live, family->name) == 0)
            at++;
        place_family(placing, family, placing->files + from, at - from);
    }
}

/* -- by path ----------------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
    return strcmp(((const KinPath *)a)->path, ((const KinPath *)b)->path);
}

static void paths_make(Placing *placing)
{
    Kin *kin = placing->kin;
    for (size_t i = 0; i < kin->path_count; i++)
        free(kin->paths[i].path);
    free(kin->paths);
    kin->path_count = 0;
    size_t count = 0;
    for (size_t i = 0; i < kin->count; i++)
        count += kin->families[i]->tail_count;
    kin->paths = calloc(count + 1, sizeof *kin->paths);
    for (size_t i = 0; i < kin->count && kin->paths != NULL; i++) {
        Family *family = kin->families[i];
        for (size_t j = 0; j < family->tail_count; j++) {
            char *path = family->tails[j]->path;
            path = path != NULL ? strdup(path) : NULL;
            if (path != NULL)
                kin->paths[kin->path_count++] = (KinPath){.path = path, .family = family};
        }
    }
    if (kin->paths == NULL)
        placing->failed = true;
    else
        qsort(kin->paths, kin->path_count, sizeof *kin->paths, by_path);
}

Family *kin_by_path(const Kin *kin, const char *path)
{
    KinPath        key = {.path = (char *)path};
    const KinPath *found = kin->path_count == 0
                               ? NULL
                               : bsearch(&key, kin->paths, kin->path_count, sizeof key, by_path);
    return found != NULL ? found->family : NULL;
}

bool kin_place(Kin *kin, Found *found, const KinSearch *search)
{
    Placing placing = {.kin = kin, .search = search, .found = found};
    for (size_t i = 0; i < found->count && !placing.failed; i++)
        name_family(&placing, &found->files[i]);
    if (placing.failed || !choose_files(&placing))
        return false;
    qsort(placing.files, placing.count, sizeof(FoundFile *), by_family);
    make_families(&placing);
    if (!placing.failed) {
        place_all_by_inode(&placing);
        place_families(&placing);
        paths_make(&placing);
    }
    free(placing.files);
    kin->searched = true;
    return !placing.failed;
}

bool kin_waits(const Family *family)
{
    for (size_t i = 0; i < family->tail_count; i++)
        if (tail_waiting(family->tails[i]) > 0)
            return true;
    return false;
}

/* -- what is done with ------------------------------------------------------------------------- */

bool kin_retire(Kin *kin, Family *family, size_t number)
{
    Tail *tail = family->tails[number];
    if (!tail->foreign || tail->path == NULL) {
        tail_free(family_take(family, number));
        return true;
    }
    Family *other = kin_find(kin, kin->count, tail->path);
    if (other == NULL) {
        other = kin_add(kin, tail->path);
        if (other == NULL)
            return false;
        other->seen = true;
        kin_sort(kin);
    }
    family_take(family, number);
    tail->foreign = false;
    other->known = other->moved = true;
    other->changed_ns = tail->changed_ns;
    return family_add(other, tail);
}

static bool is_left(const Family *family)
{
    if (family->seen || family->moved)
        return true;
    for (size_t i = 0; i < family->tail_count; i++)
        if (family->tails[i]->descriptor >= 0 || family->tails[i]->path != NULL)
            return true;
    return false;
}

void kin_forget(Kin *kin)
{
    size_t kept = 0, paths = 0;
    for (size_t i = 0; i < kin->path_count; i++) {
        if (is_left(kin->paths[i].family))
            kin->paths[paths++] = kin->paths[i];
        else
            free(kin->paths[i].path);
    }
    kin->path_count = paths;
    for (size_t i = 0; i < kin->count; i++) {
        if (is_left(kin->families[i]))
            kin->families[kept++] = kin->families[i];
        else
            family_free(kin->families[i]);
    }
    kin->count = kept;
}
