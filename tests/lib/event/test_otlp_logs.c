/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"
#include "otlp_bytes.h"
#include "otlp_requests.h"

#define RESOURCE                                                                                   \
    "\"resource.service.name\":\"shop\",\"resource.host.name\":\"web-1\","                       \
    "\"resource.replicas\":3,\"scope\":\"cart\""

static void the_reference_request_becomes_its_records(void **state)
{
    (void)state;
    Decoding got = decoding_of("otlp_logs", NULL, NULL, otlp_of_hex(otlp_logs_hex));
    assert_decoded(
        got,
        "record shop 1795464942123456789 error|payment \"declined\"\\n\xc3\xbc\xc3\x9f\xe2\x82\xac|"
        "{\"http.status\":502,\"ok\":false,\"ratio\":0.1,\"nothing\":null,\"raw\":\"AP8=\","
        "\"far\":9007199254740993,\"odd\":\"NaN\"," RESOURCE ","
        "\"trace_id\":\"000102030405060708090a0b0c0d0e0f\",\"span_id\":\"f0f1f2f3f4f5f6f7\"}\n"
        "record shop 1795464942123456791 warning|"
        "{\"list\":[1,\"two\",[],{\"deep\":-1.5}],\"b\":\"YWJj\"}|"
        "{" RESOURCE ",\"event_name\":\"cart.emptied\"}\n"
        "record shop - info|started|"
        "{" RESOURCE ",\"severity_text\":\"Notice\",\"event_name\":\"started\"}\n"
        "record db-1 - fatal|-7|{\"resource.host.name\":\"db-1\"}\n"
        "record here - ||\n");
    assert_int_equal(got.decoded.accepted, 5);
    assert_int_equal(got.decoded.rejected, 0);
}

static void json_gives_the_same_records(void **state)
{
    (void)state;
    assert_both_forms_give_the_same("otlp_logs", otlp_logs_hex, "otlp_logs_json", otlp_logs_text);
}

static void an_empty_request_is_a_success(void **state)
{
    (void)state;
    static const Str empties[] = {{"", 0}, {"\x0a\x00", 2}, {"\x0a\x02\x12\x00", 4}};
    for (size_t i = 0; i < sizeof empties / sizeof empties[0]; i++) {
        Decoding got = decoding_of("otlp_logs", NULL, NULL, empties[i]);
        assert_decoded(got, "");
        assert_int_equal(got.decoded.accepted, 0);
    }
    assert_decoded(decoding_of("otlp_logs_json", NULL, NULL, STR("{}")), "");
    assert_decoded(decoding_of("otlp_logs_json", NULL, NULL, STR("{\"resourceLogs\":null}")), "");
}

static void what_a_group_belongs_to_may_stand_behind_it(void **state)
{
    (void)state;
    Mem mem = {0};
    ProtoWriter to = {.mem = &mem};
    size_t group = proto_open(&to, 1), scope = proto_open(&to, 2), record = proto_open(&to, 2);
    proto_put_varint(&to, 2, 5);
    proto_close(&to, record);
    size_t name = proto_open(&to, 1);
    proto_put_bytes(&to, 1, STR("late"));
    proto_close(&to, name);
    proto_close(&to, scope);
    size_t resource = proto_open(&to, 1);
    otlp_put_text_attribute(&to, 1, "service.name", STR("shop"));
    proto_close(&to, resource);
    proto_close(&to, group);
    Str bytes = {.text = to.bytes, .size = to.size};
    assert_decoded(
        decoding_of("otlp_logs", NULL, NULL, bytes),
        "record shop - debug||{\"resource.service.name\":\"shop\",\"scope\":\"late\"}\n");
    proto_free(&to);
}

static void four_severities_are_one_level(void **state)
{
    (void)state;
    static const char *const levels[] = {"trace", "debug", "info", "warning", "error", "fatal"};
    for (int severity = 1; severity <= 24; severity++) {
        char item[] = {0x10, (char)severity}, expected[64];
        snprintf(expected, sizeof expected, "record here - %s||\n", levels[(severity - 1) / 4]);
        assert_decoded(otlp_item_decoded("otlp_logs", (Str){.text = item, .size = 2}), expected);
    }
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\x10\x19\x1a\x04WARN")),
                   "record here - warning||\n");
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\x10\x00")), "record here - ||\n");
}

static void a_time_that_cannot_be_is_none(void **state)
{
    (void)state;
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\x09\xff\xff\xff\xff\xff\xff\xff\x7f")),
                   "record here 9223372036854775807 ||\n");
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\x09\x00\x00\x00\x00\x00\x00\x00\x80")),
                   "record here - ||\n");
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\x09\x00\x00\x00\x00\x00\x00\x00\x80"
                                                      "\x59\x05\x00\x00\x00\x00\x00\x00\x00")),
                   "record here 5 ||\n");
}

