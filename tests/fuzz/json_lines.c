/* SPDX-License-Identifier: Apache-2.0 */
#include "event/json_lines.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What is read has all its texts inside the line, and its record inside the buffer. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str line = {.text = (const char *)bytes, .size = size};
    FieldList list;
    if (!json_line_read(line, &list))
        return 0;
    for (size_t i = 0; i < list.count; i++) {
        Str name = list.fields[i].name, value = list.fields[i].value;
        assert(name.text >= line.text && name.text + name.size <= line.text + size);
        assert(value.size == 0 || value.text + value.size <= line.text + size);
    }
    TimeFrame frame = time_frame(0, 0);
    size_t buffer_bytes = fields_buffer_bytes(size);
    char *buffer = malloc(buffer_bytes);
    assert(buffer != NULL);
    Record record = {.time = ODD_TIME_NONE};
    if (fields_to_record(&list, TIME_FORMAT_NONE, &frame, buffer, buffer_bytes, &record))
        assert(record.message.size <= buffer_bytes);
    free(buffer);
    return 0;
}
