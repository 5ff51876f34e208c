/* SPDX-License-Identifier: Apache-2.0 */
#include "model_world.h"

#define NORMAL \
    "{\"verdict\":\"new-normal\",\"id\":\"n\",\"source\":\"credit\",\"pattern\":\"* of credit " \
    "1\"}"
#define NEXT "{\"verdict\":\"new-normal\",\"id\":\"m\",\"source\":\"credit\"}"
#define UNDO "{\"undo\":\"n\"}"
#define UNDO_NEXT "{\"undo\":\"m\"}"

static void say(odd_fold *fold, const World *world, const char *json)
{
    odd_decoded decoded;
    odd_events *events = events_opened(now_of(world));
    odd_wire wire = {.source = "", .now = events->known};
    assert_int_equal(odd_decode("verdict", &wire, json, strlen(json), events, &decoded), ODD_OK);
    fold_learn(fold, events, now_of(world));
    events_close(events);
}

static void tick(odd_fold *fold, const World *world)
{
    odd_events *events = events_opened(now_of(world));
    fold_learn(fold, events, now_of(world));
    events_close(events);
}

static int count_of(odd_fold *fold, bool is_expected)
{
    odd_rows *rows;
    int count = 0;
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_FINDINGS}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        count +=
            (strcmp(odd_text(rows, odd_column(rows, "state")), "expected") == 0) == is_expected;
    odd_rows_close(rows);
    return count;
}

static void assert_state(odd_fold *fold, const char *column, const char *expected)
{
    char text[256];
    text_of(fold, ODD_MODELS, column, text);
    assert_string_equal(text, expected);
}

/* A model whose input shifted, as that was told. */
static odd_fold *drifted(World *world)
{
    odd_fold *fold = opened();
    run(world, fold, 4000, true);
    world->shift = 0.2;
    run(world, fold, 1500, true);
    assert_int_equal(count_of(fold, false), 1);
    return fold;
}

static void what_is_odd_to_the_old_reference_alone_is_expected_from_then_on(void **state)
{
    (void)state;
    World *world = world_made(1);
    odd_fold *fold = drifted(world);
    say(fold, world, NORMAL);
    assert_int_equal(count_of(fold, false), 0);
    assert_int_equal(count_of(fold, true), 1);
    assert_state(fold, "new_normal", "n");
    assert_state(fold, "state", "learning");
    run(world, fold, 6000, true);
    assert_state(fold, "state", "watched");
    assert_state(fold, "verdict", "none");
    assert_int_equal(count_of(fold, false), 0);
    close_all(world, fold);
}

static void what_is_odd_to_the_new_reference_is_told(void **state)
{
    (void)state;
    World *world = world_made(2);
    odd_fold *fold = drifted(world);
    say(fold, world, NORMAL);
    run(world, fold, 4000, true);
    assert_int_equal(count_of(fold, false), 0);
    world->shift = 0; /* As it was at first. */
    run(world, fold, 1500, true);
    assert_int_equal(count_of(fold, false), 1);
    assert_true(found(fold, "drift", "of credit 1 is lower") != ODD_TIME_NONE);
    close_all(world, fold);
}

static void the_newest_of_two_new_normals_counts_and_without_it_the_one_before(void **state)
{
    (void)state;
    World *world = world_made(3);
    odd_fold *fold = drifted(world);
    say(fold, world, NORMAL);
    run(world, fold, 3000, false);
    world->shift = 0;
    run(world, fold, 1500, false);
    int told = count_of(fold, false);
    assert_int_equal(told, 1);
    say(fold, world, NEXT);
    assert_state(fold, "new_normal", "m");
    assert_int_equal(count_of(fold, false), 0);
    run(world, fold, 3000, false);
    assert_int_equal(count_of(fold, false), 0);
    say(fold, world, UNDO_NEXT);
    assert_state(fold, "new_normal", "n");
    assert_int_equal(count_of(fold, false), told);
    close_all(world, fold);
}

