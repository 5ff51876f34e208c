/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void buffer_reserve(Buffer *buffer, size_t more)
{
    size_t needed = buffer->size + more + 1;
    if (needed <= buffer->capacity)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 64;
    if (capacity < needed)
        capacity = needed;
    char *text = realloc(buffer->text, capacity);
    if (!text) {
        fputs("oddball: out of memory while writing the answer\n", stderr);
        _exit(2);
    }
    buffer->text = text;
    buffer->capacity = capacity;
}

void buffer_add(Buffer *buffer, const void *bytes, size_t size)
{
    buffer_reserve(buffer, size);
    if (size > 0)
        memcpy(buffer->text + buffer->size, bytes, size);
    buffer->size += size;
    buffer->text[buffer->size] = '\0';
}

void buffer_puts(Buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_repeat(Buffer *buffer, char c, size_t count)
{
    buffer_reserve(buffer, count);
    memset(buffer->text + buffer->size, c, count);
    buffer->size += count;
    buffer->text[buffer->size] = '\0';
}

void buffer_number(Buffer *buffer, uint64_t number, int digits)
{
    char text[32];
    size_t at = sizeof text;
    for (; at > 0 && (number > 0 || digits > 0); number /= 10, digits--)
        text[--at] = (char)('0' + number % 10);
    buffer_add(buffer, text + at, sizeof text - at);
}

void buffer_format(Buffer *buffer, const char *format, ...)
{
    va_list measure, print;
    va_start(measure, format);
    va_copy(print, measure);
    int size = vsnprintf(NULL, 0, format, measure);
    va_end(measure);
    if (size > 0) {
        buffer_reserve(buffer, (size_t)size);
        vsnprintf(buffer->text + buffer->size, (size_t)size + 1, format, print);
        buffer->size += (size_t)size;
    }
    va_end(print);
}

void buffer_percent(Buffer *buffer, const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (; *text != '\0'; text++)
        if (strchr(plain, *text) != NULL)
            buffer_add(buffer, text, 1);
        else
            buffer_format(buffer, "%%%02X", (unsigned char)*text);
}

void buffer_clear(Buffer *buffer)
{
    buffer->size = 0;
    if (buffer->text)
        buffer->text[0] = '\0';
}

void buffer_free(Buffer *buffer)
{
    free(buffer->text);
    *buffer = (Buffer){0};
}

const char *buffer_text(const Buffer *buffer)
{
    return buffer->text ? buffer->text : "";
}
