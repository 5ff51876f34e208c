/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <math.h>
#include <stdio.h>

#include "base/rng.h"

#define ROUNDS 40
#define HOSTS 5
#define FEATURES 7

static const char definitions[] =
    "{\"features\":["
    "{\"name\":\"errors\",\"from\":\"logs\",\"source\":\"shop\",\"entity\":\"host\",\"aggregate\":"
    "\"count\",\"filter\":{\"level\":\"error\"},\"window\":\"5m\"},"
    "{\"name\":\"lines\",\"from\":\"logs\",\"source\":\"shop\",\"entity\":\"host\",\"aggregate\":"
    "\"count\",\"window\":\"5m\"},"
    "{\"name\":\"share\",\"from\":\"features\",\"ratio\":\"errors / lines\"},"
    "{\"name\":\"p90\",\"from\":\"logs\",\"entity\":\"host\",\"value\":\"ms\",\"aggregate\":"
    "\"quantile\",\"quantile\":\"0.9\",\"window\":\"10m\"},"
    "{\"name\":\"served\",\"from\":\"logs\",\"pattern\":\"*served*\",\"entity\":\"host\","
    "\"aggregate\":\"rate\",\"window\":\"5m\"},"
    "{\"name\":\"cpu\",\"from\":\"metrics\",\"series\":\"cpu\",\"entity\":\"host\",\"aggregate\":"
    "\"mean\",\"window\":\"5m\"},"
    "{\"name\":\"paid\",\"from\":\"events\",\"event\":\"checkout\",\"entity\":\"host\",\"value\":"
    "\"amount\",\"aggregate\":\"sum\",\"window\":\"1h\",\"filter\":{\"basket.items\":\">= 2\"}}]}";

static void round_add(odd_events *events, int round, odd_time now)
{
    Rng rng = rng_seeded((uint64_t)round + 1);
    char text[200];
    events->known = now;
    for (int i = 0; i < 20; i++) {
        int host = (int)rng_below(&rng, HOSTS);
        Civil c = time_to_civil(now - (odd_time)rng_below(&rng, 120) * NS_PER_S);
        snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ %s host=h%d ms=%d request %s",
                 c.year, c.month, c.day, c.hour, c.minute, c.second,
                 rng_below(&rng, 4) == 0 ? "ERROR" : "INFO", host, (int)rng_below(&rng, 300),
                 rng_below(&rng, 2) == 0 ? "served" : "refused");
        assert_true(events_lines(events, STR("shop"), 0, str_of(text)));
        snprintf(text, sizeof text, "cpu{host=\"h%d\"}", host);
        assert_true(
            events_series(events, STR("node"), str_of(text), now + i, rng_real(&rng) * 100));
        snprintf(text, sizeof text, "{\"host\":\"h%d\",\"amount\":%d.25,\"basket\":{\"items\":%d}}",
                 host, (int)rng_below(&rng, 50), (int)rng_below(&rng, 4));
        assert_true(events_posted(events, STR("checkout"), now - i * NS_PER_S, str_of(text)));
    }
}

static odd_time round_time(int round)
{
    return NOW + round * 30 * NS_PER_S;
}

static odd_fold *defined(void)
{
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    assert_int_equal(
        odd_events_features(events, definitions, sizeof definitions - 1, 0, NULL, NULL), ODD_OK);
    fold_learn(fold, events, NOW);
    events_close(events);
    assert_int_equal(odd_feature_count(fold).features, FEATURES);
    return fold;
}

static void read_all(const odd_fold *fold, odd_feature_value values[HOSTS][FEATURES])
{
    int numbers[FEATURES];
    for (int f = 0; f < FEATURES; f++)
        numbers[f] = f;
    for (int h = 0; h < HOSTS; h++) {
        char host[8];
        snprintf(host, sizeof host, "h%d", h);
        assert_int_equal(odd_feature_get(fold, host, numbers, FEATURES, ODD_TIME_NONE, values[h]),
                         ODD_OK);
    }
}

static void assert_same(const odd_fold *a, const odd_fold *b)
{
    static odd_feature_value one[HOSTS][FEATURES], other[HOSTS][FEATURES];
    memset(one, 0, sizeof one);
    memset(other, 0, sizeof other);
    read_all(a, one);
    read_all(b, other);
    assert_memory_equal(one, other, sizeof one);
}

static void feed_rounds(odd_fold *fold, int threads, int split)
{
    odd_events *events = events_opened(NOW);
    for (int round = 1; round <= ROUNDS; round++) {
        round_add(events, round, round_time(round));
        if (round % split != 0 && round < ROUNDS)
            continue;
        assert_true(events_tick(events));
        assert_int_equal(odd_fold_feed(fold, events, odd_fold_position(fold) + 1), ODD_ROW);
        fold_step_all(fold, threads);
        assert_int_equal(odd_fold_merge(fold), ODD_OK);
        events_clear(events);
    }
    events_close(events);
}

