/* SPDX-License-Identifier: Apache-2.0 */
#include "packed.h"

#include "event/series.h"

#define TIME INT64_C(1795464942123)
#define NS "1795464942123000000"

/* prometheus.WriteRequest, as prompb/remote.proto and types.proto of Prometheus lay it out. */
typedef struct {
    ProtoWriter to;
    Mem         mem;
} Request;

static void request_open(Request *request)
{
    *request = (Request){.to = {.mem = NULL}};
    request->to.mem = &request->mem;
}

static void put_label(ProtoWriter *to, const char *name, const char *value)
{
    size_t label = proto_open(to, 1);
    proto_put_bytes(to, 1, str_of(name));
    proto_put_bytes(to, 2, str_of(value));
    proto_close(to, label);
}

static void put_sample(ProtoWriter *to, int64_t ms, double value)
{
    size_t sample = proto_open(to, 2);
    proto_put_double(to, 1, value);
    proto_put_varint(to, 2, (uint64_t)ms);
    proto_close(to, sample);
}

static void put_series(ProtoWriter *to, const char *name, const char *job, double value)
{
    size_t series = proto_open(to, 1);
    put_label(to, "__name__", name);
    if (job != NULL)
        put_label(to, "job", job);
    put_sample(to, TIME, value);
    proto_close(to, series);
}

static Decoding sent(Request *request)
{
    Decoding got = packed_decoding("remote_write", packed_message(&request->to));
    proto_free(&request->to);
    return got;
}

static void bytes_of_a_real_sender_are_read(void **state)
{
    (void)state;
    /* up{job="node",instance="a:9100"} 1 at 1700000000000 ms, written out by hand. */
    Str bytes = STR("\x0a\x43"
                    "\x0a\x0e\x0a\x08__name__\x12\x02up"
                    "\x0a\x12\x0a\x08instance\x12\x06" "a:9100"
                    "\x0a\x0b\x0a\x03job\x12\x04node"
                    "\x12\x10\x09\0\0\0\0\0\0\xf0\x3f\x10\x80\xd0\x95\xff\xbc\x31");
    Decoding got = packed_decoding("remote_write", bytes);
    assert_decoded(got, "samples prometheus:node|up{instance=\"a:9100\",job=\"node\"}|"
                        " 1700000000000000000=1\n");
    assert_int_equal(got.decoded.accepted, 1);
}

static void samples_of_one_series_stay_together(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    size_t series = proto_open(&request.to, 1);
    put_label(&request.to, "__name__", "a");
    put_sample(&request.to, TIME, 1);
    put_sample(&request.to, TIME + 1, 2.5);
    put_sample(&request.to, -1, -3);
    proto_close(&request.to, series);
    put_series(&request.to, "b", "x", 4);
    Decoding got = sent(&request);
    assert_decoded(got, "samples here|a| " NS "=1 1795464942124000000=2.5 -1000000=-3\n"
                        "samples prometheus:x|b{job=\"x\"}| " NS "=4\n");
    assert_int_equal(got.decoded.accepted, 4);
}

static void labels_may_come_behind_samples_and_in_any_order(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    size_t series = proto_open(&request.to, 1);
    put_sample(&request.to, TIME, 1);
    put_label(&request.to, "z", "1");
    put_label(&request.to, "empty", "");
    put_label(&request.to, "a", "2");
    put_label(&request.to, "z", "3");
    put_label(&request.to, "__name__", "m");
    proto_close(&request.to, series);
    assert_decoded(sent(&request), "samples here|m{a=\"2\",z=\"3\"}| " NS "=1\n");
}

/* To the bit: a quiet NaN, the marker of an end, infinity and minus zero. */
static void values_are_kept_to_the_bit(void **state)
{
    (void)state;
    static const uint64_t bits[] = {0x7ff8000000000001, 0x7ff0000000000002, 0x7ff0000000000000,
                                    0x8000000000000000, 1};
    Request request;
    request_open(&request);
    size_t series = proto_open(&request.to, 1);
    put_label(&request.to, "__name__", "a");
    for (size_t i = 0; i < 5; i++) {
        size_t sample = proto_open(&request.to, 2);
        proto_put_fixed64(&request.to, 1, bits[i]);
        proto_close(&request.to, sample);
    }
    proto_close(&request.to, series);
    Str packed = packed_of(packed_message(&request.to));
    odd_events *events = events_open(NULL, DECODING_NOW);
    odd_wire wire = {.source = "here"};
    odd_decoded decoded;
    assert_int_equal(odd_decode("remote_write", &wire, packed.text, packed.size, events, &decoded),
                     ODD_OK);
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_int_equal(event.sample_count, 5);
    for (size_t i = 0; i < 5; i++) {
        double value = event_sample(&event, i).value;
        assert_memory_equal(&value, &bits[i], 8);
    }
    events_close(events);
    free((char *)packed.text);
    proto_free(&request.to);
}

