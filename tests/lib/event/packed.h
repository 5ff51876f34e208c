/* SPDX-License-Identifier: Apache-2.0
 *
 * packed.h - for tests of formats that come packed: messages of Protocol Buffers in snappy.
 */
#ifndef TESTS_PACKED_H
#define TESTS_PACKED_H
#include "decoding.h"

#include <snappy-c.h>

#include "event/protobuf.h"

static inline Str packed_of(Str bytes)
{
    size_t size = snappy_max_compressed_length(bytes.size);
    char  *packed = malloc(size);
    assert_non_null(packed);
    assert_int_equal(snappy_compress(bytes.text, bytes.size, packed, &size), SNAPPY_OK);
    return (Str){.text = packed, .size = size};
}

static inline Decoding packed_decoding(const char *codec, Str bytes)
{
    Str      packed = packed_of(bytes);
    Decoding got = decoding_of(codec, NULL, NULL, packed);
    free((char *)packed.text);
    return got;
}

static inline Str packed_message(const ProtoWriter *writer)
{
    assert_false(writer->failed);
    return (Str){.text = writer->bytes, .size = writer->size};
}

/* As assert_torn_gives_less, with the beginnings packed each for itself; then the packed bytes. */
static inline void assert_torn_packed_gives_less(const char *codec, Str bytes)
{
    Decoding whole = packed_decoding(codec, bytes);
    assert_int_equal(whole.rc, ODD_OK);
    for (size_t size = 0; size < bytes.size; size++) {
        Decoding part = packed_decoding(codec, str_part(bytes, 0, size));
        if (part.rc == ODD_OK) {
            assert_true(part.events <= whole.events && part.bytes <= whole.bytes);
            continue;
        }
        assert_int_equal(part.rc, ODD_SYNTAX);
        assert_int_equal(part.events, 0);
        assert_true(part.decoded.message[0] != '\0');
    }
    Str packed = packed_of(bytes);
    assert_torn_gives_less(codec, NULL, packed);
    free((char *)packed.text);
}

#endif
