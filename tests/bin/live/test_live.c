/* SPDX-License-Identifier: Apache-2.0 */
#include "../../lib/store/fixture.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/fold.h"
#include "input/clock.h"
#include "live/live_inside.h"

/* -- a lake without a child -------------------------------------------------------------------- */

static atomic_bool lake_is_stuck;
static atomic_int  lake_writes;
static atomic_int  lake_files; /* Of each write. */

static void pause_ms(int ms)
{
    const struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&span, NULL);
}

LakeJob lake_job(const char *lake)
{
    return (LakeJob){.lake = lake, .hot = {-1, -1, -1, -1, -1, -1, -1}};
}

odd_rc lake_child_back_to(const LakeJob *job, uint64_t position, char **ret_problem)
{
    (void)job;
    (void)position;
    (void)ret_problem;
    return ODD_OK;
}

odd_rc lake_child_write(const LakeJob *job, uint64_t position, double seconds,
                        const atomic_bool *cancel, char **ret_files, char **ret_problem)
{
    (void)job;
    (void)seconds;
    (void)cancel;
    (void)ret_problem;
    enum { NAME_SIZE = 64 };
    int count = atomic_load(&lake_files);
    atomic_fetch_add(&lake_writes, 1);
    while (atomic_load(&lake_is_stuck))
        pause_ms(1);
    char *files = malloc((size_t)count * NAME_SIZE);
    if (files == NULL)
        return ODD_NOMEM;
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += (size_t)snprintf(files + size, NAME_SIZE, "%s%llu-%d.parquet", i > 0 ? "\n" : "",
                                 (unsigned long long)position, i);
    *ret_files = files;
    return ODD_OK;
}

odd_rc lake_child_tidy(const LakeJob *job, uint64_t position, odd_time now, odd_time oldest,
                       uint64_t bytes_max, double seconds, const atomic_bool *cancel,
                       char **ret_sentences, char **ret_problem)
{
    (void)job;
    (void)position;
    (void)now;
    (void)oldest;
    (void)bytes_max;
    (void)seconds;
    (void)cancel;
    (void)ret_sentences;
    (void)ret_problem;
    return ODD_OK;
}

odd_rc lake_child_query(const LakeJob *job, const char *sql, double seconds,
                        const atomic_bool *cancel, SqlAnswer **ret_answer, char **ret_problem)
{
    (void)job;
    (void)sql;
    (void)seconds;
    (void)cancel;
    (void)ret_answer;
    (void)ret_problem;
    return ODD_NOTFOUND;
}

/* -- a server without a network ---------------------------------------------------------------- */

typedef struct {
    char       place[PLACE_SIZE];
    odd_store *store;
    Intake    *intake;
    Live      *live;
} House;

static House house;

static bool is_behind(void *context)
{
    const House *h = context;
    return h->live != NULL && live_is_behind(h->live);
}

static void open_house(double checkpoint_s, uint64_t lag_bytes_max)
{
    char problem[256] = "";
    IntakeOptions intake = {
        .tick_ms = 20, .idle_tick_ms = 100, .is_behind = is_behind, .context = &house};
    LiveOptions options = {.lake = "lake",
                           .threads = 2,
                           .checkpoint_s = checkpoint_s,
                           .lag_bytes_max = lag_bytes_max};
    house.store = store_opened(house.place, NULL);
    assert_int_equal(intake_open(house.store, NULL, &intake, &house.intake), ODD_OK);
    if (live_open(house.intake, house.store, &options, &house.live, problem, sizeof problem) !=
        ODD_OK)
        fail_msg("%s", problem);
}

static void close_house(void)
{
    intake_stop(house.intake);
    live_close(house.live, 5);
    house.live = NULL;
    intake_close(house.intake);
    odd_store_close(house.store);
}

static int make(void **state)
{
    (void)state;
    atomic_store(&lake_is_stuck, false);
    atomic_store(&lake_files, 1);
    place_make(house.place);
    return 0;
}

static int destroy(void **state)
{
    (void)state;
    place_remove(house.place);
    return 0;
}

static IntakeStatus give(const char *text, size_t size)
{
    odd_events *events;
    assert_int_equal(odd_events_open(NULL, clock_now(), &events), ODD_OK);
    assert_int_equal(odd_events_record(events, "app", clock_now(), 3, text, size, ""), ODD_OK);
    return intake_wait(house.intake, events).status;
}

