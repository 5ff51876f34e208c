/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "detect/session_feed.h"

#define SEED_COUNT 100
#define ENDED_MAX 4096
#define ROOMY 10000

enum { OPENS, WORKS, CLOSES, RETRIES, FAILS };

/* A table, and what it said. */
typedef struct {
    Mem              mem;
    SessionTable    *table;
    uint64_t         row;
    SessionJudgement ended[ENDED_MAX];
    size_t           ended_count;
} Scene;

static Scene scene;

static void scene_open(uint32_t session_count_max)
{
    memset(&scene, 0, sizeof scene);
    scene.table = session_table_open(&scene.mem, 1, session_count_max);
    assert_non_null(scene.table);
}

static void scene_close(void)
{
    session_table_close(scene.table);
    assert_int_equal(scene.mem.bytes, 0);
}

static void ended_keep(void *context, const SessionJudgement *judgement)
{
    Scene *s = context;
    assert_true(s->ended_count < ENDED_MAX);
    s->ended[s->ended_count++] = *judgement;
}

static void put(unsigned session, uint32_t symbol, bool reference)
{
    char key[32];
    snprintf(key, sizeof key, "s-%u", session);
    SessionJudgement judgement;
    SessionEvent event = {.key = str_of(key),
                          .row = ++scene.row,
                          .time = ODD_TIME_NONE,
                          .symbol = symbol,
                          .level = symbol == FAILS ? SHAPE_LEVEL_WARN : 3,
                          .reference = reference};
    if (session_put(scene.table, &event, &judgement))
        ended_keep(&scene, &judgement);
}

static void put_usual(unsigned session, bool reference)
{
    put(session, OPENS, reference);
    put(session, WORKS, reference);
    put(session, WORKS, reference);
    put(session, CLOSES, reference);
}

static void end(void)
{
    SessionJudgement judgement;
    while (session_end(scene.table, &judgement))
        ended_keep(&scene, &judgement);
}

static const SessionJudgement *judgement_of(unsigned session)
{
    char key[32];
    snprintf(key, sizeof key, "s-%u", session);
    for (size_t i = 0; i < scene.ended_count; i++)
        if (strcmp(scene.ended[i].key, key) == 0)
            return &scene.ended[i];
    fail_msg("no session %s", key);
    return NULL;
}

static size_t odd_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < scene.ended_count; i++)
        count += scene.ended[i].surprise >= 3;
    return count;
}

static void assert_reason(const SessionJudgement *judgement, TraitKind kind, uint32_t symbol,
                          uint32_t count)
{
    const ShapeTrait *trait = &judgement->traits[0];
    assert_true(trait->evidence > 0);
    assert_int_equal(trait->kind, kind);
    assert_int_equal(trait->symbol, symbol);
    assert_int_equal(trait->count, count);
    assert_int_equal(trait->sessions, 1);
    assert_int_equal(trait->of, 1000);
}

static void a_session_has_its_rows_and_counts(void **state)
{
    (void)state;
    scene_open(ROOMY);
    put(1, OPENS, false);
    put(2, OPENS, false);
    put(1, CLOSES, false);
    end();
    assert_int_equal(scene.ended_count, 2);
    assert_string_equal(scene.ended[0].key, "s-1");
    assert_int_equal(scene.ended[0].first_row, 1);
    assert_int_equal(scene.ended[0].last_row, 3);
    assert_int_equal(scene.ended[0].events, 2);
    assert_string_equal(scene.ended[1].key, "s-2");
    scene_close();
}

static void equal_sessions_are_not_odd(void **state)
{
    (void)state;
    scene_open(ROOMY);
    for (unsigned i = 0; i < 1000; i++)
        put_usual(i, false);
    end();
    assert_int_equal(scene.ended_count, 1000);
    for (size_t i = 0; i < scene.ended_count; i++)
        assert_true(scene.ended[i].surprise < 1);
    scene_close();
}

static void a_step_that_few_sessions_have_is_odd(void **state)
{
    (void)state;
    scene_open(ROOMY);
    for (unsigned i = 0; i < 1000; i++) {
        put_usual(i, false);
        if (i == 500)
            put(i, FAILS, false);
    }
    end();
    assert_int_equal(odd_count(), 1);
    assert_true(judgement_of(500)->surprise >= 3);
    assert_reason(judgement_of(500), TRAIT_RARE, FAILS, 1);
    scene_close();
}

static void many_that_are_odd_in_the_same_way_do_not_vouch_for_each_other(void **state)
{
    (void)state;
    scene_open(ROOMY);
    for (unsigned i = 0; i < 4000; i++) {
        put_usual(i, false);
        if (i % 100 == 50)
            put(i, FAILS, false);
    }
    end();
    assert_int_equal(odd_count(), 40);
    assert_true(judgement_of(50)->surprise >= 3);
    scene_close();
}

static void a_missing_step_is_odd(void **state)
{
    (void)state;
    scene_open(ROOMY);
    for (unsigned i = 0; i < 1000; i++)
        if (i == 500)
            put(i, OPENS, false), put(i, WORKS, false), put(i, WORKS, false);
        else
            put_usual(i, false);
    end();
    assert_int_equal(odd_count(), 1);
    assert_reason(judgement_of(500), TRAIT_MISSING, CLOSES, 0);
    scene_close();
}

