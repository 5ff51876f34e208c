/* SPDX-License-Identifier: Apache-2.0
 *
 * Power fails, writes fail, syncs fail: what was acknowledged is there, once and in its order. */
#include "fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sanitized.h"
#include "faulty_vfs.h"
#include "store/store.h"

#define LOSSES (SANITIZED ? 180 : 540) /* Power losses, each with a seed of its own. */
#define LIVES 3                        /* Of a directory, each ended by one.         */
#define COMMITS_MAX 40                 /* Of a life.                                 */
#define ACKNOWLEDGED_MAX (LIVES * COMMITS_MAX + 1)

typedef struct {
    char       place[PLACE_SIZE];
    odd_store *store;
    uint64_t   seed;
    uint64_t   next;     /* Number of the next commit's text: no two are the same. */
    uint64_t   numbers[ACKNOWLEDGED_MAX], positions[ACKNOWLEDGED_MAX];
    size_t     count;    /* Acknowledged. */
    uint64_t   checkpoint; /* Position of the last one that was acknowledged. */
} World;

static uint64_t draw(World *world, uint64_t below)
{
    world->seed = world->seed * 6364136223846793005u + 1442695040888963407u;
    return (world->seed >> 33) % below;
}

static odd_rc check_part(void *context, int number, Str bytes)
{
    uint64_t *position = context;
    char expected[64];
    int size = snprintf(expected, sizeof expected, "part %d of", number);
    assert_true(bytes.size > (size_t)size);
    assert_memory_equal(bytes.text, expected, (size_t)size);
    if (number == 0)
        *position = strtoull(bytes.text + size, NULL, 10);
    return ODD_OK;
}

/* Part 0 names its checkpoint; part 1 is given every other time only. */
static bool checkpoint(World *world)
{
    uint64_t position = odd_store_position(world->store);
    char first[64], second[64];
    int first_size = snprintf(first, sizeof first, "part 0 of %" PRIu64, position);
    int second_size = snprintf(second, sizeof second, "part 1 of %" PRIu64, position);
    StorePart parts[] = {{.number = 0, .bytes = {.text = first, .size = (size_t)first_size}},
                         {.number = 1, .bytes = {.text = second, .size = (size_t)second_size}}};
    size_t count = world->checkpoint == 0 || draw(world, 2) == 0 ? 2 : 1;
    odd_rc rc = store_checkpoint(world->store, position, parts, count, NULL, 0);
    if (rc == ODD_CORRUPT && !faulty_has_struck())
        fail_msg("%s", odd_store_catalog_errmsg(world->store));
    if (rc == ODD_CORRUPT) /* A new catalog was begun, which wants all parts. */
        rc = store_checkpoint(world->store, position, parts, 2, NULL, 0);
    if (rc == ODD_OK)
        world->checkpoint = position;
    return rc == ODD_OK;
}

static void check_checkpoint(World *world)
{
    uint64_t position = 0, named = 0;
    odd_rc rc = store_restore(world->store, 0, check_part, &named, &position);
    if (rc != ODD_OK && rc != ODD_DONE)
        fail_msg("%s", odd_store_catalog_errmsg(world->store));
    assert_true(position >= world->checkpoint);
    assert_int_equal(position, named);
    assert_true(position <= odd_store_position(world->store));
    world->checkpoint = position;
}

static bool commit(World *world)
{
    odd_rc rc;
    uint64_t number = world->next++;
    size_t size = draw(world, 8) == 0 ? 30000 : 20 + draw(world, 3000);
    uint64_t position = store_commit_number(world->store, number, size, &rc);
    if (rc != ODD_OK) {
        assert_true(faulty_has_struck());
        assert_true(odd_store_errmsg(world->store)[0] != '\0');
        return false;
    }
    world->numbers[world->count] = number;
    world->positions[world->count++] = position;
    return true;
}

