/* SPDX-License-Identifier: Apache-2.0
 *
 * base64.h - bytes as letters and back (RFC 4648), and as hexadecimal digits.
 *
 * SHAPE      Pure.  `to` holds what base64_size, or half or three quarters of the text, say.
 * ERRORS     Reading is false for a text that is none.  Both alphabets are read, with and without
 *            padding, as Protocol Buffers' JSON allows; the first one is written, with padding.
 */
#ifndef EVENT_BASE64_H
#define EVENT_BASE64_H
#include "base/str.h"

static inline size_t base64_size(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

void base64_write(Str bytes, char *to);
bool base64_read(Str text, char *to, size_t *ret_size);

void hex_write(Str bytes, char *to); /* Lower case, two digits for each byte. */
bool hex_read(Str text, char *to, size_t *ret_size);

#endif
