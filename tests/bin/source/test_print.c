/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "source/print.h"

static void what_was_written_is_read_again(void **state)
{
    (void)state;
    char   text[PLACES_TEXT_SIZE], again[PLACES_TEXT_SIZE];
    Places places = {.changed_ns = INT64_MAX, .count = PLACES_MAX}, got;
    for (size_t i = 0; i < PLACES_MAX; i++)
        places.places[i] = (Place){.device = UINT64_MAX,
                                   .inode = UINT64_MAX - i,
                                   .offset = UINT64_MAX,
                                   .head = {.hash = UINT64_MAX, .size = PRINT_HEAD_BYTES},
                                   .trail = {.hash = i, .size = PRINT_TRAIL_BYTES},
                                   .cutting = i % 2 == 1};
    places_write(&places, text);
    assert_true(strlen(text) < PLACES_TEXT_SIZE - 1);
    assert_true(places_read(text, &got));
    assert_int_equal(got.count, PLACES_MAX);
    assert_int_equal(got.places[3].inode, UINT64_MAX - 3);
    assert_true(got.places[3].cutting);
    places_write(&got, again);
    assert_string_equal(text, again);
}

static void a_text_cut_anywhere_is_refused(void **state)
{
    (void)state;
    char   text[PLACES_TEXT_SIZE];
    Places places = {.changed_ns = 12, .count = 2}, got;
    places.places[0].offset = 7;
    places_write(&places, text);
    for (size_t size = strlen(text); size-- > 0;) {
        text[size] = '\0';
        assert_false(places_read(text, &got));
    }
}

static void places_that_cannot_be_are_refused(void **state)
{
    (void)state;
    Places got;
    assert_false(places_read("{\"version\":2,\"changed\":0,\"files\":[]}", &got));
    assert_false(places_read("{\"version\":1,\"changed\":0,\"files\":[{\"device\":1,\"inode\":1,"
                             "\"offset\":5,\"head\":\"00/0\",\"trail\":\"00/6\",\"cutting\":0}]}",
                             &got));
    assert_true(places_read("{\"version\":1,\"changed\":0,\"files\":[]}", &got));
    assert_int_equal(got.count, 0);
}

static void a_print_fits_what_goes_on_and_nothing_else(void **state)
{
    (void)state;
    Print print = print_of("hello", 5);
    assert_true(print_fits(print, "hello world", 11));
    assert_false(print_fits(print, "hell", 4));
    assert_false(print_fits(print, "hellO world", 11));
    assert_true(print_fits((Print){0}, "", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(a_text_cut_anywhere_is_refused),
        cmocka_unit_test(places_that_cannot_be_are_refused),
        cmocka_unit_test(a_print_fits_what_goes_on_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
