/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp_bytes.h"
#include "otlp_requests.h"

#define RECORD(members)                                                                            \
    "{\"resourceLogs\":[{},{\"scopeLogs\":[{\"logRecords\":[{},{" members "}]}]}]}"

static void assert_record_fails(const char *json, const char *why)
{
    assert_fails(decoding_of("otlp_logs_json", NULL, NULL, str_of(json)), ODD_SYNTAX, why);
}

static void what_is_wrong_is_told_with_its_path(void **state)
{
    (void)state;
    assert_record_fails(RECORD("\"timeUnixNano\":\"soon\""),
                        "resourceLogs[1].scopeLogs[0].logRecords[1].timeUnixNano: wanted a whole "
                        "number");
    assert_record_fails(RECORD("\"timeUnixNano\":-1"), "not below 0");
    assert_record_fails(RECORD("\"timeUnixNano\":1.5"), "timeUnixNano");
    assert_record_fails(RECORD("\"severityNumber\":\"SEVERITY_NUMBER_INFO\""), "severityNumber");
    assert_record_fails(RECORD("\"severityText\":5"), "wanted a string");
    assert_record_fails(RECORD("\"traceId\":\"0g\""), "hexadecimal");
    assert_record_fails(RECORD("\"traceId\":\"AAECAwQFBgcICQoLDA0ODw==\""), "hexadecimal");
    assert_record_fails(RECORD("\"body\":\"text\""), "body: wanted an object");
    assert_record_fails(RECORD("\"body\":{\"bytesValue\":\"*\"}"),
                        "body.bytesValue: wanted base64");
    assert_record_fails(RECORD("\"body\":{\"boolValue\":1}"), "true or false");
    assert_record_fails(RECORD("\"body\":{\"doubleValue\":\"x\"}"), "wanted a number");
    assert_record_fails(RECORD("\"attributes\":{}"), "attributes: wanted an array");
    assert_record_fails(RECORD("\"attributes\":[null]"), "attributes[0]: wanted an object");
    assert_record_fails("[]", "the request: wanted an object");
    assert_record_fails("{\"resourceLogs\":[]", "byte 18");
    assert_record_fails(RECORD("\"body\":{},\"body\":{}"), "duplicate");
}

static void integers_of_64_bits_come_as_strings_or_as_numbers(void **state)
{
    (void)state;
    static const char *const texts[] = {
        RECORD("\"timeUnixNano\":\"1795464942123456789\",\"severityNumber\":\"9\",\"body\":"
               "{\"intValue\":\"-9223372036854775808\"}"),
        RECORD("\"timeUnixNano\":1795464942123456789,\"severityNumber\":9,\"body\":"
               "{\"intValue\":-9223372036854775808}")};
    for (size_t i = 0; i < 2; i++)
        assert_decoded(decoding_of("otlp_logs_json", NULL, NULL, str_of(texts[i])),
                       "record here - ||\n"
                       "record here 1795464942123456789 info|-9223372036854775808|\n");
}

static void null_is_as_if_nothing_were_there(void **state)
{
    (void)state;
    assert_decoded(
        decoding_of("otlp_logs_json", NULL, NULL,
                    str_of(RECORD("\"timeUnixNano\":null,\"body\":{\"stringValue\":null},"
                                  "\"attributes\":null"))),
        "record here - ||\nrecord here - ||\n");
}

static void a_request_of_unknown_names_alone_gets_a_warning(void **state)
{
    (void)state;
    Decoding got = decoding_of("otlp_logs_json", NULL, NULL, STR("{\"resource_logs\":[{}]}"));
    assert_int_equal(got.rc, ODD_OK);
    assert_int_equal(got.decoded.rejected, 0);
    assert_string_equal(got.decoded.message, "the request holds \"resource_logs\", which is not "
                                             "known, and no resourceLogs");
    got = decoding_of("otlp_logs_json", NULL, NULL, STR("{\"new\":1,\"resourceLogs\":[]}"));
    assert_int_equal(got.rc, ODD_OK);
    assert_string_equal(got.decoded.message, "");
}

static void reals_that_are_not_finite_are_words(void **state)
{
    (void)state;
    Str json =
        STR("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\",\"gauge\":"
            "{\"dataPoints\":[{\"timeUnixNano\":\"1\",\"asDouble\":\"NaN\"},"
            "{\"timeUnixNano\":\"2\",\"asDouble\":\"-Infinity\"},"
            "{\"timeUnixNano\":\"3\",\"asDouble\":2},"
            "{\"timeUnixNano\":\"4\",\"asInt\":\"12\"}]}}]}]}]}");
    assert_decoded(decoding_of("otlp_metrics_json", NULL, NULL, json),
                   "samples here|m| 1=nan\nsamples here|m| 2=-inf\n"
                   "samples here|m| 3=2\nsamples here|m| 4=12\n");
}

static void spans_are_counted_and_rejected_in_both_forms(void **state)
{
    (void)state;
    assert_both_forms_give_the_same("otlp_traces", otlp_traces_hex, "otlp_traces_json",
                                    otlp_traces_text);
    Decoding got = decoding_of("otlp_traces", NULL, NULL, otlp_of_hex(otlp_traces_hex));
    assert_int_equal(got.decoded.rejected, 2);
    assert_int_equal(got.decoded.accepted, 0);
    assert_int_equal(got.events, 0);
    assert_non_null(strstr(got.decoded.message, "spans are not kept"));
    assert_torn_gives_less("otlp_traces", NULL, otlp_of_hex(otlp_traces_hex));
    assert_torn_gives_less("otlp_traces_json", NULL, str_of(otlp_traces_text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_told_with_its_path),
        cmocka_unit_test(integers_of_64_bits_come_as_strings_or_as_numbers),
        cmocka_unit_test(null_is_as_if_nothing_were_there),
        cmocka_unit_test(a_request_of_unknown_names_alone_gets_a_warning),
        cmocka_unit_test(reals_that_are_not_finite_are_words),
        cmocka_unit_test(spans_are_counted_and_rejected_in_both_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
