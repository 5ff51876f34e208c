/* SPDX-License-Identifier: Apache-2.0
 *
 * json_plain.h - how far a text goes on with bytes that stand in a JSON string as they are.
 *
 * Those are printable ASCII but for the quote and the backslash; a byte above 127 ends the run,
 * since whoever reads or writes must see whether it is UTF-8.
 *
 * ALGORITHM  Eight bytes at a time, as in find.h; less than 0x20 by the borrow of a subtraction.
 * EXACTNESS  The same place as a loop over the bytes, on every machine.
 */
#ifndef EVENT_JSON_PLAIN_H
#define EVENT_JSON_PLAIN_H
#include <stdbool.h>

#include "event/find.h"

static inline bool json_is_plain(char byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && (signed char)byte > 0;
}

static inline size_t json_plain_end(const char *text, size_t at, size_t to)
{
    for (; at + 8 <= to; at += 8) {
        uint64_t word = hash_load((const unsigned char *)text + at, 8);
        uint64_t low = (word - FIND_ONES * 0x20) & ~word & FIND_TOPS;
        uint64_t bits = low | (word & FIND_TOPS) | find_bits(word, '"') | find_bits(word, '\\');
        if (bits != 0)
            return at + (size_t)__builtin_ctzll(bits) / 8;
    }
    while (at < to && json_is_plain(text[at]))
        at++;
    return at;
}

#endif
