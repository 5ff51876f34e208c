/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <string.h>

#include "settings/notify_target.h"
#include "settings/settings.h"

static char problem[SETTINGS_PROBLEM_SIZE];

static void assert_refused(const char *line, const char *words)
{
    NotifyTarget target;
    problem[0] = '\0';
    assert_false(notify_target_read(line, &target, problem));
    if (strstr(problem, words) == NULL)
        fail_msg("`%s` says: %s", line, problem);
}

static void a_line_says_who_where_and_of_what(void **state)
{
    (void)state;
    NotifyTarget target;
    assert_true(notify_target_read("  slack=/etc/oddball/slack source=web*\tsurprise=5.5 ", &target,
                                   problem));
    assert_int_equal(target.kind, NOTIFY_SLACK);
    assert_string_equal(target.address, "/etc/oddball/slack");
    assert_string_equal(target.source, "web*");
    assert_true(target.surprise == 5.5);
    assert_true(notify_target_read("alertmanager=http://am:9093", &target, problem));
    assert_int_equal(target.kind, NOTIFY_ALERTMANAGER);
    assert_string_equal(target.source, "");
    assert_true(target.surprise == 0);
}

static void what_is_wrong_is_said_with_what_would_be_right(void **state)
{
    (void)state;
    assert_refused("slak=/x", "`slak` is unknown; did you mean slack?");
    assert_refused("slack=/x sorce=a", "`sorce` is unknown; did you mean source?");
    assert_refused("slack=https://hooks.example.com/T0/s3cret",
                   "is a secret and stands in one: slack=/etc/oddball/slack");
    assert_refused("slack=./slack", "names no file from / on");
    assert_refused("alertmanager=/etc/x", "alertmanager=http://127.0.0.1:9093");
    assert_refused("alertmanager", "is no NAME=ADDRESS");
    assert_refused("teams=/x surprise=much", "a good one is surprise=5");
    assert_refused("teams=/x surprise=-1", "a good one is surprise=5");
    assert_refused("teams=/x surprise=nan", "a good one is surprise=5");
}

static void what_is_too_long_is_refused(void **state)
{
    (void)state;
    char line[2 * NOTIFY_ADDRESS_SIZE];
    memset(line, 'a', sizeof line);
    memcpy(line, "alertmanager=http://", 20);
    line[sizeof line - 1] = '\0';
    assert_refused(line, "is no NAME=ADDRESS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_who_where_and_of_what),
        cmocka_unit_test(what_is_wrong_is_said_with_what_would_be_right),
        cmocka_unit_test(what_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
