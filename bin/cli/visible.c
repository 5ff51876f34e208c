/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/visible.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cli/utf8.h"

bool visible_is_safe(int32_t c)
{
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad)
        return false;
    if (c == 0x061c || c == 0x180e || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb))
        return false;
    if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
        (c >= 0x2060 && c <= 0x206f))
        return false;
    if ((c >= 0xe000 && c <= 0xf8ff) || (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef))
        return false;
    return c < 0xe0000 || (c >= 0xe0100 && c <= 0xe01ef); /* Tags and private planes are unseen. */
}

Glyph visible_next(const char *bytes, size_t size)
{
    Glyph glyph = {0};
    int32_t c = utf8_decode(bytes, size, &glyph.consumed);
    if (visible_is_safe(c)) {
        memcpy(glyph.text, bytes, glyph.consumed);
        glyph.size = glyph.consumed;
        glyph.width = utf8_width(c);
        return glyph;
    }
    int length;
    if (c == '\t' || c == '\n' || c == '\r')
        length = snprintf(glyph.text, sizeof glyph.text, "\\%c",
                          c == '\t'   ? 't'
                          : c == '\n' ? 'n'
                                      : 'r');
    else if (c == UTF8_INVALID || c < 0x80)
        length = snprintf(glyph.text, sizeof glyph.text, "\\x%02x", (unsigned char)bytes[0]);
    else if (c < 0x10000)
        length = snprintf(glyph.text, sizeof glyph.text, "\\u%04x", (unsigned)c);
    else
        length = snprintf(glyph.text, sizeof glyph.text, "\\U%08x", (unsigned)c);
    glyph.size = (size_t)length;
    glyph.width = length;
    return glyph;
}

void visible_add(Buffer *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        Glyph glyph = visible_next(bytes + i, size - i);
        buffer_add(out, glyph.text, glyph.size);
        i += glyph.consumed;
    }
}

int visible_width(const char *bytes, size_t size)
{
    int width = 0;
    for (size_t i = 0; i < size;) {
        Glyph glyph = visible_next(bytes + i, size - i);
        width += glyph.width;
        i += glyph.consumed;
    }
    return width;
}

/* Where a walk from `from` ends that shows at most `columns`. */
static size_t visible_fit(const char *bytes, size_t size, size_t from, int columns)
{
    while (from < size) {
        Glyph glyph = visible_next(bytes + from, size - from);
        if (glyph.width > columns)
            break;
        columns -= glyph.width;
        from += glyph.consumed;
    }
    return from;
}

/* The earliest start, not before `from`, from which [start, to) fits into `columns`. */
static size_t visible_fit_back(const char *bytes, size_t from, size_t to, int columns)
{
    int width = visible_width(bytes + from, to - from);
    while (from < to && width > columns) {
        Glyph glyph = visible_next(bytes + from, to - from);
        width -= glyph.width;
        from += glyph.consumed;
    }
    return from;
}

size_t visible_end(const char *bytes, size_t size, int columns)
{
    return visible_fit_back(bytes, 0, size, columns);
}

void visible_shorten(Buffer *out, const char *bytes, size_t size, int columns, bool ascii,
                     size_t focus, size_t focus_size)
{
    assert(focus + focus_size <= size);
    const char *gap = ascii ? "..." : "\xe2\x80\xa6";
    const int gap_width = ascii ? 3 : 1;
    if (visible_fit(bytes, size, 0, columns) == size) {
        visible_add(out, bytes, size);
        return;
    }
    int head_columns = (columns - gap_width) * 2 / 3;
    size_t head = visible_fit(bytes, size, 0, head_columns);
    if (focus_size == 0 || focus + focus_size <= head) {
        int tail_columns = columns - gap_width - visible_width(bytes, head);
        size_t tail = visible_fit_back(bytes, head, size, tail_columns);
        visible_add(out, bytes, head);
        buffer_puts(out, gap);
        visible_add(out, bytes + tail, size - tail);
        return;
    }
    /* A short head for orientation, then as much as fits around the focus. */
    head = visible_fit(bytes, focus, 0, columns / 4);
    int left = columns - 2 * gap_width - visible_width(bytes, head);
    int before = (left - visible_width(bytes + focus, focus_size)) / 2;
    size_t from = before > 0 ? visible_fit_back(bytes, head, focus, before) : focus;
    size_t to = visible_fit(bytes, size, from, left);
    visible_add(out, bytes, head);
    if (from > head)
        buffer_puts(out, gap);
    visible_add(out, bytes + from, to - from);
    if (to < size)
        buffer_puts(out, gap);
}