static void a_session_that_the_end_of_the_input_cuts_is_not_odd(void **state)
{
    (void)state;
    scene_open(ROOMY);
    for (unsigned i = 0; i < 1000; i++)
        put_usual(i, false);
    put(1000, OPENS, false);
    end();
    assert_int_equal(odd_count(), 0);
    scene_close();
}

static void a_session_that_began_before_the_input_is_not_odd(void **state)
{
    (void)state;
    scene_open(ROOMY);
    put(1000, WORKS, false);
    put(1000, CLOSES, false);
    for (unsigned i = 0; i < 1000; i++)
        put_usual(i, false);
    end();
    assert_int_equal(odd_count(), 0);
    scene_close();
}

static void the_first_session_of_the_input_may_be_odd(void **state)
{
    (void)state;
    scene_open(ROOMY);
    put(1000, OPENS, false);
    for (unsigned i = 0; i < 1000; i++)
        put_usual(i, false);
    end();
    assert_int_equal(odd_count(), 1);
    assert_true(judgement_of(1000)->surprise >= 3);
    scene_close();
}

static void another_count_is_odd_where_all_agree(void **state)
{
    (void)state;
    scene_open(ROOMY);
    for (unsigned i = 0; i < 1000; i++) {
        put_usual(i, false);
        for (int more = 0; i == 500 && more < 5; more++)
            put(i, WORKS, false);
    }
    end();
    assert_int_equal(odd_count(), 1);
    assert_reason(judgement_of(500), TRAIT_COUNT, WORKS, 7);
    assert_int_equal(judgement_of(500)->traits[0].usual, 2);
    scene_close();
}

static void counts_that_scatter_are_not_odd(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEED_COUNT / 10; seed++) {
        Rng rng = rng_seeded(seed);
        scene_open(ROOMY);
        for (unsigned i = 0; i < 1000; i++) {
            put_usual(i, false);
            for (uint64_t retries = rng_below(&rng, 12); retries > 0; retries--)
                put(i, RETRIES, false);
        }
        end();
        if (odd_count() > 3)
            fail_msg("seed %u: %zu odd sessions", (unsigned)seed, odd_count());
        scene_close();
    }
}

/* Each makes three calls of eight kinds; that all three are the same is rare for each kind. */
static void counts_that_scatter_in_several_patterns_are_not_odd(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEED_COUNT / 10; seed++) {
        Rng rng = rng_seeded(seed);
        scene_open(ROOMY);
        for (unsigned i = 0; i < 1000; i++) {
            put(i, OPENS, false);
            for (int call = 0; call < 3; call++)
                put(i, FAILS + 1 + (uint32_t)rng_below(&rng, 8), false);
            put(i, CLOSES, false);
        }
        end();
        if (odd_count() > 0)
            fail_msg("seed %u: %zu odd sessions", (unsigned)seed, odd_count());
        scene_close();
    }
}

static void what_a_known_good_session_did_is_not_odd(void **state)
{
    (void)state;
    scene_open(ROOMY);
    for (unsigned i = 0; i < 1000; i++) {
        put_usual(i, i < 100);
        if (i == 50 || i == 500)
            put(i, FAILS, i < 100);
    }
    end();
    assert_int_equal(odd_count(), 0);
    scene_close();
}

static void a_merge_makes_two_steps_one(void **state)
{
    (void)state;
    scene_open(ROOMY);
    for (unsigned i = 0; i < 1000; i++) {
        put(i, OPENS, false);
        put(i, i == 500 ? RETRIES : WORKS, false);
    }
    session_merge(scene.table, RETRIES, FAILS);
    session_merge(scene.table, FAILS, WORKS);
    session_merge(scene.table, RETRIES, WORKS);
    end();
    assert_int_equal(odd_count(), 0);
    scene_close();
}

static void a_full_table_ends_the_quietest_session(void **state)
{
    (void)state;
    scene_open(2);
    put(1, OPENS, false);
    put(2, OPENS, false);
    put(1, WORKS, false);
    put(3, OPENS, false);
    assert_int_equal(scene.ended_count, 1);
    assert_string_equal(scene.ended[0].key, "s-2");
    end();
    assert_int_equal(scene.ended_count, 3);
    assert_string_equal(scene.ended[1].key, "s-1");
    assert_string_equal(scene.ended[2].key, "s-3");
    scene_close();
}

static void a_session_judged_early_is_judged_by_those_before_it(void **state)
{
    (void)state;
    scene_open(1);
    for (unsigned i = 0; i < 4000; i++) {
        put_usual(i, false);
        if (i == 0 || i == 3000)
            put(i, FAILS, false);
    }
    end();
    assert_true(judgement_of(0)->surprise < 1);
    assert_true(judgement_of(3000)->surprise >= 3);
    assert_int_equal(odd_count(), 1);
    scene_close();
}