static void a_new_normal_of_another_version_changes_nothing(void **state)
{
    (void)state;
    World *world = world_made(4);
    odd_fold *fold = drifted(world);
    say(fold, world,
        "{\"verdict\":\"new-normal\",\"source\":\"credit\",\"pattern\":\"* of credit 2\"}");
    assert_int_equal(count_of(fold, false), 1);
    assert_state(fold, "new_normal", "");
    close_all(world, fold);
}

/* -- by bytes ---------------------------------------------------------------------------------- */

/* All that it knows but where it stands in the journal, and closes it. */
static ImageOut closed(Mem *mem, odd_fold *fold)
{
    ImageOut out = {.mem = mem};
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        for (size_t part = 0; part < shard_parts(&fold->shards[i]); part++)
            if (shard_part_is_there(&fold->shards[i], part))
                shard_save(&fold->shards[i], part, &out);
    fold_save_board(fold, &out);
    assert_false(out.failed);
    odd_fold_close(fold);
    return out;
}

static odd_fold *saved_and_loaded(odd_fold *fold)
{
    odd_fold *loaded = opened();
    for (int i = 0; i <= ODD_SHARD_COUNT; i++)
        for (size_t part = 0; part < (i < ODD_SHARD_COUNT ? shard_parts(&fold->shards[i]) : 1);
             part++) {
            Mem mem = {0};
            ImageOut out = {.mem = &mem};
            if (i == ODD_SHARD_COUNT)
                fold_save_board(fold, &out);
            else if (shard_part_is_there(&fold->shards[i], part))
                shard_save(&fold->shards[i], part, &out);
            ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
            if (out.size > 0)
                assert_int_equal(i < ODD_SHARD_COUNT ? shard_load(&loaded->shards[i], part, &in)
                                                     : fold_load_board(loaded, &in),
                                 ODD_OK);
            image_close(&out);
        }
    fold_tell_shards(loaded);
    odd_fold_close(fold);
    return loaded;
}

typedef enum { NEVER_SAID, SAID_AND_UNDONE, SAID, SAID_AND_SAVED } Story;

static ImageOut lived(Mem *mem, Story story)
{
    World *world = world_made(5);
    odd_fold *fold = drifted(world);
    if (story == NEVER_SAID)
        tick(fold, world);
    else
        say(fold, world, NORMAL);
    run(world, fold, 3000, true);
    if (story == SAID_AND_SAVED)
        fold = saved_and_loaded(fold);
    world->shift = 0.4;
    run(world, fold, 1500, true);
    if (story == SAID_AND_UNDONE)
        say(fold, world, UNDO);
    else
        tick(fold, world);
    run(world, fold, 1500, true);
    ImageOut out = closed(mem, fold);
    assert_int_equal(world->mem.bytes, 0);
    test_free(world);
    return out;
}

static void assert_same(Story a, Story b)
{
    Mem mem = {0}, other = {0};
    ImageOut one = lived(&mem, a), two = lived(&other, b);
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.bytes, two.bytes, one.size);
    image_close(&one);
    image_close(&two);
}

static void a_new_normal_that_is_undone_leaves_no_trace(void **state)
{
    (void)state;
    assert_same(NEVER_SAID, SAID_AND_UNDONE);
}

static void a_new_normal_that_is_saved_amid_goes_on_the_same(void **state)
{
    (void)state;
    assert_same(SAID, SAID_AND_SAVED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_odd_to_the_old_reference_alone_is_expected_from_then_on),
        cmocka_unit_test(what_is_odd_to_the_new_reference_is_told),
        cmocka_unit_test(the_newest_of_two_new_normals_counts_and_without_it_the_one_before),
        cmocka_unit_test(a_new_normal_of_another_version_changes_nothing),
        cmocka_unit_test(a_new_normal_that_is_undone_leaves_no_trace),
        cmocka_unit_test(a_new_normal_that_is_saved_amid_goes_on_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
