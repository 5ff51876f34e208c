/* SPDX-License-Identifier: Apache-2.0 */
#include "base/image.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"

void image_put(ImageOut *out, const void *bytes, size_t size)
{
    if (out->failed || bytes == NULL || size == 0)
        return;
    char *grown = mem_grow(out->mem, out->bytes, &out->capacity, out->size + size, 1);
    if (grown == NULL) {
        out->failed = true;
        return;
    }
    out->bytes = grown;
    memcpy(grown + out->size, bytes, size);
    out->size += size;
}

static void put_number(ImageOut *out, uint64_t number)
{
    char bytes[8];
    bytes_put_u64(bytes, number);
    image_put(out, bytes, sizeof bytes);
}

void image_put_array(ImageOut *out, const void *array, size_t count, size_t capacity,
                     size_t element_bytes)
{
    put_number(out, count);
    put_number(out, array != NULL ? capacity : 0);
    put_number(out, element_bytes);
    image_put(out, array, count * element_bytes);
}

void image_put_text(ImageOut *out, Str text)
{
    put_number(out, text.size);
    image_put(out, text.text, text.size);
}

void image_close(ImageOut *out)
{
    mem_free(out->mem, out->bytes, out->capacity);
    *out = (ImageOut){.mem = out->mem};
}

/* NULL, and failed, past the end. */
static const char *get_bytes(ImageIn *in, uint64_t size)
{
    if (in->failed || size > in->bytes.size - in->at) {
        in->failed = true;
        return NULL;
    }
    const char *bytes = in->bytes.text + in->at;
    in->at += (size_t)size;
    return bytes;
}

static uint64_t get_number(ImageIn *in)
{
    const char *bytes = get_bytes(in, 8);
    return bytes != NULL ? bytes_get_u64(bytes) : 0;
}

void image_get(ImageIn *in, void *bytes, size_t size)
{
    const char *from = size > 0 ? get_bytes(in, size) : NULL;
    if (from != NULL)
        memcpy(bytes, from, size);
}

/* What mem_take gives, also above the cap. */
static void *take_uncapped(Mem *mem, size_t size)
{
    uint64_t cap = mem->bytes_max;
    mem->bytes_max = 0;
    void *block = mem_take(mem, size);
    mem->bytes_max = cap;
    return block;
}

void *image_get_array(ImageIn *in, Mem *mem, size_t *ret_count, size_t *ret_capacity,
                      size_t element_bytes)
{
    uint64_t count = get_number(in), capacity = get_number(in), element = get_number(in);
    *ret_count = *ret_capacity = 0;
    assert(element_bytes > 0);
    bool sane = !in->failed && element == element_bytes && count <= capacity &&
                capacity <= (1ull << 40) / element_bytes;
    if (!sane) {
        in->failed = true;
        return NULL;
    }
    const char *from = get_bytes(in, count * element);
    if (from == NULL || capacity == 0)
        return NULL;
    char *array = take_uncapped(mem, (size_t)(capacity * element));
    if (array == NULL) {
        in->failed = true;
        return NULL;
    }
    if (count > 0)
        memcpy(array, from, (size_t)(count * element));
    *ret_count = (size_t)count;
    *ret_capacity = (size_t)capacity;
    return array;
}

Str image_get_text(ImageIn *in)
{
    uint64_t size = get_number(in);
    const char *bytes = get_bytes(in, size);
    return bytes != NULL ? (Str){.text = bytes, .size = (size_t)size} : (Str){.text = ""};
}

bool image_at_end(const ImageIn *in)
{
    return !in->failed && in->at == in->bytes.size;
}
