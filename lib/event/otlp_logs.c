/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_logs.c - ExportLogsServiceRequest: each log record is a record.
 *
 * time        time_unix_nano, else observed_time_unix_nano, else none.
 * level       severity_number, four of them a level, else the word of severity_text.
 * text        The body: a string as it is, anything else as JSON; without a body, event_name.
 * attributes  {"a":1,"resource.b":"x","scope":"name","severity_text":"...","trace_id":"hex",
 *             "span_id":"hex","event_name":"..."}: those of the record first; each part only where
 *             there is something to say, severity_text only where it says more than the level.
 *             A name that the sender gives twice stands there twice.
 *
 * A record with an attribute oddball.model is none of a log, but a prediction or an outcome
 * (prediction_attributes.h).
 *
 * ERRORS     None beside those of otlp.h: only a prediction may be refused.
 */
#include "event/level.h"
#include "event/otlp.h"
#include "event/prediction_attributes.h"

#define TRACE_ID_BYTES 16
#define SPAN_ID_BYTES 8

typedef struct {
    uint64_t time, observed, severity;
    Str      severity_text, body, trace_id, span_id, event_name;
} LogRecord;

static Level level_of(const LogRecord *record)
{
    static const Level levels[] = {LEVEL_TRACE, LEVEL_DEBUG, LEVEL_INFO,
                                   LEVEL_WARN,  LEVEL_ERROR, LEVEL_FATAL};
    if (record->severity >= 1 && record->severity <= 24)
        return levels[(record->severity - 1) / 4];
    return level_of_word(record->severity_text);
}

/* The attributes are put where they come, all else is noted. */
static LogRecord read_record(Otlp *otlp, Str bytes)
{
    LogRecord   record = {0};
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(1, PROTO_FIXED64): record.time = field.value; break;
        case PROTO_TAG(2, PROTO_VARINT): record.severity = field.value; break;
        case PROTO_TAG(3, PROTO_BYTES): record.severity_text = field.bytes; break;
        case PROTO_TAG(5, PROTO_BYTES): record.body = field.bytes; break;
        case PROTO_TAG(6, PROTO_BYTES):
            otlp_put_attribute(otlp, &otlp->attributes, STR(""), field.bytes,
                               OTLP_ATTRIBUTES_BYTES_MAX - 1);
            break;
        case PROTO_TAG(9, PROTO_BYTES): record.trace_id = field.bytes; break;
        case PROTO_TAG(10, PROTO_BYTES): record.span_id = field.bytes; break;
        case PROTO_TAG(11, PROTO_FIXED64): record.observed = field.value; break;
        case PROTO_TAG(12, PROTO_BYTES): record.event_name = field.bytes; break;
        default: otlp_other(otlp, &otlp_log_record, &field, &reader);
        }
    }
    return record;
}

static void put_text(Otlp *otlp, const char *name, Str value)
{
    JsonText *text = &otlp->attributes;
    size_t    mark = text->size;
    if (value.size == 0)
        return;
    json_put_name(text, STR(""), str_of(name));
    json_put_string(text, value);
    otlp_keep(otlp, text, mark, OTLP_ATTRIBUTES_BYTES_MAX - 1);
}

/* An id of another size, or of zeros alone, is none: so says the protocol. */
static void put_id(Otlp *otlp, const char *name, Str id, size_t size)
{
    static const char zeros[TRACE_ID_BYTES];
    JsonText *text = &otlp->attributes;
    size_t    mark = text->size;
    if (id.size != size || memcmp(id.text, zeros, size) == 0)
        return;
    json_put_name(text, STR(""), str_of(name));
    json_put_hex(text, id);
    otlp_keep(otlp, text, mark, OTLP_ATTRIBUTES_BYTES_MAX - 1);
}

static Str finished_attributes(Otlp *otlp, const LogRecord *record, Level level)
{
    JsonText *text = &otlp->attributes;
    size_t    mark = text->size;
    if (otlp->resource.size > 0) {
        json_put_word(text, json_text_str(&otlp->resource));
        otlp_keep(otlp, text, mark, OTLP_ATTRIBUTES_BYTES_MAX - 1);
    }
    put_text(otlp, "scope", otlp->scope);
    if (level_of_word(record->severity_text) != level)
        put_text(otlp, "severity_text", record->severity_text);
    put_id(otlp, "trace_id", record->trace_id, TRACE_ID_BYTES);
    put_id(otlp, "span_id", record->span_id, SPAN_ID_BYTES);
    put_text(otlp, "event_name", record->event_name);
    json_put_close(text, '}');
    if (text->failed)
        otlp_full(otlp);
    return text->size > 2 ? json_text_str(text) : STR("");
}

static Str finished_body(Otlp *otlp, const LogRecord *record)
{
    AnyValue any = otlp_read_any(otlp, record->body);
    if (any.number == ANY_TEXT)
        return any.bytes;
    if (any.number == 0)
        return record->event_name;
    json_text_clear(&otlp->body);
    otlp_put_any(otlp, &otlp->body, any);
    if (otlp->body.failed)
        otlp_full(otlp);
    return json_text_str(&otlp->body);
}

static void take_record(Otlp *otlp, Str bytes)
{
    json_text_clear(&otlp->attributes);
    json_put_open(&otlp->attributes, '{');
    LogRecord record = read_record(otlp, bytes);
    Level     level = level_of(&record);
    Str       attributes = finished_attributes(otlp, &record, level);
    Str       body = finished_body(otlp, &record);
    if (otlp->rc != ODD_OK)
        return;
    odd_time time = otlp_time(record.time);
    if (time == ODD_TIME_NONE)
        time = otlp_time(record.observed);
    if (prediction_attributes_are(attributes)) {
        if (prediction_attributes(attributes, time, otlp->events, otlp->decoded) == ODD_FULL)
            otlp_full(otlp);
        return;
    }
    if (events_record(otlp->events, otlp->source, time, level, body, attributes))
        otlp->decoded->accepted++;
    else
        otlp_full(otlp);
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    return otlp_decode(wire, bytes, events, ret, &otlp_logs_request, take_record);
}

const Codec codec_otlp_logs = {.name = "otlp_logs", .decode = decode};
