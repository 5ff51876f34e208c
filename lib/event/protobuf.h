/* SPDX-License-Identifier: Apache-2.0
 *
 * protobuf.h - the wire form of Protocol Buffers: fields one by one, and messages built.
 *
 *     ProtoReader reader = {.bytes = message};
 *     while (proto_next(&reader, &field))
 *         switch (field.tag) { case PROTO_TAG(1, PROTO_BYTES): ... }
 *     if (reader.problem != NULL) ...
 *
 * A message in a message is the bytes of its field, read by another reader: no depth, no recursion.
 *
 * SHAPE      Reading allocates nothing and looks at each byte once.
 * OWNERSHIP  A field's bytes point into the reader's.  A writer's array is freed by proto_free.
 * ERRORS     proto_next is false at the end, and where the bytes are no message: problem says why,
 *            and at stands where that field begins.  Torn: a varint that is cut off or has more
 *            than 64 bits, a size beyond the message, a field number of 0 or above 2^29-1, a wire
 *            type that is none.  Groups, which no format that is spoken here has, are torn as well.
 *            A writer that lacks memory says so at the end: failed.
 */
#ifndef EVENT_PROTOBUF_H
#define EVENT_PROTOBUF_H
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"

typedef enum {
    PROTO_VARINT = 0,
    PROTO_FIXED64 = 1,
    PROTO_BYTES = 2, /* Text, bytes, a message, or numbers packed. */
    PROTO_FIXED32 = 5
} ProtoType;

#define PROTO_TAG(number, type) ((uint32_t)(number) << 3 | (uint32_t)(type))

typedef struct {
    uint32_t tag;   /* PROTO_TAG */
    uint64_t value; /* VARINT, FIXED64, FIXED32: the bits. */
    Str      bytes; /* BYTES */
} ProtoField;

typedef struct {
    Str         bytes;
    size_t      at;
    const char *problem; /* NULL: none. */
} ProtoReader;

bool proto_next(ProtoReader *reader, ProtoField *ret);

static inline uint32_t proto_number(const ProtoField *field)
{
    return field->tag >> 3;
}

static inline ProtoType proto_type(const ProtoField *field)
{
    return (ProtoType)(field->tag & 7);
}

double proto_double(uint64_t bits);

/* sint32 and sint64: 0, 1, 2, 3 are 0, -1, 1, -2. */
static inline int64_t proto_zigzag(uint64_t value)
{
    return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

typedef struct {
    Mem   *mem;
    char  *bytes;
    size_t size, capacity;
    bool   failed;
} ProtoWriter;

void proto_put_varint(ProtoWriter *writer, uint32_t number, uint64_t value);
void proto_put_fixed64(ProtoWriter *writer, uint32_t number, uint64_t value);
void proto_put_fixed32(ProtoWriter *writer, uint32_t number, uint32_t value);
void proto_put_double(ProtoWriter *writer, uint32_t number, double value);
void proto_put_bytes(ProtoWriter *writer, uint32_t number, Str bytes);

/* A message inside: all that is put between the two calls.  Its size takes five bytes, always. */
size_t proto_open(ProtoWriter *writer, uint32_t number);
void   proto_close(ProtoWriter *writer, size_t opened);

/* Room for `more` bytes behind what was put, for the caller to fill and to add to size; NULL: no
 * memory. */
char *proto_room(ProtoWriter *writer, size_t more);
void  proto_free(ProtoWriter *writer);

#endif
