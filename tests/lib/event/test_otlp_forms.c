/* SPDX-License-Identifier: Apache-2.0
 *
 * test_otlp_forms.c - properties of requests that nobody wrote: both forms of one give the same
 * events, and bytes that flip give events or a sentence.
 */
#include <math.h>

#include "base/rng.h"
#include "event/json_text.h"
#include "otlp_bytes.h"
#include "otlp_requests.h"

#define SEED_COUNT 1000
#define VALUE_DEPTH_MAX 5

/* One request on its way, in both forms. */
typedef struct {
    Rng rng;
    ProtoWriter to;
    JsonText json;
} Both;

static void json_name(Both *both, const char *name)
{
    json_put_name(&both->json, STR(""), str_of(name));
}

/* Letters, escapes, and characters of two to four bytes. */
static Str some_text(Both *both, char *buffer)
{
    static const char *const pieces[] = {"a", "Zz", "\"", "\\", "\n", "\x01", "/", " ",
                                         "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "{}"};
    size_t size = 0;
    for (uint64_t left = rng_below(&both->rng, 6); left > 0; left--) {
        const char *piece = pieces[rng_below(&both->rng, sizeof pieces / sizeof pieces[0])];
        memcpy(buffer + size, piece, strlen(piece));
        size += strlen(piece);
    }
    return (Str){.text = buffer, .size = size};
}

static void some_integer(Both *both, uint32_t number, const char *name)
{
    int64_t value = (int64_t)(rng_next(&both->rng) >> rng_below(&both->rng, 64));
    value = rng_below(&both->rng, 2) == 0 ? -value : value;
    char digits[32];
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    proto_put_varint(&both->to, number, (uint64_t)value);
    json_name(both, name);
    if (rng_below(&both->rng, 2) == 0)
        json_put_string(&both->json, str_of(digits));
    else
        json_put_int(&both->json, value);
}

static void some_real(Both *both, uint32_t number, const char *name)
{
    static const double values[] = {
        0, -0.5, 0.1, 1e300, 5e-324, -1e17, 3, (double)INFINITY, -(double)INFINITY, (double)NAN};
    double value = rng_below(&both->rng, 2) == 0
                       ? values[rng_below(&both->rng, sizeof values / sizeof values[0])]
                       : rng_real(&both->rng);
    proto_put_double(&both->to, number, value);
    json_name(both, name);
    json_put_real(&both->json, value);
}

static void some_text_field(Both *both, uint32_t number, const char *name)
{
    char buffer[64];
    Str text = some_text(both, buffer);
    proto_put_bytes(&both->to, number, text);
    json_name(both, name);
    json_put_string(&both->json, text);
}

static void some_bytes(Both *both, uint32_t number, const char *name, size_t size, bool is_hex)
{
    char bytes[32];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)rng_next(&both->rng);
    Str all = {.text = bytes, .size = size};
    proto_put_bytes(&both->to, number, all);
    json_name(both, name);
    if (is_hex)
        json_put_hex(&both->json, all);
    else
        json_put_base64(&both->json, all);
}

static void some_value(Both *both, int depth);

static void some_pair(Both *both, int depth)
{
    json_put_open(&both->json, '{');
    some_text_field(both, 1, "key");
    if (rng_below(&both->rng, 8) > 0) {
        size_t value = proto_open(&both->to, 2);
        json_name(both, "value");
        some_value(both, depth);
        proto_close(&both->to, value);
    }
    json_put_close(&both->json, '}');
}

static void some_list(Both *both, int depth, bool is_map)
{
    size_t list = proto_open(&both->to, is_map ? 6 : 5);
    json_name(both, is_map ? "kvlistValue" : "arrayValue");
    json_put_open(&both->json, '{');
    json_name(both, "values");
    json_put_open(&both->json, '[');
    for (uint64_t left = rng_below(&both->rng, 4); left > 0; left--) {
        size_t item = proto_open(&both->to, 1);
        if (is_map)
            some_pair(both, depth + 1);
        else
            some_value(both, depth + 1);
        proto_close(&both->to, item);
    }
    json_put_close(&both->json, ']');
    json_put_close(&both->json, '}');
    proto_close(&both->to, list);
}

static void some_value(Both *both, int depth)
{
    json_put_open(&both->json, '{');
    switch (rng_below(&both->rng, depth < VALUE_DEPTH_MAX ? 8 : 6)) {
    case 0: break;
    case 1: some_text_field(both, 1, "stringValue"); break;
    case 2:
        proto_put_varint(&both->to, 2, 1);
        json_name(both, "boolValue");
        json_put_word(&both->json, STR("true"));
        break;
    case 3: some_integer(both, 3, "intValue"); break;
    case 4: some_real(both, 4, "doubleValue"); break;
    case 5: some_bytes(both, 7, "bytesValue", rng_below(&both->rng, 9), false); break;
    case 6: some_list(both, depth, false); break;
    default: some_list(both, depth, true);
    }
    json_put_close(&both->json, '}');
}

static void some_time(Both *both, uint32_t number, const char *name)
{
    uint64_t time = rng_next(&both->rng) >> rng_below(&both->rng, 64);
    char digits[32];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)time);
    proto_put_fixed64(&both->to, number, time);
    json_name(both, name);
    json_put_string(&both->json, str_of(digits));
}

static void some_attributes(Both *both, uint32_t number)
{
    json_name(both, "attributes");
    json_put_open(&both->json, '[');
    for (uint64_t left = rng_below(&both->rng, 4); left > 0; left--) {
        size_t pair = proto_open(&both->to, number);
        some_pair(both, 0);
        proto_close(&both->to, pair);
    }
    json_put_close(&both->json, ']');
}

