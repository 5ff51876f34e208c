/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/bytes.h"
#include "otlp_bytes.h"
#include "otlp_requests.h"

#define NAMES "host_name=\"web-1\","
#define SERVICE "service_instance_id=\"i-1\",service_name=\"shop\""
#define BUCKET "samples shop|seconds_bucket{" NAMES
#define TIME " 1795464942123456789="

static void the_reference_request_becomes_its_samples(void **state)
{
    (void)state;
    Decoding got = decoding_of("otlp_metrics", NULL, NULL, otlp_of_hex(otlp_metrics_hex));
    assert_decoded(
        got, "samples shop|{\"process.cpu.utilization\",core=\"3\",\"cpu.mode\"=\"user\"," NAMES
             "list=\"[1,\\\"x\\\"]\",on=\"true\"," SERVICE "}|" TIME "0.25\n"
             "samples shop|{\"process.cpu.utilization\"," NAMES SERVICE "}|" TIME "nan\n"
             "samples shop|requests{" NAMES SERVICE "}|" TIME "-5\n"
             "samples shop|requests{" NAMES
             "service_instance_id=\"i-1\",service_name=\"other\"}|" TIME "7\n"
             "samples shop|seconds_count{" NAMES "route=\"/a\\\"b\"," SERVICE "}|" TIME "6\n"
             "samples shop|seconds_sum{" NAMES "route=\"/a\\\"b\"," SERVICE "}|" TIME "10.5\n"
             "samples shop|seconds_min{" NAMES "route=\"/a\\\"b\"," SERVICE "}|" TIME "0.125\n"
             "samples shop|seconds_max{" NAMES "route=\"/a\\\"b\"," SERVICE "}|" TIME "9\n" BUCKET
             "le=\"0.25\",route=\"/a\\\"b\"," SERVICE "}|" TIME "1\n" BUCKET
             "le=\"5\",route=\"/a\\\"b\"," SERVICE "}|" TIME "3\n" BUCKET
             "le=\"+Inf\",route=\"/a\\\"b\"," SERVICE "}|" TIME "6\n"
             "samples shop|seconds_count{" NAMES SERVICE "}|" TIME "4\n" BUCKET
             "le=\"+Inf\"," SERVICE "}|" TIME "4\n"
             "samples shop|seconds_count{" NAMES SERVICE "}|" TIME "4\n" BUCKET
             "le=\"+Inf\"," SERVICE "}|" TIME "4\n"
             "samples shop|bytes_count{" NAMES SERVICE "}|" TIME "9\n"
             "samples shop|bytes_sum{" NAMES SERVICE "}|" TIME "3.5\n"
             "samples shop|bytes_max{" NAMES SERVICE "}|" TIME "2\n"
             "samples shop|bytes_zero_count{" NAMES SERVICE "}|" TIME "1\n"
             "samples shop|lag_count{" NAMES SERVICE ",topic=\"t\"}|" TIME "2\n"
             "samples shop|lag_sum{" NAMES SERVICE ",topic=\"t\"}|" TIME "inf\n"
             "samples shop|lag{" NAMES "quantile=\"0.5\"," SERVICE ",topic=\"t\"}|" TIME "1.5\n"
             "samples shop|lag{" NAMES "quantile=\"1\"," SERVICE ",topic=\"t\"}|" TIME "2.5\n");
    assert_int_equal(got.decoded.accepted, 9);
    assert_int_equal(got.decoded.rejected, 5);
    assert_string_equal(got.decoded.message, "a point of metric \"process.cpu.utilization\" is "
                                             "refused: it has no value");
}

static void json_gives_the_same_samples(void **state)
{
    (void)state;
    assert_both_forms_give_the_same("otlp_metrics", otlp_metrics_hex, "otlp_metrics_json",
                                    otlp_metrics_text);
}

/* A point of a metric "m", in one of its kinds of data. */
typedef struct {
    OtlpRequest request;
    size_t      data, point;
} PointRequest;

static void point_begin(PointRequest *p, Str name, uint32_t kind)
{
    otlp_request_open(&p->request);
    proto_put_bytes(&p->request.to, 1, name);
    p->data = proto_open(&p->request.to, kind);
    p->point = proto_open(&p->request.to, 1);
}

