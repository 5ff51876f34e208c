/* SPDX-License-Identifier: Apache-2.0
 *
 * Power fails, writes fail, syncs fail under the files of the lake: it has the rows of its last
 * checkpoint, each once, and a next write succeeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sanitized.h"
#include "base/time.h"
#include "faulty_files.h"
#include "made.h"

#define HISTORIES (SANITIZED ? 2 : 5) /* Each with a seed of its own ...                        */
#define LIVES 3      /* ... and so many lives, each ended by a power loss.     */
#define STEPS_MAX 6  /* Of a life.                                             */
#define LINES_MAX 9  /* Of a commit.                                           */
#define DAYS 2
#define DAY (S_PER_DAY * NS_PER_S)
#define NOON (20780 * DAY + DAY / 2) /* 2026-11-23 */

typedef struct {
    Made     made;
    uint64_t seed;
    uint64_t checkpoint; /* Commits up to it are in files: whoever asked was told so. */
    uint64_t before;     /* The checkpoint before that.                               */
    uint64_t attempt;    /* Writes that were tried.                                   */
    uint64_t written;    /* The last of them that was acknowledged.                   */
} World;

static char     said[1 << 16];
static uint64_t running; /* The seed, or the moment; 0: none. */

static uint64_t draw(World *world, uint64_t below)
{
    world->seed = world->seed * 6364136223846793005u + 1442695040888963407u;
    return (world->seed >> 33) % below;
}

static odd_lake *lake_opened(World *world, bool position_given)
{
    odd_lake *lake = made_lake_with(&world->made, &(odd_lake_options){
                                                      .position_given = position_given,
                                                      .position = world->checkpoint,
                                                  });
    assert_non_null(lake);
    return lake;
}

/* -- rows -------------------------------------------------------------------------------------- */

static int64_t lines_of(uint64_t commit)
{
    return 1 + (int64_t)(commit * 7 % LINES_MAX);
}

/* The lines of all commits are numbered on; what a commit has is always the same, as the journal
 * gives it again.  Findings tell of the attempt. */
static void make_rows(World *world, uint64_t commit)
{
    char id[32];
    Made *made = &world->made;
    int64_t seq = 1;
    for (uint64_t before = 1; before < commit; before++)
        seq += lines_of(before);
    made_template(made);
    for (int64_t i = 0; i < lines_of(commit); i++) {
        odd_time day = NOON + (int64_t)((commit + (uint64_t)i) % DAYS) * DAY;
        made_line(made, day + seq * 1000, "app", seq, "ann", "here", (int64_t)commit);
        seq++;
    }
    made_sample(made, NOON + (int64_t)commit * 1000, "up", (double)commit, (int64_t)commit);
    snprintf(id, sizeof id, "%" PRIu64, ++world->attempt);
    made_finding(made, id, NOON);
}

static void assert_answer(odd_lake *lake, const char *sql, const char *expected)
{
    made_answer(lake, sql, said, sizeof said);
    if (strcmp(said, expected) != 0)
        fail_msg("%s\nis not\n%sbut\n%s", sql, expected, said);
}

static void check_rows(World *world, odd_lake *lake)
{
    char expected[64];
    int64_t lines = 0, commits = (int64_t)world->checkpoint;
    for (uint64_t commit = 1; commit <= world->checkpoint; commit++)
        lines += lines_of(commit);
    snprintf(expected, sizeof expected, "%" PRId64 "|%" PRId64 "|%" PRId64 "\n", lines, lines,
             lines * (lines + 1) / 2);
    assert_answer(lake, "SELECT count(*), count(DISTINCT seq), coalesce(sum(seq), 0) FROM logs",
                  expected);
    snprintf(expected, sizeof expected, "%" PRId64 "\n", lines);
    assert_answer(lake, "SELECT count(*) FROM logs WHERE text = 'INFO user ann came from here'",
                  expected);
    snprintf(expected, sizeof expected, "%" PRId64 "|%" PRId64 "\n", commits,
             commits * (commits + 1) / 2);
    assert_answer(lake, "SELECT count(*), coalesce(sum(value), 0)::BIGINT FROM samples", expected);
    snprintf(expected, sizeof expected, "%d|true\n", world->written > 0 || world->checkpoint > 0);
    if (world->written > 0) {
        char sql[128];
        snprintf(sql, sizeof sql,
                 "SELECT count(*), min(id::BIGINT) BETWEEN %" PRIu64 " AND %" PRIu64
                 " FROM findings",
                 world->written, world->attempt);
        assert_answer(lake, sql, expected);
    }
    assert_string_equal(odd_lake_errmsg(lake), ""); /* Nothing is damaged. */
}

