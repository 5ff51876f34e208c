/* SPDX-License-Identifier: Apache-2.0 */
#include "input/utf16.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define UTF16_PIECE_BYTES 16384

static size_t utf8_put(uint32_t code, char *to)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (char)(0xe0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3f));
        to[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | code >> 18);
    to[1] = (char)(0x80 | (code >> 12 & 0x3f));
    to[2] = (char)(0x80 | (code >> 6 & 0x3f));
    to[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

static size_t lone_put(Utf16 *utf16, char *to)
{
    utf16->lone_count++;
    return utf8_put(0xfffd, to);
}

static size_t unit_put(Utf16 *utf16, uint16_t unit, char *to)
{
    size_t size = 0;
    bool   is_low = unit >= 0xdc00 && unit <= 0xdfff;
    if (utf16->has_high) {
        utf16->has_high = false;
        if (is_low)
            return utf8_put(0x10000 + ((uint32_t)(utf16->high - 0xd800) << 10) + (unit - 0xdc00u),
                            to);
        size = lone_put(utf16, to);
    }
    if (unit >= 0xd800 && unit <= 0xdbff) {
        utf16->has_high = true;
        utf16->high = unit;
        return size;
    }
    return size + (is_low ? lone_put(utf16, to + size) : utf8_put(unit, to + size));
}

size_t utf16_convert(Utf16 *utf16, const char *from, size_t size, char *to)
{
    size_t made = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)from[i];
        if (!utf16->has_byte) {
            utf16->has_byte = true;
            utf16->byte = byte;
            continue;
        }
        utf16->has_byte = false;
        unsigned unit = utf16->big_endian ? utf16->byte * 256u + byte : byte * 256u + utf16->byte;
        made += unit_put(utf16, (uint16_t)unit, to + made);
    }
    return made;
}

size_t utf16_end(Utf16 *utf16, char *to)
{
    size_t made = 0;
    if (utf16->has_high)
        made += lone_put(utf16, to + made);
    if (utf16->has_byte)
        made += lone_put(utf16, to + made);
    utf16->has_high = utf16->has_byte = false;
    return made;
}

typedef struct {
    Tap               tap;
    const TapSetting *setting;
    Utf16             utf16;
    char              text[UTF16_ROOM(UTF16_PIECE_BYTES)]; /* Converted, not yet given. */
    size_t            from, to;
    bool              done;
} Utf16Tap;

static void utf16_refill(Utf16Tap *u)
{
    char   piece[UTF16_PIECE_BYTES];
    size_t got = tap_read(u->tap.below, piece, sizeof piece);
    u->from = 0;
    if (got > 0) {
        u->to = utf16_convert(&u->utf16, piece, got, u->text);
        return;
    }
    u->to = utf16_end(&u->utf16, u->text);
    u->done = true;
    if (u->utf16.lone_count > 0)
        notes_add(u->setting->notes,
                  "%s holds %" PRIu64 " torn UTF-16 characters: each is read as U+FFFD",
                  u->setting->name, u->utf16.lone_count);
}

static size_t utf16_read(Tap *tap, char *to, size_t size)
{
    Utf16Tap *u = (Utf16Tap *)tap;
    while (u->from == u->to && !u->done)
        utf16_refill(u);
    size_t part = u->to - u->from < size ? u->to - u->from : size;
    memcpy(to, u->text + u->from, part);
    u->from += part;
    return part;
}

static void utf16_close(Tap *tap)
{
    free(tap);
}

Tap *utf16_tap(Tap *below, bool big_endian, const TapSetting *setting)
{
    assert(below != NULL);
    Utf16Tap *u = calloc(1, sizeof *u);
    if (u == NULL)
        return NULL;
    u->tap = (Tap){.read = utf16_read, .close = utf16_close, .below = below};
    u->setting = setting;
    u->utf16.big_endian = big_endian;
    return &u->tap;
}
