/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <stdio.h>

#define MINUTE (60 * NS_PER_S)
#define PAST_MINUTES 1500 /* A surprise of 3 needs a past of a thousand. */

typedef struct {
    odd_fold   *fold;
    odd_events *events;
} Plant;

static Plant plant_open(void)
{
    Plant plant = {.fold = fold_opened(0), .events = events_opened(NOW)};
    return plant;
}

static void plant_close(Plant *plant)
{
    odd_fold_close(plant->fold);
    events_close(plant->events);
}

static void add(Plant *plant, const char *source, odd_time time, const char *text)
{
    plant->events->known = time;
    assert_true(
        events_record(plant->events, str_of(source), time, LEVEL_INFO, str_of(text), STR("")));
}

/* Minutes [from, to): `count` lines each, evenly; a tick each second that has lines. */
static void minutes(Plant *plant, int from, int to, int count)
{
    for (int minute = from; minute < to; minute++) {
        odd_time start = NOW + minute * MINUTE;
        for (int i = 0; i < count; i++)
            add(plant, "app", start + i * (MINUTE / count), "cache miss on the first shelf");
        fold_learn(plant->fold, plant->events, start + MINUTE - 1);
    }
}

/* The findings of a kind. */
static int found(Plant *plant, const char *kind)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_FINDINGS};
    int count = 0;
    assert_int_equal(odd_fold_query(plant->fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        count += strcmp(odd_text(rows, odd_column(rows, "kind")), kind) == 0;
    odd_rows_close(rows);
    return count;
}

static void a_burst_is_told_in_the_minute_in_which_it_comes(void **state)
{
    (void)state;
    Plant plant = plant_open();
    minutes(&plant, 0, PAST_MINUTES, 4);
    assert_int_equal(found(&plant, "burst") + found(&plant, "more"), 0);
    odd_time start = NOW + PAST_MINUTES * MINUTE;
    for (int i = 0; i < 400; i++)
        add(&plant, "app", start + i * (NS_PER_S / 20), "cache miss on the first shelf");
    fold_learn(plant.fold, plant.events, start + 21 * NS_PER_S); /* Its window is open still. */
    assert_int_equal(found(&plant, "burst"), 1);
    plant_close(&plant);
}

static void far_fewer_than_ever_are_told_when_the_minute_is_over(void **state)
{
    (void)state;
    Plant plant = plant_open();
    minutes(&plant, 0, 120, 60);
    minutes(&plant, 120, 121, 3);
    assert_int_equal(found(&plant, "less") + found(&plant, "silent"), 0);
    minutes(&plant, 121, 123, 3);
    assert_true(found(&plant, "less") + found(&plant, "silent") >= 1);
    plant_close(&plant);
}

/* Nothing comes any more from the source: only ticks say that time passes. */
static void what_falls_silent_is_told_by_ticks_alone(void **state)
{
    (void)state;
    Plant plant = plant_open();
    minutes(&plant, 0, 120, 6);
    for (int s = 10; s <= 600; s += 10)
        fold_learn(plant.fold, plant.events, NOW + 120 * MINUTE + s * NS_PER_S);
    assert_int_equal(found(&plant, "silent"), 1);
    plant_close(&plant);
}

static void late_lines_are_counted_and_not_judged(void **state)
{
    (void)state;
    Plant plant = plant_open();
    minutes(&plant, 0, 120, 4);
    plant.events->known = NOW + 120 * MINUTE;
    for (int i = 0; i < 400; i++)
        assert_true(events_record(plant.events, STR("app"), NOW + 60 * MINUTE, LEVEL_INFO,
                                  STR("cache miss on the first shelf"), STR("")));
    fold_learn(plant.fold, plant.events, NOW + 120 * MINUTE);
    minutes(&plant, 120, 125, 4);
    assert_int_equal(fold_sum(plant.fold, ODD_SOURCES, "late_rows"), 400);
    assert_int_equal(fold_row_count(plant.fold, ODD_FINDINGS), 0);
    plant_close(&plant);
}

static Shard *shard_of_app(Plant *plant)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        if (plant->fold->shards[i].db->source_count > 0)
            return &plant->fold->shards[i];
    fail_msg("no shard has a source");
    return NULL;
}

static void the_watermark_of_an_idle_source_follows_the_clock_if_it_was_live(void **state)
{
    (void)state;
    Plant plant = plant_open();
    add(&plant, "app", NOW, "started");
    fold_learn(plant.fold, plant.events, NOW + NS_PER_S);
    const Shard *shard = shard_of_app(&plant);
    assert_true(shard_watermark(shard, 0) < NOW);
    fold_learn(plant.fold, plant.events, NOW + 10 * MINUTE);
    assert_true(shard_watermark(shard, 0) > NOW + 9 * MINUTE);
    assert_true(shard_watermark(shard, 0) < NOW + 10 * MINUTE);
    plant_close(&plant);
}

/* It tells of a day that is long over: that nothing of it comes now means nothing. */
static void the_watermark_of_history_stands_where_history_stands(void **state)
{
    (void)state;
    Plant plant = plant_open();
    plant.events->known = NOW;
    const odd_time past = NOW - S_PER_DAY * NS_PER_S;
    assert_true(events_record(plant.events, STR("app"), past, LEVEL_INFO, STR("started"), STR("")));
    fold_learn(plant.fold, plant.events, NOW);
    fold_learn(plant.fold, plant.events, NOW + 60 * MINUTE);
    assert_true(shard_watermark(shard_of_app(&plant), 0) <= past);
    plant_close(&plant);
}

/* A window before 1970 is as long as one behind it, and lines around it are in two. */
static void minutes_before_1970_are_minutes(void **state)
{
    (void)state;
    Plant plant = plant_open();
    for (int i = -90; i < 90; i += 30)
        add(&plant, "app", i * NS_PER_S, "cache miss on the first shelf");
    fold_learn(plant.fold, plant.events, 90 * NS_PER_S);
    const Shard *shard = shard_of_app(&plant);
    assert_true(shard->db->signals.rate_count > 0);
    const Rate *rate = &shard->db->signals.rates[0];
    assert_int_equal(rate->window, 1);
    assert_int_equal(rate->count, 1); /* That of 60 s; those of -90, of -60 and -30, of 0 and 30. */
    assert_int_equal(rate->start.windows, 3);
    assert_true((double)rate->start.level * rate->start.windows < 5.1);
    plant_close(&plant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_told_in_the_minute_in_which_it_comes),
        cmocka_unit_test(far_fewer_than_ever_are_told_when_the_minute_is_over),
        cmocka_unit_test(what_falls_silent_is_told_by_ticks_alone),
        cmocka_unit_test(late_lines_are_counted_and_not_judged),
        cmocka_unit_test(the_watermark_of_an_idle_source_follows_the_clock_if_it_was_live),
        cmocka_unit_test(the_watermark_of_history_stands_where_history_stands),
        cmocka_unit_test(minutes_before_1970_are_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
