/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings/nearest.h"

static const char *const words[] = {"findings", "findings-per-day", "format", "fail-on", "scan"};

static const char *near(const char *typed)
{
    return nearest_word(typed, words, sizeof words / sizeof words[0]);
}

static void a_distance_counts_edits_and_a_swap_is_one(void **state)
{
    (void)state;
    assert_int_equal(nearest_distance("scan", "scan"), 0);
    assert_int_equal(nearest_distance("scna", "scan"), 1);
    assert_int_equal(nearest_distance("", "scan"), 4);
    assert_int_equal(nearest_distance("kitten", "sitting"), 3);
}

static void a_mistyped_word_finds_what_was_meant(void **state)
{
    (void)state;
    assert_string_equal(near("fidnings"), "findings");
    assert_string_equal(near("formt"), "format");
    assert_string_equal(near("find"), "findings");
    assert_string_equal(near("failon"), "fail-on");
}

static void a_word_far_from_all_has_no_neighbour(void **state)
{
    (void)state;
    assert_null(near("elephant"));
    assert_null(near(""));
    assert_null(near("a-word-that-is-longer-than-any-word-can-be-here"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_distance_counts_edits_and_a_swap_is_one),
        cmocka_unit_test(a_mistyped_word_finds_what_was_meant),
        cmocka_unit_test(a_word_far_from_all_has_no_neighbour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
