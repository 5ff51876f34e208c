/* SPDX-License-Identifier: Apache-2.0 */
#include "packed.h"

#define TIME INT64_C(1795464942123)
#define NS "1795464942123000000"

/* io.prometheus.write.v2.Request, as its specification lays it out. */
typedef struct {
    ProtoWriter to;
    Mem         mem;
} Request;

static void request_open(Request *request, const char *const *symbols)
{
    *request = (Request){.to = {.mem = NULL}};
    request->to.mem = &request->mem;
    for (; *symbols != NULL; symbols++)
        proto_put_bytes(&request->to, 4, str_of(*symbols));
}

static void put_series(ProtoWriter *to, Str label_numbers, double value)
{
    size_t series = proto_open(to, 5);
    proto_put_bytes(to, 1, label_numbers);
    size_t sample = proto_open(to, 2);
    proto_put_double(to, 1, value);
    proto_put_varint(to, 2, (uint64_t)TIME);
    proto_put_varint(to, 3, 5); /* start_timestamp */
    proto_close(to, sample);
    size_t metadata = proto_open(to, 5);
    proto_put_varint(to, 1, 2);
    proto_close(to, metadata);
    proto_close(to, series);
}

static Decoding sent(Request *request)
{
    Decoding got = packed_decoding("remote_write_2", packed_message(&request->to));
    proto_free(&request->to);
    return got;
}

static const char *const symbols[] = {"", "__name__", "up", "job", "node", NULL};

static void labels_are_pairs_of_symbols(void **state)
{
    (void)state;
    Request request;
    request_open(&request, symbols);
    put_series(&request.to, STR("\1\2\3\4"), 1.5);
    put_series(&request.to, STR("\1\3"), 2);
    Decoding got = sent(&request);
    assert_decoded(got, "samples prometheus:node|up{job=\"node\"}| " NS "=1.5\n"
                        "samples here|job| " NS "=2\n");
    assert_int_equal(got.decoded.accepted, 2);
    assert_int_equal(got.decoded.histograms, 0);
}

static void symbols_may_come_last(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    Request request;
    request_open(&request, none);
    put_series(&request.to, STR("\1\2"), 1);
    for (int i = 0; symbols[i] != NULL; i++)
        proto_put_bytes(&request.to, 4, str_of(symbols[i]));
    assert_decoded(sent(&request), "samples here|up| " NS "=1\n");
}

static void a_native_histogram_becomes_its_count_and_sum(void **state)
{
    (void)state;
    Request request;
    request_open(&request, symbols);
    size_t series = proto_open(&request.to, 5);
    proto_put_bytes(&request.to, 1, STR("\1\2"));
    size_t histogram = proto_open(&request.to, 3);
    proto_put_varint(&request.to, 1, 12);
    proto_put_double(&request.to, 3, 4.5);
    proto_put_varint(&request.to, 15, (uint64_t)TIME);
    proto_close(&request.to, histogram);
    size_t exemplar = proto_open(&request.to, 4);
    proto_put_double(&request.to, 2, 1);
    proto_close(&request.to, exemplar);
    proto_close(&request.to, series);
    Decoding got = sent(&request);
    assert_decoded(got, "samples here|up_count| " NS "=12\n"
                        "samples here|up_sum| " NS "=4.5\n");
    assert_int_equal(got.decoded.histograms, 1);
}

static void labels_that_cannot_be_are_refused_with_their_series(void **state)
{
    (void)state;
    static const struct {
        Str         numbers;
        const char *why;
    } bad[] = {
        {{"\1\2\3", 3}, "a series is refused: its labels are no pairs of numbers"},
        {{"\1\2\xff", 3}, "a series is refused: its labels are no pairs of numbers"},
        {{"\1\x63", 2}, "a series is refused: its labels are not among the symbols"},
        {{"\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 11},
         "a series is refused: its labels are not among the symbols"},
        {{"\3\4", 2}, "a series is refused: it has no name"},
        {{"\1\0", 2}, "a series is refused: it has no name"},
        {{"", 0}, "a series is refused: it has no name"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Request request;
        request_open(&request, symbols);
        put_series(&request.to, bad[i].numbers, 7);
        put_series(&request.to, STR("\1\2"), 1);
        Decoding got = sent(&request);
        assert_decoded(got, "samples here|up| " NS "=1\n");
        assert_int_equal(got.decoded.rejected, 1);
        assert_string_equal(got.decoded.message, bad[i].why);
    }
}

static void a_message_of_the_other_version_is_told(void **state)
{
    (void)state;
    Decoding got = packed_decoding("remote_write_2", STR("\x0a\0"));
    assert_int_equal(got.rc, ODD_SYNTAX);
    assert_non_null(strstr(got.decoded.message, "1.0"));
    assert_decoded(packed_decoding("remote_write_2", STR("")), "");
}

static void a_request_that_is_torn_gives_fewer_samples(void **state)
{
    (void)state;
    Request request;
    request_open(&request, symbols);
    put_series(&request.to, STR("\1\2\3\4"), 1.5);
    put_series(&request.to, STR("\1\2"), 2);
    assert_torn_packed_gives_less("remote_write_2", packed_message(&request.to));
    proto_free(&request.to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_pairs_of_symbols),
        cmocka_unit_test(symbols_may_come_last),
        cmocka_unit_test(a_native_histogram_becomes_its_count_and_sum),
        cmocka_unit_test(labels_that_cannot_be_are_refused_with_their_series),
        cmocka_unit_test(a_message_of_the_other_version_is_told),
        cmocka_unit_test(a_request_that_is_torn_gives_fewer_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
