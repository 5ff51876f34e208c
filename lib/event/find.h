/* SPDX-License-Identifier: Apache-2.0
 *
 * find.h - the next of two bytes, eight bytes at a time.
 *
 * ALGORITHM  The byte of a word that is zero, found by borrow: A. Mycroft, comp.arch, 1987.
 * EXACTNESS  The same place as a loop over the bytes, on every machine.
 */
#ifndef EVENT_FIND_H
#define EVENT_FIND_H
#include <stdint.h>

#include "base/hash.h"

#define FIND_ONES 0x0101010101010101ULL
#define FIND_TOPS 0x8080808080808080ULL

/* The top bit of each byte of `word` that equals `byte`; bytes above the first hit may lie. */
static inline uint64_t find_bits(uint64_t word, char byte)
{
    uint64_t zeros = word ^ FIND_ONES * (unsigned char)byte;
    return (zeros - FIND_ONES) & ~zeros & FIND_TOPS;
}

/* The first place from `at` on where text holds a or b; `to` if there is none before it. */
static inline size_t find_either(const char *text, size_t at, size_t to, char a, char b)
{
    for (; at + 8 <= to; at += 8) {
        uint64_t word = hash_load((const unsigned char *)text + at, 8);
        uint64_t bits = find_bits(word, a) | find_bits(word, b);
        if (bits != 0)
            return at + (size_t)__builtin_ctzll(bits) / 8;
    }
    while (at < to && text[at] != a && text[at] != b)
        at++;
    return at;
}

#endif
