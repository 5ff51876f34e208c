/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <stdio.h>
#include <string.h>

#include "../sanitized.h"
#include "../stats/draw.h"

#define MACHINES 2
#define OF_MACHINE 50
#define MOVED 20     /* Of the series of a machine. */
#define LEARNT 1100 /* Moments: from 1,000 on a machine is judged. */
#define STEP (60 * NS_PER_S)

typedef struct {
    odd_fold   *fold;
    odd_events *events;
    Rng         rng;
    int         threads; /* 0: one, and a commit for each sample. */
    int         moments, machine; /* That moves; -1: none. */
    double      off;
} World;

static void take_in(World *w)
{
    odd_rc rc = odd_fold_feed(w->fold, w->events, odd_fold_position(w->fold) + 1);
    assert_true(rc == ODD_OK || rc == ODD_ROW);
    fold_step_all(w->fold, w->threads > 0 ? w->threads : 1);
    if (rc == ODD_ROW)
        assert_int_equal(odd_fold_merge(w->fold), ODD_OK);
    odd_events_clear(w->events, w->events->known);
}

static void moments_pass(World *w, int count)
{
    char name[96];
    for (int moment = 0; moment < count; moment++) {
        odd_time time = NOW + w->moments++ * STEP;
        odd_events_clear(w->events, time);
        for (int i = 0; i < MACHINES * OF_MACHINE; i++) {
            int machine = i / OF_MACHINE, number = i % OF_MACHINE;
            bool moves = machine == w->machine && number < MOVED;
            snprintf(name, sizeof name, "m%d{instance=\"web-%d\",kind=\"%d\"}", number / 4, machine,
                     number % 4);
            assert_true(events_series(w->events, STR("prom"), str_of(name), time,
                                      100 + number + draw_normal(&w->rng) + (moves ? w->off : 0)));
            if (w->threads == 0 && i % 50 == 0)
                take_in(w);
        }
        assert_true(events_tick(w->events));
        take_in(w);
    }
}

static World opened(int threads)
{
    return (World){.fold = fold_opened(0),
                   .events = events_opened(NOW),
                   .rng = rng_seeded(1),
                   .threads = threads,
                   .machine = -1};
}

static void close_world(World *w)
{
    events_close(w->events);
    odd_fold_close(w->fold);
}

static World with_an_incident(int threads)
{
    World w = opened(threads);
    moments_pass(&w, LEARNT);
    w.machine = 1;
    w.off = 1.7;
    moments_pass(&w, 6);
    return w;
}

static const BoardFinding *told_together(const odd_fold *fold)
{
    const BoardFinding *told = NULL;
    for (size_t i = 0; i < fold->board.finding_count; i++)
        if (fold->board.findings[i].first.kind == FINDING_TOGETHER) {
            assert_null(told);
            told = &fold->board.findings[i];
        }
    return told;
}

static void a_machine_of_which_many_series_move_a_little_is_found(void **state)
{
    (void)state;
    World w = opened(1);
    moments_pass(&w, LEARNT);
    assert_null(told_together(w.fold));
    size_t before = w.fold->board.finding_count;
    w.machine = 1;
    w.off = 1.7;
    moments_pass(&w, 6);
    const BoardFinding *told = told_together(w.fold);
    assert_non_null(told);
    assert_int_equal(w.fold->board.finding_count, before + 1);
    assert_string_equal(told->first.source, "prom");
    assert_string_equal(told->first.pattern_text, "instance web-1");
    assert_true(told->first.seen >= 10 && told->first.expected < 8);
    assert_non_null(
        strstr(told->first.sentence, " of 50 series of instance web-1 are odd at once, "));
    const char *payer = strstr(told->first.sentence, "; most of all `m");
    assert_non_null(payer);
    assert_true(atoi(payer + strlen("; most of all `m")) < MOVED / 4);
    close_world(&w);
}

static void series_that_are_odd_alone_too_are_told_by_one_finding(void **state)
{
    (void)state;
    World w = with_an_incident(1);
    const BoardFinding *told = told_together(w.fold);
    size_t before = w.fold->board.finding_count;
    w.off = 60;
    moments_pass(&w, 2);
    assert_int_equal(w.fold->board.finding_count, before);
    assert_true(told->neighbours > 0);
    close_world(&w);
}

/* All that a fold knows, as bytes. */
static void image_of(const odd_fold *fold, ImageOut *ret)
{
    fold_save_board(fold, ret);
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        for (size_t part = 0; part < shard_parts(&fold->shards[i]); part++)
            if (shard_part_is_there(&fold->shards[i], part))
                shard_save(&fold->shards[i], part, ret);
    assert_false(ret->failed);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    Mem mem = {0};
    ImageOut one = {.mem = &mem};
    World first = with_an_incident(1);
    assert_non_null(told_together(first.fold));
    image_of(first.fold, &one);
    close_world(&first);
    for (int threads = SANITIZED ? 8 : 2; threads <= 8; threads *= 4) {
        ImageOut many = {.mem = &mem};
        World w = with_an_incident(threads);
        image_of(w.fold, &many);
        assert_int_equal(one.size, many.size);
        assert_memory_equal(one.bytes, many.bytes, one.size);
        close_world(&w);
        image_close(&many);
    }
    image_close(&one);
    assert_int_equal(mem.bytes, 0);
}

/* The number of a commit is no part of what must be equal. */
static void nor_does_where_commits_end(void **state)
{
    (void)state;
    World whole = with_an_incident(1), pieces = with_an_incident(0);
    assert_non_null(told_together(whole.fold));
    assert_int_equal(whole.fold->board.finding_count, pieces.fold->board.finding_count);
    size_t count = whole.fold->presence.places.count;
    assert_int_equal(count, MACHINES + 1);
    assert_int_equal(pieces.fold->presence.places.count, count);
    for (size_t i = 0; i < count; i++)
        assert_memory_equal(&whole.fold->presence.targets[i].together,
                            &pieces.fold->presence.targets[i].together, sizeof(Together));
    for (size_t i = 0; i < whole.fold->board.finding_count; i++) {
        assert_string_equal(whole.fold->board.findings[i].first.sentence,
                            pieces.fold->board.findings[i].first.sentence);
        assert_string_equal(whole.fold->board.findings[i].id, pieces.fold->board.findings[i].id);
    }
    close_world(&whole);
    close_world(&pieces);
}

/* What is odd behind a long absence is that nobody was here. */
static void after_an_absence_of_ours_nothing_is_odd_together(void **state)
{
    (void)state;
    World w = opened(1);
    moments_pass(&w, LEARNT);
    size_t before = w.fold->board.finding_count;
    w.moments += 600;
    w.machine = 1;
    w.off = 1.7;
    moments_pass(&w, 1);
    assert_null(told_together(w.fold));
    assert_int_equal(w.fold->board.finding_count, before);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_of_which_many_series_move_a_little_is_found),
        cmocka_unit_test(series_that_are_odd_alone_too_are_told_by_one_finding),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(nor_does_where_commits_end),
        cmocka_unit_test(after_an_absence_of_ours_nothing_is_odd_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