static void ids_of_another_size_or_of_zeros_are_left_out(void **state)
{
    (void)state;
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\x52\x04"
                                                      "abcd"
                                                      "\x4a\x00")),
                   "record here - ||\n");
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\x52\x08\0\0\0\0\0\0\0\0")),
                   "record here - ||\n");
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\x52\x08\0\0\0\0\0\0\0\1")),
                   "record here - ||{\"span_id\":\"0000000000000001\"}\n");
}

static void unknown_fields_are_skipped(void **state)
{
    (void)state;
    assert_decoded(otlp_item_decoded("otlp_logs", STR("\xf8\x07\x01\xfa\x07\x02xy\xfd\x07"
                                                      "abcd"
                                                      "\xf9\x07"
                                                      "abcdefgh\x10\x09")),
                   "record here - info||\n");
    Str json = STR("{\"new\":[{}],\"resourceLogs\":[{\"x\":{\"y\":[1,[2]]},\"scopeLogs\":[{"
                   "\"logRecords\":[{\"severityNumber\":9,\"severity_number\":17}]}]}]}");
    assert_decoded(decoding_of("otlp_logs_json", NULL, NULL, json), "record here - info||\n");
}

static void another_wire_type_is_told_by_name(void **state)
{
    (void)state;
    assert_fails(otlp_item_decoded("otlp_logs", STR("\x08\x01")), ODD_SYNTAX,
                 "timeUnixNano of LogRecord has wire type 0");
    assert_fails(otlp_item_decoded("otlp_logs", STR("\x2a\x02\x08\x01")), ODD_SYNTAX,
                 "stringValue of AnyValue");
    assert_fails(otlp_item_decoded("otlp_logs", STR("\x32\x02\x10\x01")), ODD_SYNTAX,
                 "value of KeyValue");
    assert_fails(decoding_of("otlp_logs", NULL, NULL, STR("\x08\x01")), ODD_SYNTAX,
                 "resourceLogs of ExportLogsServiceRequest");
    assert_fails(decoding_of("otlp_logs", NULL, NULL, STR("\x0a\x02\x10\x01")), ODD_SYNTAX,
                 "byte 4");
}

static void a_torn_request_is_told_with_its_place(void **state)
{
    (void)state;
    assert_fails(decoding_of("otlp_logs", NULL, NULL,
                             STR("\x0a\x05"
                                 "ab")),
                 ODD_SYNTAX, "byte 0: a field is longer");
    assert_fails(decoding_of("otlp_logs", NULL, NULL, STR("\x0a\x04\x12\x02\x12\x01")), ODD_SYNTAX,
                 "byte 4");
    assert_fails(otlp_item_decoded("otlp_logs", STR("\x0b\x0c")), ODD_SYNTAX, "group");
    assert_fails(
        otlp_item_decoded("otlp_logs", STR("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")),
        ODD_SYNTAX, "64 bits");
}

static void every_beginning_of_a_request_is_less_or_refused(void **state)
{
    (void)state;
    assert_torn_gives_less("otlp_logs", NULL, otlp_of_hex(otlp_logs_hex));
    assert_torn_gives_less("otlp_logs_json", NULL, str_of(otlp_logs_text));
}

/* A value in `depth` lists, in protobuf: from the inside to the outside. */
static Str nested(char *bytes, size_t size, size_t depth)
{
    size_t at = size;
    for (size_t i = 0; i < 2 * depth; i++) {
        char  head[VARINT_BYTES_MAX + 1] = {i % 2 == 0 ? 0x0a : 0x2a};
        size_t head_size = 1 + varint_put(head + 1, size - at);
        assert_true(at > head_size);
        at -= head_size;
        memcpy(bytes + at, head, head_size);
    }
    return (Str){.text = bytes + at, .size = size - at};
}

static void nesting_has_the_same_limit_in_both_forms(void **state)
{
    (void)state;
    static char bytes[2000000], json[400000];
    for (size_t depth = 63; depth < 66; depth++) {
        OtlpRequest request;
        otlp_request_open(&request);
        proto_put_bytes(&request.to, 5, nested(bytes, sizeof bytes, depth));
        Decoding got = otlp_request_decoded(&request, "otlp_logs");
        size_t size = (size_t)sprintf(json, "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{"
                                            "\"body\":");
        for (size_t i = 0; i < depth; i++)
            size += (size_t)sprintf(json + size, "{\"arrayValue\":{\"values\":[");
        size += (size_t)sprintf(json + size, "{}");
        for (size_t i = 0; i < depth; i++)
            size += (size_t)sprintf(json + size, "]}}");
        sprintf(json + size, "}]}]}]}");
        Decoding text = decoding_of("otlp_logs_json", NULL, NULL, str_of(json));
        if (depth <= 64) {
            assert_decoded(text, got.text);
            assert_int_equal(got.events, 1);
        } else {
            assert_fails(got, ODD_SYNTAX, "nested deeper than 64");
            assert_fails(text, ODD_SYNTAX, "nested deeper than 64");
        }
    }
    OtlpRequest request;
    otlp_request_open(&request);
    proto_put_bytes(&request.to, 5, nested(bytes, sizeof bytes, 100000));
    assert_fails(otlp_request_decoded(&request, "otlp_logs"), ODD_SYNTAX, "nested deeper than 64");
    memset(json, '[', sizeof json);
    assert_fails(decoding_of("otlp_logs_json", NULL, NULL, (Str){json, sizeof json}), ODD_SYNTAX,
                 "depth");
}

