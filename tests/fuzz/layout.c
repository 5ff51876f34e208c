/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "event/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void lies_in(Str part, Str line, Str buffer)
{
    bool in_line = part.text >= line.text && part.text + part.size <= line.text + line.size;
    bool in_buffer = part.text >= buffer.text && part.text + part.size <= buffer.text + buffer.size;
    assert(part.size == 0 || in_line || in_buffer);
}

/* The layout is learnt from all bytes, then each line of them is parsed. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str all = {.text = (const char *)bytes, .size = size};
    Layout layout = layout_learn(all, 1795464942000000000, -3600);
    char *buffer = malloc(layout_buffer_bytes(size));
    assert(buffer != NULL);
    for (size_t at = 0; at < size;) {
        const char *end = memchr(all.text + at, '\n', size - at);
        size_t to = end == NULL ? size : (size_t)(end - all.text);
        Str line = str_part(all, at, to);
        Record record = layout_parse(&layout, line, buffer);
        Str scratch = {.text = buffer, .size = layout_buffer_bytes(line.size)};
        lies_in(record.message, line, scratch);
        lies_in(record.host, line, scratch);
        lies_in(record.component, line, scratch);
        assert(record.level < LEVEL_COUNT);
        at = to + 1;
    }
    free(buffer);
    return 0;
}
