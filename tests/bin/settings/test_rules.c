/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "settings/rules.h"

#define NOW 1764547200000000000 /* 2025-12-01 00:00:00 UTC */

static char problem[RULES_PROBLEM_SIZE];

/* How many rules it holds; -1: see `problem`. */
static int rules_in(const char *text)
{
    odd_events *events;
    assert_int_equal(odd_events_open(NULL, NOW, &events), ODD_OK);
    bool good = rules_read("r.yaml", text, strlen(text), NOW, 0, events, problem);
    int count = good ? (int)odd_events_count(events).events : -1;
    assert_int_equal(good, problem[0] == '\0');
    odd_events_close(events);
    return count;
}

static void a_file_holds_lists_of_rules(void **state)
{
    (void)state;
    assert_int_equal(rules_in("mute:\n  - source: a\n    until: 2026-01-01\n  - source: b\n"
                              "expect:\n  - {pattern: \"x *\", surprise: 4.5}\n"
                              "window:\n  - {host: h, from: 2026-01-01, until: 2026-01-02}\n"),
                     4);
    assert_int_equal(
        rules_in("mute:\n  - {id: a, kind: burst}\n  - {id: b, kind: \"s?lent\"}\n"
                 "expect:\n  - {id: c, kind: \"*\"}\n  - {source: a, id: \"\", kind: \"\"}\n"
                 "  - {source: b, id: \"\"}\n"),
        5);
    assert_int_equal(rules_in(""), 0);
    assert_int_equal(rules_in("mute: []\nexpect:\n"), 0);
}

static void texts_of_any_kind_arrive_as_they_are(void **state)
{
    (void)state;
    assert_int_equal(
        rules_in("mute:\n  - text: \"a \\\"b\\\" \\\\ \\t c\"\n    reason: |\n      two\n"
                 "      lines\n"),
        1);
}

static void a_mistake_is_told_with_its_line_and_its_cure(void **state)
{
    (void)state;
    static const char *const wrong[][3] = {
        {"mute:\n  - sorce: a\n", "r.yaml:2: ", "source?"},
        {"mutes:\n  - source: a\n", "r.yaml:2: ", "mute?"},
        {"mute:\n  source: a\n", "r.yaml:2: ", "list of rules"},
        {"mute:\n  - a\n", "r.yaml:2: ", "list of rules"},
        {"mute:\n  - source:\n", "r.yaml:2: ", "no value"},
        {"mute:\n  - source: a\n\n  - reason: b\n", "r.yaml:4: ", "names nothing"},
        {"window:\n  - source: a\n", "r.yaml:2: ", "ends"},
        {"mute:\n  - {source: a, surprise: high}\n", "r.yaml:2: ", "number"},
        {"mute:\n  - kind: brust\n", "r.yaml:2: ", "did you mean burst?"},
        {"mute:\n  - source: a\n    kind: \"x*\"\n", "r.yaml:3: ", "unknown"},
        {"mute:\n  - kind: \"[b]urst\"\n", "r.yaml:2: ", "unknown"},
        {"mute:\n  - {id: a, source: a}\n  - source: b\n    id: a\n", "r.yaml:4: ", "line 2"},
        {"mute:\n  - {id: a, source: a}\nexpect:\n  - {id: a, source: b}\n", "r.yaml:4: ",
         "the id \"a\""},
        {"mute: [\n", "r.yaml:", "YAML"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(rules_in(wrong[i][0]), -1);
        if (strstr(problem, wrong[i][1]) != problem || strstr(problem, wrong[i][2]) == NULL)
            fail_msg("%s gives: %s", wrong[i][0], problem);
    }
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    assert_false(rules_read_file("/nowhere/r.yaml", NOW, 0, NULL, problem));
    assert_non_null(strstr(problem, "/nowhere/r.yaml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_holds_lists_of_rules),
        cmocka_unit_test(texts_of_any_kind_arrive_as_they_are),
        cmocka_unit_test(a_mistake_is_told_with_its_line_and_its_cure),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
