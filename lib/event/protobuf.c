/* SPDX-License-Identifier: Apache-2.0 */
#include "event/protobuf.h"

#include "base/bytes.h"

#define NUMBER_MAX ((1u << 29) - 1)
#define SIZE_BYTES 5 /* Of a message that proto_open began: up to 2^35. */

static bool torn(ProtoReader *reader, size_t at, const char *problem)
{
    reader->at = at;
    reader->problem = problem;
    return false;
}

/* Most varints of a message have one byte. */
static bool get_varint(ProtoReader *reader, uint64_t *ret)
{
    if (reader->at < reader->bytes.size && (signed char)reader->bytes.text[reader->at] >= 0) {
        *ret = (uint64_t)reader->bytes.text[reader->at++];
        return true;
    }
    return varint_get(reader->bytes.text, reader->bytes.size, &reader->at, ret);
}

static const char *varint_problem(const ProtoReader *reader)
{
    return reader->bytes.size - reader->at < VARINT_BYTES_MAX ? "a number is cut off"
                                                              : "a number has more than 64 bits";
}

bool proto_next(ProtoReader *reader, ProtoField *ret)
{
    size_t from = reader->at;
    if (from >= reader->bytes.size || reader->problem != NULL)
        return false;
    uint64_t tag;
    if (!get_varint(reader, &tag))
        return torn(reader, from, varint_problem(reader));
    if (tag >> 3 == 0 || tag >> 3 > NUMBER_MAX)
        return torn(reader, from, "a field has a number that none may have");

    size_t left = reader->bytes.size - reader->at;
    uint64_t value = 0;
    ret->tag = (uint32_t)tag;
    switch (tag & 7) {
    case PROTO_VARINT:
        if (!get_varint(reader, &value))
            return torn(reader, from, varint_problem(reader));
        break;
    case PROTO_FIXED64:
        if (left < 8)
            return torn(reader, from, "a number of 8 bytes is cut off");
        value = bytes_get_u64(reader->bytes.text + reader->at);
        reader->at += 8;
        break;
    case PROTO_BYTES:
        if (!get_varint(reader, &value))
            return torn(reader, from, varint_problem(reader));
        if (value > reader->bytes.size - reader->at)
            return torn(reader, from, "a field is longer than what it stands in");
        ret->bytes = str_part(reader->bytes, reader->at, reader->at + (size_t)value);
        reader->at += (size_t)value;
        break;
    case PROTO_FIXED32:
        if (left < 4)
            return torn(reader, from, "a number of 4 bytes is cut off");
        value = bytes_get_u32(reader->bytes.text + reader->at);
        reader->at += 4;
        break;
    case 3:
    case 4: return torn(reader, from, "a group, which no message here has");
    default: return torn(reader, from, "a wire type that is none");
    }
    ret->value = value;
    return true;
}

double proto_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

char *proto_room(ProtoWriter *writer, size_t more)
{
    char *grown = writer->failed ? NULL
                                 : mem_grow(writer->mem, writer->bytes, &writer->capacity,
                                            writer->size + more, 1);
    if (grown == NULL) {
        writer->failed = true;
        return NULL;
    }
    writer->bytes = grown;
    return grown + writer->size;
}

/* The tag, with room behind it for `more` bytes; NULL: no memory. */
static char *put_tag(ProtoWriter *writer, uint32_t number, ProtoType type, size_t more)
{
    char *to = proto_room(writer, VARINT_BYTES_MAX + more);
    if (to == NULL)
        return NULL;
    size_t size = varint_put(to, PROTO_TAG(number, type));
    writer->size += size;
    return to + size;
}

void proto_put_varint(ProtoWriter *writer, uint32_t number, uint64_t value)
{
    char *to = put_tag(writer, number, PROTO_VARINT, VARINT_BYTES_MAX);
    if (to != NULL)
        writer->size += varint_put(to, value);
}

void proto_put_fixed64(ProtoWriter *writer, uint32_t number, uint64_t value)
{
    char *to = put_tag(writer, number, PROTO_FIXED64, 8);
    if (to == NULL)
        return;
    bytes_put_u64(to, value);
    writer->size += 8;
}

void proto_put_fixed32(ProtoWriter *writer, uint32_t number, uint32_t value)
{
    char *to = put_tag(writer, number, PROTO_FIXED32, 4);
    if (to == NULL)
        return;
    bytes_put_u32(to, value);
    writer->size += 4;
}

void proto_put_double(ProtoWriter *writer, uint32_t number, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    proto_put_fixed64(writer, number, bits);
}

void proto_put_bytes(ProtoWriter *writer, uint32_t number, Str bytes)
{
    char *to = put_tag(writer, number, PROTO_BYTES, VARINT_BYTES_MAX + bytes.size);
    if (to == NULL)
        return;
    size_t head = varint_put(to, bytes.size);
    if (bytes.size > 0)
        memcpy(to + head, bytes.text, bytes.size);
    writer->size += head + bytes.size;
}

size_t proto_open(ProtoWriter *writer, uint32_t number)
{
    if (put_tag(writer, number, PROTO_BYTES, SIZE_BYTES) != NULL)
        writer->size += SIZE_BYTES;
    return writer->size;
}

/* The size comes when all is there: a varint of five bytes, the upper of which may be 0. */
void proto_close(ProtoWriter *writer, size_t opened)
{
    if (writer->failed)
        return;
    uint64_t size = writer->size - opened;
    char *to = writer->bytes + opened - SIZE_BYTES;
    for (int i = 0; i < SIZE_BYTES; i++, size >>= 7)
        to[i] = (char)((size & 127) | (i + 1 < SIZE_BYTES ? 128 : 0));
}

void proto_free(ProtoWriter *writer)
{
    mem_free(writer->mem, writer->bytes, writer->capacity);
    *writer = (ProtoWriter){.mem = writer->mem};
}
