/* SPDX-License-Identifier: Apache-2.0 */
#include "packed.h"

#define S INT64_C(1795464942)
#define NS "1795464942000000007"

/* logproto.PushRequest, as push.proto of Loki lays it out. */
typedef struct {
    ProtoWriter to;
    Mem         mem;
} Request;

static void request_open(Request *request)
{
    *request = (Request){.to = {.mem = NULL}};
    request->to.mem = &request->mem;
}

static size_t entry_open(ProtoWriter *to, int64_t s, uint64_t ns, const char *line)
{
    size_t entry = proto_open(to, 2);
    size_t time = proto_open(to, 1);
    proto_put_varint(to, 1, (uint64_t)s);
    proto_put_varint(to, 2, ns);
    proto_close(to, time);
    proto_put_bytes(to, 2, str_of(line));
    return entry;
}

static void put_metadata(ProtoWriter *to, const char *name, const char *value)
{
    size_t pair = proto_open(to, 3);
    proto_put_bytes(to, 1, str_of(name));
    proto_put_bytes(to, 2, str_of(value));
    proto_close(to, pair);
}

static void put_stream(ProtoWriter *to, const char *labels, const char *line)
{
    size_t stream = proto_open(to, 1);
    proto_put_bytes(to, 1, str_of(labels));
    proto_close(to, entry_open(to, S, 7, line));
    proto_put_varint(to, 3, 12345); /* hash */
    proto_close(to, stream);
}

static Decoding sent(Request *request)
{
    Decoding got = packed_decoding("loki", packed_message(&request->to));
    proto_free(&request->to);
    return got;
}

static void assert_stream(const char *labels, const char *expected)
{
    Request request;
    request_open(&request);
    put_stream(&request.to, labels, "hello");
    Decoding got = sent(&request);
    assert_decoded(got, expected);
    assert_int_equal(got.decoded.accepted, 1);
}

static void the_labels_say_whose_lines_these_are(void **state)
{
    (void)state;
    assert_stream("{}", "record here " NS " |hello|\n");
    assert_stream("{job=\"varlogs\"}", "record varlogs " NS " |hello|{\"job\":\"varlogs\"}\n");
    assert_stream("{app=\"web\", job=\"x\", level=\"error\"}",
                  "record web " NS " error|hello|"
                  "{\"app\":\"web\",\"job\":\"x\",\"level\":\"error\"}\n");
    assert_stream("{service_name=\"unknown_service\",filename=\"/var/log/a\",host=\"h1\"}",
                  "record h1:/var/log/a " NS " |hello|{\"service_name\":\"unknown_service\","
                  "\"filename\":\"/var/log/a\",\"host\":\"h1\"}\n");
    assert_stream("{filename=\"C:\\\\a\\tb\"}",
                  "record C:\\a\tb " NS " |hello|{\"filename\":\"C:\\\\a\\tb\"}\n");
    assert_stream("{unit=\"ssh.service\"}",
                  "record journal:ssh.service " NS " |hello|{\"unit\":\"ssh.service\"}\n");
    assert_stream("{unit=\"ssh.service\",hostname=\"h1\"}",
                  "record h1/journal:ssh.service " NS " |hello|"
                  "{\"unit\":\"ssh.service\",\"hostname\":\"h1\"}\n");
}

static void structured_metadata_become_attributes(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    size_t stream = proto_open(&request.to, 1);
    size_t entry = entry_open(&request.to, S, 7, "two\nlines");
    put_metadata(&request.to, "trace_id", "a\"b");
    put_metadata(&request.to, "level", "warn");
    put_metadata(&request.to, "app", "other");
    put_metadata(&request.to, "app", "last");
    put_metadata(&request.to, "none", "");
    proto_close(&request.to, entry);
    proto_close(&request.to, entry_open(&request.to, S, 8, "bare"));
    proto_put_bytes(&request.to, 1, STR("{app=\"web\",x=\"y\"}")); /* Behind the entries. */
    proto_close(&request.to, stream);
    assert_decoded(sent(&request),
                   "record web " NS " warning|two\\nlines|"
                   "{\"x\":\"y\",\"trace_id\":\"a\\\"b\",\"level\":\"warn\",\"app\":\"last\"}\n"
                   "record web 1795464942000000008 |bare|{\"app\":\"web\",\"x\":\"y\"}\n");
}

static void a_time_that_is_none_leaves_the_line(void **state)
{
    (void)state;
    static const int64_t seconds[] = {INT64_MAX, INT64_MIN, INT64_C(9223372037), 0};
    for (size_t i = 0; i < 4; i++) {
        Request request;
        request_open(&request);
        size_t stream = proto_open(&request.to, 1);
        proto_put_bytes(&request.to, 1, STR("{}"));
        proto_close(&request.to, entry_open(&request.to, seconds[i], i == 3 ? 1000000000 : 0, "x"));
        proto_close(&request.to, stream);
        assert_decoded(sent(&request), "record here - |x|\n");
    }
}

static void a_stream_without_readable_labels_is_refused_and_the_others_count(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      "job",       "{", "{a}",
                                      "{a=b}", "{a=\"b\"", "{a=\"b\" c=\"d\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Request request;
        request_open(&request);
        put_stream(&request.to, bad[i], "lost");
        put_stream(&request.to, "{}", "kept");
        Decoding got = sent(&request);
        assert_decoded(got, "record here " NS " |kept|\n");
        assert_int_equal(got.decoded.rejected, 1);
        assert_int_equal(strncmp(got.decoded.message, "the labels of a stream", 22), 0);
    }
}