static uint64_t rows_learnt(void)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_SOURCES};
    uint64_t sum = 0;
    assert_int_equal(live_query(house.live, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        sum += (uint64_t)odd_int(rows, odd_column(rows, "rows"));
    odd_rows_close(rows);
    return sum;
}

/* For what happens on another thread, within half a minute. */
#define ASSERT_SOON(condition)                                                                     \
    do {                                                                                           \
        for (int waited = 0; !(condition) && waited < 30000; waited++)                             \
            pause_ms(1);                                                                           \
        assert_true(condition);                                                                    \
    } while (0)

static void what_is_given_is_learnt_and_is_there_after_a_restart(void **state)
{
    (void)state;
    open_house(3600, 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(rows_learnt() == 100);
    ASSERT_SOON(live_counts(house.live).caught_up);
    close_house();
    open_house(3600, 0);
    assert_int_equal(rows_learnt(), 100); /* Of the last checkpoint, before anything is read. */
    close_house();
}

static int files_in_catalog(void)
{
    char path[PLACE_SIZE + 64];
    sqlite3 *catalog;
    sqlite3_stmt *query;
    snprintf(path, sizeof path, "%s/catalog.db", house.place);
    assert_int_equal(sqlite3_open(path, &catalog), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(catalog, "SELECT count(*) FROM lake_files", -1, &query, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    int count = sqlite3_column_int(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(catalog);
    return count;
}

/* Times of many days make as many files. */
static void all_files_of_a_write_are_of_its_checkpoint(void **state)
{
    (void)state;
    atomic_store(&lake_files, 5000);
    open_house(0.001, 0);
    assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(live_counts(house.live).checkpoints > 0);
    assert_string_equal(live_counts(house.live).trouble, "");
    close_house();
    int files = files_in_catalog();
    assert_true(files >= 5000 && files % 5000 == 0);
}

static void a_fold_that_lags_too_far_lets_nothing_more_in_until_it_has_caught_up(void **state)
{
    (void)state;
    static char text[32768];
    memset(text, 'x', sizeof text);
    atomic_store(&lake_is_stuck, true);
    int writes = atomic_load(&lake_writes);
    open_house(0.001, 100000);
    assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(atomic_load(&lake_writes) > writes); /* The fold's thread waits for the lake. */
    assert_false(live_is_behind(house.live));
    int stored = 0;
    while (stored < 100 && give(text, sizeof text) == INTAKE_STORED)
        stored++;
    assert_int_equal(stored, 4);
    assert_true(live_is_behind(house.live));
    assert_false(intake_has_room(house.intake));
    atomic_store(&lake_is_stuck, false);
    ASSERT_SOON(!live_is_behind(house.live));
    assert_int_equal(give(text, sizeof text), INTAKE_STORED);
    ASSERT_SOON(rows_learnt() == 6);
    close_house();
}

static void a_fold_that_cannot_go_on_says_so_and_what_comes_is_learnt_after_a_restart(void **state)
{
    (void)state;
    open_house(3600, 0);
    assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(rows_learnt() == 1);
    assert_false(live_has_failed(house.live));
    pthread_mutex_lock(&house.live->lock);
    house.live->fold->shards[5].failure = ODD_NOMEM;
    pthread_mutex_unlock(&house.live->lock);
    assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(live_has_failed(house.live));
    assert_non_null(strstr(live_counts(house.live).trouble, "learning has stopped"));
    assert_int_equal(give("request served", 14), INTAKE_STORED);
    close_house();
    open_house(3600, 0);
    ASSERT_SOON(rows_learnt() == 3);
    assert_false(live_has_failed(house.live));
    close_house();
}

static void a_fold_that_stopped_lets_in_no_more_than_may_lag(void **state)
{
    (void)state;
    open_house(3600, 1000);
    assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(rows_learnt() == 1);
    pthread_mutex_lock(&house.live->lock);
    house.live->fold->shards[5].failure = ODD_NOMEM;
    pthread_mutex_unlock(&house.live->lock);
    assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(live_has_failed(house.live));
    int stored = 0;
    while (stored < 1000 && give("request served", 14) == INTAKE_STORED)
        stored++;
    assert_in_range(stored, 2, 100);
    close_house();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_given_is_learnt_and_is_there_after_a_restart, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(all_files_of_a_write_are_of_its_checkpoint, make, destroy),
        cmocka_unit_test_setup_teardown(
            a_fold_that_lags_too_far_lets_nothing_more_in_until_it_has_caught_up, make, destroy),
        cmocka_unit_test_setup_teardown(
            a_fold_that_cannot_go_on_says_so_and_what_comes_is_learnt_after_a_restart, make,
            destroy),
        cmocka_unit_test_setup_teardown(a_fold_that_stopped_lets_in_no_more_than_may_lag, make,
                                        destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
