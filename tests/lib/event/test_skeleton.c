/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "event/skeleton.h"

#define NOW (1764547200LL * NS_PER_S)
#define MINUTE (60 * NS_PER_S)

static Mem mem;

static Skeleton skeleton_of(const odd_events *events)
{
    Skeleton skeleton = {.mem = &mem};
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    while (event_next(&reader, &event) == EVENT_READ)
        assert_true(skeleton_add(&skeleton, &event));
    return skeleton;
}

static Bone next(SkeletonReader *reader)
{
    Bone bone;
    assert_int_equal(skeleton_next(reader, &bone), EVENT_READ);
    return bone;
}

static SkeletonReader reader_of(const Skeleton *skeleton)
{
    return (SkeletonReader){.bytes = {.text = skeleton->bytes, .size = skeleton->size}};
}

static void events_come_back_in_their_order_with_when_they_came(void **state)
{
    (void)state;
    odd_events *events = events_open(NULL, NOW + 1);
    events_key(events, STR("key"));
    events_lines(events, STR("a.log"), -3600, STR("one\ntwo\n\nfour"));
    events_position(events, STR("a.log"), STR("at 17"));
    events->known = NOW;
    events_record(events, STR("shop"), NOW - 1000, LEVEL_WARN, STR("paid"), STR("{}"));
    events_record(events, STR("shop"), NOW - 999, LEVEL_NONE, STR("paid"), STR("{}"));
    events_record(events, STR("shop"), NOW + MINUTE + 1, LEVEL_FATAL, STR("paid"), STR("{}"));
    events_record(events, STR("shop"), ODD_TIME_NONE, LEVEL_INFO, STR("paid"), STR("{}"));
    events_change(events, STR("ops"), NOW - 5, STR("{\"what\":\"deploy\"}"));
    events_verdict(events, STR("{\"undo\":\"a\"}"));
    events_alert(events, STR("ops"), STR("{\"alert\":\"a\"}"));
    events_tick(events);
    Skeleton skeleton = skeleton_of(events);
    SkeletonReader reader = reader_of(&skeleton);
    Bone bone = next(&reader);
    assert_int_equal(bone.event.kind, EVENT_LINES);
    assert_true(str_equal(bone.event.source, STR("a.log")));
    assert_int_equal(bone.event.known, NOW + 1);
    assert_int_equal(bone.event.zone_s, -3600);
    assert_int_equal(bone.rows, 4);
    bone = next(&reader);
    assert_int_equal(bone.event.kind, EVENT_RECORD);
    assert_true(str_equal(bone.event.source, STR("shop")));
    assert_int_equal(bone.event.known, NOW);
    assert_int_equal(bone.event.level, LEVEL_WARN);
    assert_int_equal(bone.moment, BONE_TIME_ROW);
    bone = next(&reader);
    assert_int_equal(bone.moment, BONE_TIME_FINER);
    assert_int_equal(bone.event.time, 1);
    bone = next(&reader);
    assert_int_equal(bone.moment, BONE_TIME_OWN);
    assert_int_equal(bone.event.time, NOW + MINUTE + 1);
    assert_int_equal(next(&reader).moment, BONE_TIME_NONE);
    bone = next(&reader);
    assert_int_equal(bone.event.kind, EVENT_CHANGE);
    assert_int_equal(bone.event.time, NOW - 5);
    assert_true(str_equal(bone.event.text, STR("{\"what\":\"deploy\"}")));
    bone = next(&reader);
    assert_int_equal(bone.event.kind, EVENT_VERDICT);
    assert_true(str_equal(bone.event.text, STR("{\"undo\":\"a\"}")));
    bone = next(&reader);
    assert_int_equal(bone.event.kind, EVENT_ALERT);
    assert_true(str_equal(bone.event.source, STR("ops")));
    assert_true(str_equal(bone.event.text, STR("{\"alert\":\"a\"}")));
    assert_int_equal(next(&reader).event.kind, EVENT_TICK);
    assert_int_equal(skeleton_next(&reader, &bone), EVENT_END);
    skeleton_close(&skeleton);
    events_close(events);
}

