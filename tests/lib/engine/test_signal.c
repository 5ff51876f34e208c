/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "engine/signal.h"

#define A 0
#define B 1

typedef struct {
    Mem      mem;
    Signals  signals;
    uint64_t sequence;
} Room;

static void room_open(Room *room)
{
    *room = (Room){0};
    room->signals.mem = &room->mem;
    for (int ruler = 0; ruler < RULER_COUNT; ruler++)
        room->signals.rulers[ruler] = timeline_make(1, INT64_MAX);
    assert_non_null(signals_at(&room->signals, B));
}

static void room_close(Room *room)
{
    signals_close(&room->signals);
    assert_int_equal(room->mem.bytes, 0);
}

/* One line of a signal, with a value in its place 0. */
static Spot line(Room *room, uint32_t reference, Side side, Level level, const char *value)
{
    Signals *s = &room->signals;
    char text[64];
    int size = snprintf(text, sizeof text, "line %d of %s", (int)++room->sequence, value);
    Str whole = {.text = text, .size = (size_t)size};
    Spot spot = {.sequence = room->sequence, .row = room->sequence, .time = ODD_TIME_NONE};
    uint32_t bucket = timeline_bucket(&s->rulers[RULER_ORDER], (int64_t)spot.sequence);
    signals_count(s, reference, side, spot, (int)level, RULER_ORDER, bucket, whole);
    signals_sample(s, reference, side, whole);
    Place *place = signals_place(s, reference, 0);
    assert_non_null(place);
    place_count(s, place, side, spot, hash_bytes(value, strlen(value), 0), str_of(value), whole);
    return spot;
}

static bool text_is(Str text, const char *expected)
{
    return str_equal(text, str_of(expected));
}

static Str sample_of(const Signals *s, uint32_t reference)
{
    return signals_text(s, s->signals[reference].sample_from, s->signals[reference].sample_size);
}

static uint64_t history_sum(const Signals *s, uint32_t reference)
{
    uint64_t sum = 0;
    for (int i = 0; i < TIMELINE_BUCKETS; i++)
        sum += s->courses[s->signals[reference].course].counts.counts[i];
    return sum;
}

static void the_first_judged_line_takes_the_place_of_a_reference_line(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    line(&room, A, SIDE_REFERENCE, LEVEL_INFO, "good");
    line(&room, A, SIDE_JUDGED, LEVEL_INFO, "bad");
    line(&room, A, SIDE_JUDGED, LEVEL_INFO, "worse");
    assert_true(text_is(sample_of(&room.signals, A), "line 2 of bad"));
    assert_int_equal(room.signals.signals[A].first.sequence, 2);
    assert_int_equal(room.signals.signals[A].last.sequence, 3);
    room_close(&room);
}

static void only_judged_lines_have_a_history(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    line(&room, A, SIDE_REFERENCE, LEVEL_INFO, "x");
    assert_int_equal(room.signals.signals[A].course, NONE);
    for (int i = 0; i < 1000; i++)
        line(&room, A, SIDE_JUDGED, LEVEL_INFO, "x");
    assert_int_equal(history_sum(&room.signals, A), 1000);
    assert_int_equal(room.signals.signals[A].records[SIDE_REFERENCE], 1);
    room_close(&room);
}

static void the_longest_pause_lies_between_the_lines_beside_it(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    for (int i = 0; i < 20; i++)
        line(&room, A, SIDE_JUDGED, LEVEL_INFO, "x");
    for (int i = 0; i < 9; i++)
        line(&room, B, SIDE_JUDGED, LEVEL_INFO, "x");
    line(&room, A, SIDE_JUDGED, LEVEL_INFO, "x");
    const Course *course = &room.signals.courses[room.signals.signals[A].course];
    assert_int_equal(course->before.sequence, 20);
    assert_int_equal(course->after.sequence, 30);
    assert_true(course->gaps.longest == 10);
    room_close(&room);
}

static void a_place_with_too_many_values_is_free_and_still_counts_lines(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    for (int i = 0; i < PLACE_SYMBOLS_MAX + 5; i++)
        line(&room, A, SIDE_JUDGED, LEVEL_INFO, (char[]){(char)('a' + i), '\0'});
    const Place *place = signals_place(&room.signals, A, 0);
    assert_true(place->is_free);
    assert_int_equal(place->symbol_count, PLACE_SYMBOLS_MAX);
    assert_int_equal(place->count[SIDE_JUDGED], PLACE_SYMBOLS_MAX + 5);
    room_close(&room);
}

static void a_place_is_known_with_any_hint_or_none(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    for (uint32_t place = 0; place < 5; place++)
        assert_non_null(signals_place(&room.signals, A, place));
    uint32_t other = (uint32_t)(signals_place(&room.signals, B, 3) - room.signals.places);
    const uint32_t hints[] = {NONE, 0, 2, 4, other};
    for (size_t i = 0; i < sizeof hints / sizeof hints[0] - 1; i++)
        for (uint32_t place = 0; place < 5; place++)
            assert_int_equal(signals_known_place(&room.signals, A, place, hints[i]), place);
    assert_int_equal(signals_known_place(&room.signals, A, 9, NONE), NONE);
    room_close(&room);
}

