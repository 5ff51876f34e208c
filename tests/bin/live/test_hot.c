/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "live/hot.h"

static void assert_holds(int descriptor, const char *expected)
{
    char bytes[64];
    ssize_t size = pread(descriptor, bytes, sizeof bytes, 0);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(bytes, expected, strlen(expected));
}

static void rows_are_added_behind_each_other_until_they_are_cleared(void **state)
{
    (void)state;
    Hot hot = {.descriptor = -1};
    assert_true(hot_add(&hot, "rows", "", 0));
    assert_int_equal(hot.descriptor, -1);
    assert_true(hot_add(&hot, "rows", "one ", 4));
    assert_true(hot_add(&hot, "rows", "two", 3));
    assert_int_equal(hot.size, 7);
    assert_holds(hot.descriptor, "one two");
    hot_clear(&hot);
    assert_true(hot.descriptor == -1 && hot.size == 0);
    assert_true(hot_add(&hot, "rows", "three", 5));
    assert_holds(hot.descriptor, "three");
    hot_clear(&hot);
    hot_clear(&hot);
}

/* A descriptor that someone reads still is whole after the rows were cleared. */
static void who_reads_rows_is_not_disturbed_when_they_are_cleared(void **state)
{
    (void)state;
    Hot hot = {.descriptor = -1};
    assert_true(hot_add(&hot, "rows", "one", 3));
    int reader = dup(hot.descriptor);
    hot_clear(&hot);
    assert_holds(reader, "one");
    close(reader);
}

static void a_table_as_a_whole_may_be_empty(void **state)
{
    (void)state;
    int some = hot_whole("table", "rows", 4), none = hot_whole("table", "", 0);
    assert_holds(some, "rows");
    assert_true(none >= 0);
    assert_holds(none, "");
    close(some);
    close(none);
}

/* What was written of rows that do not fit is taken back, so that the file stays readable. */
static void rows_that_do_not_fit_leave_those_before_as_they_were(void **state)
{
    (void)state;
    static char large[8192];
    Hot hot = {.descriptor = -1};
    struct rlimit before, small;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 4096;
    assert_true(hot_add(&hot, "rows", "one", 3));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool good = hot_add(&hot, "rows", large, sizeof large);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(good);
    assert_holds(hot.descriptor, "one");
    assert_true(hot_add(&hot, "rows", " two", 4));
    assert_int_equal(hot.size, 7);
    assert_holds(hot.descriptor, "one two");
    hot_clear(&hot);
}

static void rows_that_are_joined_disturb_nobody_who_reads_one_of_them(void **state)
{
    (void)state;
    Hot front = {.descriptor = -1}, back = {.descriptor = -1};
    assert_true(hot_add(&back, "rows", "two", 3));
    assert_true(hot_join(&front, &back, "rows"));
    assert_holds(back.descriptor, "two");
    assert_true(hot_add(&front, "rows", "one ", 4));
    int reader = dup(front.descriptor);
    assert_true(hot_join(&front, &back, "rows"));
    assert_true(front.descriptor == -1 && front.size == 0);
    assert_int_equal(back.size, 7);
    assert_true(hot_add(&back, "rows", " three", 6));
    assert_holds(back.descriptor, "one two three");
    assert_holds(reader, "one ");
    close(reader);
    assert_true(hot_add(&front, "rows", "zero ", 5));
    hot_clear(&back);
    assert_true(hot_join(&front, &back, "rows"));
    assert_holds(back.descriptor, "zero ");
    hot_clear(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_added_behind_each_other_until_they_are_cleared),
        cmocka_unit_test(who_reads_rows_is_not_disturbed_when_they_are_cleared),
        cmocka_unit_test(a_table_as_a_whole_may_be_empty),
        cmocka_unit_test(rows_that_do_not_fit_leave_those_before_as_they_were),
        cmocka_unit_test(rows_that_are_joined_disturb_nobody_who_reads_one_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
