/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "base/time.h"
#include "event/verdict.h"

#define NOW (1764547200LL * NS_PER_S) /* 2025-12-01 00:00:00 UTC */

static char problem[sizeof((odd_decoded *)NULL)->message];

/* The text of its event; NULL: it was refused, see `problem`. */
static const char *decoded(const char *json, odd_time now)
{
    static char text[4096];
    odd_events *events = events_open(NULL, now);
    odd_decoded answer;
    odd_wire wire = {.source = "", .now = now};
    Event event = {0};
    odd_rc rc = odd_decode("verdict", &wire, json, strlen(json), events, &answer);
    memcpy(problem, answer.message, sizeof problem);
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    if (rc == ODD_OK) {
        assert_int_equal(event_next(&reader, &event), EVENT_READ);
        assert_int_equal(event.kind, EVENT_VERDICT);
        assert_true(event.text.size < sizeof text);
        memcpy(text, event.text.text, event.text.size);
        text[event.text.size] = '\0';
    }
    events_close(events);
    return rc == ODD_OK ? text : NULL;
}

static Verdict verdict_of(const char *json)
{
    Verdict verdict;
    const char *text = decoded(json, NOW);
    assert_non_null(text);
    assert_true(verdict_read_text(str_of(text), &verdict));
    return verdict;
}

static void all_that_is_said_is_read_back(void **state)
{
    (void)state;
    Verdict v = verdict_of("{\"verdict\":\"mute\",\"id\":\"a.b-1\",\"finding\":\"0123\","
                           "\"signal\":\"load*\",\"pattern\":\"p \\\"q\\\"\",\"source\":\"s\","
                           "\"host\":\"h\",\"text\":\"t\",\"kind\":\"burst\","
                           "\"from\":\"2025-11-30T00:00:00Z\",\"until\":\"2025-12-24\","
                           "\"surprise\":4.5,\"reason\":\"r\",\"author\":\"a\",\"about\":\"b\"}");
    assert_int_equal(v.kind, VERDICT_MUTE);
    assert_string_equal(v.id, "a.b-1");
    assert_string_equal(v.finding, "0123");
    assert_string_equal(v.signal, "load*");
    assert_string_equal(v.pattern, "p \"q\"");
    assert_string_equal(v.find, "t");
    assert_string_equal(v.what, "burst");
    assert_true(v.from == NOW - 24 * 3600 * NS_PER_S);
    assert_true(v.until == NOW + 23 * 24 * 3600 * NS_PER_S);
    assert_true(v.made == NOW);
    assert_true(v.surprise > 4.4 && v.surprise < 4.6);
    Verdict same = verdict_of(decoded("{\"verdict\":\"expected\",\"source\":\"s\"}", NOW));
    assert_int_equal(same.lasts, LASTS_UNTIL_WORSE);
    assert_int_equal(same.kind, VERDICT_EXPECTED);
    assert_int_equal(
        verdict_of("{\"verdict\":\"mute\",\"source\":\"s\",\"until\":\"forever\"}").lasts,
        LASTS_FOREVER);
}

static void who_says_the_same_twice_says_it_once(void **state)
{
    (void)state;
    static const char json[] = "{\"verdict\":\"mute\",\"source\":\"s\"}";
    Verdict first, second;
    assert_true(verdict_read_text(str_of(decoded(json, NOW)), &first));
    assert_true(verdict_read_text(str_of(decoded(json, NOW + 1)), &second));
    assert_string_equal(first.id, second.id);
    assert_int_equal(strlen(first.id), 16);
    Verdict other = verdict_of("{\"verdict\":\"mute\",\"source\":\"s\",\"author\":\"b\"}");
    assert_string_not_equal(first.id, other.id);
}

static void an_undo_names_what_was_never_said(void **state)
{
    (void)state;
    Verdict v = verdict_of("{\"undo\":\"5d0e\"}");
    assert_int_equal(v.kind, VERDICT_UNDO);
    assert_string_equal(v.id, "5d0e");
}

static void what_says_less_than_it_seems_is_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"[", "JSON"},
        {"1", "object"},
        {"{\"source\":\"s\"}", "verdict"},
        {"{\"verdict\":\"maybe\",\"source\":\"s\"}", "unsure"},
        {"{\"verdict\":\"mute\"}", "names nothing"},
        {"{\"verdict\":\"mute\",\"sorce\":\"s\"}", "sorce"},
        {"{\"verdict\":\"mute\",\"source\":7}", "no text"},
        {"{\"verdict\":\"mute\",\"source\":\"a\\u0000\"}", "NUL"},
        {"{\"verdict\":\"mute\",\"source\":\"s\",\"until\":\"soon\"}", "until"},
        {"{\"verdict\":\"mute\",\"source\":\"s\",\"from\":-1}", "from"},
        {"{\"verdict\":\"mute\",\"source\":\"s\",\"from\":\"2026-01-02\",\"until\":\"2026-01-01\"}",
         "behind"},
        {"{\"verdict\":\"window\",\"source\":\"s\"}", "ends"},
        {"{\"verdict\":\"mute\",\"source\":\"s\",\"surprise\":\"4\"}", "number"},
        {"{\"verdict\":\"mute\",\"source\":\"s\",\"id\":\"a/b\"}", "letters"},
        {"{\"undo\":\"\"}", "no id"},
        {"{\"undo\":\"a\",\"reason\":\"b\"}", "nothing else"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_null(decoded(wrong[i][0], NOW));
        if (strstr(problem, wrong[i][1]) == NULL)
            fail_msg("%s: %s", wrong[i][0], problem);
    }
    char longer[512];
    snprintf(longer, sizeof longer, "{\"verdict\":\"mute\",\"source\":\"%0256d\"}", 0);
    assert_null(decoded(longer, NOW));
    assert_non_null(strstr(problem, "255 bytes"));
}

static void several_are_said_at_once_or_none(void **state)
{
    (void)state;
    assert_non_null(decoded("[{\"verdict\":\"mute\",\"source\":\"s\"},{\"undo\":\"a\"}]", NOW));
    assert_null(decoded("[{\"verdict\":\"mute\",\"source\":\"s\"},{\"undo\":1}]", NOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_said_is_read_back),
        cmocka_unit_test(who_says_the_same_twice_says_it_once),
        cmocka_unit_test(an_undo_names_what_was_never_said),
        cmocka_unit_test(what_says_less_than_it_seems_is_refused_with_the_reason),
        cmocka_unit_test(several_are_said_at_once_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
