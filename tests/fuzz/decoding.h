/* SPDX-License-Identifier: Apache-2.0
 *
 * decoding.h - what holds for every wire format, whatever the bytes.
 *
 * Decoded bytes give events that can be read again, as many as are counted, with attributes that
 * are a JSON object; refused ones give a sentence and no event.
 */
#ifndef FUZZ_DECODING_H
#define FUZZ_DECODING_H
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "event/codec.h"
#include "event/json.h"

static inline void check_attributes(Str attributes)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root = NULL;
    if (attributes.size == 0)
        return;
    odd_rc rc = json_read(attributes, &root, problem);
    assert(rc == ODD_OK ? json_kind(root) == NODE_OBJECT : strstr(problem, "duplicate") != NULL);
    json_free(root);
}

static inline void check_events(const odd_events *events, const odd_decoded *decoded)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    EventRead read;
    size_t count = 0;
    for (; (read = event_next(&reader, &event)) == EVENT_READ; count++)
        check_attributes(event.attributes);
    assert(read == EVENT_END);
    assert(count == events->event_count);
    assert(count == 0 || decoded->accepted > 0);
    assert(decoded->rejected == 0 || decoded->message[0] != '\0');
}

/* To be closed by the caller. */
static inline odd_events *decoding_checked(const char *codec, const char *subject, Str bytes)
{
    odd_wire wire = {.source = "job/here", .subject = subject, .now = 1};
    odd_decoded decoded;
    odd_events *events = events_open(NULL, 1);
    assert(events != NULL);
    odd_rc rc = odd_decode(codec, &wire, bytes.text, bytes.size, events, &decoded);
    assert(rc == ODD_OK || rc == ODD_SYNTAX || rc == ODD_FULL || rc == ODD_NOMEM);
    assert(memchr(decoded.message, '\0', sizeof decoded.message) != NULL);
    assert(rc == ODD_OK || (decoded.message[0] != '\0' && events->event_count == 0));
    if (rc == ODD_OK)
        check_events(events, &decoded);
    return events;
}

static inline void check_decoding(const char *codec, const uint8_t *bytes, size_t size)
{
    events_close(decoding_checked(codec, NULL, (Str){.text = (const char *)bytes, .size = size}));
}

#endif
