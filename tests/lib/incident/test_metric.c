/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "incident/metric.h"
#include "incident/sentence.h"

#define GIB 0x1p30

static char buffer[SENTENCE_SIZE];

static Finding metric(FindingKind kind, const char *series, double seen, double lower, double upper)
{
    return (Finding){.kind = kind,
                     .is_metric = true,
                     .pattern = str_of(series),
                     .seen = seen,
                     .expected = (lower + upper) / 2,
                     .lower = lower,
                     .upper = upper};
}

static Finding rate(FindingKind kind, const char *series, double seen, double lower, double upper)
{
    Finding f = metric(kind, series, seen, lower, upper);
    f.is_rate = true;
    return f;
}

static const char *sentence(Finding f)
{
    sentence_write(&f, buffer, sizeof buffer);
    return buffer;
}

static void metrics_of_a_host_are_called_what_people_call_them(void **state)
{
    (void)state;
    assert_string_equal(
        sentence(rate(FINDING_HIGH, "node_disk_io_time_seconds_total{device=\"sda\"}", 0.72, 0.03,
                      0.09)),
        "disk sda is 12x busier than usual: 72 %, expected 3 to 9 %");
    assert_string_equal(sentence(metric(FINDING_HIGH, "unit_memory_bytes{unit=\"nginx.service\"}",
                                        2.1 * GIB, 1.0 * GIB, 1.1 * GIB)),
                        "unit nginx.service uses 2.0x more memory than usual: 2.1 GiB, expected 1 "
                        "to 1.1 GiB");
    assert_string_equal(
        sentence(
            rate(FINDING_HIGH, "node_cpu_seconds_total{cpu=\"3\",mode=\"iowait\"}", 0.6, 0, 0.04)),
        "cpu 3 spends 30x more time in iowait than usual: 60 %, expected 0 to 4 %");
    assert_string_equal(
        sentence(rate(FINDING_HIGH, "node_disk_io_time_weighted_seconds_total{device=\"sda\"}", 12,
                      0.5, 1.5)),
        "disk sda has 12x more work waiting than usual: 12, expected 0.5 to 1.5");
}

static void a_machine_is_named_where_there_are_many(void **state)
{
    (void)state;
    assert_string_equal(
        sentence(metric(FINDING_LOW,
                        "node_filesystem_avail_bytes{device=\"/dev/sda1\",instance=\"db-1:9100\","
                        "mountpoint=\"/var\"}",
                        1 * GIB, 40 * GIB, 42 * GIB)),
        "free space on /var on db-1:9100 is 41x lower than usual: 1 GiB, expected 40 to 42 GiB");
}

static void other_series_are_told_by_name_and_labels(void **state)
{
    (void)state;
    assert_string_equal(
        sentence(rate(FINDING_HIGH, "http_requests_total{code=\"500\",job=\"api\"}", 12, 0.5, 2.5)),
        "`http_requests_total` (code 500, job api) grows 8.0x faster than usual: 12/s, expected "
        "0.5 to 2.5/s");
    assert_string_equal(sentence(metric(FINDING_LOW, "queue_length", 3, 28, 32)),
                        "`queue_length` is 10x lower than usual: 3, expected 28 to 32");
    assert_string_equal(
        sentence(metric(FINDING_HIGH, "latency_seconds{path=\"/a\"}", 2.5, 0.01, 0.03)),
        "`latency_seconds` (path /a) is 125x higher than usual: 2.5 s, expected 10 to 30 ms");
}

static void a_target_that_is_down_is_told_so(void **state)
{
    (void)state;
    assert_string_equal(
        sentence(metric(FINDING_LOW, "up{instance=\"db-1:9100\",job=\"node\"}", 0, 1, 1)),
        "metrics of db-1:9100, job node, cannot be fetched: `up` is 0");
}

static void silence_tells_for_how_long_and_what_is_usual(void **state)
{
    (void)state;
    Finding f = {.kind = FINDING_SILENT,
                 .is_metric = true,
                 .pattern = STR("instance db-1:9100, job node"),
                 .seen = 300,
                 .expected = 15};
    assert_string_equal(sentence(f), "no samples from instance db-1:9100, job node for 5 min; "
                                     "usually they come every 15 s");
    sentence_company(FINDING_SILENT, true, 3, buffer, sizeof buffer);
    assert_string_equal(buffer, "; 3 more fell silent with it");
}

