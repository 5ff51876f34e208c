/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"
#include "event/series.h"

#define NOW "1795464942000000000"

static void samples_of_all_kinds_are_read(void **state)
{
    (void)state;
    Str text = STR("# HELP http_requests_total The number of \"requests\".\n"
                   "# TYPE http_requests_total counter\n"
                   "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
                   "http_requests_total{method=\"post\",code=\"400\"}    3 1395066363000\n"
                   "\n"
                   "# A comment\n"
                   "  metric_without_timestamp_and_labels\t12.47 \n"
                   "rpc_seconds{quantile=\"0.5\",} 4773\r\n"
                   "bucket{le=\"+Inf\"} +Inf\n"
                   "something_weird{problem=\"division by zero\"} -Inf -3982045\n"
                   "not NaN\n"
                   "small 1.7560473e-07\n");
    Decoding got = decoding_of("exposition", "node", NULL, text);
    assert_decoded(got, "samples node|http_requests_total{code=\"200\",method=\"post\"}|"
                        " 1395066363000000000=1027\n"
                        "samples node|http_requests_total{code=\"400\",method=\"post\"}|"
                        " 1395066363000000000=3\n"
                        "samples node|metric_without_timestamp_and_labels| " NOW "=12.47\n"
                        "samples node|rpc_seconds{quantile=\"0.5\"}| " NOW "=4773\n"
                        "samples node|bucket{le=\"+Inf\"}| " NOW "=inf\n"
                        "samples node|something_weird{problem=\"division by zero\"}|"
                        " -3982045000000=-inf\n"
                        "samples node|not| " NOW "=nan\n"
                        "samples node|small| " NOW "=1.7560473e-07\n");
    assert_int_equal(got.decoded.accepted, 8);
    assert_int_equal(got.decoded.rejected, 0);
}

static void escapes_in_labels_are_undone_and_written_again(void **state)
{
    (void)state;
    Str text = STR("f{path=\"C:\\\\DIR\\\\\",error=\"Cannot \\\"open\\\"\\nfile\\q\"} 1\n");
    assert_decoded(
        decoding_of("exposition", NULL, NULL, text),
        "samples here|f{error=\"Cannot \\\"open\\\"\\nfile\\\\q\",path=\"C:\\\\DIR\\\\\"}|"
        " " NOW "=1\n");
}

static void names_in_quotes_may_hold_anything(void **state)
{
    (void)state;
    Str text = STR("{\"http.requests\",\"k8s.pod\"=\"p\", a = \"b\"} 1\n"
                   "{\"plain\"} 2\n"
                   "{\"with \\\"quotes\\\"\"} 3\n");
    assert_decoded(decoding_of("exposition", NULL, NULL, text),
                   "samples here|{\"http.requests\",a=\"b\",\"k8s.pod\"=\"p\"}| " NOW "=1\n"
                   "samples here|plain| " NOW "=2\n"
                   "samples here|{\"with \\\"quotes\\\"\"}| " NOW "=3\n");
}

static void times_of_openmetrics_are_seconds_and_exemplars_are_passed_over(void **state)
{
    (void)state;
    Str text = STR("# TYPE foo histogram\n"
                   "foo_bucket{le=\"1\"} 11 # {trace_id=\"K \\\"x\"} 0.67\n"
                   "foo_bucket{le=\"2\"} 12 1605281325.123 # {} 0.67 1605281325.0\n"
                   "foo_created 1.6e9 1.5e9\n"
                   "# EOF\n");
    Decoding got = decoding_of("exposition", NULL, "openmetrics", text);
    assert_decoded(got, "samples here|foo_bucket{le=\"1\"}| " NOW "=11\n"
                        "samples here|foo_bucket{le=\"2\"}| 1605281325123000000=12\n"
                        "samples here|foo_created| 1500000000000000000=1600000000\n");
    assert_string_equal(got.decoded.message, "");
}

static void openmetrics_without_its_end_is_told(void **state)
{
    (void)state;
    Decoding got = decoding_of("exposition", NULL, "openmetrics", STR("a 1\n"));
    assert_decoded(got, "samples here|a| " NOW "=1\n");
    assert_non_null(strstr(got.decoded.message, "# EOF"));
}

static void the_target_gives_its_labels_to_those_that_have_none(void **state)
{
    (void)state;
    Str text = STR("up 1\nup{job=\"mine\"} 2\nup{instance=\"x\",job=\"\"} 3\n");
    assert_decoded(decoding_of("exposition", "node/localhost:9100", NULL, text),
                   "samples node/localhost:9100|up{instance=\"localhost:9100\",job=\"node\"}|"
                   " " NOW "=1\n"
                   "samples node/localhost:9100|up{instance=\"localhost:9100\",job=\"mine\"}|"
                   " " NOW "=2\n"
                   "samples node/localhost:9100|up{instance=\"x\",job=\"node\"}| " NOW "=3\n");
}