static void values_come_from_lines_samples_and_posted_events(void **state)
{
    (void)state;
    static odd_feature_value values[HOSTS][FEATURES];
    odd_fold *fold = defined();
    feed_rounds(fold, 1, 1);
    read_all(fold, values);
    for (int h = 0; h < HOSTS; h++) {
        assert_true(values[h][0].value > 0 && values[h][1].value > values[h][0].value);
        assert_true(fabs(values[h][2].value - values[h][0].value / values[h][1].value) < 1e-12);
        assert_true(values[h][3].value > 150 && values[h][3].value < 320);
        assert_true(values[h][4].value > 0 && values[h][4].value * 300 < values[h][1].value);
        assert_true(values[h][5].value > 10 && values[h][5].value < 90);
        assert_true(values[h][6].value > 100);
        for (int f = 0; f < FEATURES; f++)
            assert_int_equal(values[h][f].was_missing, 0);
    }
    assert_int_equal(odd_feature_count(fold).bad, 0);
    odd_fold_close(fold);
}

static void threads_and_splits_do_not_matter(void **state)
{
    (void)state;
    odd_fold *one = defined(), *other = defined();
    feed_rounds(one, 1, 1);
    feed_rounds(other, 4, 7);
    assert_same(one, other);
    odd_fold_close(one);
    odd_fold_close(other);
}

/* Steps in the middle of a second make values readable, and change nothing. */
static void what_was_stepped_is_readable_before_a_tick(void **state)
{
    (void)state;
    odd_fold *fold = defined();
    odd_events *events = events_opened(round_time(1));
    assert_true(events_posted(events, STR("checkout"), round_time(1),
                              STR("{\"host\":\"h1\",\"amount\":5,\"basket\":{\"items\":2}}")));
    assert_int_equal(odd_fold_feed(fold, events, odd_fold_position(fold) + 1), ODD_OK);
    fold_step_all(fold, 1);
    assert_int_equal(odd_fold_apply(fold), ODD_OK);
    int paid = odd_feature_find(fold, "paid");
    odd_feature_value value;
    assert_int_equal(odd_feature_get(fold, "h1", &paid, 1, ODD_TIME_NONE, &value), ODD_OK);
    assert_true(value.value > 4.9 && value.value < 5.1);
    assert_int_equal(odd_feature_get(fold, "h1", &paid, 1, NOW - 1, &value), ODD_RANGE);
    assert_int_equal(odd_feature_find(fold, "pade"), -1);
    assert_string_equal(odd_feature_near(fold, "pade"), "paid");
    events_close(events);
    odd_fold_close(fold);
}

static void definitions_count_from_the_next_tick_on(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    assert_int_equal(
        odd_events_features(events, definitions, sizeof definitions - 1, 0, NULL, NULL), ODD_OK);
    assert_int_equal(odd_fold_feed(fold, events, 1), ODD_OK);
    fold_step_all(fold, 1);
    assert_int_equal(odd_fold_apply(fold), ODD_OK);
    assert_int_equal(odd_feature_count(fold).features, 0);
    events_clear(events);
    fold_learn(fold, events, NOW);
    assert_int_equal(odd_feature_count(fold).features, FEATURES);
    assert_true(odd_events_features(events, "{\"features\":[{}]}", 17, 0, NULL, NULL) ==
                ODD_SYNTAX);
    events_close(events);
    odd_fold_close(fold);
}

static void values_that_are_no_numbers_are_counted_and_left_out(void **state)
{
    (void)state;
    odd_fold *fold = defined();
    odd_events *events = events_opened(NOW);
    assert_true(events_series(events, STR("node"), STR("cpu{host=\"h1\"}"), NOW, (double)NAN));
    assert_true(
        events_series(events, STR("node"), STR("cpu{host=\"h1\"}"), NOW + 1, (double)INFINITY));
    assert_true(
        events_posted(events, STR("checkout"), NOW,
                      STR("{\"host\":\"h1\",\"amount\":\"much\",\"basket\":{\"items\":2}}")));
    fold_learn(fold, events, NOW);
    assert_int_equal(odd_feature_count(fold).bad, 3);
    assert_int_equal(odd_feature_count(fold).facts, 0);
    events_close(events);
    odd_fold_close(fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_from_lines_samples_and_posted_events),
        cmocka_unit_test(threads_and_splits_do_not_matter),
        cmocka_unit_test(what_was_stepped_is_readable_before_a_tick),
        cmocka_unit_test(definitions_count_from_the_next_tick_on),
        cmocka_unit_test(values_that_are_no_numbers_are_counted_and_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
