/* SPDX-License-Identifier: Apache-2.0
 *
 * utf16.h - UTF-16 to UTF-8, piece by piece.
 *
 * ALGORITHM  RFC 2781 and 3629.  A surrogate without its partner and a last odd byte become U+FFFD
 *            and are counted.
 * EXACTNESS  The output depends on the bytes alone, not on how they are split into pieces.
 */
#ifndef INPUT_UTF16_H
#define INPUT_UTF16_H
#include "input/tap.h"

typedef struct {
    bool     big_endian;
    bool     has_byte, has_high; /* What waits for its other half. */
    uint8_t  byte;
    uint16_t high;
    uint64_t lone_count; /* Halves that never met. */
} Utf16;                 /* All zero: the beginning of UTF-16LE. */

/* to holds UTF16_ROOM(size) bytes; gives how many were written. */
#define UTF16_ROOM(size) (((size) / 2 + 1) * 3 + 3)
size_t utf16_convert(Utf16 *utf16, const char *from, size_t size, char *to);
size_t utf16_end(Utf16 *utf16, char *to); /* What still waits: at most 6 bytes. */

/* Notes the lone halves when it ends.  NULL: no memory; `below` stays open. */
Tap *utf16_tap(Tap *below, bool big_endian, const TapSetting *setting);

#endif