static void some_record(Both *both)
{
    json_put_open(&both->json, '{');
    if (rng_below(&both->rng, 4) > 0)
        some_time(both, 1, "timeUnixNano");
    if (rng_below(&both->rng, 2) > 0)
        some_time(both, 11, "observedTimeUnixNano");
    if (rng_below(&both->rng, 2) > 0) {
        uint64_t severity = rng_below(&both->rng, 27);
        proto_put_varint(&both->to, 2, severity);
        json_name(both, "severityNumber");
        json_put_int(&both->json, (int64_t)severity);
    }
    if (rng_below(&both->rng, 2) > 0)
        some_text_field(both, 3, "severityText");
    some_attributes(both, 6);
    if (rng_below(&both->rng, 4) > 0) {
        size_t body = proto_open(&both->to, 5);
        json_name(both, "body");
        some_value(both, 0);
        proto_close(&both->to, body);
    }
    some_bytes(both, 9, "traceId", rng_below(&both->rng, 2) * 16, true);
    some_bytes(both, 10, "spanId", rng_below(&both->rng, 3) * 4, true);
    some_text_field(both, 12, "eventName");
    json_put_close(&both->json, '}');
}

static void some_request(Both *both)
{
    size_t group = proto_open(&both->to, 1);
    json_put_word(&both->json, STR("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":["));
    size_t scope = proto_open(&both->to, 2);
    for (uint64_t left = rng_below(&both->rng, 4); left > 0; left--) {
        size_t record = proto_open(&both->to, 2);
        some_record(both);
        proto_close(&both->to, record);
    }
    proto_close(&both->to, scope);
    json_put_close(&both->json, ']');
    json_put_close(&both->json, '}');
    json_put_close(&both->json, ']');
    json_name(both, "resource");
    json_put_open(&both->json, '{');
    size_t resource = proto_open(&both->to, 1);
    some_attributes(both, 1);
    proto_close(&both->to, resource);
    json_put_close(&both->json, '}');
    json_put_close(&both->json, '}');
    json_put_close(&both->json, ']');
    json_put_close(&both->json, '}');
    proto_close(&both->to, group);
}

static void both_forms_of_any_request_give_the_same_events(void **state)
{
    (void)state;
    size_t records = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        Mem mem = {0};
        Both both = {.rng = rng_seeded(seed), .to = {.mem = &mem}, .json = {.mem = &mem}};
        some_request(&both);
        Decoding binary = decoding_of("otlp_logs", NULL, NULL, (Str){both.to.bytes, both.to.size});
        Decoding text = decoding_of("otlp_logs_json", NULL, NULL, json_text_str(&both.json));
        if (binary.rc != ODD_OK || text.rc != ODD_OK || strcmp(binary.text, text.text) != 0)
            fail_msg("seed %llu: %s\n%s\n%s\n%s\n%s", (unsigned long long)seed, both.json.text,
                     binary.decoded.message, binary.text, text.decoded.message, text.text);
        assert_int_equal(binary.bytes, text.bytes);
        records += binary.events;
        proto_free(&both.to);
        json_text_free(&both.json);
        assert_int_equal(mem.bytes, 0);
    }
    assert_true(records > SEED_COUNT);
}

/* Some bytes are overwritten, left out or doubled. */
static Str broken(Rng *rng, Str whole, char *buffer)
{
    size_t size = whole.size;
    memcpy(buffer, whole.text, size);
    for (uint64_t left = 1 + rng_below(rng, 4); left > 0; left--) {
        size_t at = rng_below(rng, size), to = rng_below(rng, size);
        switch (rng_below(rng, 3)) {
        case 0: buffer[at] = (char)rng_next(rng); break;
        case 1:
            memmove(buffer + at, buffer + at + 1, size - at - 1);
            size--;
            break;
        default: buffer[at] = buffer[to];
        }
    }
    return (Str){.text = buffer, .size = size};
}

static void broken_bytes_give_events_or_a_sentence(void **state)
{
    (void)state;
    static char buffer[8192];
    const char *const signals[] = {"otlp_logs", "otlp_metrics", "otlp_traces"};
    const char *const forms[][2] = {{otlp_logs_hex, otlp_logs_text},
                                    {otlp_metrics_hex, otlp_metrics_text},
                                    {otlp_traces_hex, otlp_traces_text}};
    size_t refused = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        Rng rng = rng_seeded(seed);
        for (size_t i = 0; i < 6; i++) {
            char codec[32];
            snprintf(codec, sizeof codec, "%s%s", signals[i / 2], i % 2 == 0 ? "" : "_json");
            Str whole = i % 2 == 0 ? otlp_of_hex(forms[i / 2][0]) : str_of(forms[i / 2][1]);
            Decoding got = decoding_of(codec, NULL, NULL, broken(&rng, whole, buffer));
            if (got.rc == ODD_OK)
                continue;
            if (got.rc != ODD_SYNTAX || got.events != 0 || got.decoded.message[0] == '\0')
                fail_msg("seed %llu, %s: %s \"%s\"", (unsigned long long)seed, codec,
                         odd_strerror(got.rc), got.decoded.message);
            refused++;
        }
    }
    assert_true(refused > SEED_COUNT && refused < 6 * SEED_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_of_any_request_give_the_same_events),
        cmocka_unit_test(broken_bytes_give_events_or_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
