/* SPDX-License-Identifier: Apache-2.0
 *
 * events_read.c - events out of the bytes that events.c has written. */
#include <assert.h>

#include "base/bytes.h"
#include "event/events.h"

static bool get_bytes(EventReader *reader, size_t size, Str *ret)
{
    if (size > reader->bytes.size - reader->at)
        return false;
    *ret = str_part(reader->bytes, reader->at, reader->at + size);
    reader->at += size;
    return true;
}

static bool get_text(EventReader *reader, Str *ret)
{
    uint64_t size;
    return varint_get(reader->bytes.text, reader->bytes.size, &reader->at, &size) &&
           size <= reader->bytes.size && get_bytes(reader, (size_t)size, ret);
}

static bool get_time(EventReader *reader, odd_time *ret)
{
    Str bytes;
    if (!get_bytes(reader, 8, &bytes))
        return false;
    *ret = (odd_time)bytes_get_u64(bytes.text);
    return true;
}

static bool get_level(EventReader *reader, Level *ret)
{
    Str byte;
    if (!get_bytes(reader, 1, &byte) || (unsigned char)byte.text[0] >= LEVEL_COUNT)
        return false;
    *ret = (Level)byte.text[0];
    return true;
}

static bool get_samples(EventReader *reader, Event *event)
{
    Str count;
    if (!get_text(reader, &event->series) || !get_bytes(reader, 4, &count))
        return false;
    event->sample_count = bytes_get_u32(count.text);
    return get_bytes(reader, event->sample_count * EVENT_SAMPLE_BYTES, &event->samples);
}

static bool get_lines(EventReader *reader, Event *event)
{
    Str zone;
    if (!get_bytes(reader, 4, &zone))
        return false;
    event->zone_s = (int32_t)bytes_get_u32(zone.text);
    return get_text(reader, &event->text) && event->text.size > 0 &&
           event->text.text[event->text.size - 1] == '\n';
}

static bool get_source(EventReader *reader, Str *ret)
{
    Str source;
    if (!get_text(reader, &source) || source.size > EVENT_NAME_BYTES_MAX)
        return false;
    *ret = event_source_cut(source);
    return true;
}

static bool get_parts(EventReader *reader, Event *event)
{
    switch (event->kind) {
    case EVENT_LINES:
        return get_lines(reader, event);
    case EVENT_RECORD:
        return get_time(reader, &event->time) && get_level(reader, &event->level) &&
               get_text(reader, &event->text) && get_text(reader, &event->attributes);
    case EVENT_SAMPLES:
        return get_samples(reader, event);
    case EVENT_CHANGE:
    case EVENT_POSTED:
        return get_time(reader, &event->time) && get_text(reader, &event->text);
    case EVENT_TICK:
        return true;
    case EVENT_POSITION:
    case EVENT_KEY:
    case EVENT_VERDICT:
    case EVENT_BATCH:
    case EVENT_ALERT:
    case EVENT_FEATURES:
        return get_text(reader, &event->text);
    case EVENT_KIND_COUNT:
        break;
    }
    return false;
}

EventRead event_next(EventReader *reader, Event *ret)
{
    if (reader->at >= reader->bytes.size)
        return EVENT_END;
    int head = (unsigned char)reader->bytes.text[reader->at++];
    Event event = {.kind = (EventKind)(head & EVENT_KIND_MASK), .time = ODD_TIME_NONE};
    if (event.kind < EVENT_LINES || event.kind >= EVENT_KIND_COUNT)
        return EVENT_TORN;
    if (!(head & EVENT_SAME_KNOWN) && !get_time(reader, &reader->known))
        return EVENT_TORN;
    if (!(head & EVENT_SAME_SOURCE) && !get_source(reader, &reader->source))
        return EVENT_TORN;
    event.known = reader->known;
    event.source = reader->source;
    if (!get_parts(reader, &event))
        return EVENT_TORN;
    *ret = event;
    return EVENT_READ;
}

Sample event_sample(const Event *event, size_t number)
{
    assert(number < event->sample_count);
    const char *at = event->samples.text + number * EVENT_SAMPLE_BYTES;
    return (Sample){.time = (odd_time)bytes_get_u64(at), .value = bytes_get_double(at + 8)};
}
