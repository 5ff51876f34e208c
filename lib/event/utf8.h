/* SPDX-License-Identifier: Apache-2.0
 *
 * utf8.h - whether bytes are well-formed UTF-8: no overlong form, no surrogate, nothing above
 * U+10FFFF; and how bytes that are not are shown.
 *
 * ALGORITHM  Table 3-7 of the Unicode Standard.
 */
#ifndef EVENT_UTF8_H
#define EVENT_UTF8_H
#include "base/str.h"

bool utf8_is_valid(Str text);

/* The text itself where it is well-formed; else, put together in `room` (of UTF8_SHOWN_BYTES times
 * its size), with each byte that is in no character as \xff. */
#define UTF8_SHOWN_BYTES 4
Str utf8_shown(Str text, char *room);

/* Of the character that a text begins with, in bytes; 0: the text is empty, or begins with none. */
size_t utf8_size(Str text);

#endif