/* Whatever comes: every event is in exactly one session, and memory comes back. */
static void events_are_neither_lost_nor_doubled(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++) {
        Rng rng = rng_seeded(seed);
        scene_open((uint32_t)(1 + rng_below(&rng, 40)));
        unsigned keys = (unsigned)(1 + rng_below(&rng, 100));
        uint32_t symbols = (uint32_t)(1 + rng_below(&rng, 200));
        for (int i = 0; i < 1000; i++) {
            put((unsigned)rng_below(&rng, keys), (uint32_t)rng_below(&rng, symbols), false);
            if (rng_below(&rng, 50) == 0)
                session_merge(scene.table, (uint32_t)rng_below(&rng, symbols),
                              (uint32_t)rng_below(&rng, symbols));
        }
        end();
        uint64_t events = session_lost(scene.table);
        for (size_t i = 0; i < scene.ended_count; i++) {
            events += scene.ended[i].events;
            if (scene.ended[i].first_row > scene.ended[i].last_row)
                fail_msg("seed %u: a session ends before it begins", (unsigned)seed);
        }
        if (events != 1000)
            fail_msg("seed %u: %u events came out", (unsigned)seed, (unsigned)events);
        scene_close();
    }
}

static void short_memory_loses_events_and_counts_them(void **state)
{
    (void)state;
    scene_open(ROOMY);
    scene.mem.bytes_max = 20000;
    for (unsigned i = 0; i < 1000; i++)
        put_usual(i, false);
    end();
    uint64_t events = 0;
    for (size_t i = 0; i < scene.ended_count; i++)
        events += scene.ended[i].events;
    assert_true(session_lost(scene.table) > 0);
    assert_int_equal(events + session_lost(scene.table), 4000);
    scene_close();
}

static void feed_line(SessionFeed *feed, const char *text, uint32_t symbol)
{
    session_feed_line(feed, &(SessionLine){.text = str_of(text),
                                           .row = ++scene.row,
                                           .time = ODD_TIME_NONE,
                                           .symbol = symbol});
}

static void lines_before_the_key_was_found_are_in_their_sessions(void **state)
{
    (void)state;
    memset(&scene, 0, sizeof scene);
    SessionFeed *feed = session_feed_open(&scene.mem, 1, NULL, ended_keep, &scene);
    char text[100];
    for (unsigned i = 0; i < 100; i++)
        for (uint32_t step = 0; step < 3; step++) {
            snprintf(text, sizeof text, "h%u job_%u step", i % 7, i);
            feed_line(feed, text, step);
        }
    session_feed_end(feed);
    assert_int_equal(session_feed_key(feed).kind, SESSION_KEY_BEGINS);
    assert_int_equal(scene.ended_count, 100);
    assert_string_equal(scene.ended[0].key, "job_0");
    assert_int_equal(scene.ended[0].first_row, 1);
    for (size_t i = 0; i < scene.ended_count; i++)
        assert_int_equal(scene.ended[i].events, 3);
    session_feed_close(feed);
    assert_int_equal(scene.mem.bytes, 0);
}

static void a_line_belongs_to_each_session_that_it_names(void **state)
{
    (void)state;
    memset(&scene, 0, sizeof scene);
    SessionFeed *feed = session_feed_open(&scene.mem, 1, "blk_", ended_keep, &scene);
    feed_line(feed, "delete blk_1 blk_2 blk_1", 0);
    feed_line(feed, "no block here", 1);
    session_feed_end(feed);
    assert_int_equal(scene.ended_count, 2);
    assert_int_equal(scene.ended[0].events, 1);
    assert_int_equal(scene.ended[1].events, 1);
    session_feed_close(feed);
    assert_int_equal(scene.mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_has_its_rows_and_counts),
        cmocka_unit_test(equal_sessions_are_not_odd),
        cmocka_unit_test(a_step_that_few_sessions_have_is_odd),
        cmocka_unit_test(many_that_are_odd_in_the_same_way_do_not_vouch_for_each_other),
        cmocka_unit_test(a_missing_step_is_odd),
        cmocka_unit_test(a_session_that_the_end_of_the_input_cuts_is_not_odd),
        cmocka_unit_test(a_session_that_began_before_the_input_is_not_odd),
        cmocka_unit_test(the_first_session_of_the_input_may_be_odd),
        cmocka_unit_test(another_count_is_odd_where_all_agree),
        cmocka_unit_test(counts_that_scatter_are_not_odd),
        cmocka_unit_test(counts_that_scatter_in_several_patterns_are_not_odd),
        cmocka_unit_test(what_a_known_good_session_did_is_not_odd),
        cmocka_unit_test(a_merge_makes_two_steps_one),
        cmocka_unit_test(a_full_table_ends_the_quietest_session),
        cmocka_unit_test(a_session_judged_early_is_judged_by_those_before_it),
        cmocka_unit_test(events_are_neither_lost_nor_doubled),
        cmocka_unit_test(short_memory_loses_events_and_counts_them),
        cmocka_unit_test(lines_before_the_key_was_found_are_in_their_sessions),
        cmocka_unit_test(a_line_belongs_to_each_session_that_it_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
