/* SPDX-License-Identifier: Apache-2.0
 *
 * loki.c - what clients push to Loki: logproto.PushRequest in a block of snappy; of streams and
 * entries see loki_stream.h.
 *
 * ERRORS     A stream whose labels cannot be read is refused with all its entries.  ODD_SYNTAX also
 *            for a body without any stream that holds something else.
 */
#include "event/loki_stream.h"
#include "event/protobuf.h"
#include "event/snappy.h"

#define REQUEST_STREAMS 1
enum { STREAM_LABELS = 1, STREAM_ENTRIES };
enum { ENTRY_TIME = 1, ENTRY_LINE, ENTRY_METADATA };
enum { TIME_SECONDS = 1, TIME_NANOSECONDS };
enum { PAIR_NAME = 1, PAIR_VALUE };

static odd_rc torn(const LokiPush *push, const char *what, const ProtoReader *reader)
{
    return decoded_fail(push->decoded, "%s cannot be read: %s, at its byte %zu", what,
                        reader->problem, reader->at);
}

static odd_rc read_time(const LokiPush *push, Str bytes, odd_time *ret)
{
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    int64_t     s = 0, ns = 0;
    while (proto_next(&reader, &field)) {
        if (field.tag == PROTO_TAG(TIME_SECONDS, PROTO_VARINT))
            s = (int64_t)field.value;
        else if (field.tag == PROTO_TAG(TIME_NANOSECONDS, PROTO_VARINT))
            ns = (int64_t)field.value;
    }
    *ret = loki_time(s, ns);
    return reader.problem == NULL ? ODD_OK : torn(push, "a time", &reader);
}

static odd_rc read_pair(const LokiPush *push, Str bytes, LokiEntry *entry)
{
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    Str         name = {0}, value = {0};
    while (proto_next(&reader, &field)) {
        if (field.tag == PROTO_TAG(PAIR_NAME, PROTO_BYTES))
            name = field.bytes;
        else if (field.tag == PROTO_TAG(PAIR_VALUE, PROTO_BYTES))
            value = field.bytes;
    }
    loki_metadata_add(entry, name, value);
    return reader.problem == NULL ? ODD_OK : torn(push, "structured metadata", &reader);
}

static odd_rc read_entry(LokiPush *push, Str bytes)
{
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    LokiEntry   entry;
    odd_rc      rc = ODD_OK;
    loki_entry_begin(&entry);
    while (rc == ODD_OK && proto_next(&reader, &field)) {
        if (field.tag == PROTO_TAG(ENTRY_TIME, PROTO_BYTES))
            rc = read_time(push, field.bytes, &entry.time);
        else if (field.tag == PROTO_TAG(ENTRY_LINE, PROTO_BYTES))
            entry.line = field.bytes;
        else if (field.tag == PROTO_TAG(ENTRY_METADATA, PROTO_BYTES))
            rc = read_pair(push, field.bytes, &entry);
    }
    if (reader.problem != NULL)
        return torn(push, "an entry", &reader);
    return rc == ODD_OK ? loki_entry(push, &entry) : rc;
}

/* The labels may stand behind the entries. */
static odd_rc look_at(LokiPush *push, Str stream, Str *ret_labels, uint64_t *ret_count)
{
    ProtoReader reader = {.bytes = stream};
    ProtoField  field;
    *ret_labels = (Str){0};
    *ret_count = 0;
    while (proto_next(&reader, &field)) {
        if (field.tag == PROTO_TAG(STREAM_LABELS, PROTO_BYTES))
            *ret_labels = field.bytes;
        *ret_count += field.tag == PROTO_TAG(STREAM_ENTRIES, PROTO_BYTES);
    }
    return reader.problem == NULL ? ODD_OK : torn(push, "a stream", &reader);
}

static odd_rc read_stream(LokiPush *push, Str stream)
{
    Str      labels;
    uint64_t count;
    odd_rc   rc = look_at(push, stream, &labels, &count);
    if (rc != ODD_OK)
        return rc;
    label_list_begin(&push->labels, labels, push->scratch, sizeof push->scratch);
    push->labels.escapes_of_go = true;
    bool is_open = labels.size > 0 && labels.text[0] == '{';
    push->labels.at = is_open;
    if (!is_open || !label_list_read(&push->labels)) {
        decoded_refuse(push->decoded, count, "the labels of a stream cannot be read: %s",
                       is_open ? push->labels.fault : "they do not begin with '{'");
        return ODD_OK;
    }
    loki_stream(push);
    ProtoReader reader = {.bytes = stream};
    ProtoField  field;
    while (rc == ODD_OK && proto_next(&reader, &field))
        if (field.tag == PROTO_TAG(STREAM_ENTRIES, PROTO_BYTES))
            rc = read_entry(push, field.bytes);
    return rc;
}

static odd_rc read_request(LokiPush *push, Str request)
{
    ProtoReader reader = {.bytes = request};
    ProtoField  field;
    odd_rc      rc = ODD_OK;
    bool        is_known = request.size == 0;
    while (rc == ODD_OK && proto_next(&reader, &field)) {
        if (field.tag != PROTO_TAG(REQUEST_STREAMS, PROTO_BYTES))
            continue;
        is_known = true;
        rc = read_stream(push, field.bytes);
    }
    if (reader.problem != NULL)
        return torn(push, "the request", &reader);
    if (!is_known)
        return decoded_fail(push->decoded,
                            "there is no stream in it: it is no PushRequest of Loki");
    return rc;
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    Str    request;
    odd_rc rc = snappy_unpack(&events->mem, bytes, SNAPPY_BYTES_MAX, ret, &request);
    if (rc != ODD_OK)
        return rc;
    LokiPush push;
    loki_begin(&push, wire, events, ret);
    rc = read_request(&push, request);
    loki_end(&push);
    snappy_free(&events->mem, request);
    return rc;
}

const Codec codec_loki = {.name = "loki", .decode = decode};