static void what_is_odd_by_lasting_is_told_so(void **state)
{
    (void)state;
    Finding f = metric(FINDING_LEVEL, "queue_length", 31, 28, 32);
    f.reason = "shift up";
    assert_string_equal(sentence(f), "`queue_length` stays at the upper end of what is usual: 31, "
                                     "usually 30 (28 to 32)");
    f.seen = 60;
    assert_string_equal(sentence(f),
                        "`queue_length` is 2.0x higher than usual: 60, expected 28 to 32");
    f = metric(FINDING_SPREAD, "unit_tasks{unit=\"a.service\"}", 5, 4, 6);
    f.reason = "still";
    assert_string_equal(sentence(f), "unit a.service (`unit_tasks`) varies less than usual: 5, "
                                     "expected 4 to 6");
}

static void what_is_usual_at_such_a_time_names_it(void **state)
{
    (void)state;
    const odd_time monday = (1795424400LL + 600) * 1000000000LL; /* 2026-11-23 09:10 UTC */
    Finding f =
        rate(FINDING_HIGH, "node_disk_io_time_seconds_total{device=\"sda\"}", 0.72, 0.03, 0.09);
    f.first.time = monday;
    f.usual = USUAL_WEEKDAY;
    assert_string_equal(sentence(f), "disk sda is 12x busier than usual on Mondays at 9:00 UTC: "
                                     "72 %, expected 3 to 9 %");
    f.usual = USUAL_HOUR;
    f.first.time = -1;
    assert_string_equal(sentence(f), "disk sda is 12x busier than usual at 23:00 UTC: 72 %, "
                                     "expected 3 to 9 %");
}

static void a_sample_that_came_late_tells_the_gap(void **state)
{
    (void)state;
    Finding f = metric(FINDING_GAP, "unit_tasks{unit=\"a.service\"}", 600, NAN, NAN);
    f.expected = 10;
    assert_string_equal(sentence(f), "no samples of unit a.service (`unit_tasks`) for 10 min; "
                                     "usually they come every 10 s");
}

static void the_words_of_the_detector_are_kinds(void **state)
{
    (void)state;
    assert_int_equal(metric_kind("shift down", 1, 1), FINDING_LEVEL);
    assert_int_equal(metric_kind("noisy", 1, 1), FINDING_SPREAD);
    assert_int_equal(metric_kind("gap", 1, 1), FINDING_GAP);
    assert_int_equal(metric_kind("another", 1, 2), FINDING_LOW);
}

static void without_a_ratio_the_numbers_say_it(void **state)
{
    (void)state;
    assert_string_equal(sentence(metric(FINDING_HIGH, "drift", 4, -1, 1)),
                        "`drift` is higher than usual: 4, expected -1 to 1");
    assert_string_equal(sentence(metric(FINDING_LOW, "up{job=\"node\"}", 0, 1, 1)),
                        "`up` (job node) is lower than usual: 0, expected 1");
    Finding unknown = metric(FINDING_HIGH, "x", 4, NAN, NAN);
    unknown.expected = 2;
    assert_string_equal(sentence(unknown), "`x` is 2.0x higher than usual: 4, expected 2");
}

static void how_rare_is_the_ratio(void **state)
{
    (void)state;
    Finding f = metric(FINDING_LOW, "queue_length", 3, 28, 32);
    sentence_how_rare(&f, buffer, sizeof buffer);
    assert_string_equal(buffer, "1/10 of the usual");
    f = metric(FINDING_HIGH, "drift", 4, -1, 1);
    sentence_how_rare(&f, buffer, sizeof buffer);
    assert_string_equal(buffer, "never so high");
}

static void a_short_buffer_cuts_the_sentence_and_nothing_else(void **state)
{
    (void)state;
    Finding f = rate(FINDING_HIGH, "http_requests_total{code=\"500\",job=\"api\"}", 12, 0.5, 2.5);
    for (size_t size = 2; size < 120; size++) {
        char small[128];
        memset(small, '#', sizeof small);
        size_t written = sentence_write(&f, small, size);
        assert_true(written < size);
        assert_int_equal(small[written], 0);
        assert_int_equal(small[size], '#');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_of_a_host_are_called_what_people_call_them),
        cmocka_unit_test(a_machine_is_named_where_there_are_many),
        cmocka_unit_test(other_series_are_told_by_name_and_labels),
        cmocka_unit_test(a_target_that_is_down_is_told_so),
        cmocka_unit_test(silence_tells_for_how_long_and_what_is_usual),
        cmocka_unit_test(what_is_odd_by_lasting_is_told_so),
        cmocka_unit_test(what_is_usual_at_such_a_time_names_it),
        cmocka_unit_test(a_sample_that_came_late_tells_the_gap),
        cmocka_unit_test(the_words_of_the_detector_are_kinds),
        cmocka_unit_test(without_a_ratio_the_numbers_say_it),
        cmocka_unit_test(how_rare_is_the_ratio),
        cmocka_unit_test(a_short_buffer_cuts_the_sentence_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
