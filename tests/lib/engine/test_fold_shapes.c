/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"

#define STEP (15 * NS_PER_S)
#define NAMES_MAX 4

typedef struct {
    char text[32];
} Called;

enum { BEAT = 20, LEARNT = SHAPE_LAGS + 1000 };

static const double beat_of[BEAT] = {10, 12, 15, 21, 30, 42, 50, 52, 48, 40,
                                     33, 28, 25, 22, 19, 16, 14, 12, 11, 10};

static double beat(int i, Rng *rng)
{
    return beat_of[i % BEAT] + (double)(rng_next(rng) % 1001) / 2000;
}

static double noise(int i, Rng *rng)
{
    (void)i;
    return (double)(rng_next(rng) % 10007);
}

/* Samples [from, to) of each series, a sample every 15 s, and a tick behind each four. */
static void learn(odd_fold *fold, const Called *names, int count, int from, int to,
                  double (*value)(int, Rng *))
{
    Rng rng = rng_seeded((uint64_t)from + 1);
    odd_events *events = events_opened(NOW);
    for (int i = from; i < to; i++) {
        odd_time time = NOW + i * STEP;
        events->known = time;
        for (int k = 0; k < count; k++)
            assert_true(
                events_series(events, STR("web"), str_of(names[k].text), time, value(i + k, &rng)));
        if (i % 4 == 3)
            fold_learn(fold, events, time + STEP / 2);
    }
    events_close(events);
}

static const Shard *shard_with(const odd_fold *fold, uint32_t series)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        if (fold->shards[i].series.count >= series)
            return &fold->shards[i];
    return NULL;
}

static int seats_taken(const Shard *shard)
{
    int taken = 0;
    for (uint32_t seat = 0; seat < SHAPE_SEATS; seat++)
        taken += shard->shapes.taken[seat] != SEAT_NONE;
    return taken;
}

/* Names of series that all come to one shard. */
static void kin(Called *names, int count)
{
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    Called name;
    const Shard *shard = NULL;
    for (int i = 0; shard == NULL; i++) {
        snprintf(name.text, sizeof name.text, "m%d", i);
        assert_true(events_series(events, STR("web"), str_of(name.text), NOW, i));
        fold_learn(fold, events, NOW);
        shard = shard_with(fold, (uint32_t)count);
    }
    for (int k = 0; k < count; k++) {
        Str text = shard_series_name(shard, (uint32_t)k);
        snprintf(names[k].text, sizeof names[k].text, "%.*s", (int)text.size, text.text);
    }
    events_close(events);
    odd_fold_close(fold);
}

/* Each of its values is usual. */
static double missing_beat(int i, Rng *rng)
{
    (void)i;
    return beat(14, rng);
}

static void a_missing_beat_is_found(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    static const Called name = {"beat"};
    learn(fold, &name, 1, 0, LEARNT, beat);
    assert_int_equal(fold->board.finding_count, 0);
    learn(fold, &name, 1, LEARNT, LEARNT + BEAT, missing_beat);
    assert_int_equal(fold->board.finding_count, 1);
    odd_time time = fold->board.findings[0].first.time;
    assert_in_range(time - NOW, LEARNT * STEP, (LEARNT + BEAT) * STEP);
    odd_fold_close(fold);
}

static void a_series_with_a_shape_keeps_its_seat(void **state)
{
    (void)state;
    Called names[NAMES_MAX];
    kin(names, SHAPE_SEATS);
    odd_fold *fold = fold_opened(0);
    learn(fold, names, SHAPE_SEATS, 0, LEARNT, beat);
    const Shard *shard = shard_with(fold, SHAPE_SEATS);
    assert_int_equal(seats_taken(shard), SHAPE_SEATS);
    for (uint32_t seat = 0; seat < SHAPE_SEATS; seat++)
        assert_true(shape_watch_is_clear(shape_desk_at(&shard->shapes, seat)));
    odd_fold_close(fold);
}

static void one_without_a_shape_leaves_its_seat_to_the_next(void **state)
{
    (void)state;
    Called names[NAMES_MAX];
    kin(names, NAMES_MAX);
    odd_fold *fold = fold_opened(0);
    learn(fold, names, NAMES_MAX, 0, SHAPE_LAGS, noise);
    const Shard *shard = shard_with(fold, NAMES_MAX);
    assert_int_equal(seats_taken(shard), SHAPE_SEATS);
    assert_int_equal(shard->shapes.taken[0], 0);
    learn(fold, names, NAMES_MAX, SHAPE_LAGS, 2 * SHAPE_LAGS, noise);
    assert_int_equal(shard->shapes.taken[0], SHAPE_SEATS);
    assert_false(shape_desk_has(&shard->shapes, 0));
    odd_fold_close(fold);
}

static void with_little_memory_there_are_no_seats(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    Shard *shard = &fold->shards[0];
    shard_limit(shard, 1 << 20);
    assert_false(shape_desk_give(&shard->shapes, 0, 0));
    assert_int_equal(seats_taken(shard), 0);
    odd_fold_close(fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_beat_is_found),
        cmocka_unit_test(a_series_with_a_shape_keeps_its_seat),
        cmocka_unit_test(one_without_a_shape_leaves_its_seat_to_the_next),
        cmocka_unit_test(with_little_memory_there_are_no_seats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
