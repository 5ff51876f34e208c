/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cli/render.h"
#include "cli/report.h"
#include "made_up.h"

static Report report_of(odd_view view, const char *fail_on)
{
    Report report;
    made_up_night();
    assert_int_equal(
        report_fill(NULL, &(odd_question){.view = view}, (FailOn){.list = fail_on}, &report),
        ODD_OK);
    report.good_count = 1;
    return report;
}

static void a_report_adds_up_what_the_engine_tells(void **state)
{
    (void)state;
    Report report = report_of(ODD_FINDINGS, NULL);
    assert_int_equal(report.rows, 13000);
    assert_int_equal(report.patterns, 2);
    assert_int_equal(report.finding_count, 3);
    assert_int_equal(report.findings[0].span_count, 3);
    assert_int_equal(report.findings[0].spans[2].last, 22);
    assert_int_equal(report.findings[0].reason_count, 5);
    assert_int_equal(report.first_time, 1795460000000000000);
    assert_int_equal(report.last_time, 1795464190500000000);
    report_free(&report);
}

static void the_list_of_kinds_decides_what_fails(void **state)
{
    (void)state;
    Report report = report_of(ODD_FINDINGS, NULL);
    assert_true(report_is_odd(&report));
    report_free(&report);
    report = report_of(ODD_FINDINGS, "none");
    assert_false(report_is_odd(&report));
    report_free(&report);
    report = report_of(ODD_FINDINGS, "silent,value");
    assert_true(report_is_odd(&report));
    report_free(&report);
}

static void a_nul_in_a_line_is_kept_and_shown(void **state)
{
    (void)state;
    made_up_night();
    static const char line[] = "before\0after";
    const FakeTable table = {.columns = "rank kind sample",
                             .cells = (const char *const[]){"1", "new", line, NULL}};
    fake_answer(ODD_FINDINGS, &table);
    fake_bytes(line, sizeof line - 1);
    Report report;
    assert_int_equal(report_fill(NULL, &(odd_question){.view = ODD_FINDINGS}, (FailOn){0}, &report),
                     ODD_OK);
    Buffer out = {0};
    render_text(&out, &report, (Look){.columns = 80});
    assert_non_null(strstr(buffer_text(&out), "before\\x00after"));
    fake_bytes(NULL, 0);
    buffer_free(&out);
    report_free(&report);
}

static void colour_is_only_added(void **state)
{
    (void)state;
    Report report = report_of(ODD_FINDINGS, NULL);
    Buffer plain = {0}, colored = {0}, stripped = {0};
    render_text(&plain, &report, (Look){.columns = 80, .unicode = true});
    render_text(&colored, &report, (Look){.columns = 80, .unicode = true, .color = true});
    for (const char *at = buffer_text(&colored); *at; at++) {
        if (*at == '\x1b')
            at += strcspn(at, "m");
        else
            buffer_add(&stripped, at, 1);
    }
    assert_string_equal(buffer_text(&stripped), buffer_text(&plain));
    assert_null(strchr(buffer_text(&plain), '\x1b'));
    buffer_free(&plain);
    buffer_free(&colored);
    buffer_free(&stripped);
    report_free(&report);
}

static void without_findings_it_says_that_all_is_well(void **state)
{
    (void)state;
    made_up_night();
    fake_answer(ODD_FINDINGS, NULL);
    Report report;
    assert_int_equal(report_fill(NULL, &(odd_question){.view = ODD_FINDINGS}, (FailOn){0}, &report),
                     ODD_OK);
    Buffer out = {0};
    render_text(&out, &report, (Look){.columns = 80});
    assert_non_null(strstr(buffer_text(&out), "Nothing odd in 13,000 lines"));
    assert_non_null(strstr(buffer_text(&out), "Closest to odd"));
    buffer_free(&out);
    report_free(&report);
}

static void an_error_is_shown_louder_than_its_surprise(void **state)
{
    (void)state;
    const struct {
        double      surprise;
        const char *level;
        int         severity;
    } cases[] = {{4, "", 1},      {4, "warning", 1}, {7, "info", 2}, {4, "error", 2},
                 {10, "info", 3}, {4, "fatal", 3},   {10, "error", 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Finding finding = {.surprise = cases[i].surprise,
                           .level = {.text = cases[i].level, .size = strlen(cases[i].level)}};
        assert_int_equal(finding_severity(&finding), cases[i].severity);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_adds_up_what_the_engine_tells),
        cmocka_unit_test(the_list_of_kinds_decides_what_fails),
        cmocka_unit_test(a_nul_in_a_line_is_kept_and_shown),
        cmocka_unit_test(colour_is_only_added),
        cmocka_unit_test(without_findings_it_says_that_all_is_well),
        cmocka_unit_test(an_error_is_shown_louder_than_its_surprise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
