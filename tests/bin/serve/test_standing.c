/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "serve/standing.h"

static void what_is_said_of_a_key_takes_the_place_of_what_was(void **state)
{
    (void)state;
    static Standing standing;
    assert_true(standing_set(&standing, "a", "one"));
    assert_true(standing_set(&standing, "b", "two"));
    assert_true(standing_set(&standing, "a", "three"));
    assert_int_equal(standing.count, 2);
    assert_string_equal(standing.texts[0], "two");
    assert_string_equal(standing.texts[1], "three");
    assert_true(standing_set(&standing, "b", NULL));
    assert_true(standing_set(&standing, "never", NULL));
    assert_int_equal(standing.count, 1);
    assert_string_equal(standing.keys[0], "a");
    standing_clear(&standing);
    assert_int_equal(standing.count, 0);
}

static void beyond_the_most_the_oldest_is_left(void **state)
{
    (void)state;
    static Standing standing;
    char key[16];
    for (int i = 0; i <= STANDING_MAX; i++) {
        snprintf(key, sizeof key, "%d", i);
        assert_true(standing_set(&standing, key, key));
    }
    assert_int_equal(standing.count, STANDING_MAX);
    assert_string_equal(standing.keys[0], "1");
    assert_string_equal(standing.texts[STANDING_MAX - 1], key);
    standing_clear(&standing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_of_a_key_takes_the_place_of_what_was),
        cmocka_unit_test(beyond_the_most_the_oldest_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
