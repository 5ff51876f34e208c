/* SPDX-License-Identifier: Apache-2.0 */
#include "event/colour.h"

#include <string.h>

#define ESCAPE '\x1b'

/* The size of the colour at the start of p, 0: there is none. */
static size_t colour_size(const char *p, size_t left)
{
    if (left < 3 || p[0] != ESCAPE || p[1] != '[')
        return 0;
    size_t at = 2;
    while (at < left && ((p[at] >= '0' && p[at] <= '9') || p[at] == ';'))
        at++;
    return at < left && p[at] == 'm' ? at + 1 : 0;
}

size_t colour_strip(char *bytes, size_t size)
{
    char *first = memchr(bytes, ESCAPE, size);
    if (first == NULL)
        return size;
    size_t to = (size_t)(first - bytes);
    for (size_t from = to; from < size;) {
        size_t skipped = colour_size(bytes + from, size - from);
        if (skipped == 0)
            bytes[to++] = bytes[from++];
        from += skipped;
    }
    return to;
}
