/* SPDX-License-Identifier: Apache-2.0
 *
 * str.h - a run of bytes with its length, owned by someone else.
 *
 * OWNERSHIP  Borrowed: a Str is valid as long as the bytes that it points to.
 */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
    const char *text; /* Not terminated; may hold any byte, NUL too. */
    size_t      size;
} Str;

#define STR(literal) ((Str){.text = (literal), .size = sizeof(literal) - 1})

static inline Str str_of(const char *text)
{
    return (Str){.text = text, .size = strlen(text)};
}

static inline Str str_part(Str s, size_t from, size_t to)
{
    /* Nothing, of which no part has an address, may have none itself. */
    return (Str){.text = from > 0 ? s.text + from : s.text, .size = to - from};
}

static inline bool str_equal(Str a, Str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.text, b.text, a.size) == 0);
}

#endif