static void merged_signals_add_up(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    for (int i = 0; i < 300; i++)
        line(&room, i % 3 == 0 ? A : B, i % 2 == 0 ? SIDE_JUDGED : SIDE_REFERENCE,
             i % 3 == 0 ? LEVEL_ERROR : LEVEL_INFO, i % 5 == 0 ? "five" : "other");
    signals_merge(&room.signals, A, B);
    const Signal *both = &room.signals.signals[B];
    assert_int_equal(both->records[SIDE_JUDGED], 150);
    assert_int_equal(both->records[SIDE_REFERENCE], 150);
    assert_int_equal(both->rows[SIDE_JUDGED] + both->rows[SIDE_REFERENCE], 300);
    assert_int_equal(both->level_counts[LEVEL_ERROR], 100);
    assert_int_equal(both->level_counts[LEVEL_INFO], 200);
    assert_int_equal(both->first.sequence, 1);
    assert_int_equal(both->last.sequence, 300);
    assert_int_equal(history_sum(&room.signals, B), 150);
    const Place *place = signals_place(&room.signals, B, 0);
    assert_int_equal(place->symbol_count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const Symbol *symbol = &place->symbols[i];
        bool five = text_is(symbol_text(&room.signals, symbol), "five");
        assert_int_equal(symbol->count[SIDE_JUDGED] + symbol->count[SIDE_REFERENCE],
                         five ? 60 : 240);
    }
    room_close(&room);
}

static void a_merged_signal_is_empty(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    line(&room, A, SIDE_JUDGED, LEVEL_INFO, "x");
    line(&room, B, SIDE_JUDGED, LEVEL_INFO, "x");
    signals_merge(&room.signals, A, B);
    const Signal *gone = &room.signals.signals[A];
    assert_int_equal(gone->records[SIDE_JUDGED], 0);
    assert_int_equal(gone->course, NONE);
    assert_int_equal(gone->place, NONE);
    room_close(&room);
}

static void a_place_that_only_one_of_two_signals_has_moves(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    line(&room, A, SIDE_JUDGED, LEVEL_INFO, "x");
    Place *moving = signals_place(&room.signals, A, 4);
    moving->count[SIDE_JUDGED] = 17;
    line(&room, B, SIDE_JUDGED, LEVEL_INFO, "x");
    signals_merge(&room.signals, A, B);
    const Place *moved = signals_place(&room.signals, B, 4);
    assert_int_equal(moved->count[SIDE_JUDGED], 17);
    assert_int_equal(moved->signal, B);
    room_close(&room);
}

static void values_keep_their_lines_when_their_signal_is_merged(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    line(&room, A, SIDE_JUDGED, LEVEL_INFO, "first");
    line(&room, B, SIDE_JUDGED, LEVEL_INFO, "second");
    line(&room, B, SIDE_JUDGED, LEVEL_INFO, "third");
    signals_merge(&room.signals, A, B);
    const char *const lines[][2] = {{"first", "line 1 of first"},
                                    {"second", "line 2 of second"},
                                    {"third", "line 3 of third"}};
    const Place *place = signals_place(&room.signals, B, 0);
    for (uint32_t i = 0; i < place->symbol_count; i++)
        for (size_t k = 0; k < 3; k++)
            if (text_is(symbol_text(&room.signals, &place->symbols[i]), lines[k][0]))
                assert_true(text_is(symbol_sample(&room.signals, &place->symbols[i]), lines[k][1]));
    assert_int_equal(place->symbol_count, 3);
    assert_true(text_is(sample_of(&room.signals, B), "line 1 of first"));
    room_close(&room);
}

static void the_level_of_a_signal_is_its_most_frequent_and_of_two_the_graver(void **state)
{
    (void)state;
    Room room;
    room_open(&room);
    assert_int_equal(signal_level(&room.signals.signals[A]), LEVEL_NONE);
    line(&room, A, SIDE_JUDGED, LEVEL_INFO, "x");
    line(&room, A, SIDE_JUDGED, LEVEL_ERROR, "x");
    assert_int_equal(signal_level(&room.signals.signals[A]), LEVEL_ERROR);
    line(&room, A, SIDE_JUDGED, LEVEL_INFO, "x");
    assert_int_equal(signal_level(&room.signals.signals[A]), LEVEL_INFO);
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_judged_line_takes_the_place_of_a_reference_line),
        cmocka_unit_test(only_judged_lines_have_a_history),
        cmocka_unit_test(the_longest_pause_lies_between_the_lines_beside_it),
        cmocka_unit_test(a_place_with_too_many_values_is_free_and_still_counts_lines),
        cmocka_unit_test(a_place_is_known_with_any_hint_or_none),
        cmocka_unit_test(merged_signals_add_up),
        cmocka_unit_test(a_merged_signal_is_empty),
        cmocka_unit_test(a_place_that_only_one_of_two_signals_has_moves),
        cmocka_unit_test(values_keep_their_lines_when_their_signal_is_merged),
        cmocka_unit_test(the_level_of_a_signal_is_its_most_frequent_and_of_two_the_graver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
