/* SPDX-License-Identifier: Apache-2.0
 *
 * exposition.c - the first byte says whether it is OpenMetrics.  The name of each series, written
 * as a line of that format, gives the same series again.
 */
#include "decoding.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_again(Str series)
{
    char *line = malloc(series.size + 3);
    assert(line != NULL);
    memcpy(line, series.text, series.size);
    memcpy(line + series.size, " 1\n", 3);
    odd_events *events = decoding_checked("exposition", NULL, (Str){line, series.size + 3});
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    assert(event_next(&reader, &event) == EVENT_READ);
    assert(str_equal(event.series, series));
    events_close(events);
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    Str text = {.text = (const char *)bytes + 1, .size = size - 1};
    odd_events *events =
        decoding_checked("exposition", bytes[0] % 2 == 1 ? "openmetrics" : NULL, text);
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    while (event_next(&reader, &event) == EVENT_READ)
        check_again(event.series);
    events_close(events);
    return 0;
}
