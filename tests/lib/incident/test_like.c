/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "incident/like.h"
#include "incident/overlay.h"

#define ID 0xabcdefULL

static bool are_alike(Like a, Like b)
{
    return like_hash(&a) == like_hash(&b);
}

static void a_metric_is_like_the_same_metric_of_other_machines(void **state)
{
    (void)state;
    Like one = like_of(FINDING_HIGH, true, "prometheus", 1, "node_load1{instance=\"a\"}");
    assert_true(
        are_alike(one, like_of(FINDING_HIGH, true, "prometheus", 2, "node_load1{instance=\"b\"}")));
    assert_false(
        are_alike(one, like_of(FINDING_LOW, true, "prometheus", 2, "node_load1{instance=\"b\"}")));
    assert_false(
        are_alike(one, like_of(FINDING_HIGH, true, "prometheus", 2, "node_load5{instance=\"b\"}")));
    assert_false(
        are_alike(one, like_of(FINDING_HIGH, true, "other", 2, "node_load1{instance=\"b\"}")));
    assert_string_equal(one.signal, "node_load1{*");
}

static void a_metric_without_labels_is_like_itself_alone(void **state)
{
    (void)state;
    Like one = like_of(FINDING_HIGH, true, "host", ID, "load");
    assert_string_equal(one.signal, "0000000000abcdef");
}

static void lines_that_come_more_often_are_like_others_of_their_source(void **state)
{
    (void)state;
    Like one = like_of(FINDING_MORE, false, "web", 1, "a <num>");
    assert_true(are_alike(one, like_of(FINDING_MORE, false, "web", 2, "b <num>")));
    assert_false(are_alike(one, like_of(FINDING_MORE, false, "db", 2, "b <num>")));
    assert_false(are_alike(one, like_of(FINDING_SILENT, false, "web", 2, "b <num>")));
}

static void an_odd_line_is_like_that_pattern_in_all_sources(void **state)
{
    (void)state;
    Like one = like_of(FINDING_RARE, false, "web", ID, "a <num>");
    assert_true(are_alike(one, like_of(FINDING_RARE, false, "db", ID, "a <num>")));
    assert_false(are_alike(one, like_of(FINDING_RARE, false, "web", ID + 1, "b <num>")));
}

static void what_is_silent_is_like_nothing_else(void **state)
{
    (void)state;
    Like one = like_of(FINDING_SILENT, true, "prometheus", 1, "instance web-1");
    assert_false(are_alike(one, like_of(FINDING_SILENT, true, "prometheus", 2, "instance web-2")));
}

/* What is asked about is what a verdict of it would fit. */
static void a_verdict_of_the_like_fits_the_like_and_nothing_else(void **state)
{
    (void)state;
    Like like = like_of(FINDING_HIGH, true, "prometheus", 1, "node_load1{instance=\"a\"}");
    Verdict verdict;
    memset(&verdict, 0, sizeof verdict);
    verdict.kind = VERDICT_EXPECTED;
    verdict.from = verdict.until = ODD_TIME_NONE;
    memcpy(verdict.source, like.source, sizeof verdict.source);
    memcpy(verdict.signal, like.signal, sizeof verdict.signal);
    memcpy(verdict.what, like.kind, sizeof verdict.what);
    OverlayFinding other = {.id = "f",
                            .source = "prometheus",
                            .text = "node_load1{instance=\"b\"}",
                            .kind = "high",
                            .sentence = STR(""),
                            .sample = STR(""),
                            .signal = 2,
                            .is_metric = true,
                            .surprise = 4};
    assert_true(overlay_fits(&verdict, &other));
    other.text = "node_load15{instance=\"b\"}";
    assert_false(overlay_fits(&verdict, &other));
    other.text = "node_load1{instance=\"b\"}";
    other.kind = "low";
    assert_false(overlay_fits(&verdict, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_metric_is_like_the_same_metric_of_other_machines),
        cmocka_unit_test(a_metric_without_labels_is_like_itself_alone),
        cmocka_unit_test(lines_that_come_more_often_are_like_others_of_their_source),
        cmocka_unit_test(an_odd_line_is_like_that_pattern_in_all_sources),
        cmocka_unit_test(what_is_silent_is_like_nothing_else),
        cmocka_unit_test(a_verdict_of_the_like_fits_the_like_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
