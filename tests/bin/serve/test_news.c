/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/news.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HOUR (3600LL * 1000000000)
#define STARTED (1000 * HOUR)

static const News first = {.started = STARTED, .is_first = true};
static const News later = {.started = STARTED};

static void what_is_odd_after_the_start_is_news(void **state)
{
    (void)state;
    assert_true(news_has(&first, STARTED + 1, false, STARTED + 2));
    assert_true(news_has(&later, STARTED + 500 * HOUR, false, STARTED + 501 * HOUR));
}

static void so_is_what_was_odd_shortly_before_it(void **state)
{
    (void)state;
    assert_true(news_has(&first, STARTED - HOUR, false, STARTED));
    assert_true(news_has(&later, STARTED - HOUR, false, STARTED));
}

static void what_was_odd_long_before_it_is_not(void **state)
{
    (void)state;
    assert_false(news_has(&first, STARTED - HOUR - 1, false, STARTED));
    assert_false(news_has(&later, STARTED - 100 * HOUR, false, STARTED + HOUR));
}

/* After a fall the journal has what was not learnt yet. */
static void what_came_in_time_and_is_learnt_late_is_news(void **state)
{
    (void)state;
    assert_true(news_has(&later, STARTED - 5 * HOUR, false, STARTED - 5 * HOUR + 1));
    assert_false(news_has(&later, STARTED - 50 * HOUR, false, STARTED - 5 * HOUR));
}

static void that_it_is_over_is_told_to_whoever_may_have_been_told_of_it(void **state)
{
    (void)state;
    assert_true(news_has(&later, STARTED - 50 * HOUR, true, STARTED));
    assert_false(news_has(&first, STARTED - 50 * HOUR, true, STARTED));
}

static void what_has_no_time_is_news(void **state)
{
    (void)state;
    assert_true(news_has(&first, ODD_TIME_NONE, false, STARTED));
    assert_true(news_has(&first, STARTED, false, ODD_TIME_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_odd_after_the_start_is_news),
        cmocka_unit_test(so_is_what_was_odd_shortly_before_it),
        cmocka_unit_test(what_was_odd_long_before_it_is_not),
        cmocka_unit_test(what_came_in_time_and_is_learnt_late_is_news),
        cmocka_unit_test(that_it_is_over_is_told_to_whoever_may_have_been_told_of_it),
        cmocka_unit_test(what_has_no_time_is_news),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
