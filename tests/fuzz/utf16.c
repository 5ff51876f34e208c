/* SPDX-License-Identifier: Apache-2.0
 *
 * The first byte chooses byte order and piece size, the rest is UTF-16: pieces must give what the
 * whole gives, in as much room as promised.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "input/utf16.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static size_t convert(const char *from, size_t size, size_t piece, Utf16 *utf16, char *to)
{
    size_t made = 0;
    for (size_t at = 0; at < size; at += piece) {
        size_t part = size - at < piece ? size - at : piece;
        size_t more = utf16_convert(utf16, from + at, part, to + made);
        assert(more <= UTF16_ROOM(part));
        made += more;
    }
    return made + utf16_end(utf16, to + made);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    const char *from = (const char *)bytes + 1;
    Utf16       whole = {.big_endian = bytes[0] & 1}, parts = whole;
    char       *one = malloc(UTF16_ROOM(size) + 6), *other = malloc(UTF16_ROOM(size) + 6);
    assert(one != NULL && other != NULL);
    size_t one_size = convert(from, size - 1, size, &whole, one);
    size_t other_size = convert(from, size - 1, (bytes[0] >> 1) + 1u, &parts, other);
    assert(one_size == other_size);
    assert(memcmp(one, other, one_size) == 0);
    assert(whole.lone_count == parts.lone_count);
    free(one);
    free(other);
    return 0;
}
