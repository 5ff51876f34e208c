/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "detect/session_key.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

/* The first line is the key as a person writes it; the others are looked at and read. */
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    Str rest = {.text = (const char *)bytes, .size = size};
    Mem mem = {0};
    SessionKeyFinder *finder = session_key_finder_open(&mem, 1);
    SessionKey keys[2] = {{0}, {0}};
    for (uint32_t line = 0; rest.size > 0; line++) {
        const char *end = memchr(rest.text, '\n', rest.size);
        size_t line_size = end != NULL ? (size_t)(end - rest.text) : rest.size;
        Str text = str_part(rest, 0, line_size);
        rest = str_part(rest, line_size + (end != NULL), rest.size);
        if (line == 0) {
            keys[0] = session_key_of(text);
            keys[1] = keys[0];
            keys[1].told = false;
            continue;
        }
        session_key_look(finder, text, line % 3);
        for (int k = 0; k < 2; k++)
            for (size_t at = 0, last = 0; at < text.size; last = at) {
                Str value = session_key_next(&keys[k], text, &at);
                assert(at > last);
                assert(value.size == 0 || value.text >= text.text);
                assert(value.size == 0 || value.text + value.size <= text.text + text.size);
            }
    }
    double worth;
    session_key_found(finder, &worth);
    assert(worth >= 0);
    assert(worth <= 1);
    session_key_finder_close(finder);
    assert(mem.bytes == 0);
    return 0;
}
