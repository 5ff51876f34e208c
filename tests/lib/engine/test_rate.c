/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../stats/draw.h"
#include "base/time.h"
#include "engine/rate.h"

#define WINDOW_NS (RATE_WINDOW_S * NS_PER_S)

typedef struct {
    Mem        mem;
    WatchTable watches;
    Rate       rate;
    Rng        rng;
    odd_time   time;
} Room;

static void room_open(Room *room)
{
    *room = (Room){.rate = {.watch = WATCH_NONE}, .rng = rng_seeded(1)};
    watch_table_open(&room->watches, &room->mem);
}

static void room_close(Room *room)
{
    watch_table_close(&room->watches);
    assert_int_equal(room->mem.bytes, 0);
}

static void windows(Room *room, double mean, int count, bool may_grow)
{
    for (int i = 0; i < count; i++, room->time += WINDOW_NS)
        rate_learn(&room->rate, &room->watches, room->time, draw_poisson(&room->rng, mean),
                   may_grow);
}

static Judgement judged(const Room *room, double count)
{
    Judgement judgement;
    rate_score(&room->rate, &room->watches, room->time, count, &judgement);
    return judgement;
}

static void a_rare_pattern_has_no_series_and_its_flood_is_odd_all_the_same(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    windows(&room, 0.1, 60, false);
    assert_int_equal(room.rate.watch, WATCH_NONE);
    assert_int_equal(room.watches.blocks.count, 0);
    Judgement flood = judged(&room, 500);
    assert_true(flood.alarm >= 3);
    assert_string_equal(flood.reason, "more");
    room_close(&room);
}

/* However seldom it was: nobody is to get up for two lines. */
static void a_few_lines_more_are_no_alarm(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    windows(&room, 0.001, 3000, false);
    Judgement few = judged(&room, RATE_MORE_MIN - 1), many = judged(&room, RATE_MORE_MIN + 1);
    assert_true(few.surprise >= 3);
    assert_true(few.alarm == 0);
    assert_true(many.alarm >= few.surprise);
    room_close(&room);
}

static void what_comes_now_and_again_in_floods_has_them_without_surprise(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    int alarms = 0;
    for (int i = 0; i < 50; i++) {
        windows(&room, 0, 29, false);
        alarms += i > 10 && judged(&room, 40).alarm >= 3;
        windows(&room, 40, 1, false);
    }
    assert_int_equal(alarms, 0);
    room_close(&room);
}

static void a_series_begins_with_what_is_known_by_then(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    windows(&room, 20, 100, false);
    double before = judged(&room, 21).expected;
    windows(&room, 20, 1, true);
    assert_int_not_equal(room.rate.watch, WATCH_NONE);
    assert_true(fabs(judged(&room, 21).expected - before) < 1);
    assert_true(judged(&room, 80).alarm >= 3); /* Though nothing is ranked yet. */
    windows(&room, 20, 200, true);
    assert_true(judged(&room, 80).alarm >= 3);
    assert_string_equal(judged(&room, 0).reason, "silent");
    assert_string_equal(judged(&room, 2).reason, "less");
    room_close(&room);
}

static void without_memory_the_few_bytes_go_on(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    room.mem.bytes_max = 1;
    windows(&room, 20, 100, true);
    assert_int_equal(room.rate.watch, WATCH_NONE);
    assert_true(judged(&room, 200).alarm >= 3);
    room_close(&room);
}

static void of_two_rates_the_longer_past_stays_and_the_other_series_is_free_again(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    windows(&room, 20, 300, true);
    Rate longer = room.rate;
    room.rate = (Rate){.watch = WATCH_NONE};
    windows(&room, 90, 30, true);
    Rate shorter = room.rate;
    assert_int_equal(room.watches.blocks.count, 2);
    rate_merge(&shorter, &longer, &room.watches);
    assert_int_equal(room.watches.free_count, 1);
    assert_int_equal(longer.watch, WATCH_NONE);
    room.rate = shorter;
    double expected = judged(&room, 20).expected;
    assert_true(expected > 15 && expected < 25);
    Rate none = {.watch = WATCH_NONE};
    rate_merge(&room.rate, &none, &room.watches);
    assert_true(judged(&room, 20).expected == expected);
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rare_pattern_has_no_series_and_its_flood_is_odd_all_the_same),
        cmocka_unit_test(a_few_lines_more_are_no_alarm),
        cmocka_unit_test(what_comes_now_and_again_in_floods_has_them_without_surprise),
        cmocka_unit_test(a_series_begins_with_what_is_known_by_then),
        cmocka_unit_test(without_memory_the_few_bytes_go_on),
        cmocka_unit_test(of_two_rates_the_longer_past_stays_and_the_other_series_is_free_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