/* Files below the lake that its list does not name, and the other way round. */
static void check_left_overs(World *world)
{
    char command[512];
    snprintf(command, sizeof command,
             "cd %s/lake 2>/dev/null || exit 0; find . -type f ! -name manifest | sed 's,^./,,' | "
             "sort > ../found; touch ../listed; [ ! -e manifest ] || "
             "grep -v '^oddball\\|^end' manifest | cut -d' ' -f6 | sort > ../listed; "
             "diff ../found ../listed",
             world->made.folder);
    if (system(command) != 0)
        fail_msg("the files above lie in the folder without being listed, or the other way round");
}

/* -- what is done ------------------------------------------------------------------------------ */

static bool went_well(odd_lake *lake, odd_rc rc)
{
    if (rc != ODD_OK && !files_has_struck())
        fail_msg("%s", odd_lake_errmsg(lake));
    if (rc != ODD_OK)
        assert_true(odd_lake_errmsg(lake)[0] != '\0');
    return rc == ODD_OK;
}

static bool write_next(World *world)
{
    const char *files;
    uint64_t position = world->checkpoint + 1;
    make_rows(world, position);
    odd_lake *lake = lake_opened(world, true);
    bool good = went_well(lake, odd_lake_write(lake, position, &files));
    if (good) {
        world->before = world->checkpoint;
        world->checkpoint = position;
        world->written = world->attempt;
        check_rows(world, lake);
    }
    odd_lake_close(lake);
    return good;
}

static bool tidied(World *world, odd_lake *lake)
{
    const char *sentences;
    bool good =
        went_well(lake, odd_lake_tidy(lake, world->checkpoint, NOON + 9 * DAY, 0, 0, &sentences));
    if (good)
        assert_null(strstr(sentences, "damaged"));
    return good;
}

static bool tidy(World *world)
{
    odd_lake *lake = lake_opened(world, false);
    bool good = tidied(world, lake);
    odd_lake_close(lake);
    return good;
}

/* What could not be removed is removed another time. */
static bool go_back(World *world)
{
    odd_lake *lake = lake_opened(world, false);
    bool good = went_well(lake, odd_lake_back_to(lake, world->checkpoint));
    if (good && !files_has_struck())
        check_left_overs(world);
    good = good && tidied(world, lake);
    if (good)
        check_rows(world, lake);
    odd_lake_close(lake);
    return good;
}

/* The start of a server, at times with a checkpoint that was written and not acknowledged, or with
 * an older one because the newest is damaged. */
static void start(World *world)
{
    if (world->before < world->checkpoint && draw(world, 4) == 0)
        world->checkpoint = world->before;
    assert_true(go_back(world));
}

/* The server goes on: who asks sees the rows of the checkpoint, and nothing lies about. */
static void check_failed(World *world)
{
    odd_lake *lake = lake_opened(world, true);
    check_rows(world, lake);
    odd_lake_close(lake);
    check_left_overs(world);
}

static void live(World *world, FilesFault fault, bool keep)
{
    start(world);
    files_set(fault, 1 + draw(world, 150));
    for (int i = 0; i < STEPS_MAX; i++) {
        bool good = draw(world, 4) == 0 ? tidy(world) : write_next(world);
        if (!good && fault == FILES_DEATH)
            break;
        if (!good)
            check_failed(world);
        if (!good && fault == FILES_FULL && draw(world, 2) == 0)
            files_set(FILES_WELL, 0);
    }
    files_power_loss(world->seed, keep);
}

/* -- every moment of one deed ------------------------------------------------------------------ */

typedef bool (*Deed)(World *world);

/* Three commits, the first two merged, the third behind the checkpoint. */
/* Its rows point at its memory: it must stay where it is. */
static void world_make(World *world)
{
    *world = (World){.made = made_open()};
    for (int i = 0; i < 2; i++)
        assert_true(write_next(world));
    assert_true(tidy(world));
    assert_true(write_next(world));
    world->checkpoint = 2;
}