static void a_native_histogram_becomes_its_count_and_sum(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    size_t series = proto_open(&request.to, 1);
    put_label(&request.to, "__name__", "latency");
    put_label(&request.to, "job", "x");
    size_t histogram = proto_open(&request.to, 4);
    proto_put_varint(&request.to, 1, 12);
    proto_put_double(&request.to, 3, 4.5);
    proto_put_varint(&request.to, 4, 3); /* schema */
    proto_put_varint(&request.to, 15, (uint64_t)TIME);
    proto_close(&request.to, histogram);
    histogram = proto_open(&request.to, 4);
    proto_put_double(&request.to, 2, 2.5);
    proto_put_fixed64(&request.to, 3, 0x7ff0000000000002);
    proto_put_varint(&request.to, 15, (uint64_t)TIME);
    proto_close(&request.to, histogram);
    proto_close(&request.to, series);
    Decoding got = sent(&request);
    assert_decoded(got, "samples prometheus:x|latency_count{job=\"x\"}| " NS "=12\n"
                        "samples prometheus:x|latency_sum{job=\"x\"}| " NS "=4.5\n"
                        "samples prometheus:x|latency_count{job=\"x\"}| " NS "=nan\n"
                        "samples prometheus:x|latency_sum{job=\"x\"}| " NS "=nan\n");
    assert_int_equal(got.decoded.accepted, 2);
    assert_int_equal(got.decoded.histograms, 2);
}

static void assert_series_refused(Request *request, const char *why)
{
    put_series(&request->to, "good", NULL, 1);
    Decoding got = sent(request);
    assert_decoded(got, "samples here|good| " NS "=1\n");
    assert_int_equal(got.decoded.rejected, 1);
    assert_int_equal(got.decoded.accepted, 1);
    assert_string_equal(got.decoded.message, why);
}

static void a_series_that_cannot_be_named_is_refused_and_the_others_count(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    put_series(&request.to, "", NULL, 7);
    assert_series_refused(&request, "a series is refused: it has no name");

    request_open(&request);
    size_t series = proto_open(&request.to, 1);
    put_label(&request.to, "__name__", "many");
    for (int i = 0; i < SERIES_LABELS_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "l%d", i);
        put_label(&request.to, name, "v");
    }
    put_sample(&request.to, TIME, 1);
    proto_close(&request.to, series);
    assert_series_refused(&request, "a series is refused: it has too many labels");

    request_open(&request);
    char value[EVENT_SERIES_BYTES_MAX + 1];
    memset(value, 'x', sizeof value);
    value[sizeof value - 1] = '\0';
    put_series(&request.to, "long", value, 7);
    assert_series_refused(&request, "a series is refused: its labels are too long");

    request_open(&request);
    series = proto_open(&request.to, 1);
    put_label(&request.to, "__name__", "future");
    put_sample(&request.to, INT64_MAX / 1000, 1);
    proto_close(&request.to, series);
    assert_series_refused(&request,
                          "a sample of 9223372036854775 ms since 1970: no such year is known");
}

static void metadata_alone_is_a_good_request(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    size_t metadata = proto_open(&request.to, 3);
    proto_put_varint(&request.to, 1, 1);
    proto_put_bytes(&request.to, 2, STR("up"));
    proto_close(&request.to, metadata);
    Decoding got = sent(&request);
    assert_decoded(got, "");
    assert_int_equal(got.decoded.accepted, 0);
    assert_decoded(packed_decoding("remote_write", STR("")), "");
}

static void a_message_of_the_other_version_is_told(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    proto_put_bytes(&request.to, 4, STR("")); /* Symbols of 2.0. */
    proto_put_bytes(&request.to, 5, STR(""));
    Decoding got = sent(&request);
    assert_int_equal(got.rc, ODD_SYNTAX);
    assert_non_null(strstr(got.decoded.message, "2.0"));
}

static void bytes_that_are_no_request_are_refused(void **state)
{
    (void)state;
    assert_int_equal(decoding_of("remote_write", NULL, NULL, STR("not snappy")).rc, ODD_SYNTAX);
    static const Str bad[] = {{"\x0a\x05\x0a", 3}, {"\x0b", 1}, {"\x0a\x02\x12\x05", 4},
                              {"\x0a\x04\x0a\x02\x0a\x07", 6}, {"\x0a\x04\x12\x02\x09\x01", 6},
                              {"\x0a\x04\x22\x02\x09\x01", 6}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Decoding got = packed_decoding("remote_write", bad[i]);
        if (i == 5) /* A torn histogram of a series without a name: refused with it. */
            assert_int_equal(got.decoded.rejected, 1);
        else if (i == 4)
            assert_int_equal(got.decoded.rejected, 1);
        else
            assert_int_equal(got.rc, ODD_SYNTAX);
    }
}

static void a_request_that_is_torn_gives_fewer_samples(void **state)
{
    (void)state;
    Request request;
    request_open(&request);
    put_series(&request.to, "a", "x", 1);
    put_series(&request.to, "b", "x", 2);
    size_t series = proto_open(&request.to, 1);
    put_label(&request.to, "__name__", "h");
    size_t histogram = proto_open(&request.to, 4);
    proto_put_varint(&request.to, 1, 1200);
    proto_put_double(&request.to, 3, 4.5);
    proto_close(&request.to, histogram);
    proto_close(&request.to, series);
    assert_torn_packed_gives_less("remote_write", packed_message(&request.to));
    proto_free(&request.to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_of_a_real_sender_are_read),
        cmocka_unit_test(samples_of_one_series_stay_together),
        cmocka_unit_test(labels_may_come_behind_samples_and_in_any_order),
        cmocka_unit_test(values_are_kept_to_the_bit),
        cmocka_unit_test(a_native_histogram_becomes_its_count_and_sum),
        cmocka_unit_test(a_series_that_cannot_be_named_is_refused_and_the_others_count),
        cmocka_unit_test(metadata_alone_is_a_good_request),
        cmocka_unit_test(a_message_of_the_other_version_is_told),
        cmocka_unit_test(bytes_that_are_no_request_are_refused),
        cmocka_unit_test(a_request_that_is_torn_gives_fewer_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
