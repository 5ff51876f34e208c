/* SPDX-License-Identifier: Apache-2.0
 *
 * utf8.h - characters out of bytes that may be anything, and how wide they are on a screen.
 *
 * SHAPE      One character per call.
 * UNITS      Width in columns of a terminal: 0 (joins its neighbour), 1, or 2 (East Asian wide,
 *            emoji).  A table of ours, so that the locale has no say.
 * ERRORS     None: what is not UTF-8 (overlong, surrogate, torn) is UTF8_INVALID, one byte long.
 */
#ifndef CLI_UTF8_H
#define CLI_UTF8_H
#include <stddef.h>
#include <stdint.h>

#define UTF8_INVALID (-1)

/* The character at the start of bytes (size > 0); its length goes to *ret_size. */
int32_t utf8_decode(const char *bytes, size_t size, size_t *ret_size);

int utf8_width(int32_t character);

#endif