/* The first, the second, ... operation of the deed meets the fault, until it is done before. */
static void at_every_moment(Deed before, Deed deed, FilesFault fault)
{
    char command[256];
    World world;
    world_make(&world);
    if (before != NULL)
        assert_true(before(&world));
    const World then = world;
    snprintf(command, sizeof command, "cp -r %s/lake %s.then", then.made.folder, then.made.folder);
    assert_int_equal(system(command), 0);
    bool struck = true;
    for (running = 1; struck; running += SANITIZED ? 6 : 1) {
        files_watch(world.made.folder);
        files_set(fault, running);
        bool good = deed(&world);
        struck = files_has_struck();
        assert_true(good || struck);
        if (fault == FILES_DEATH)
            files_power_loss(running, false);
        else if (!good)
            check_failed(&world);
        files_set(FILES_WELL, 0);
        if (fault == FILES_DEATH || good)
            assert_true(go_back(&world));
        assert_true(write_next(&world));
        check_left_overs(&world);
        files_forget();
        snprintf(command, sizeof command, "rm -r %s/lake && cp -r %s.then %s/lake",
                 then.made.folder, then.made.folder, then.made.folder);
        assert_int_equal(system(command), 0);
        world.checkpoint = then.checkpoint;
        world.written = then.written;
    }
    assert_true(running > 10);
    running = 0;
    snprintf(command, sizeof command, "rm -r %s.then", then.made.folder);
    assert_int_equal(system(command), 0);
    made_close(&world.made);
}

/* -- the tests --------------------------------------------------------------------------------- */

static void run_lives(uint64_t seed, FilesFault fault, bool keep)
{
    running = seed;
    World world = {.made = made_open(), .seed = seed};
    files_watch(world.made.folder);
    for (int life = 0; life < LIVES; life++)
        live(&world, fault, keep);
    start(&world);
    assert_true(write_next(&world));
    check_left_overs(&world);
    files_forget();
    made_close(&world.made);
    running = 0;
}

static void run_all(FilesFault fault, bool keep)
{
    for (uint64_t i = 1; i <= HISTORIES / (fault == FILES_DEATH && !keep ? 1 : 3); i++)
        run_lives(i * 7919 + (uint64_t)fault, fault, keep);
}

static void a_power_loss_at_any_moment_leaves_the_rows_of_the_checkpoint(void **state)
{
    (void)state;
    run_all(FILES_DEATH, false);
}

static void so_does_the_death_of_the_process(void **state)
{
    (void)state;
    run_all(FILES_DEATH, true);
}

static void a_call_that_fails_leaves_the_lake_as_it_was(void **state)
{
    (void)state;
    run_all(FILES_ERROR, false);
}

static void a_full_disk_refuses_and_goes_on_when_there_is_room(void **state)
{
    (void)state;
    run_all(FILES_FULL, false);
}

static void power_may_fail_at_every_moment_of_a_write(void **state)
{
    (void)state;
    at_every_moment(go_back, write_next, FILES_DEATH);
}

static void every_call_of_a_write_may_fail(void **state)
{
    (void)state;
    at_every_moment(go_back, write_next, FILES_ERROR);
}

static void power_may_fail_at_every_moment_of_a_merge(void **state)
{
    (void)state;
    at_every_moment(write_next, tidy, FILES_DEATH);
}

static void power_may_fail_at_every_moment_of_going_back(void **state)
{
    (void)state;
    at_every_moment(NULL, go_back, FILES_DEATH);
}

/* That the layer is under DuckDB too: without syncs, rows are lost. */
static void a_disk_that_lies_is_found_out(void **state)
{
    (void)state;
    World world = {.made = made_open()};
    files_watch(world.made.folder);
    files_set(FILES_LIAR, 1);
    assert_true(write_next(&world));
    assert_true(files_operations() > 20);
    files_power_loss(2, false);
    odd_lake *lake = lake_opened(&world, false);
    assert_answer(lake, "SELECT count(*) FROM logs", "0\n");
    odd_lake_close(lake);
    files_forget();
    made_close(&world.made);
}

/* A test that failed has ended before its seed was done. */
static int tell_seed(void **state)
{
    (void)state;
    if (running != 0)
        print_message("with seed %" PRIu64 "\n", running);
    running = 0;
    files_forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_that_lies_is_found_out),
        cmocka_unit_test_teardown(power_may_fail_at_every_moment_of_a_write, tell_seed),
        cmocka_unit_test_teardown(every_call_of_a_write_may_fail, tell_seed),
        cmocka_unit_test_teardown(power_may_fail_at_every_moment_of_a_merge, tell_seed),
        cmocka_unit_test_teardown(power_may_fail_at_every_moment_of_going_back, tell_seed),
        cmocka_unit_test_teardown(a_power_loss_at_any_moment_leaves_the_rows_of_the_checkpoint,
                                  tell_seed),
        cmocka_unit_test_teardown(so_does_the_death_of_the_process, tell_seed),
        cmocka_unit_test_teardown(a_call_that_fails_leaves_the_lake_as_it_was, tell_seed),
        cmocka_unit_test_teardown(a_full_disk_refuses_and_goes_on_when_there_is_room, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
