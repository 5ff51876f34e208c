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
    assert_true(fail_on_matches(NULL, "burst", false));
    assert_true(fail_on_matches("any", "burst", false));
    assert_false(fail_on_matches("none", "burst", true));
}

static void a_list_names_the_kinds_that_fail(void **state)
{
    (void)state;
    assert_true(fail_on_matches("new,burst", "burst", false));
    assert_true(fail_on_matches("new,burst", "new", false));
    assert_false(fail_on_matches("new,burst", "rare", true));
}

static void a_new_error_is_new_and_speaks_of_an_error(void **state)
{
    (void)state;
    assert_true(fail_on_matches("new-error", "new", true));
    assert_false(fail_on_matches("new-error", "new", false));
    assert_false(fail_on_matches("new-error", "more", true));
    assert_true(fail_on_matches("new-error", "rare", true)); /* A scan knows no `new`. */
    assert_true(fail_on_matches("new-error", "severity", true));
    assert_false(fail_on_matches("new-error", "rare", false));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_list_every_finding_fails),
        cmocka_unit_test(a_list_names_the_kinds_that_fail),
        cmocka_unit_test(a_new_error_is_new_and_speaks_of_an_error),
        cmocka_unit_test(errors_are_words_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
