/* SPDX-License-Identifier: Apache-2.0 */
#include "store/readers.h"

#include <assert.h>

#include "base/hash.h"

#define SEED 0x72656164ULL
#define SLOTS_MIN 64

static uint64_t hash_of(Str source)
{
    return hash_bytes(source.text, source.size, SEED);
}

static Str source_of(const Reader *reader)
{
    return (Str){.text = reader->text, .size = reader->source_size};
}

static size_t find_slot(const Readers *readers, uint64_t hash, Str source)
{
    size_t slot = hash & (readers->slot_count - 1);
    for (; readers->slots[slot] != 0; slot = (slot + 1) & (readers->slot_count - 1)) {
        const Reader *reader = &readers->items[readers->slots[slot] - 1];
        if (reader->hash == hash && str_equal(source_of(reader), source))
            break;
    }
    return slot;
}

static void fill_slots(Readers *readers)
{
    for (size_t i = 0; i < readers->count; i++) {
        const Reader *reader = &readers->items[i];
        size_t slot = find_slot(readers, reader->hash, source_of(reader));
        readers->slots[slot] = (uint32_t)i + 1;
    }
}

/* Twice as many slots as readers, at least. */
static bool grow_slots(Readers *readers)
{
    if (readers->slot_count >= 2 * (readers->count + 1))
        return true;
    size_t wanted = readers->slot_count > 0 ? 2 * readers->slot_count : SLOTS_MIN;
    uint32_t *slots = mem_take(&readers->mem, wanted * sizeof *slots);
    if (slots == NULL)
        return false;
    mem_free(&readers->mem, readers->slots, readers->slot_count * sizeof *slots);
    readers->slots = slots;
    readers->slot_count = wanted;
    fill_slots(readers);
    return true;
}

/* The one that was longest silent goes; the last one takes its place. */
static void drop_oldest(Readers *readers)
{
    size_t oldest = 0;
    for (size_t i = 1; i < readers->count; i++)
        if (readers->items[i].set < readers->items[oldest].set)
            oldest = i;
    mem_free(&readers->mem, readers->items[oldest].text, readers->items[oldest].capacity);
    readers->items[oldest] = readers->items[--readers->count];
    memset(readers->slots, 0, readers->slot_count * sizeof *readers->slots);
    fill_slots(readers);
}

static bool reserve_text(Readers *readers, Reader *reader, size_t size)
{
    char *text = mem_grow(&readers->mem, reader->text, &reader->capacity, size, 1);
    if (text != NULL)
        reader->text = text;
    return text != NULL;
}

static Reader *add(Readers *readers, uint64_t hash, Str source)
{
    Reader *items = mem_grow(&readers->mem, readers->items, &readers->capacity, readers->count + 1,
                             sizeof *items);
    if (items == NULL)
        return NULL;
    readers->items = items;
    Reader *reader = &items[readers->count];
    *reader = (Reader){.hash = hash, .source_size = source.size};
    if (!reserve_text(readers, reader, source.size + 2))
        return NULL;
    if (source.size > 0)
        memcpy(reader->text, source.text, source.size);
    size_t slot = find_slot(readers, hash, source);
    readers->count++;
    readers->slots[slot] = (uint32_t)readers->count;
    return reader;
}

bool readers_make_room(Readers *readers, Str source, Str position)
{
    if (!grow_slots(readers))
        return false;
    uint64_t hash = hash_of(source);
    uint32_t place = readers->slots[find_slot(readers, hash, source)];
    if (place == 0 && readers->count == READERS_MAX)
        drop_oldest(readers);
    Reader *reader = place != 0 ? &readers->items[place - 1] : add(readers, hash, source);
    return reader != NULL && reserve_text(readers, reader, source.size + position.size + 2);
}

void readers_set(Readers *readers, Str source, Str position)
{
    uint32_t place = readers->slots[find_slot(readers, hash_of(source), source)];
    assert(place != 0);
    Reader *reader = &readers->items[place - 1];
    assert(reader->capacity >= source.size + position.size + 2);
    char *text = reader->text + source.size + 1;
    if (position.size > 0)
        memcpy(text, position.text, position.size);
    text[position.size] = '\0';
    reader->position_size = position.size;
    reader->set = ++readers->sets;
}

const char *readers_get(const Readers *readers, Str source)
{
    if (readers->count == 0)
        return "";
    uint32_t place = readers->slots[find_slot(readers, hash_of(source), source)];
    return place != 0 ? readers->items[place - 1].text + source.size + 1 : "";
}

void readers_close(Readers *readers)
{
    for (size_t i = 0; i < readers->count; i++)
        mem_free(&readers->mem, readers->items[i].text, readers->items[i].capacity);
    mem_free(&readers->mem, readers->items, readers->capacity * sizeof *readers->items);
    mem_free(&readers->mem, readers->slots, readers->slot_count * sizeof *readers->slots);
    *readers = (Readers){0};
}
