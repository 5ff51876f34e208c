/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdlib.h>

#include "event/events.h"

static odd_events *opened(void)
{
    odd_events *events = events_open(NULL, 1000);
    assert_non_null(events);
    return events;
}

static EventReader reader_of(const odd_events *events)
{
    return (EventReader){.bytes = {.text = events->bytes, .size = events->size}};
}

static void assert_text(Str text, const char *expected)
{
    assert_true(str_equal(text, str_of(expected)));
}

static void what_was_added_is_read_again(void **state)
{
    (void)state;
    odd_events *events = opened();
    assert_true(events_lines(events, STR("app.log"), 3600, STR("one\ntwo")));
    assert_true(events_record(events, STR("app.log"), 5, LEVEL_ERROR, STR("a\nb"), STR("{}")));
    assert_true(events_series(events, STR("host"), STR("up"), 7, 1.5));
    assert_true(events_sample(events, 8, 2.5));
    assert_true(events_tick(events));
    EventReader reader = reader_of(events);
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_int_equal(event.kind, EVENT_LINES);
    assert_int_equal(event.zone_s, 3600);
    assert_int_equal(event.known, 1000);
    assert_text(event.source, "app.log");
    assert_text(event.text, "one\ntwo\n");
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_text(event.source, "app.log");
    assert_text(event.text, "a\nb");
    assert_text(event.attributes, "{}");
    assert_int_equal(event.level, LEVEL_ERROR);
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_text(event.series, "up");
    assert_int_equal(event.sample_count, 2);
    assert_int_equal(event_sample(&event, 1).time, 8);
    assert_true(event_sample(&event, 1).value == 2.5);
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_int_equal(event.kind, EVENT_TICK);
    assert_int_equal(event_next(&reader, &event), EVENT_END);
    events_close(events);
}

static void a_source_ends_before_a_nul(void **state)
{
    (void)state;
    odd_events *events = opened();
    assert_true(events_lines(events, STR("a\0b"), 0, STR("one\n")));
    assert_true(events_lines(events, STR("a"), 0, STR("two\n")));
    EventReader reader = reader_of(events);
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_text(event.source, "a");
    size_t first = reader.at;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_text(event.source, "a");
    assert_true(reader.at - first < first); /* It is not written again. */
    events_close(events);
}

/* As no codec writes them: a name without end, lines without their end. */
static void bytes_that_were_never_written_so_are_torn(void **state)
{
    (void)state;
    static const char lines[] = "\x41\x01s\0\0\0\0\x03one", empty[] = "\x41\x01s\0\0\0\0\0";
    char source[3 + EVENT_NAME_BYTES_MAX + 1] = "\x45\x81\x08"; /* A tick of 1025 bytes. */
    const Str all[] = {
        {lines, sizeof lines - 1}, {empty, sizeof empty - 1}, {source, sizeof source}};
    memset(source + 3, 's', sizeof source - 3);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        EventReader reader = {.bytes = all[i]};
        Event event;
        assert_int_equal(event_next(&reader, &event), EVENT_TORN);
    }
}

static void a_mark_takes_back_all_that_came_after_it(void **state)
{
    (void)state;
    odd_events *events = opened();
    assert_true(events_lines(events, STR("a"), 0, STR("one\n")));
    EventsMark mark = events_mark(events);
    assert_true(events_lines(events, STR("b"), 0, STR("two\n")));
    events_back_to(events, mark);
    assert_true(events_lines(events, STR("a"), 0, STR("three\n")));
    EventReader reader = reader_of(events);
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_text(event.source, "a");
    assert_text(event.text, "three\n");
    assert_int_equal(event_next(&reader, &event), EVENT_END);
    assert_int_equal(events->counts.lines, 2);
    events_close(events);
}

static void a_long_line_is_cut_and_counted(void **state)
{
    (void)state;
    odd_events *events = opened();
    size_t size = EVENT_LINE_BYTES_MAX + 100;
    char *line = malloc(size + 5);
    memset(line, 'x', size);
    memcpy(line + size, "\nabc\n", 5);
    assert_true(events_lines(events, STR("a"), 0, (Str){.text = line, .size = size + 5}));
    free(line);
    assert_int_equal(events->counts.cut, 1);
    EventReader reader = reader_of(events);
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_int_equal(event.text.size,
                     EVENT_LINE_BYTES_MAX + 2); /* The engine sees it; a line end. */
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_text(event.text, "abc\n");
    events_close(events);
}

static void attributes_that_are_too_long_are_left_out_and_counted(void **state)
{
    (void)state;
    static char object[EVENT_LINE_BYTES_MAX + 1];
    memset(object, ' ', sizeof object);
    odd_events *events = opened();
    Str all = {.text = object, .size = sizeof object};
    assert_true(events_record(events, STR("a"), 5, LEVEL_INFO, STR("text"), all));
    all.size--;
    assert_true(events_record(events, STR("a"), 5, LEVEL_INFO, STR("text"), all));
    assert_int_equal(events->counts.cut, 1);
    EventReader reader = reader_of(events);
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_text(event.text, "text");
    assert_int_equal(event.attributes.size, 0);
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_int_equal(event.attributes.size, EVENT_LINE_BYTES_MAX);
    events_close(events);
}

static void torn_bytes_are_told_at_every_length(void **state)
{
    (void)state;
    odd_events *events = opened();
    assert_true(events_record(events, STR("a"), 5, LEVEL_INFO, STR("text"), STR("{}")));
    size_t whole = events->size;
    for (size_t size = 1; size < whole; size++) {
        EventReader reader = {.bytes = {.text = events->bytes, .size = size}};
        Event event;
        assert_int_equal(event_next(&reader, &event), EVENT_TORN);
    }
    events_close(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_read_again),
        cmocka_unit_test(a_source_ends_before_a_nul),
        cmocka_unit_test(bytes_that_were_never_written_so_are_torn),
        cmocka_unit_test(a_mark_takes_back_all_that_came_after_it),
        cmocka_unit_test(a_long_line_is_cut_and_counted),
        cmocka_unit_test(attributes_that_are_too_long_are_left_out_and_counted),
        cmocka_unit_test(torn_bytes_are_told_at_every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
