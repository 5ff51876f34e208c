/* SPDX-License-Identifier: Apache-2.0 */
#include "event/otlp_json.h"

#include <stdio.h>

#include "event/base64.h"
#include "event/json.h"
#include "event/otlp.h"

/* Six messages down to a value, then three for each list in it. */
#define FRAMES_MAX (6 + 3 * (OTLP_DEPTH_MAX + 1))
#define PATH_BYTES_MAX 160
#define NAME_SHOWN_MAX 60

typedef struct {
    const OtlpMessage *message;
    JsonWalk           members;
    const OtlpField   *field; /* At work: the last one, or the one whose items are walked. */
    JsonWalk           items; /* around is NULL: no items are walked. */
    size_t             opened;
} Frame;

typedef struct {
    ProtoWriter *writer;
    odd_decoded *decoded;
    size_t       depth;
    Str          ignored; /* A name of the request itself that is not known; empty: none. */
    Frame        frames[FRAMES_MAX];
} Transcoder;

static odd_rc fail(const Transcoder *t, const char *wanted)
{
    char   path[PATH_BYTES_MAX] = "";
    size_t size = 0;
    for (size_t i = 0; i < t->depth && t->frames[i].field != NULL && size < sizeof path; i++) {
        const Frame *frame = &t->frames[i];
        size += (size_t)snprintf(path + size, sizeof path - size, "%s%s", i > 0 ? "." : "",
                                 frame->field->name);
        if (frame->items.around != NULL && size < sizeof path)
            size +=
                (size_t)snprintf(path + size, sizeof path - size, "[%zu]", frame->items.item - 1);
    }
    return decoded_fail(t->decoded, "%s: wanted %s", path[0] != '\0' ? path : "the request",
                        wanted);
}

static odd_rc put_message(Transcoder *t, const OtlpMessage *message, const JsonNode *node,
                          size_t opened)
{
    if (json_kind(node) != NODE_OBJECT)
        return fail(t, "an object");
    if (t->depth == FRAMES_MAX)
        return decoded_fail(t->decoded, "a value is nested deeper than %d lists", OTLP_DEPTH_MAX);
    t->frames[t->depth++] =
        (Frame){.message = message, .members = json_walk(node), .opened = opened};
    return ODD_OK;
}

/* Bytes that are text in JSON: their own text is long enough to hold them. */
static odd_rc put_decoded(Transcoder *t, const OtlpField *field, Str text)
{
    size_t at = proto_open(t->writer, field->number), size = 0;
    bool   is_hex = field->kind == OTLP_HEX;
    char  *to = proto_room(t->writer, text.size);
    if (to == NULL)
        return ODD_OK; /* The writer knows. */
    if (is_hex ? !hex_read(text, to, &size) : !base64_read(text, to, &size))
        return fail(t, is_hex ? "hexadecimal digits" : "base64");
    t->writer->size += size;
    proto_close(t->writer, at);
    return ODD_OK;
}

static odd_rc put_scalar(Transcoder *t, const OtlpField *field, const JsonNode *node)
{
    ProtoWriter *writer = t->writer;
    Str      text;
    bool     yes;
    int64_t  integer;
    uint64_t natural;
    double   real;
    switch (field->kind) {
    case OTLP_TEXT:
    case OTLP_BASE64:
    case OTLP_HEX:
        if (!json_as_str(node, &text))
            return fail(t, "a string");
        if (field->kind != OTLP_TEXT)
            return put_decoded(t, field, text);
        proto_put_bytes(writer, field->number, text);
        return ODD_OK;
    case OTLP_BOOL:
        if (!json_as_bool(node, &yes))
            return fail(t, "true or false");
        proto_put_varint(writer, field->number, yes);
        return ODD_OK;
    case OTLP_INT:
    case OTLP_SFIXED:
        if (!json_as_i64(node, &integer))
            return fail(t, "a whole number of 64 bits");
        if (field->kind == OTLP_INT)
            proto_put_varint(writer, field->number, (uint64_t)integer);
        else
            proto_put_fixed64(writer, field->number, (uint64_t)integer);
        return ODD_OK;
    case OTLP_UINT:
    case OTLP_FIXED:
        if (!json_as_u64(node, &natural))
            return fail(t, "a whole number of 64 bits, not below 0");
        if (field->kind == OTLP_UINT)
            proto_put_varint(writer, field->number, natural);
        else
            proto_put_fixed64(writer, field->number, natural);
        return ODD_OK;
    case OTLP_REAL:
        if (!json_as_real(node, &real))
            return fail(t, "a number");
        proto_put_double(writer, field->number, real);
        return ODD_OK;
    case OTLP_MESSAGE: break;
    }
    return ODD_OK;
}

