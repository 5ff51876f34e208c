/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cut.h"

size_t cut_at_character(Str text, size_t bytes_max)
{
    if (text.size <= bytes_max)
        return text.size;
    size_t size = bytes_max;
    while (size > 0 && ((unsigned char)text.text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

void cut_into(char *to, size_t size, Str text)
{
    size_t kept = cut_at_character(text, size - 1);
    if (kept > 0)
        memcpy(to, text.text, kept);
    to[kept] = '\0';
}
