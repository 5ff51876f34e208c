/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/steps.h"
#include "stats/episode.h"

/* So many lines, one a second, counted along a ruler. */
static Timeline lines_along(History *history, int line_count)
{
    Timeline timeline = timeline_make(1, INT64_MAX);
    for (int i = 0; i < line_count; i++)
        history_add(history, &timeline, timeline_bucket(&timeline, i));
    history_follow(history, &timeline);
    return timeline;
}

static void steps_add_up_to_all_lines(void **state)
{
    (void)state;
    for (int lines = 1; lines < 20000; lines = lines * 3 / 2 + 1) {
        History history = {0};
        Timeline timeline = lines_along(&history, lines);
        Steps steps = steps_make(&timeline, (uint64_t)lines);
        uint32_t counts[TIMELINE_BUCKETS], sum = 0;
        steps_add_up(&steps, history.counts, counts);
        for (int i = 0; i < steps.count; i++)
            sum += counts[i];
        assert_int_equal(sum, lines);
    }
}

static void few_lines_have_few_steps(void **state)
{
    (void)state;
    History history = {0};
    Timeline timeline = lines_along(&history, 256);
    assert_int_equal(steps_make(&timeline, 256).count, EPISODE_BUCKET_COUNT_MIN);
    assert_int_equal(steps_make(&timeline, 64 * 32).count, 64);
    assert_int_equal(steps_make(&timeline, 1000000).count, 256);
}

static void the_last_step_says_how_much_of_it_is_covered(void **state)
{
    (void)state;
    History history = {0};
    Timeline timeline = lines_along(&history, 100); /* 16 steps at most: of 7 seconds, so 15. */
    Steps steps = steps_make(&timeline, 100);
    assert_int_equal(steps.count, 15);
    assert_int_equal(steps.width, 7);
    assert_true(steps.last_share > 2.0 / 7 - 1e-9 && steps.last_share < 2.0 / 7 + 1e-9);
}

static void without_a_line_there_is_no_step(void **state)
{
    (void)state;
    Timeline timeline = timeline_make(1, INT64_MAX);
    Steps steps = steps_make(&timeline, 0);
    assert_int_equal(steps.count, 0);
    assert_true(steps.last_share == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_add_up_to_all_lines),
        cmocka_unit_test(few_lines_have_few_steps),
        cmocka_unit_test(the_last_step_says_how_much_of_it_is_covered),
        cmocka_unit_test(without_a_line_there_is_no_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