static Decoding point_decoded(PointRequest *p)
{
    proto_close(&p->request.to, p->point);
    proto_close(&p->request.to, p->data);
    return otlp_request_decoded(&p->request, "otlp_metrics");
}

static void assert_point_refused(PointRequest *p, const char *why)
{
    Decoding got = point_decoded(p);
    assert_int_equal(got.rc, ODD_OK);
    if (strstr(got.decoded.message, why) == NULL)
        print_error("\"%s\" does not say \"%s\"\n", got.decoded.message, why);
    assert_non_null(strstr(got.decoded.message, why));
    assert_int_equal(got.decoded.rejected, 1);
    assert_int_equal(got.decoded.accepted, 0);
    assert_int_equal(got.events, 0);
}

static void a_bad_point_is_refused_with_its_reason(void **state)
{
    (void)state;
    PointRequest p;
    point_begin(&p, STR(""), 5);
    proto_put_fixed64(&p.request.to, 3, 1);
    proto_put_double(&p.request.to, 4, 1);
    otlp_put_text_attribute(&p.request.to, 7, "__name__", STR("x"));
    assert_point_refused(&p, "no name");

    point_begin(&p, STR("m"), 5);
    proto_put_double(&p.request.to, 4, 1);
    assert_point_refused(&p, "no time");

    point_begin(&p, STR("m"), 7);
    proto_put_fixed64(&p.request.to, 3, UINT64_MAX);
    proto_put_fixed64(&p.request.to, 6, 1);
    assert_point_refused(&p, "beyond 2262");

    point_begin(&p, STR("m"), 7);
    proto_put_fixed64(&p.request.to, 3, 1);
    assert_point_refused(&p, "\"m\" is refused: it has no value");

    point_begin(&p, STR("m"), 5);
    proto_put_fixed64(&p.request.to, 3, 1);
    proto_put_double(&p.request.to, 4, 1);
    for (int i = 0; i < 65; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        otlp_put_text_attribute(&p.request.to, 7, key, STR("v"));
    }
    assert_point_refused(&p, "more than 64");

    static char text[EVENT_SERIES_BYTES_MAX];
    memset(text, 'x', sizeof text);
    point_begin(&p, STR("m"), 5);
    proto_put_fixed64(&p.request.to, 3, 1);
    proto_put_double(&p.request.to, 4, 1);
    otlp_put_text_attribute(&p.request.to, 7, "k", (Str){.text = text, .size = sizeof text});
    assert_point_refused(&p, "longer than 4096");

    point_begin(&p, STR("m"), 11);
    proto_put_fixed64(&p.request.to, 3, 1);
    size_t quantile = proto_open(&p.request.to, 6);
    proto_put_double(&p.request.to, 1, 1.5);
    proto_close(&p.request.to, quantile);
    assert_point_refused(&p, "quantile");
}

/* Buckets of 1, 2, 3, ... and bounds as given; packed or not. */
static void histogram_begin(PointRequest *p, const double *bounds, size_t bound_count,
                            size_t bucket_count, bool is_packed)
{
    char counts[64], limits[64];
    point_begin(p, STR("h"), 9);
    proto_put_fixed64(&p->request.to, 3, 1);
    for (size_t i = 0; i < bucket_count; i++) {
        bytes_put_u64(counts + 8 * i, i + 1);
        if (!is_packed)
            proto_put_fixed64(&p->request.to, 6, i + 1);
    }
    for (size_t i = 0; i < bound_count; i++) {
        bytes_put_double(limits + 8 * i, bounds[i]);
        if (!is_packed)
            proto_put_double(&p->request.to, 7, bounds[i]);
    }
    if (is_packed) {
        proto_put_bytes(&p->request.to, 6, (Str){counts, 8 * bucket_count});
        proto_put_bytes(&p->request.to, 7, (Str){limits, 8 * bound_count});
    }
}

