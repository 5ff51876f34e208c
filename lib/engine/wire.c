/* SPDX-License-Identifier: Apache-2.0
 *
 * wire.c - the door for events: put together by hand, or decoded from the wire. */
#include "event/codec.h"
#include "event/framing.h"
#include "event/otlp_answer.h"
#include "event/timestamp.h"

odd_rc odd_events_open(const odd_masks *masks, odd_time known, odd_events **ret_events)
{
    odd_events *events = events_open(masks, known);
    if (events == NULL)
        return ODD_NOMEM;
    *ret_events = events;
    return ODD_OK;
}

void odd_events_close(odd_events *events)
{
    events_close(events);
}

void odd_events_clear(odd_events *events, odd_time known)
{
    events_clear(events);
    events->known = known;
}

static odd_rc added(bool good)
{
    return good ? ODD_OK : ODD_FULL;
}

odd_rc odd_events_lines(odd_events *events, const char *source, int32_t zone_s, const void *lines,
                        size_t size)
{
    Str all = {.text = lines, .size = size};
    return added(events_lines(events, str_of(source), zone_s, all));
}

odd_rc odd_events_record(odd_events *events, const char *source, odd_time time, int level,
                         const void *text, size_t size, const char *attributes)
{
    if (level < LEVEL_NONE || level >= LEVEL_COUNT)
        return ODD_RANGE;
    Str body = {.text = text, .size = size};
    return added(
        events_record(events, str_of(source), time, (Level)level, body, str_of(attributes)));
}

odd_rc odd_events_sample(odd_events *events, const char *source, const char *series, odd_time time,
                         double value)
{
    if (series[0] == '\0' || time == ODD_TIME_NONE)
        return ODD_RANGE;
    return added(events_series(events, str_of(source), str_of(series), time, value));
}

odd_rc odd_events_change(odd_events *events, const char *source, odd_time time, const char *json)
{
    return added(events_change(events, str_of(source), time, str_of(json)));
}

odd_rc odd_time_read(const char *text, size_t size, odd_time now, int32_t zone_s,
                     odd_time *ret_time)
{
    TimeFrame frame = time_frame(now, zone_s);
    odd_time time;
    if (size == 0 || !timestamp_whole(&frame, (Str){.text = text, .size = size}, &time))
        return ODD_SYNTAX;
    *ret_time = time;
    return ODD_OK;
}

odd_rc odd_events_tick(odd_events *events)
{
    return added(events_tick(events));
}

odd_rc odd_events_position(odd_events *events, const char *source, const char *position)
{
    return added(events_position(events, str_of(source), str_of(position)));
}

odd_rc odd_events_key(odd_events *events, const char *key)
{
    return added(events_key(events, str_of(key)));
}

odd_rc odd_events_append(odd_events *events, const odd_events *more)
{
    return added(events_append(events, more));
}

odd_event_counts odd_events_count(const odd_events *events)
{
    const EventCounts *counts = &events->counts;
    odd_event_counts all = {.events = events->event_count,
                            .lines = counts->lines,
                            .records = counts->records,
                            .samples = counts->samples,
                            .changes = counts->changes,
                            .alerts = counts->alerts,
                            .predictions = counts->predictions,
                            .outcomes = counts->outcomes,
                            .posted = counts->posted,
                            .cut = counts->cut,
                            .bytes = counts->bytes,
                            .encoded_bytes = events->size};
    for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++) {
        all.masked_of[kind] = counts->masked[kind];
        all.masked += counts->masked[kind];
    }
    return all;
}

odd_time odd_events_known(const odd_events *events)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    return event_next(&reader, &event) == EVENT_READ ? event.known : ODD_TIME_NONE;
}

odd_rc odd_decode(const char *codec_name, const odd_wire *wire, const void *bytes, size_t size,
                  odd_events *events, odd_decoded *ret)
{
    const Codec *codec = codec_find(codec_name);
    *ret = (odd_decoded){0};
    if (codec == NULL)
        return ODD_NOTFOUND;
    EventsMark mark = events_mark(events);
    odd_rc rc = codec->decode(wire, (Str){.text = bytes, .size = size}, events, ret);
    if (rc != ODD_OK)
        events_back_to(events, mark);
    return rc;
}

size_t odd_decode_whole(const char *codec_name, const void *bytes, size_t size)
{
    const Codec *codec = codec_find(codec_name);
    if (codec == NULL || codec->whole == NULL)
        return 0;
    return codec->whole((Str){.text = bytes, .size = size});
}

size_t odd_otlp_answer(char signal, int json, const odd_decoded *decoded,
                       char buffer[ODD_OTLP_ANSWER_BYTES])
{
    return otlp_answer((OtlpSignal)signal, json != 0, decoded, buffer);
}

size_t odd_otlp_status(int json, int code, const char *message, char buffer[ODD_OTLP_ANSWER_BYTES])
{
    return otlp_status(json != 0, code, message, buffer);
}

odd_rc odd_framing_open(odd_framing **ret_framing)
{
    odd_framing *framing = framing_open();
    if (framing == NULL)
        return ODD_NOMEM;
    *ret_framing = framing;
    return ODD_OK;
}

void odd_framing_close(odd_framing *framing)
{
    framing_close(framing);
}

static odd_rc framed(bool has_message, Str found, const char **ret_message, size_t *ret_size)
{
    if (!has_message)
        return ODD_DONE;
    *ret_message = found.text;
    *ret_size = found.size;
    return ODD_ROW;
}

odd_rc odd_framing_next(odd_framing *framing, const char **bytes, size_t *size,
                        const char **ret_message, size_t *ret_message_size)
{
    Str rest = {.text = *bytes, .size = *size}, message = {0};
    bool found = framing_next(framing, &rest, &message);
    *bytes = rest.text;
    *size = rest.size;
    return framed(found, message, ret_message, ret_message_size);
}

odd_rc odd_framing_end(odd_framing *framing, const char **ret_message, size_t *ret_message_size)
{
    Str message = {0};
    bool found = framing_end(framing, &message);
    return framed(found, message, ret_message, ret_message_size);
}

odd_framing_counts odd_framing_count(const odd_framing *framing)
{
    return framing->counts;
}
