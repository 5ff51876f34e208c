/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/writer.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/cut.h"

Writer writer_make(char *buffer, size_t size)
{
    assert(size > 0);
    buffer[0] = '\0';
    return (Writer){.text = buffer, .size = size};
}

void writer_add(Writer *w, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(w->text + w->used, w->size - w->used, format, arguments);
    va_end(arguments);
    if (written > 0)
        w->used = w->used + (size_t)written < w->size ? w->used + (size_t)written : w->size - 1;
}

void writer_quote(Writer *w, Str text, size_t bytes_max)
{
    size_t size = cut_at_character(text, bytes_max);
    const char *ending = size < text.size ? " ..." : "";
    if (w->used + size + sizeof "` ...`" >= w->size)
        return;
    w->text[w->used++] = '`';
    if (size > 0)
        memcpy(w->text + w->used, text.text, size);
    w->used += size;
    writer_add(w, "%s`", ending);
}

const char *number_text(double value, char *buffer)
{
    if (value < 10 && fabs(value - floor(value + 0.5)) > 0.05) {
        snprintf(buffer, NUMBER_SIZE, "%.1f", value);
        return buffer;
    }
    char digits[NUMBER_SIZE];
    int count = snprintf(digits, sizeof digits, "%.0f", value), at = 0;
    for (int i = 0; i < count && at < NUMBER_SIZE - 2; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            buffer[at++] = ',';
        buffer[at++] = digits[i];
    }
    buffer[at] = '\0';
    return buffer;
}

const char *ratio_text(double value, char *buffer)
{
    if (value >= 10)
        number_text(value, buffer);
    else
        snprintf(buffer, NUMBER_SIZE, "%.1f", value);
    return buffer;
}