static void a_bad_line_is_refused_and_the_others_count(void **state)
{
    (void)state;
    static const char *const bad[] = {"up",
                                      "up 1 2 3",
                                      "up x",
                                      "up{ 1",
                                      "up{a} 1",
                                      "up{a=b} 1",
                                      "up{a=\"b} 1",
                                      "up{a=\"b\"",
                                      "{} 1",
                                      "9up 1",
                                      "up{=\"b\"} 1",
                                      "up{a=\"b\" c=\"d\"} 1",
                                      "up 1 x",
                                      "up 1 1e300",
                                      "up 0x10",
                                      "up 1 # {a=\"b\"} 2",
                                      "{\"a\",\"b\"} 1",
                                      "<html>",
                                      "up{a=\"b\\",
                                      "up 1 99999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "a 1\n%s\nb 2\n", bad[i]);
        Decoding got = decoding_of("exposition", NULL, NULL, str_of(text));
        if (got.decoded.rejected != 1)
            fail_msg("%s is taken for a sample", bad[i]);
        assert_decoded(got, "samples here|a| " NOW "=1\nsamples here|b| " NOW "=2\n");
        assert_int_equal(got.decoded.accepted, 2);
        assert_int_equal(strncmp(got.decoded.message, "line 2: ", 8), 0);
    }
}

static void what_holds_no_sample_at_all_is_another_format(void **state)
{
    (void)state;
    Decoding got = decoding_of("exposition", NULL, NULL, STR("<html>\n<body>Not found</body>\n"));
    assert_int_equal(got.rc, ODD_SYNTAX);
    assert_int_equal(decoding_of("exposition", NULL, NULL, STR("# nothing\n\n")).rc, ODD_OK);
    assert_int_equal(decoding_of("exposition", NULL, NULL, STR("")).rc, ODD_OK);
}

static void a_last_line_without_its_end_is_torn(void **state)
{
    (void)state;
    Decoding got = decoding_of("exposition", NULL, NULL, STR("a 1\nb 12"));
    assert_decoded(got, "samples here|a| " NOW "=1\n");
    assert_int_equal(got.decoded.rejected, 1);
    assert_non_null(strstr(got.decoded.message, "torn"));
}

static void a_series_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char text[3 * EVENT_SERIES_BYTES_MAX];
    for (int escapes = 0; escapes < 2; escapes++) {
        size_t size = (size_t)sprintf(text, "a 1\nup{a=\"");
        for (int i = 0; i < EVENT_SERIES_BYTES_MAX; i++)
            size += (size_t)sprintf(text + size, escapes ? "\\n" : "x");
        size += (size_t)sprintf(text + size, "\"} 1\n");
        Decoding got = decoding_of("exposition", NULL, NULL, (Str){.text = text, .size = size});
        assert_decoded(got, "samples here|a| " NOW "=1\n");
        assert_int_equal(got.decoded.rejected, 1);
        assert_string_equal(got.decoded.message, "line 2: its labels are too long");
    }
}

static void more_labels_than_allowed_are_refused(void **state)
{
    (void)state;
    char text[2048];
    size_t size = (size_t)sprintf(text, "a 1\nup{");
    for (int i = 0; i <= SERIES_LABELS_MAX; i++)
        size += (size_t)sprintf(text + size, "l%d=\"v\",", i);
    size += (size_t)sprintf(text + size, "} 1\n");
    Decoding got = decoding_of("exposition", NULL, NULL, (Str){.text = text, .size = size});
    assert_int_equal(got.decoded.rejected, 1);
    assert_string_equal(got.decoded.message, "line 2: it has too many labels");
}

static void an_answer_that_is_torn_gives_fewer_samples(void **state)
{
    (void)state;
    Str text = STR("# TYPE a counter\na{b=\"c\\\\d\",\"e\"=\"f\"} 12 1605281325.5 # {x=\"y\"} 3\n"
                   "{\"q\"} 5\n# EOF\n");
    assert_torn_gives_less("exposition", NULL, text);
    assert_torn_gives_less("exposition", "openmetrics", text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_of_all_kinds_are_read),
        cmocka_unit_test(escapes_in_labels_are_undone_and_written_again),
        cmocka_unit_test(names_in_quotes_may_hold_anything),
        cmocka_unit_test(times_of_openmetrics_are_seconds_and_exemplars_are_passed_over),
        cmocka_unit_test(openmetrics_without_its_end_is_told),
        cmocka_unit_test(the_target_gives_its_labels_to_those_that_have_none),
        cmocka_unit_test(a_bad_line_is_refused_and_the_others_count),
        cmocka_unit_test(what_holds_no_sample_at_all_is_another_format),
        cmocka_unit_test(a_last_line_without_its_end_is_torn),
        cmocka_unit_test(a_series_that_is_too_long_is_refused),
        cmocka_unit_test(more_labels_than_allowed_are_refused),
        cmocka_unit_test(an_answer_that_is_torn_gives_fewer_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
