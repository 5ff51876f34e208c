/* SPDX-License-Identifier: Apache-2.0
 *
 * remote_write.c - Prometheus remote write 1.0: prometheus.WriteRequest in a block of snappy.
 *
 * Metadata and exemplars are passed over; of series and samples see remote_series.h.
 *
 * ERRORS     ODD_SYNTAX also for a body that holds neither series nor metadata: another message,
 *            2.0 most likely, whose fields have other numbers, would be taken for an empty one.
 */
#include "event/remote_series.h"
#include "event/snappy.h"

enum { REQUEST_SERIES = 1, REQUEST_METADATA = 3 };
enum { LABEL_NAME = 1, LABEL_VALUE };
#define SERIES_HISTOGRAMS 4

/* How nearly all senders write a label: name, value, neither longer than 127 bytes. */
static bool read_short_label(Str bytes, Label *ret)
{
    const unsigned char *at = (const unsigned char *)bytes.text;
    if (bytes.size < 4 || at[0] != PROTO_TAG(LABEL_NAME, PROTO_BYTES) || at[1] >= 128)
        return false;
    size_t name_size = at[1];
    if (bytes.size < 4 + name_size || at[2 + name_size] != PROTO_TAG(LABEL_VALUE, PROTO_BYTES))
        return false;
    size_t value_size = at[3 + name_size];
    if (value_size >= 128 || bytes.size != 4 + name_size + value_size)
        return false;
    ret->name = str_part(bytes, 2, 2 + name_size);
    ret->value = str_part(bytes, 4 + name_size, bytes.size);
    return true;
}

static odd_rc read_label(const RemoteWrite *write, const ProtoField *field, RemoteLabels *labels)
{
    ProtoReader reader = {.bytes = field->bytes};
    ProtoField  part;
    Label       label = {0};
    if (proto_type(field) != PROTO_BYTES)
        return ODD_OK;
    if (read_short_label(field->bytes, &label)) {
        remote_labels_add(labels, label.name, label.value);
        return ODD_OK;
    }
    while (proto_next(&reader, &part)) {
        if (part.tag == PROTO_TAG(LABEL_NAME, PROTO_BYTES))
            label.name = part.bytes;
        else if (part.tag == PROTO_TAG(LABEL_VALUE, PROTO_BYTES))
            label.value = part.bytes;
    }
    if (reader.problem != NULL)
        return remote_torn(write->decoded, "a label", &reader);
    remote_labels_add(labels, label.name, label.value);
    return ODD_OK;
}

static odd_rc read_request(const RemoteWrite *write, Str request)
{
    ProtoReader reader = {.bytes = request};
    ProtoField  field;
    bool        is_known = request.size == 0;
    while (proto_next(&reader, &field)) {
        is_known |= proto_number(&field) == REQUEST_METADATA;
        if (field.tag != PROTO_TAG(REQUEST_SERIES, PROTO_BYTES))
            continue;
        is_known = true;
        odd_rc rc = remote_series(write, field.bytes);
        if (rc != ODD_OK)
            return rc;
    }
    if (reader.problem != NULL)
        return remote_torn(write->decoded, "the request", &reader);
    if (!is_known)
        return decoded_fail(write->decoded,
                            "there is no series of remote write 1.0 in it; if it is 2.0, its "
                            "Content-Type must say so");
    return ODD_OK;
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    Str    request;
    odd_rc rc = snappy_unpack(&events->mem, bytes, SNAPPY_BYTES_MAX, ret, &request);
    if (rc != ODD_OK)
        return rc;
    RemoteWrite write = {.wire = wire,
                         .events = events,
                         .decoded = ret,
                         .histograms = SERIES_HISTOGRAMS,
                         .read_labels = read_label};
    rc = read_request(&write, request);
    snappy_free(&events->mem, request);
    return rc;
}

const Codec codec_remote_write = {.name = "remote_write", .decode = decode};
