/* SPDX-License-Identifier: Apache-2.0 */
#include "base/names.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"

#define SLOTS_FIRST 64

static uint64_t name_hash(const Names *names, Str text)
{
    return hash_bytes(text.text, text.size, names->seed);
}

/* The slot that holds the text, or the free one where it would go. */
static size_t name_slot(const Names *names, Str text, uint64_t hash)
{
    size_t at = hash & (names->slot_count - 1);
    for (; names->slots[at] != 0; at = (at + 1) & (names->slot_count - 1)) {
        uint32_t number = names->slots[at] - 1;
        if (names->names[number].hash == hash && str_equal(names_text(names, number), text))
            break;
    }
    return at;
}

uint32_t names_find(const Names *names, Str text)
{
    if (names->slot_count == 0)
        return NAME_NONE;
    size_t at = name_slot(names, text, name_hash(names, text));
    return names->slots[at] != 0 ? names->slots[at] - 1 : NAME_NONE;
}

Str names_text(const Names *names, uint32_t number)
{
    assert(number < names->count);
    const Name *name = &names->names[number];
    return (Str){.text = name->size > 0 ? names->pool + name->from : "", .size = name->size};
}

static bool names_rehash(Names *names)
{
    size_t slot_count = names->slot_count > 0 ? 2 * names->slot_count : SLOTS_FIRST;
    uint32_t *slots = mem_take(names->mem, slot_count * sizeof *slots);
    if (slots == NULL)
        return false;
    for (uint32_t i = 0; i < names->count; i++) {
        size_t at = names->names[i].hash & (slot_count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (slot_count - 1);
        slots[at] = i + 1;
    }
    mem_free(names->mem, names->slots, names->slot_count * sizeof *slots);
    names->slots = slots;
    names->slot_count = slot_count;
    return true;
}

static bool names_make_room(Names *names, size_t text_size)
{
    if (names->count_max != 0 && names->count >= names->count_max)
        return false;
    Name *grown =
        mem_grow(names->mem, names->names, &names->capacity, names->count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    names->names = grown;
    char *pool = mem_grow(names->mem, names->pool, &names->pool_capacity,
                          names->pool_size + text_size + 1, 1);
    if (pool == NULL)
        return false;
    names->pool = pool;
    return 2 * (names->count + 1) <= names->slot_count || names_rehash(names);
}

uint32_t names_add(Names *names, Str text, bool *ret_is_new)
{
    *ret_is_new = false;
    uint32_t known = names_find(names, text);
    if (known != NAME_NONE)
        return known;
    if (!names_make_room(names, text.size))
        return NAME_NONE;
    uint64_t hash = name_hash(names, text);
    names->slots[name_slot(names, text, hash)] = (uint32_t)names->count + 1;
    names->names[names->count] =
        (Name){.hash = hash, .from = names->pool_size, .size = (uint32_t)text.size};
    if (text.size > 0)
        memcpy(names->pool + names->pool_size, text.text, text.size);
    names->pool_size += text.size;
    *ret_is_new = true;
    return (uint32_t)names->count++;
}

void names_close(Names *names)
{
    mem_free(names->mem, names->names, names->capacity * sizeof *names->names);
    mem_free(names->mem, names->pool, names->pool_capacity);
    mem_free(names->mem, names->slots, names->slot_count * sizeof *names->slots);
    *names = (Names){.mem = names->mem, .seed = names->seed, .count_max = names->count_max};
}

void names_save(const Names *names, ImageOut *out)
{
    image_put_array(out, names->names, names->count, names->capacity, sizeof *names->names);
    image_put_array(out, names->pool, names->pool_size, names->pool_capacity, 1);
    image_put_array(out, names->slots, names->slot_count, names->slot_count, sizeof *names->slots);
}

void names_load(Names *names, ImageIn *in)
{
    size_t count;
    names->names =
        image_get_array(in, names->mem, &names->count, &names->capacity, sizeof *names->names);
    names->pool = image_get_array(in, names->mem, &names->pool_size, &names->pool_capacity, 1);
    names->slots =
        image_get_array(in, names->mem, &count, &names->slot_count, sizeof *names->slots);
}
