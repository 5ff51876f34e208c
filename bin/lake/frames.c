/* SPDX-License-Identifier: Apache-2.0 */
#include "lake/frames.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_BYTES 5
#define CAPACITY_MIN 4096

void frame_put(FrameBuffer *buffer, const void *bytes, size_t size)
{
    if (buffer->failed || size == 0)
        return;
    if (buffer->size + size > buffer->capacity) {
        size_t capacity = buffer->capacity > 0 ? buffer->capacity : CAPACITY_MIN;
        while (capacity < buffer->size + size)
            capacity *= 2;
        char *grown = realloc(buffer->bytes, capacity);
        if (grown == NULL) {
            buffer->failed = true;
            return;
        }
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
}

void frame_add(FrameBuffer *buffer, FrameKind kind, const void *bytes, size_t size)
{
    assert(size <= UINT32_MAX);
    unsigned char head[HEAD_BYTES] = {(unsigned char)kind};
    for (int i = 0; i < 4; i++)
        head[1 + i] = (unsigned char)(size >> 8 * i);
    frame_put(buffer, head, sizeof head);
    frame_put(buffer, bytes, size);
}

void frame_add_u64(FrameBuffer *buffer, FrameKind kind, uint64_t value)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(value >> 8 * i);
    frame_add(buffer, kind, bytes, sizeof bytes);
}

void frame_add_field(FrameBuffer *buffer, const char *name, const char *value)
{
    size_t name_size = strlen(name) + 1, value_size = strlen(value);
    size_t at = buffer->size;
    frame_add(buffer, FRAME_FIELD, name, name_size);
    frame_put(buffer, value, value_size + 1);
    if (buffer->failed)
        return;
    size_t size = name_size + value_size + 1;
    for (int i = 0; i < 4; i++)
        buffer->bytes[at + 1 + (size_t)i] = (char)(size >> 8 * i & 255);
}

void frame_add_number(FrameBuffer *buffer, const char *name, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    frame_add_field(buffer, name, text);
}

void frames_free(FrameBuffer *buffer)
{
    free(buffer->bytes);
    *buffer = (FrameBuffer){0};
}

bool frame_next(const FrameBuffer *buffer, size_t *at, Frame *ret_frame)
{
    if (buffer->size - *at < HEAD_BYTES)
        return false;
    const unsigned char *head = (const unsigned char *)buffer->bytes + *at;
    size_t size = 0;
    for (int i = 0; i < 4; i++)
        size |= (size_t)head[1 + i] << 8 * i;
    if (buffer->size - *at - HEAD_BYTES < size)
        return false;
    *ret_frame = (Frame){
        .kind = (FrameKind)head[0], .bytes = (const char *)head + HEAD_BYTES, .size = size};
    *at += HEAD_BYTES + size;
    return true;
}

uint64_t frame_u64(Frame frame)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 8 && i < frame.size; i++)
        value |= (uint64_t)(unsigned char)frame.bytes[i] << 8 * i;
    return value;
}
