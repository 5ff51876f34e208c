/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <stdio.h>
#include <string.h>

#include "../stats/draw.h"

#define NORMAL "{\"verdict\":\"new-normal\",\"id\":\"n\",\"signal\":\"load{*\"}"
#define NORMAL_OF_LINES "{\"verdict\":\"new-normal\",\"id\":\"n\",\"pattern\":\"*\"}"
#define UNDO "{\"undo\":\"n\"}"

typedef struct {
    odd_fold *fold;
    Rng       rng;
    odd_time  now;
    double    level;
} World;

static World opened(void)
{
    return (World){.fold = fold_opened(0), .rng = rng_seeded(7), .now = NOW, .level = 100};
}

/* A sample a minute of two machines, the second of which never changes. */
static void run(World *world, int minutes)
{
    odd_events *events = events_opened(world->now);
    for (int i = 0; i < minutes; i++) {
        world->now += 60 * NS_PER_S;
        for (int machine = 0; machine < 2; machine++) {
            double level = machine == 0 ? world->level : 100;
            events->known = world->now;
            double value = level + 2 * draw_normal(&world->rng);
            Str name = machine == 0 ? STR("load{host=\"a\"}") : STR("load{host=\"b\"}");
            assert_true(events_series(events, STR("host"), name, world->now, value));
        }
        fold_learn(world->fold, events, world->now);
    }
    events_close(events);
}

static void say(World *world, const char *json)
{
    odd_decoded decoded;
    odd_events *events = events_opened(world->now);
    odd_wire wire = {.source = "", .now = world->now};
    if (odd_decode("verdict", &wire, json, strlen(json), events, &decoded) != ODD_OK)
        fail_msg("%s", decoded.message);
    fold_learn(world->fold, events, world->now);
    events_close(events);
}

static int count_of(const World *world, const char *state)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_FINDINGS};
    int count = 0;
    assert_int_equal(odd_fold_query(world->fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        const char *is = odd_text(rows, odd_column(rows, "state"));
        count += state != NULL ? strcmp(is, state) == 0
                               : strcmp(is, "expected") != 0 && strcmp(is, "hidden") != 0;
    }
    odd_rows_close(rows);
    return count;
}

static World shifted(void)
{
    World world = opened();
    run(&world, 400);
    world.level = 200;
    run(&world, 20);
    assert_int_equal(count_of(&world, NULL), 1);
    return world;
}

static size_t baselines(const World *world)
{
    size_t count = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        count += world->fold->shards[i].normal_count;
    return count;
}

static void what_is_odd_to_the_old_baseline_alone_is_expected_from_then_on(void **state)
{
    (void)state;
    World world = shifted();
    say(&world, NORMAL);
    assert_int_equal(count_of(&world, NULL), 0);
    assert_int_equal(count_of(&world, "expected"), 1);
    assert_int_equal(baselines(&world), 2); /* Of all series that it names. */
    run(&world, 200);
    assert_int_equal(count_of(&world, NULL), 0);
    odd_fold_close(world.fold);
}

static void what_is_odd_to_the_new_one_is_told(void **state)
{
    (void)state;
    World world = shifted();
    say(&world, NORMAL);
    run(&world, 200);
    world.level = 260;
    run(&world, 30);
    assert_int_equal(count_of(&world, NULL), 1);
    assert_int_equal(world.fold->board.raised_count, 1);
    odd_fold_close(world.fold);
}

static void an_undo_tells_it_again_and_forgets_the_other_baseline(void **state)
{
    (void)state;
    World world = shifted();
    say(&world, NORMAL);
    run(&world, 200);
    world.level = 260;
    run(&world, 30);
    say(&world, UNDO);
    assert_int_equal(baselines(&world), 0);
    assert_int_equal(world.fold->board.raised_count, 0);
    assert_true(count_of(&world, NULL) >= 1);
    assert_int_equal(count_of(&world, "expected"), 0);
    odd_fold_close(world.fold);
}

static void a_new_normal_again_is_another_baseline_beside_both(void **state)
{
    (void)state;
    World world = shifted();
    say(&world, NORMAL);
    run(&world, 200);
    world.level = 260;
    run(&world, 30);
    say(&world, "{\"verdict\":\"new-normal\",\"id\":\"m\",\"signal\":\"load{host=\\\"a\\\"}\"}");
    assert_int_equal(baselines(&world), 3);
    assert_int_equal(count_of(&world, NULL), 0);
    say(&world, "{\"undo\":\"m\"}");
    assert_int_equal(baselines(&world), 2);
    assert_int_equal(count_of(&world, NULL), 1);
    odd_fold_close(world.fold);
}

static void of_lines_it_holds_back_what_is_no_rarer_and_has_no_baseline(void **state)
{
    (void)state;
    World world = shifted();
    say(&world, NORMAL_OF_LINES);
    assert_int_equal(baselines(&world), 0);
    assert_int_equal(count_of(&world, NULL), 1);
    odd_fold_close(world.fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_odd_to_the_old_baseline_alone_is_expected_from_then_on),
        cmocka_unit_test(what_is_odd_to_the_new_one_is_told),
        cmocka_unit_test(an_undo_tells_it_again_and_forgets_the_other_baseline),
        cmocka_unit_test(a_new_normal_again_is_another_baseline_beside_both),
        cmocka_unit_test(of_lines_it_holds_back_what_is_no_rarer_and_has_no_baseline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
