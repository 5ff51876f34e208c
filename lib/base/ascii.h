/* SPDX-License-Identifier: Apache-2.0
 *
 * ascii.h - letters, digits and words of texts, without regard to case.  Other bytes are no
 * letters.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H
#include "base/str.h"

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline bool ascii_is_letter(char c)
{
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* word: in lower case.  It stands at that place of the text. */
static inline bool ascii_stands_at(Str text, size_t at, const char *word)
{
    for (size_t i = 0; word[i] != '\0'; i++)
        if (at + i >= text.size || ascii_lower(text.text[at + i]) != word[i])
            return false;
    return true;
}

/* It stands anywhere in it, in a longer word, too. */
static inline bool ascii_holds(Str text, const char *word)
{
    for (size_t at = 0; at < text.size; at++)
        if (ascii_stands_at(text, at, word))
            return true;
    return false;
}

#endif