static void posted_events_and_definitions_are_whole(void **state)
{
    (void)state;
    odd_events *events = events_open(NULL, NOW);
    assert_true(events_features(events, STR("{\"features\":[]}")));
    assert_true(events_posted(events, STR("paid"), NOW - 7, STR("{\"user\":\"u1\"}")));
    events_alert(events, STR("ops"), STR("{}"));
    Skeleton skeleton = skeleton_of(events);
    SkeletonReader reader = reader_of(&skeleton);
    Bone bone = next(&reader);
    assert_int_equal(bone.event.kind, EVENT_FEATURES);
    assert_true(str_equal(bone.event.text, STR("{\"features\":[]}")));
    bone = next(&reader);
    assert_int_equal(bone.event.kind, EVENT_POSTED);
    assert_int_equal(bone.event.time, NOW - 7);
    assert_true(str_equal(bone.event.source, STR("paid")));
    assert_true(str_equal(bone.event.text, STR("{\"user\":\"u1\"}")));
    assert_int_equal(next(&reader).event.kind, EVENT_ALERT);
    assert_int_equal(skeleton_next(&reader, &bone), EVENT_END);
    skeleton_close(&skeleton);
    events_close(events);
}

static void a_line_that_was_cut_keeps_the_byte_behind_it(void **state)
{
    (void)state;
    static char bytes[EVENT_LINE_BYTES_MAX + 100];
    memset(bytes, 'x', sizeof bytes);
    bytes[EVENT_LINE_BYTES_MAX] = 'y';
    odd_events *events = events_open(NULL, NOW);
    events_lines(events, STR("a"), 0, (Str){.text = bytes, .size = sizeof bytes});
    events_lines(events, STR("a"), 0, (Str){.text = bytes, .size = EVENT_LINE_BYTES_MAX});
    Skeleton skeleton = skeleton_of(events);
    SkeletonReader reader = reader_of(&skeleton);
    Bone bone = next(&reader);
    assert_true(bone.is_cut && bone.last == 'y' && bone.rows == 1);
    bone = next(&reader);
    assert_true(!bone.is_cut && bone.rows == 1);
    skeleton_close(&skeleton);
    events_close(events);
}

static void samples_whose_rows_would_not_give_them_back_are_whole(void **state)
{
    (void)state;
    odd_events *events = events_open(NULL, NOW);
    events_series(events, STR("host"), STR("plain"), NOW - 2000, 1);
    events_sample(events, NOW - 1000, 2);
    events_series(events, STR("host"), STR("fine"), NOW - 1, 1);
    events_series(events, STR("host"), STR("plain"), NOW - 1000, 3); /* No later than before. */
    events_series(events, STR("host"), STR("missing"), NOW, __builtin_nan(""));
    events_series(events, STR("host"), STR("early"), NOW + MINUTE + 1000, 1);
    events_series(events, STR("host"), STR("twins"), NOW - 2, 1);
    events_sample(events, NOW - 1, 2);
    Skeleton skeleton = skeleton_of(events);
    SkeletonReader reader = reader_of(&skeleton);
    Bone bone = next(&reader);
    assert_true(!bone.whole && bone.rows == 2 && bone.finer.size == 0);
    assert_int_equal(bone.series, skeleton_series(STR("host"), STR("plain")));
    bone = next(&reader);
    assert_true(!bone.whole && bone.rows == 1 && bone.finer.size > 0);
    for (int i = 0; i < 4; i++) {
        bone = next(&reader);
        assert_true(bone.whole);
        assert_int_equal(bone.event.sample_count, bone.rows);
    }
    assert_true(str_equal(bone.event.series, STR("twins")));
    assert_int_equal(event_sample(&bone.event, 1).time, NOW - 1);
    skeleton_clear(&skeleton); /* In another commit it is no later than anything. */
    assert_int_equal(skeleton.size, 0);
    skeleton_close(&skeleton);
    events_close(events);
}

