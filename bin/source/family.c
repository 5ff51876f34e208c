/* SPDX-License-Identifier: Apache-2.0 */
#include "source/family.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

Family *family_new(const char *name)
{
    Family *family = calloc(1, sizeof *family);
    if (family == NULL)
        return NULL;
    family->name = strdup(name);
    if (family->name == NULL) {
        free(family);
        return NULL;
    }
    return family;
}

void family_free(Family *family)
{
    if (family == NULL)
        return;
    for (size_t i = 0; i < family->tail_count; i++)
        tail_free(family->tails[i]);
    free(family->tails);
    free(family->problem_path);
    free(family->name);
    free(family);
}

bool family_add(Family *family, Tail *tail)
{
    if (tail == NULL)
        return false;
    if (family->tail_count == family->tail_capacity) {
        size_t capacity = family->tail_capacity == 0 ? 4 : family->tail_capacity * 2;
        Tail **grown =
            capacity > FAMILY_TAILS_MAX ? NULL : realloc(family->tails, capacity * sizeof(Tail *));
        if (grown == NULL) {
            tail_free(tail);
            return false;
        }
        family->tails = grown;
        family->tail_capacity = capacity;
    }
    family->tails[family->tail_count++] = tail;
    family->dirty = true;
    return true;
}

Tail *family_take(Family *family, size_t number)
{
    assert(number < family->tail_count);
    Tail *tail = family->tails[number];
    family->tail_count--;
    memmove(family->tails + number, family->tails + number + 1,
            (family->tail_count - number) * sizeof(Tail *));
    return tail;
}

bool family_load(Family *family, const char *position)
{
    Places places;
    if (!places_read(position, &places))
        return true;
    family->known = true;
    family->changed_ns = places.changed_ns;
    for (size_t i = 0; i < places.count; i++) {
        Tail *tail = tail_new(NULL, places.places[i].device, places.places[i].inode, false);
        if (!family_add(family, tail))
            return false;
        tail->place = places.places[i];
        tail->started = true;
        tail->looked = tail->place.offset > 0;
        tail->changed_ns = places.changed_ns;
    }
    return true;
}

void family_places(const Family *family, Places *ret)
{
    *ret = (Places){.changed_ns = family->changed_ns};
    size_t started = 0;
    for (size_t i = 0; i < family->tail_count; i++)
        started += family->tails[i]->started;
    for (size_t i = 0; i < family->tail_count; i++) {
        const Tail *tail = family->tails[i];
        if (!tail->started)
            continue;
        if (started-- <= PLACES_MAX)
            ret->places[ret->count++] = tail->place;
    }
}

static bool follows(const Family *family, const FoundFile *file)
{
    for (size_t i = 0; i < family->tail_count; i++)
        if (family->tails[i] == file->taken)
            return true;
    return false;
}

/* Which of the files, oldest first, come behind all that is followed or was. */
static size_t first_newer(const Family *family, FoundFile *const *files, size_t count)
{
    for (size_t i = count; i > 0; i--)
        if (files[i - 1]->taken != NULL && follows(family, files[i - 1]))
            return i;
    size_t first = count;
    while (first > 0) {
        const FoundFile *file = files[first - 1];
        bool live = file->rotation.kind == ROTATION_LIVE;
        if (file->changed_ns < family->changed_ns ||
            (file->changed_ns == family->changed_ns && !live))
            break;
        first--;
    }
    return first;
}

static bool grow_by(Family *family, FoundFile *file, bool from_its_end)
{
    Tail *tail = tail_new(file->path, file->device, file->inode, file->rotation.packed);
    if (!family_add(family, tail))
        return false;
    file->taken = tail;
    tail->size = file->size;
    tail->changed_ns = file->changed_ns;
    tail->from_end = from_its_end;
    return true;
}

bool family_grow(Family *family, FoundFile *const *files, size_t count, int64_t oldest_ns)
{
    bool   fresh = !family->known && family->tail_count == 0;
    size_t first = fresh ? 0 : first_newer(family, files, count);
    for (size_t i = first; i < count; i++) {
        FoundFile *file = files[i];
        bool       live = file->rotation.kind == ROTATION_LIVE;
        bool       old = fresh && file->changed_ns < oldest_ns;
        if (file->taken != NULL || (old && !live) || count - i > FAMILY_TAILS_MAX)
            continue;
        if (!grow_by(family, file, old))
            return false;
    }
    return true;
}
