/* SPDX-License-Identifier: Apache-2.0 */
#include "event/otlp.h"

void otlp_fail(Otlp *otlp, const char *at, const char *problem)
{
    if (otlp->rc != ODD_OK)
        return;
    otlp->rc = decoded_fail(otlp->decoded, "the request cannot be read at byte %zu: %s",
                            (size_t)(at - otlp->request.text), problem);
}

void otlp_full(Otlp *otlp)
{
    if (otlp->rc != ODD_OK)
        return;
    decoded_fail(otlp->decoded, "the request needs more memory than there is for one: send less at "
                                "once");
    otlp->rc = ODD_FULL;
}

bool otlp_next(Otlp *otlp, ProtoReader *reader, ProtoField *ret)
{
    if (otlp->rc != ODD_OK)
        return false;
    if (proto_next(reader, ret))
        return true;
    if (reader->problem != NULL)
        otlp_fail(otlp, reader->bytes.text + reader->at, reader->problem);
    return false;
}

void otlp_other(Otlp *otlp, const OtlpMessage *message, const ProtoField *field,
                const ProtoReader *reader)
{
    const OtlpField *known = otlp_field_of_number(message, proto_number(field));
    if (known == NULL || otlp_field_fits(known, proto_type(field)) || otlp->rc != ODD_OK)
        return;
    otlp->rc = decoded_fail(otlp->decoded,
                            "the request cannot be read before byte %zu: %s of %s has wire type %d",
                            (size_t)(reader->bytes.text + reader->at - otlp->request.text),
                            known->name, message->name, (int)proto_type(field));
}

KeyValue otlp_read_key_value(Otlp *otlp, Str bytes)
{
    KeyValue    pair = {0};
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(1, PROTO_BYTES): pair.key = field.bytes; break;
        case PROTO_TAG(2, PROTO_BYTES): pair.value = field.bytes; break;
        default: otlp_other(otlp, &otlp_key_value, &field, &reader);
        }
    }
    return pair;
}

AnyValue otlp_read_any(Otlp *otlp, Str bytes)
{
    AnyValue    any = {0};
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        switch (field.tag) {
        case PROTO_TAG(ANY_TEXT, PROTO_BYTES):
        case PROTO_TAG(ANY_ARRAY, PROTO_BYTES):
        case PROTO_TAG(ANY_MAP, PROTO_BYTES):
        case PROTO_TAG(ANY_BYTES, PROTO_BYTES):
            any = (AnyValue){.number = proto_number(&field), .bytes = field.bytes};
            break;
        case PROTO_TAG(ANY_BOOL, PROTO_VARINT):
        case PROTO_TAG(ANY_INT, PROTO_VARINT):
        case PROTO_TAG(ANY_REAL, PROTO_FIXED64):
            any = (AnyValue){.number = proto_number(&field), .bits = field.value};
            break;
        default: otlp_other(otlp, &otlp_any_value, &field, &reader);
        }
    }
    return any;
}

void otlp_keep(Otlp *otlp, JsonText *text, size_t mark, size_t bytes_max)
{
    if (text->failed) {
        otlp_full(otlp);
    } else if (text->size > bytes_max) {
        text->size = mark;
        otlp->events->counts.cut++;
    }
}

void otlp_put_attribute(Otlp *otlp, JsonText *text, Str prefix, Str key_value, size_t bytes_max)
{
    size_t   mark = text->size;
    KeyValue pair = otlp_read_key_value(otlp, key_value);
    AnyValue any = otlp_read_any(otlp, pair.value);
    if (otlp->rc != ODD_OK)
        return;
    json_put_name(text, prefix, pair.key);
    otlp_put_any(otlp, text, any);
    otlp_keep(otlp, text, mark, bytes_max);
}

/* Those attributes of a resource that say whose words these are. */
static void note_origin(Otlp *otlp, Str key_value)
{
    KeyValue pair = otlp_read_key_value(otlp, key_value);
    Str *origin = str_equal(pair.key, STR("service.name"))          ? &otlp->service
                  : str_equal(pair.key, STR("service.instance.id")) ? &otlp->instance
                  : str_equal(pair.key, STR("host.name"))           ? &otlp->host
                                                                    : NULL;
    AnyValue any = origin != NULL ? otlp_read_any(otlp, pair.value) : (AnyValue){0};
    if (any.number == ANY_TEXT)
        *origin = any.bytes;
}

static void read_resource(Otlp *otlp, Str bytes)
{
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        if (field.tag == PROTO_TAG(1, PROTO_BYTES)) {
            note_origin(otlp, field.bytes);
            otlp_put_attribute(otlp, &otlp->resource, STR("resource."), field.bytes,
                               OTLP_RESOURCE_BYTES_MAX);
        } else {
            otlp_other(otlp, &otlp_resource, &field, &reader);
        }
    }
}

static void find_resource(Otlp *otlp, Str group)
{
    json_text_clear(&otlp->resource);
    otlp->service = otlp->instance = otlp->host = STR("");
    ProtoReader reader = {.bytes = group};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        if (field.tag == PROTO_TAG(1, PROTO_BYTES))
            read_resource(otlp, field.bytes);
        else
            otlp_other(otlp, &otlp_resource_group, &field, &reader);
    }
    otlp->source = otlp->service.size > 0 ? otlp->service
                   : otlp->host.size > 0  ? otlp->host
                                          : str_of(otlp->wire->source);
}

static void read_scope(Otlp *otlp, Str bytes)
{
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        if (field.tag == PROTO_TAG(1, PROTO_BYTES))
            otlp->scope = field.bytes;
        else
            otlp_other(otlp, &otlp_scope, &field, &reader);
    }
}

static void find_scope(Otlp *otlp, Str group)
{
    otlp->scope = STR("");
    ProtoReader reader = {.bytes = group};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field)) {
        if (field.tag == PROTO_TAG(1, PROTO_BYTES))
            read_scope(otlp, field.bytes);
        else
            otlp_other(otlp, &otlp_scope_group, &field, &reader);
    }
}

static void walk_scope(Otlp *otlp, Str group, OtlpItem *item)
{
    find_scope(otlp, group);
    ProtoReader reader = {.bytes = group};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field))
        if (field.tag == PROTO_TAG(2, PROTO_BYTES))
            item(otlp, field.bytes);
}

static void walk_resource(Otlp *otlp, Str group, OtlpItem *item)
{
    find_resource(otlp, group);
    ProtoReader reader = {.bytes = group};
    ProtoField  field;
    while (otlp_next(otlp, &reader, &field))
        if (field.tag == PROTO_TAG(2, PROTO_BYTES))
            walk_scope(otlp, field.bytes, item);
}

odd_rc otlp_decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret,
                   const OtlpMessage *request, OtlpItem *item)
{
    Otlp otlp = {.wire = wire,
                 .request = bytes,
                 .events = events,
                 .decoded = ret,
                 .resource = {.mem = &events->mem},
                 .attributes = {.mem = &events->mem},
                 .body = {.mem = &events->mem}};
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (otlp_next(&otlp, &reader, &field)) {
        if (field.tag == PROTO_TAG(1, PROTO_BYTES))
            walk_resource(&otlp, field.bytes, item);
        else
            otlp_other(&otlp, request, &field, &reader);
    }
    json_text_free(&otlp.resource);
    json_text_free(&otlp.attributes);
    json_text_free(&otlp.body);
    return otlp.rc;
}
