/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "event/colour.h"

static void assert_stripped(const char *text, const char *wanted)
{
    char bytes[100];
    size_t size = strlen(text);
    memcpy(bytes, text, size);
    size = colour_strip(bytes, size);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(bytes, wanted, size);
}

static void colours_are_taken_out(void **state)
{
    (void)state;
    assert_stripped("\x1b[32mINFO\x1b[0m ok\x1b[m", "INFO ok");
    assert_stripped("\x1b[1;38;5;208mx", "x");
    assert_stripped("", "");
}

static void all_else_stays(void **state)
{
    (void)state;
    assert_stripped("plain [32m text", "plain [32m text");
    assert_stripped("\x1b[2J\x1b]0;t\x07", "\x1b[2J\x1b]0;t\x07");
    assert_stripped("torn \x1b[3", "torn \x1b[3");
    assert_stripped("torn \x1b", "torn \x1b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_taken_out),
        cmocka_unit_test(all_else_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