/* What was acknowledged is there at its place; of what was not, each at most once; all in order. */
static void check_commits(World *world)
{
    WhatIsThere what = store_read(world->store, 0);
    if (what.corrupt_count > 0)
        fail_msg("%s", what.sentence);
    size_t acknowledged = 0;
    for (size_t i = 0; i < what.count; i++) {
        assert_true(i == 0 || what.numbers[i] > what.numbers[i - 1]);
        assert_true(i == 0 || what.positions[i] > what.positions[i - 1]);
        if (acknowledged < world->count && what.numbers[i] == world->numbers[acknowledged]) {
            assert_int_equal(what.positions[i], world->positions[acknowledged]);
            acknowledged++;
        }
    }
    assert_int_equal(acknowledged, world->count);
    what_free(&what);
}

static void open_world(World *world)
{
    odd_store_options options = {.vfs = "faulty", .segment_bytes_max = 20000 + draw(world, 80000)};
    world->store = store_opened(world->place, &options);
    if (odd_store_errmsg(world->store)[0] != '\0')
        fail_msg("%s", odd_store_errmsg(world->store));
}

/* A life ends in the middle of it. */
static void live(World *world, Fault fault)
{
    open_world(world);
    check_commits(world);
    check_checkpoint(world);
    faulty_set(fault, 1 + draw(world, 130));
    for (int i = 0; i < COMMITS_MAX; i++) {
        bool good = commit(world);
        if (!good && fault == FAULT_DEATH)
            break;
        if (draw(world, 10) == 0)
            checkpoint(world);
        if (!good && fault == FAULT_FULL && draw(world, 3) == 0)
            faulty_mend();
    }
    if (fault != FAULT_DEATH) /* It ends some time after the fault. */
        faulty_set(FAULT_DEATH, 1);
    odd_store_close(world->store);
    faulty_power_loss(world->seed);
}

static uint64_t running; /* The seed; 0: none. */

static void run_lives(uint64_t seed, Fault fault)
{
    running = seed;
    World world = {.seed = seed, .next = 1};
    place_make(world.place);
    for (int life = 0; life < LIVES; life++)
        live(&world, fault);
    open_world(&world);
    check_commits(&world);
    check_checkpoint(&world);
    assert_true(commit(&world));
    assert_true(checkpoint(&world));
    odd_store_close(world.store);
    open_world(&world);
    check_commits(&world);
    odd_store_close(world.store);
    faulty_forget();
    place_remove(world.place);
    running = 0;
}

static void run_all(Fault fault, uint64_t losses)
{
    faulty_register();
    for (uint64_t seed = 1; seed <= losses / LIVES; seed++) {
        run_lives(seed * 7919 + (uint64_t)fault, fault);
    }
}

static void a_power_loss_at_any_moment_loses_nothing_acknowledged(void **state)
{
    (void)state;
    run_all(FAULT_DEATH, LOSSES);
}

static void a_failed_write_is_not_acknowledged_and_the_next_file_goes_on(void **state)
{
    (void)state;
    run_all(FAULT_WRITE, LOSSES / 3);
}

static void a_sync_that_fails_once_is_never_trusted_again(void **state)
{
    (void)state;
    run_all(FAULT_SYNC, LOSSES / 3);
}

static void a_full_disk_refuses_and_goes_on_by_itself(void **state)
{
    (void)state;
    run_all(FAULT_FULL, LOSSES / 3);
}

/* A test that failed has ended before its seed was done. */
static int tell_seed(void **state)
{
    (void)state;
    if (running != 0)
        print_message("with seed %" PRIu64 "\n", running);
    running = 0;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_power_loss_at_any_moment_loses_nothing_acknowledged, tell_seed),
        cmocka_unit_test_teardown(a_failed_write_is_not_acknowledged_and_the_next_file_goes_on,
                                  tell_seed),
        cmocka_unit_test_teardown(a_sync_that_fails_once_is_never_trusted_again, tell_seed),
        cmocka_unit_test_teardown(a_full_disk_refuses_and_goes_on_by_itself, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
