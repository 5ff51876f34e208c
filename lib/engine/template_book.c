/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/template_book.h"

#include "base/bytes.h"
#include "base/hash.h"

#define SLOTS_FIRST 256
#define GAP_SIZE_BYTES 4
#define TEMPLATE_SEED 0x6f6464626c6c7465ULL /* A name for all times and machines: not keyed. */

static uint64_t template_hash(const TemplateBook *t, PatternRef signal, const Str *gaps,
                              uint32_t gap_count)
{
    uint64_t hash = hash_add(hash_add(TEMPLATE_SEED, t->seed), signal);
    for (uint32_t i = 0; i < gap_count; i++)
        hash = hash_add(hash, hash_bytes(gaps[i].text, gaps[i].size, TEMPLATE_SEED));
    return hash != TEMPLATE_NONE ? hash : 1;
}

static bool template_book_rehash(TemplateBook *t)
{
    size_t slot_count = t->slot_count > 0 ? 2 * t->slot_count : SLOTS_FIRST;
    uint32_t *slots = mem_take(t->mem, slot_count * sizeof *slots);
    if (slots == NULL)
        return false;
    for (uint32_t i = 0; i < t->count; i++) {
        size_t at = t->templates[i].hash & (slot_count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (slot_count - 1);
        slots[at] = i + 1;
    }
    mem_free(t->mem, t->slots, t->slot_count * sizeof *slots);
    t->slots = slots;
    t->slot_count = slot_count;
    return true;
}

static char *template_book_room(TemplateBook *t, const Str *gaps, uint32_t gap_count)
{
    size_t size = 0;
    for (uint32_t i = 0; i < gap_count; i++)
        size += GAP_SIZE_BYTES + gaps[i].size;
    if (t->count >= TEMPLATES_MAX || (t->bytes_max > 0 && t->pool_size + size > t->bytes_max) ||
        (2 * (t->count + 1) > t->slot_count && !template_book_rehash(t)))
        return NULL;
    Template *grown = mem_grow(t->mem, t->templates, &t->capacity, t->count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    t->templates = grown;
    char *pool = mem_grow(t->mem, t->pool, &t->pool_capacity, t->pool_size + size, 1);
    if (pool != NULL)
        t->pool = pool;
    return pool;
}

static uint64_t template_add(TemplateBook *t, uint64_t hash, PatternRef signal, const Str *gaps,
                             uint32_t gap_count)
{
    char *pool = template_book_room(t, gaps, gap_count);
    if (pool == NULL)
        return TEMPLATE_NONE;
    size_t at = hash & (t->slot_count - 1);
    while (t->slots[at] != 0)
        at = (at + 1) & (t->slot_count - 1);
    t->templates[t->count] =
        (Template){.hash = hash, .from = t->pool_size, .signal = signal, .gap_count = gap_count};
    for (uint32_t i = 0; i < gap_count; i++) {
        bytes_put_u32(pool + t->pool_size, (uint32_t)gaps[i].size);
        t->pool_size += GAP_SIZE_BYTES;
        if (gaps[i].size > 0)
            memcpy(pool + t->pool_size, gaps[i].text, gaps[i].size);
        t->pool_size += gaps[i].size;
    }
    t->slots[at] = (uint32_t)++t->count;
    return hash;
}

static bool template_is(const TemplateBook *t, const Template *template, PatternRef signal,
                        const Str *gaps, uint32_t gap_count)
{
    if (template->signal != signal || template->gap_count != gap_count)
        return false;
    size_t at = 0;
    for (uint32_t i = 0; i < gap_count; i++)
        if (!str_equal(template_book_gap(t, template, &at), gaps[i]))
            return false;
    return true;
}

uint64_t template_book_learn(TemplateBook *t, PatternRef signal, const Str *gaps,
                             uint32_t gap_count)
{
    uint64_t hash = template_hash(t, signal, gaps, gap_count);
    if (t->slot_count > 0)
        for (size_t at = hash & (t->slot_count - 1); t->slots[at] != 0;
             at = (at + 1) & (t->slot_count - 1))
            if (t->templates[t->slots[at] - 1].hash == hash)
                return template_is(t, &t->templates[t->slots[at] - 1], signal, gaps, gap_count)
                           ? hash
                           : TEMPLATE_NONE;
    return template_add(t, hash, signal, gaps, gap_count);
}

Str template_book_gap(const TemplateBook *t, const Template *template, size_t *at)
{
    const char *from = t->pool + template->from + *at;
    uint32_t size = bytes_get_u32(from);
    *at += GAP_SIZE_BYTES + size;
    return (Str){.text = from + GAP_SIZE_BYTES, .size = size};
}

void template_book_close(TemplateBook *t)
{
    mem_free(t->mem, t->templates, t->capacity * sizeof *t->templates);
    mem_free(t->mem, t->pool, t->pool_capacity);
    mem_free(t->mem, t->slots, t->slot_count * sizeof *t->slots);
    *t = (TemplateBook){.mem = t->mem, .seed = t->seed, .bytes_max = t->bytes_max};
}

void template_book_save(const TemplateBook *t, ImageOut *out)
{
    image_put_array(out, t->templates, t->count, t->capacity, sizeof *t->templates);
    image_put_array(out, t->pool, t->pool_size, t->pool_capacity, 1);
    image_put_array(out, t->slots, t->slot_count, t->slot_count, sizeof *t->slots);
}

void template_book_load(TemplateBook *t, ImageIn *in)
{
    size_t count;
    t->templates = image_get_array(in, t->mem, &t->count, &t->capacity, sizeof *t->templates);
    t->pool = image_get_array(in, t->mem, &t->pool_size, &t->pool_capacity, 1);
    t->slots = image_get_array(in, t->mem, &count, &t->slot_count, sizeof *t->slots);
}
