/* SPDX-License-Identifier: Apache-2.0
 *
 * decoding.h - for tests of wire formats: decode bytes, and compare the events as text.
 *
 *     lines SOURCE|text|                        record SOURCE TIME LEVEL|text|ATTRIBUTES
 *     samples SOURCE|SERIES| TIME=VALUE ...     change SOURCE TIME|text|
 *
 * A line end in a text is written as "\n".
 */
#ifndef TESTS_DECODING_H
#define TESTS_DECODING_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "event/codec.h"
#include "event/level.h"

#define DECODING_NOW INT64_C(1795464942000000000)

typedef struct {
    odd_rc rc;
    odd_decoded decoded;
    char text[16384];
    char items[64];
    size_t events, bytes;
} Decoding;

static inline size_t decoding_put_text(char *to, Str text)
{
    size_t size = 0;
    to[size++] = '|';
    for (size_t i = 0; i < text.size; i++) {
        if (text.text[i] == '\n')
            to[size++] = '\\';
        to[size++] = (char)(text.text[i] == '\n' ? 'n' : text.text[i]);
    }
    to[size++] = '|';
    return size;
}

static inline size_t decoding_put_event(char *to, const Event *event)
{
    static const char *const kinds[EVENT_KIND_COUNT] = {
        "", "lines", "record", "samples", "change", "tick", "position", "key", "verdict",
        "batch", "alert"};
    size_t size = (size_t)sprintf(to, "%s %.*s", kinds[event->kind], (int)event->source.size,
                                  event->source.text);
    if (event->kind == EVENT_RECORD || event->kind == EVENT_CHANGE) {
        if (event->time == ODD_TIME_NONE)
            size += (size_t)sprintf(to + size, " -");
        else
            size += (size_t)sprintf(to + size, " %lld", (long long)event->time);
    }
    if (event->kind == EVENT_RECORD)
        size += (size_t)sprintf(to + size, " %s", level_name(event->level));
    size +=
        decoding_put_text(to + size, event->kind == EVENT_SAMPLES ? event->series : event->text);
    for (size_t i = 0; i < event->sample_count; i++) {
        Sample sample = event_sample(event, i);
        size += (size_t)sprintf(to + size, " %lld=%.15g", (long long)sample.time, sample.value);
    }
    if (event->kind == EVENT_RECORD) {
        memcpy(to + size, event->attributes.text, event->attributes.size);
        size += event->attributes.size;
    }
    to[size++] = '\n';
    return size;
}

/* The bytes stand in a block of exactly their size, so that a sanitizer sees what is read behind
 * them.  source may be NULL. */
static inline Decoding decoding_of(const char *codec, const char *source, const char *subject,
                                   Str bytes)
{
    Decoding got = {.rc = ODD_OK};
    char *copy = malloc(bytes.size > 0 ? bytes.size : 1);
    assert_non_null(copy);
    if (bytes.size > 0)
        memcpy(copy, bytes.text, bytes.size);
    odd_events *events = events_open(NULL, DECODING_NOW);
    assert_non_null(events);
    odd_wire wire = {
        .source = source != NULL ? source : "here", .subject = subject, .now = DECODING_NOW};
    got.rc = odd_decode(codec, &wire, copy, bytes.size, events, &got.decoded);
    free(copy);
    got.events = events->event_count;
    got.bytes = events->size;
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    EventRead read;
    size_t size = 0;
    while ((read = event_next(&reader, &event)) == EVENT_READ &&
           size + 2 * (event.text.size + event.series.size) + event.attributes.size +
                   60 * event.sample_count + 2048 <
               sizeof got.text)
        size += decoding_put_event(got.text + size, &event);
    got.text[size] = '\0';
    assert_int_not_equal(read, EVENT_TORN);
    if (got.decoded.item_count > 0 && got.decoded.item_count < sizeof got.items)
        memcpy(got.items, got.decoded.items, got.decoded.item_count);
    events_close(events);
    return got;
}

static inline void assert_decoded(Decoding got, const char *expected)
{
    if (got.rc != ODD_OK)
        fail_msg("%s: %s", odd_strerror(got.rc), got.decoded.message);
    assert_string_equal(got.text, expected);
}

/* Each beginning of the bytes, the whole left out, gives fewer events, or is refused with a
 * sentence and leaves nothing. */
static inline void assert_torn_gives_less(const char *codec, const char *subject, Str bytes)
{
    Decoding whole = decoding_of(codec, NULL, subject, bytes);
    assert_int_equal(whole.rc, ODD_OK);
    for (size_t size = 0; size < bytes.size; size++) {
        Decoding part = decoding_of(codec, NULL, subject, str_part(bytes, 0, size));
        if (part.rc == ODD_OK) {
            assert_true(part.events <= whole.events && part.bytes <= whole.bytes);
            continue;
        }
        assert_int_equal(part.rc, ODD_SYNTAX);
        assert_int_equal(part.events, 0);
        assert_true(part.decoded.message[0] != '\0');
    }
}

#endif
