/* SPDX-License-Identifier: Apache-2.0
 *
 * decode.h - what holds of every wire format, whatever the bytes.
 *
 * A refusal has a sentence and leaves nothing; events can be read again, all of them; and decoding
 * once more gives the same bytes.
 */
#ifndef FUZZ_DECODE_H
#define FUZZ_DECODE_H
#include <assert.h>
#include <stdint.h>

#include "event/codec.h"

static inline void check_events(const odd_events *events, const odd_decoded *decoded)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event       event;
    EventRead   read;
    uint64_t    count = 0;
    while ((read = event_next(&reader, &event)) == EVENT_READ)
        count++;
    assert(read == EVENT_END);
    assert(count == events->event_count);
    assert(count == 0 || decoded->accepted > 0);
    assert(memchr(decoded->message, '\0', sizeof decoded->message) != NULL);
    assert(decoded->rejected == 0 || decoded->message[0] != '\0');
}

static inline odd_events *decode_events(const char *codec, const odd_wire *wire, Str bytes,
                                        odd_decoded *decoded)
{
    odd_events *events = events_open(NULL, 1795464942000000000);
    assert(events != NULL);
    odd_rc rc = odd_decode(codec, wire, bytes.text, bytes.size, events, decoded);
    assert(rc == ODD_OK || rc == ODD_SYNTAX || rc == ODD_FULL || rc == ODD_NOMEM);
    assert(rc == ODD_OK || (events->event_count == 0 && events->size == 0));
    assert(rc != ODD_SYNTAX || decoded->message[0] != '\0');
    if (rc == ODD_OK)
        check_events(events, decoded);
    return events;
}

/* Closed by the caller. */
static inline odd_events *decode_twice(const char *codec, const char *subject, Str bytes)
{
    odd_wire wire = {.source = "a/b", .subject = subject, .now = 1795464942000000000};
    odd_decoded decoded;
    odd_events *again = decode_events(codec, &wire, bytes, &decoded);
    odd_events *events = decode_events(codec, &wire, bytes, &decoded);
    assert(events->size == again->size);
    assert(events->size == 0 || memcmp(events->bytes, again->bytes, events->size) == 0);
    events_close(again);
    return events;
}

#endif
