/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_bytes.h - for tests of OTLP: requests from hexadecimal text, and ones with a single item.
 */
#ifndef TESTS_OTLP_BYTES_H
#define TESTS_OTLP_BYTES_H
#include "decoding.h"
#include "event/base64.h"
#include "event/protobuf.h"

typedef struct {
    Mem mem;
    ProtoWriter to;
    size_t opened[3]; /* The groups of resource and scope, and the item. */
} OtlpRequest;

static inline void otlp_request_open(OtlpRequest *request)
{
    *request = (OtlpRequest){.to = {.mem = &request->mem}};
    request->opened[0] = proto_open(&request->to, 1);
    request->opened[1] = proto_open(&request->to, 2);
    request->opened[2] = proto_open(&request->to, 2);
}

/* What was put is the only item of the request, which is decoded and freed. */
static inline Decoding otlp_request_decoded(OtlpRequest *request, const char *codec)
{
    for (int i = 2; i >= 0; i--)
        proto_close(&request->to, request->opened[i]);
    assert_false(request->to.failed);
    Str bytes = {.text = request->to.bytes, .size = request->to.size};
    Decoding got = decoding_of(codec, NULL, NULL, bytes);
    proto_free(&request->to);
    assert_int_equal(request->mem.bytes, 0);
    return got;
}

static inline Decoding otlp_item_decoded(const char *codec, Str item)
{
    OtlpRequest request;
    otlp_request_open(&request);
    char *to = proto_room(&request.to, item.size);
    assert_non_null(to);
    memcpy(to, item.text, item.size);
    request.to.size += item.size;
    return otlp_request_decoded(&request, codec);
}

static inline void otlp_put_text_attribute(ProtoWriter *to, uint32_t number, const char *key,
                                           Str value)
{
    size_t pair = proto_open(to, number);
    proto_put_bytes(to, 1, str_of(key));
    size_t any = proto_open(to, 2);
    proto_put_bytes(to, 1, value);
    proto_close(to, any);
    proto_close(to, pair);
}

/* Valid until the next call. */
static inline Str otlp_of_hex(const char *hex)
{
    static char bytes[8192];
    size_t size;
    assert_true(strlen(hex) / 2 <= sizeof bytes);
    assert_true(hex_read(str_of(hex), bytes, &size));
    return (Str){.text = bytes, .size = size};
}

static inline void assert_fails(Decoding got, odd_rc rc, const char *why)
{
    if (got.rc != rc || strstr(got.decoded.message, why) == NULL)
        print_error("%s: \"%s\" does not say \"%s\"\n", odd_strerror(got.rc), got.decoded.message,
                    why);
    assert_int_equal(got.rc, rc);
    assert_non_null(strstr(got.decoded.message, why));
    assert_int_equal(got.events, 0);
}

static inline void assert_both_forms_give_the_same(const char *codec, const char *hex,
                                                   const char *json_codec, const char *json)
{
    Decoding binary = decoding_of(codec, NULL, NULL, otlp_of_hex(hex));
    Decoding text = decoding_of(json_codec, NULL, NULL, str_of(json));
    assert_int_equal(binary.rc, ODD_OK);
    assert_int_equal(text.rc, ODD_OK);
    assert_string_equal(text.text, binary.text);
    assert_int_equal(text.bytes, binary.bytes);
    assert_int_equal(text.decoded.accepted, binary.decoded.accepted);
    assert_int_equal(text.decoded.rejected, binary.decoded.rejected);
    assert_string_equal(text.decoded.message, binary.decoded.message);
}

/* With less and less memory a request is refused as a whole, with a sentence. */
static inline void assert_short_memory_is_told(const char *codec, Str bytes)
{
    odd_wire wire = {.source = "here"};
    size_t refused = 0;
    for (uint64_t bytes_max = sizeof(odd_events);; bytes_max += 64) {
        odd_events *events = events_open(NULL, DECODING_NOW);
        assert_non_null(events);
        events->mem.bytes_max = bytes_max;
        odd_decoded decoded;
        odd_rc rc = odd_decode(codec, &wire, bytes.text, bytes.size, events, &decoded);
        bool done = rc == ODD_OK;
        if (!done) {
            assert_int_equal(rc, ODD_FULL);
            assert_int_equal(events->event_count, 0);
            assert_non_null(strstr(decoded.message, "memory"));
            refused++;
        }
        events_close(events);
        if (done)
            break;
    }
    assert_true(refused > 3);
}

#endif