static void attributes_that_are_too_long_are_left_out_whole(void **state)
{
    (void)state;
    static char text[EVENT_LINE_BYTES_MAX];
    memset(text, 'x', sizeof text);
    OtlpRequest request;
    otlp_request_open(&request);
    otlp_put_text_attribute(&request.to, 6, "a", STR("1"));
    otlp_put_text_attribute(&request.to, 6, "b", (Str){.text = text, .size = sizeof text});
    otlp_put_text_attribute(&request.to, 6, "c", STR("2"));
    assert_decoded(otlp_request_decoded(&request, "otlp_logs"),
                   "record here - ||{\"a\":\"1\",\"c\":\"2\"}\n");

    Mem mem = {0};
    ProtoWriter to = {.mem = &mem};
    size_t group = proto_open(&to, 1), scope = proto_open(&to, 2), record = proto_open(&to, 2);
    otlp_put_text_attribute(&to, 6, "b", (Str){.text = text, .size = sizeof text});
    proto_close(&to, record);
    proto_close(&to, scope);
    proto_close(&to, group);
    odd_events *events = events_open(NULL, DECODING_NOW);
    odd_wire wire = {.source = "here"};
    odd_decoded decoded;
    assert_int_equal(odd_decode("otlp_logs", &wire, to.bytes, to.size, events, &decoded), ODD_OK);
    assert_int_equal(events->counts.cut, 1);
    events_close(events);
    proto_free(&to);
}

static void bytes_that_are_no_text_stay_in_the_body_and_are_replaced_in_json(void **state)
{
    (void)state;
    OtlpRequest request;
    otlp_request_open(&request);
    size_t body = proto_open(&request.to, 5);
    proto_put_bytes(&request.to, 1, STR("a\xff\0z"));
    proto_close(&request.to, body);
    otlp_put_text_attribute(&request.to, 6, "k", STR("\xc3(\x01\""));
    Decoding got = otlp_request_decoded(&request, "otlp_logs");
    assert_int_equal(got.rc, ODD_OK);
    static const char expected[] = "record here - |a\xff\0z|{\"k\":\"\xef\xbf\xbd(\\u0001\\\"\"}\n";
    assert_memory_equal(got.text, expected, sizeof expected);
}

static void a_source_is_named_by_its_service_or_host(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "{\"key\":\"host.name\",\"value\":{\"stringValue\":\"h\"}},"
        "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"s\"}}",
        "{\"key\":\"host.name\",\"value\":{\"stringValue\":\"h\"}},"
        "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"\"}}",
        "{\"key\":\"service.name\",\"value\":{\"intValue\":5}}"};
    static const char *const sources[] = {"record s ", "record h ", "record here "};
    for (size_t i = 0; i < 3; i++) {
        char json[400];
        snprintf(json, sizeof json,
                 "{\"resourceLogs\":[{\"resource\":{\"attributes\":[%s]},\"scopeLogs\":[{"
                 "\"logRecords\":[{}]}]}]}",
                 requests[i]);
        Decoding got = decoding_of("otlp_logs_json", NULL, NULL, str_of(json));
        assert_int_equal(got.rc, ODD_OK);
        assert_memory_equal(got.text, sources[i], strlen(sources[i]));
    }
}

static void without_memory_nothing_is_taken(void **state)
{
    (void)state;
    assert_short_memory_is_told("otlp_logs", otlp_of_hex(otlp_logs_hex));
    assert_short_memory_is_told("otlp_logs_json", str_of(otlp_logs_text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_request_becomes_its_records),
        cmocka_unit_test(json_gives_the_same_records),
        cmocka_unit_test(an_empty_request_is_a_success),
        cmocka_unit_test(what_a_group_belongs_to_may_stand_behind_it),
        cmocka_unit_test(four_severities_are_one_level),
        cmocka_unit_test(a_time_that_cannot_be_is_none),
        cmocka_unit_test(ids_of_another_size_or_of_zeros_are_left_out),
        cmocka_unit_test(unknown_fields_are_skipped),
        cmocka_unit_test(another_wire_type_is_told_by_name),
        cmocka_unit_test(a_torn_request_is_told_with_its_place),
        cmocka_unit_test(every_beginning_of_a_request_is_less_or_refused),
        cmocka_unit_test(nesting_has_the_same_limit_in_both_forms),
        cmocka_unit_test(attributes_that_are_too_long_are_left_out_whole),
        cmocka_unit_test(bytes_that_are_no_text_stay_in_the_body_and_are_replaced_in_json),
        cmocka_unit_test(a_source_is_named_by_its_service_or_host),
        cmocka_unit_test(without_memory_nothing_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