static void a_histogram_needs_bounds_that_fit_to_its_buckets(void **state)
{
    (void)state;
    PointRequest p;
    histogram_begin(&p, (double[]){1, 2}, 2, 2, true);
    assert_point_refused(&p, "one more");
    histogram_begin(&p, (double[]){1}, 1, 0, true);
    assert_point_refused(&p, "one more");
    histogram_begin(&p, (double[]){2, 1}, 2, 3, true);
    assert_point_refused(&p, "ascend");
    histogram_begin(&p, (double[]){1, 1}, 2, 3, true);
    assert_point_refused(&p, "ascend");
    histogram_begin(&p, (double[]){(double)NAN}, 1, 2, true);
    assert_point_refused(&p, "ascend");
    histogram_begin(&p, NULL, 0, 0, true);
    proto_put_fixed64(&p.request.to, 6, UINT64_MAX);
    proto_put_fixed64(&p.request.to, 6, 1);
    proto_put_double(&p.request.to, 7, 1);
    assert_point_refused(&p, "64 bits");
    histogram_begin(&p, NULL, 0, 1, true);
    proto_put_bytes(&p.request.to, 7, STR("1234567"));
    assert_fails(point_decoded(&p), ODD_SYNTAX, "packed numbers");
}

static void numbers_may_come_packed_or_one_by_one(void **state)
{
    (void)state;
    for (int is_packed = 0; is_packed < 2; is_packed++) {
        PointRequest p;
        histogram_begin(&p, (double[]){-(double)INFINITY, 0.5, (double)INFINITY}, 3, 4,
                        is_packed != 0);
        proto_put_fixed64(&p.request.to, 4, 10);
        assert_decoded(point_decoded(&p), "samples here|h_count| 1=10\n"
                                          "samples here|h_bucket{le=\"-Inf\"}| 1=1\n"
                                          "samples here|h_bucket{le=\"0.5\"}| 1=3\n"
                                          "samples here|h_bucket{le=\"+Inf\"}| 1=10\n");
    }
}

static void a_histogram_of_too_many_buckets_is_refused(void **state)
{
    (void)state;
    PointRequest p;
    histogram_begin(&p, NULL, 0, 0, true);
    for (int i = 0; i < 1025; i++) {
        proto_put_fixed64(&p.request.to, 6, 1);
        if (i > 0)
            proto_put_double(&p.request.to, 7, i);
    }
    assert_point_refused(&p, "1024");
}

static void no_recorded_value_is_the_mark_of_staleness(void **state)
{
    (void)state;
    char item[] = "\x0a\x01m\x2a\x0d\x0a\x0b\x19\x01\x00\x00\x00\x00\x00\x00\x00\x40\x01";
    Str metric = {.text = item, .size = sizeof item - 1};
    OtlpRequest request;
    otlp_request_open(&request);
    memcpy(proto_room(&request.to, metric.size), metric.text, metric.size);
    request.to.size += metric.size;
    for (int i = 2; i >= 0; i--)
        proto_close(&request.to, request.opened[i]);
    odd_events *events = events_open(NULL, DECODING_NOW);
    odd_wire wire = {.source = "here"};
    odd_decoded decoded;
    assert_int_equal(
        odd_decode("otlp_metrics", &wire, request.to.bytes, request.to.size, events, &decoded),
        ODD_OK);
    assert_int_equal(decoded.accepted, 1);
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_true(bytes_get_u64(event.samples.text + 8) == 0x7ff0000000000002u);
    events_close(events);
    proto_free(&request.to);
}

static void every_beginning_of_a_request_is_less_or_refused(void **state)
{
    (void)state;
    assert_torn_gives_less("otlp_metrics", NULL, otlp_of_hex(otlp_metrics_hex));
    assert_torn_gives_less("otlp_metrics_json", NULL, str_of(otlp_metrics_text));
}

static void without_memory_nothing_is_taken(void **state)
{
    (void)state;
    assert_short_memory_is_told("otlp_metrics", otlp_of_hex(otlp_metrics_hex));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_request_becomes_its_samples),
        cmocka_unit_test(json_gives_the_same_samples),
        cmocka_unit_test(a_bad_point_is_refused_with_its_reason),
        cmocka_unit_test(a_histogram_needs_bounds_that_fit_to_its_buckets),
        cmocka_unit_test(numbers_may_come_packed_or_one_by_one),
        cmocka_unit_test(a_histogram_of_too_many_buckets_is_refused),
        cmocka_unit_test(no_recorded_value_is_the_mark_of_staleness),
        cmocka_unit_test(every_beginning_of_a_request_is_less_or_refused),
        cmocka_unit_test(without_memory_nothing_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
