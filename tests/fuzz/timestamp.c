/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdint.h>

#include "event/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Every format reads the bytes, from every place of the first few. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str text = {.text = (const char *)bytes, .size = size};
    TimeFrame frame = time_frame(1795464942000000000, 3600);
    for (size_t at = 0; at <= size && at < 4; at++) {
        TimeFormat guess = timestamp_guess(&frame, text, at);
        for (TimeFormat format = 0; format <= timestamp_format_count(); format++) {
            odd_time time = ODD_TIME_NONE;
            size_t read = timestamp_read(format, &frame, text, at, &time);
            assert(read <= size - at && read <= TIMESTAMP_BYTES_MAX);
            assert(format != guess || guess == TIME_FORMAT_NONE || time != ODD_TIME_NONE);
        }
    }
    return 0;
}