static odd_rc put_value(Transcoder *t, const OtlpField *field, const JsonNode *node)
{
    if (field->kind != OTLP_MESSAGE)
        return put_scalar(t, field, node);
    return put_message(t, field->message, node, proto_open(t->writer, field->number));
}

/* One member of the message at work, or its end. */
static odd_rc step(Transcoder *t)
{
    Frame          *frame = &t->frames[t->depth - 1];
    Str             name;
    const JsonNode *node;
    if (frame->items.around != NULL) {
        if (json_walk_next(&frame->items, &name, &node))
            return put_value(t, frame->field, node);
        frame->items.around = NULL;
    }
    if (!json_walk_next(&frame->members, &name, &node)) {
        if (--t->depth > 0)
            proto_close(t->writer, frame->opened);
        return ODD_OK;
    }
    const OtlpField *field = otlp_field_of_name(frame->message, name);
    if (field == NULL && t->depth == 1)
        t->ignored = name;
    if (field == NULL || json_kind(node) == NODE_NULL)
        return ODD_OK;
    frame->field = field;
    if (!field->repeated)
        return put_value(t, field, node);
    if (json_kind(node) != NODE_ARRAY)
        return fail(t, "an array");
    frame->items = json_walk(node);
    return ODD_OK;
}

/* Unknown names are ignored, but a request of nothing else is one that was written wrongly: with
 * resource_logs, say, and all of it would be gone without a word. */
static void warn_of_names(const Transcoder *t, const OtlpMessage *request)
{
    if (t->frames[0].field == NULL && t->ignored.size > 0)
        decoded_refuse(t->decoded, 0, "the request holds \"%.*s\", which is not known, and no %s",
                       (int)(t->ignored.size < NAME_SHOWN_MAX ? t->ignored.size : NAME_SHOWN_MAX),
                       t->ignored.text, request->fields[0].name);
}

odd_rc otlp_json_to_protobuf(Str text, const OtlpMessage *request, ProtoWriter *writer,
                             odd_decoded *ret)
{
    JsonNode *root;
    char      problem[JSON_PROBLEM_SIZE];
    odd_rc    rc = json_read(text, &root, problem);
    if (rc != ODD_OK) {
        decoded_fail(ret, "%s", problem);
        return rc;
    }
    Transcoder t = {.writer = writer, .decoded = ret};
    rc = put_message(&t, request, root, 0);
    while (rc == ODD_OK && t.depth > 0)
        rc = step(&t);
    warn_of_names(&t, request);
    json_free(root);
    if (rc == ODD_OK && writer->failed) {
        decoded_fail(ret, "the request needs more memory than there is for one: send less at once");
        rc = ODD_FULL;
    }
    return rc;
}

odd_rc otlp_json_decode(const odd_wire *wire, Str text, odd_events *events, odd_decoded *ret,
                        const OtlpMessage *request, const Codec *codec)
{
    ProtoWriter writer = {.mem = &events->mem};
    odd_rc      rc = otlp_json_to_protobuf(text, request, &writer, ret);
    if (rc == ODD_OK) {
        Str bytes = {.text = writer.bytes, .size = writer.size};
        rc = codec->decode(wire, bytes, events, ret);
    }
    proto_free(&writer);
    return rc;
}