static void a_series_that_comes_again_says_where_it_goes_on(void **state)
{
    (void)state;
    odd_events *events = events_open(NULL, NOW);
    events_series(events, STR("host"), STR("load"), NOW - 3000, 1);
    events_series(events, STR("host"), STR("load"), NOW - 2000, 2);
    events_series(events, STR("web"), STR("load"), NOW - 3000, 1);
    Skeleton skeleton = skeleton_of(events);
    SkeletonReader reader = reader_of(&skeleton);
    assert_int_equal(next(&reader).begins, ODD_TIME_NONE);
    assert_int_equal(next(&reader).begins, (NOW - 2000) / SKELETON_US_NS);
    assert_int_equal(next(&reader).begins, ODD_TIME_NONE);
    skeleton_close(&skeleton);
    events_close(events);
}

static void a_scrape_of_many_series_is_a_few_bytes_of_each(void **state)
{
    (void)state;
    char name[64];
    odd_events *events = events_open(NULL, NOW);
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "node_metric_of_a_long_name{cpu=\"%d\"}", i);
        events_series(events, STR("host"), str_of(name), NOW, i);
    }
    Skeleton skeleton = skeleton_of(events);
    assert_true(skeleton.size < 1000 * 11);
    skeleton_close(&skeleton);
    events_close(events);
}

static void torn_bytes_are_told_at_every_length(void **state)
{
    (void)state;
    odd_events *events = events_open(NULL, NOW);
    events_lines(events, STR("a.log"), 60, STR("one\n"));
    events_record(events, STR("b"), NOW - 7, LEVEL_INFO, STR("two"), STR(""));
    events_series(events, STR("c"), STR("d"), NOW - 7, 1);
    events_series(events, STR("c"), STR("d"), NOW - 7, 1);
    events_change(events, STR("e"), NOW, STR("{}"));
    events_tick(events);
    Skeleton skeleton = skeleton_of(events);
    for (size_t size = 0; size < skeleton.size; size++) {
        char *bytes = malloc(size + 1); /* So that a reader beyond the end is seen. */
        memcpy(bytes, skeleton.bytes, size);
        SkeletonReader reader = {.bytes = {.text = bytes, .size = size}};
        size_t count = 0, whole_at = 0;
        Bone bone;
        EventRead read;
        while ((read = skeleton_next(&reader, &bone)) == EVENT_READ) {
            count++;
            whole_at = reader.at;
        }
        assert_true(count < 6);
        assert_int_equal(read, whole_at == size ? EVENT_END : EVENT_TORN);
        free(bytes);
    }
    skeleton_close(&skeleton);
    events_close(events);
}

/* Up to a size: the lake is written more slowly than predictions may come. */
static void batches_come_back_whole_and_too_many_are_counted(void **state)
{
    (void)state;
    Mem own = {0};
    Skeleton skeleton = {.mem = &own};
    static char bytes[100 << 10];
    memset(bytes, 7, sizeof bytes);
    Event event = {.kind = EVENT_BATCH,
                   .source = STR("credit"),
                   .known = NOW,
                   .text = {.text = bytes, .size = sizeof bytes}};
    for (int i = 0; i < 4; i++)
        assert_true(skeleton_add(&skeleton, &event));
    assert_int_equal(skeleton.batches_left_out, 2);
    SkeletonReader reader = {.bytes = {.text = skeleton.bytes, .size = skeleton.size}};
    for (int i = 0; i < 2; i++) {
        Bone bone = next(&reader);
        assert_int_equal(bone.event.kind, EVENT_BATCH);
        assert_true(str_equal(bone.event.source, event.source));
        assert_true(str_equal(bone.event.text, event.text));
    }
    Bone bone;
    assert_int_equal(skeleton_next(&reader, &bone), EVENT_END);
    skeleton_clear(&skeleton);
    assert_true(skeleton_add(&skeleton, &event));
    assert_int_equal(skeleton.batches_left_out, 2);
    skeleton_close(&skeleton);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posted_events_and_definitions_are_whole),
        cmocka_unit_test(events_come_back_in_their_order_with_when_they_came),
        cmocka_unit_test(batches_come_back_whole_and_too_many_are_counted),
        cmocka_unit_test(a_line_that_was_cut_keeps_the_byte_behind_it),
        cmocka_unit_test(samples_whose_rows_would_not_give_them_back_are_whole),
        cmocka_unit_test(a_series_that_comes_again_says_where_it_goes_on),
        cmocka_unit_test(a_scrape_of_many_series_is_a_few_bytes_of_each),
        cmocka_unit_test(torn_bytes_are_told_at_every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
