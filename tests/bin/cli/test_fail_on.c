/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cli/fail_on.h"

static bool says_error(const char *text)
{
    return speaks_of_error(text, strlen(text));
}

static void without_a_list_every_finding_fails(void **state)
{
    (void)state;
    assert_true(fail_on_matches(NULL, "burst", false, false));
    assert_true(fail_on_matches("any", "burst", false, false));
    assert_false(fail_on_matches("none", "burst", true, false));
}

static void a_list_names_the_kinds_that_fail(void **state)
{
    (void)state;
    assert_true(fail_on_matches("new,burst", "burst", false, false));
    assert_true(fail_on_matches("new,burst", "new", false, false));
    assert_false(fail_on_matches("new,burst", "rare", true, false));
}

static void a_new_error_is_new_and_speaks_of_an_error(void **state)
{
    (void)state;
    assert_true(fail_on_matches("new-error", "new", true, false));
    assert_false(fail_on_matches("new-error", "new", false, false));
    assert_false(fail_on_matches("new-error", "more", true, false));
    assert_true(fail_on_matches("new-error", "rare", true, false)); /* A scan knows no `new`. */
    assert_true(fail_on_matches("new-error", "severity", true, false));
    assert_false(fail_on_matches("new-error", "rare", false, false));
}

static void errors_are_words_of_their_own(void **state)
{
    (void)state;
    assert_true(says_error("2026 ERROR disk"));
    assert_true(says_error("[error] x"));
    assert_true(says_error("java.lang.NullPointerException: null"));
    assert_true(says_error("Connection refused"));
    assert_false(says_error("terrorism is no word of ours"));
    assert_false(says_error("all is well"));
    assert_false(says_error(""));
}

static void worse_is_what_went_where_it_should_not(void **state)
{
    (void)state;
    assert_true(fail_on_matches("worse", "level", false, true));
    assert_false(fail_on_matches("worse", "level", false, false));
    assert_true(is_worse(NULL, "level", "cpu", -4));
    assert_true(is_worse("up", "level", "cpu", 4));
    assert_false(is_worse("up", "level", "cpu", -4));
    assert_true(is_worse("down", "low", "cpu", -4));
    assert_true(is_worse("up,avail*=down", "level", "availability", -4));
    assert_false(is_worse("up,avail*=down", "level", "availability", 4));
    assert_true(is_worse("up,avail*=down", "high", "latency{host=\"a\",zone=\"b\"}", 4));
    assert_true(is_worse("latency{host=\"a\",zone=\"b\"}=down", "low",
                         "latency{host=\"a\",zone=\"b\"}", -4));
}

static void more_scatter_and_gaps_are_worse_in_any_direction(void **state)
{
    (void)state;
    assert_true(is_worse("down", "spread", "cpu", 3));
    assert_false(is_worse("down", "spread", "cpu", 0.3));
    assert_true(is_worse("down", "gap", "cpu", 0.2));
    assert_false(is_worse("down", "gap", "cpu", -0.2));
    assert_true(is_worse("down", "gone", "cpu", 0));
    assert_false(is_worse("down", "new", "cpu", 0));
}

static void directions_are_checked(void **state)
{
    (void)state;
    assert_true(directions_are_good("up"));
    assert_true(directions_are_good("any,latency*=up,avail=down"));
    assert_false(directions_are_good("sideways"));
    assert_false(directions_are_good("up,"));
    assert_false(directions_are_good("latency"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_list_every_finding_fails),
        cmocka_unit_test(a_list_names_the_kinds_that_fail),
        cmocka_unit_test(a_new_error_is_new_and_speaks_of_an_error),
        cmocka_unit_test(errors_are_words_of_their_own),
        cmocka_unit_test(worse_is_what_went_where_it_should_not),
        cmocka_unit_test(more_scatter_and_gaps_are_worse_in_any_direction),
        cmocka_unit_test(directions_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
