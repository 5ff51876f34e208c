/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "engine/timeline.h"

static uint64_t history_sum(const History *history)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < TIMELINE_BUCKETS; i++)
        sum += history->counts[i];
    return sum;
}

static void a_span_that_grows_keeps_every_count(void **state)
{
    (void)state;
    Timeline timeline = timeline_make(1, INT64_MAX);
    History history = {0};
    for (int64_t moment = 1000; moment < 101000; moment += 7) {
        uint32_t bucket = timeline_bucket(&timeline, moment);
        history_add(&history, &timeline, bucket);
    }
    assert_int_equal(history_sum(&history), 14286);
    assert_int_equal(timeline.width, 512);
    assert_true(timeline_moment(&timeline, timeline.bucket_count - 1) <= 100999);
    assert_true(timeline_moment(&timeline, timeline.bucket_count) > 100992);
}

static void a_history_that_rested_follows_the_doublings(void **state)
{
    (void)state;
    Timeline timeline = timeline_make(1, INT64_MAX);
    History history = {0};
    history_add(&history, &timeline, timeline_bucket(&timeline, 0));
    history_add(&history, &timeline, timeline_bucket(&timeline, 255));
    timeline_bucket(&timeline, 1000);
    history_follow(&history, &timeline);
    assert_int_equal(timeline.width, 4);
    assert_int_equal(history.counts[0], 1);
    assert_int_equal(history.counts[63], 1);
    assert_int_equal(history_sum(&history), 2);
}

static void one_line_from_the_far_future_does_not_stretch_the_ruler(void **state)
{
    (void)state;
    Timeline timeline = timeline_make(1, 1000);
    timeline_bucket(&timeline, 0);
    timeline_bucket(&timeline, 100);
    assert_int_equal(timeline_bucket(&timeline, 1000000000), 100);
    assert_int_equal(timeline_bucket(&timeline, 110), 110);
    assert_int_equal(timeline.width, 1);
}

static void a_jump_that_is_confirmed_is_followed(void **state)
{
    (void)state;
    Timeline timeline = timeline_make(1, 1000);
    timeline_bucket(&timeline, 0);
    timeline_bucket(&timeline, 100000);
    assert_true(timeline_bucket(&timeline, 100001) > 100);
    assert_true(timeline.width > 1);
}

static void a_moment_before_the_start_counts_in_the_first_bucket(void **state)
{
    (void)state;
    Timeline timeline = timeline_make(1, 1000);
    timeline_bucket(&timeline, 500);
    assert_int_equal(timeline_bucket(&timeline, -9000), 0);
    assert_int_equal(timeline_bucket(&timeline, INT64_MIN), 0);
}

static void merging_two_histories_adds_them(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        Timeline timeline = timeline_make(1, INT64_MAX);
        History both = {0}, a = {0}, b = {0};
        for (uint64_t i = 0, moment = 0; i < 50; i++) {
            uint64_t random = hash_add(seed, i);
            moment += random % 100;
            uint32_t bucket = timeline_bucket(&timeline, (int64_t)moment);
            history_add(&both, &timeline, bucket);
            history_add(random >> 63 ? &a : &b, &timeline, bucket);
        }
        history_merge(&a, &b, &timeline);
        history_follow(&both, &timeline);
        if (memcmp(a.counts, both.counts, sizeof a.counts) != 0)
            fail_msg("seed %llu", (unsigned long long)seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_that_grows_keeps_every_count),
        cmocka_unit_test(a_history_that_rested_follows_the_doublings),
        cmocka_unit_test(one_line_from_the_far_future_does_not_stretch_the_ruler),
        cmocka_unit_test(a_jump_that_is_confirmed_is_followed),
        cmocka_unit_test(a_moment_before_the_start_counts_in_the_first_bucket),
        cmocka_unit_test(merging_two_histories_adds_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