static void an_entry_with_too_much_metadata_is_refused(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    size_t stream = proto_open(&request.to, 1);
    proto_put_bytes(&request.to, 1, STR("{}"));
    size_t entry = entry_open(&request.to, S, 7, "x");
    for (int i = 0; i < 129; i++)
        put_metadata(&request.to, "a", "b");
    proto_close(&request.to, entry);
    proto_close(&request.to, stream);
    Decoding got = sent(&request);
    assert_decoded(got, "");
    assert_int_equal(got.decoded.rejected, 1);
    assert_string_equal(got.decoded.message, "an entry has more than 128 structured metadata");
}

static void what_is_no_push_is_refused(void **state)
{
    (void)state;
    assert_int_equal(packed_decoding("loki", STR("\x12\x01x")).rc, ODD_SYNTAX);
    assert_int_equal(decoding_of("loki", NULL, NULL, STR("\x0a\x02\x0a\0")).rc, ODD_SYNTAX);
    assert_decoded(packed_decoding("loki", STR("")), "");
}

static void a_push_that_is_torn_gives_fewer_records(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    put_stream(&request.to, "{app=\"web\",b=\"c\\\\d\"}", "hello");
    size_t stream = proto_open(&request.to, 1);
    proto_put_bytes(&request.to, 1, STR("{}"));
    size_t entry = entry_open(&request.to, S, 7, "x");
    put_metadata(&request.to, "trace_id", "abc");
    proto_close(&request.to, entry);
    proto_close(&request.to, stream);
    assert_torn_packed_gives_less("loki", packed_message(&request.to));
    proto_free(&request.to);
}

static void the_same_in_json_gives_the_same(void **state)
{
    (void)state;
    Str text = STR("{\"streams\":[{\"stream\":{\"app\":\"web\",\"x\":\"y\"},\"values\":["
                   "[\"" NS "\",\"two\\nlines\",{\"trace_id\":\"a\\\"b\",\"level\":\"warn\"}],"
                   "[1795464942000000008,\"bare\"]]},{\"stream\":{},\"values\":[]}]}");
    Decoding got = decoding_of("loki_json", NULL, NULL, text);
    assert_decoded(got, "record web " NS " warning|two\\nlines|"
                        "{\"app\":\"web\",\"x\":\"y\",\"trace_id\":\"a\\\"b\",\"level\":\"warn\"}\n"
                        "record web 1795464942000000008 |bare|{\"app\":\"web\",\"x\":\"y\"}\n");
    assert_int_equal(got.decoded.accepted, 2);
    assert_torn_gives_less("loki_json", NULL, text);
}

static void entries_of_another_shape_are_refused_and_the_others_count(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "1", "[]", "[\"1\"]", "[\"x\",\"line\"]", "[1.5,\"line\"]", "[\"1\",2]",
        "[\"1\",\"line\",3]", "[\"1\",\"line\",{\"a\":1}]", "{\"a\":\"1\",\"b\":\"x\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "{\"streams\":[{\"stream\":{},\"values\":[%s,[\"5\",\"kept\"]]}]}", bad[i]);
        Decoding got = decoding_of("loki_json", NULL, NULL, str_of(text));
        assert_decoded(got, "record here 5 |kept|\n");
        assert_int_equal(got.decoded.rejected, 1);
        assert_int_equal(strncmp(got.decoded.message, "streams[0].values[0] ", 21), 0);
    }
}

static void streams_of_another_shape_are_refused_and_the_others_count(void **state)
{
    (void)state;
    static const char *const bad[] = {"1", "{}", "{\"stream\":{\"a\":1},\"values\":[1]}",
                                      "{\"stream\":{}}", "{\"stream\":[],\"values\":[1]}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "{\"streams\":[%s,{\"stream\":{},\"values\":[[\"5\",\"kept\"]]}]}", bad[i]);
        Decoding got = decoding_of("loki_json", NULL, NULL, str_of(text));
        assert_decoded(got, "record here 5 |kept|\n");
        assert_int_equal(got.decoded.rejected, 1);
    }
}

static void json_that_is_no_push_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "{", "[]", "{}", "{\"streams\":1}", "null", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Decoding got = decoding_of("loki_json", NULL, NULL, str_of(bad[i]));
        assert_int_equal(got.rc, ODD_SYNTAX);
        assert_true(got.decoded.message[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_labels_say_whose_lines_these_are),
        cmocka_unit_test(structured_metadata_become_attributes),
        cmocka_unit_test(a_time_that_is_none_leaves_the_line),
        cmocka_unit_test(a_stream_without_readable_labels_is_refused_and_the_others_count),
        cmocka_unit_test(an_entry_with_too_much_metadata_is_refused),
        cmocka_unit_test(what_is_no_push_is_refused),
        cmocka_unit_test(a_push_that_is_torn_gives_fewer_records),
        cmocka_unit_test(the_same_in_json_gives_the_same),
        cmocka_unit_test(entries_of_another_shape_are_refused_and_the_others_count),
        cmocka_unit_test(streams_of_another_shape_are_refused_and_the_others_count),
        cmocka_unit_test(json_that_is_no_push_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
