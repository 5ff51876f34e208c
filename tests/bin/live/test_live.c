/* SPDX-License-Identifier: Apache-2.0 */
#include "../../lib/store/fixture.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/fold.h"
#include "event/table.h"
#include "input/clock.h"
#include "live/live_inside.h"

/* -- a lake without a child -------------------------------------------------------------------- */

static struct {
    atomic_bool write_is_stuck, question_is_stuck, refuses;
    atomic_int  writes, questions; /* That were begun. */
    atomic_int  files;             /* Of each write.   */
    atomic_int  rows;              /* Of all writes that succeeded. */
    uint64_t    asked_position;    /* Of the last question; and the rows that were hot. */
    int         asked_hot, asked_more;
} lake;

static void pause_ms(int ms)
{
    const struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&span, NULL);
}

LakeJob lake_job(const char *path)
{
    return (LakeJob){
        .lake = path, .hot = {-1, -1, -1, -1, -1, -1, -1}, .more = {-1, -1, -1, -1, -1, -1, -1}};
}

odd_rc lake_child_back_to(const LakeJob *job, uint64_t position, char **ret_problem)
{
    (void)job;
    (void)position;
    (void)ret_problem;
    return ODD_OK;
}

/* Rows of logs in a file of hot ones. */
static int rows_in(int descriptor)
{
    struct stat file;
    if (descriptor < 0)
        return 0;
    assert_int_equal(fstat(descriptor, &file), 0);
    if (file.st_size == 0)
        return 0;
    char *bytes = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_SHARED, descriptor, 0);
    assert_true(bytes != MAP_FAILED);
    TableReader reader = {.bytes = {.text = bytes, .size = (size_t)file.st_size}};
    Cell cells[TABLE_COLUMNS_MAX];
    int count = 0;
    while (table_next(&reader, cells) == ODD_ROW)
        count++;
    munmap(bytes, (size_t)file.st_size);
    return count;
}

/* False: called off. */
static bool wait_while(const atomic_bool *stuck, const atomic_bool *cancel)
{
    while (atomic_load(stuck) && !(cancel != NULL && atomic_load(cancel)))
        pause_ms(1);
    return !(cancel != NULL && atomic_load(cancel));
}

odd_rc lake_child_write(const LakeJob *job, uint64_t position, double seconds,
                        const atomic_bool *cancel, char **ret_files, char **ret_problem)
{
    (void)seconds;
    enum { NAME_SIZE = 64 };
    int count = atomic_load(&lake.files);
    atomic_fetch_add(&lake.writes, 1);
    if (!wait_while(&lake.write_is_stuck, cancel))
        return ODD_LATE;
    if (atomic_load(&lake.refuses)) {
        *ret_problem = strdup("the disk is tired");
        return ODD_IO;
    }
    char *files = malloc((size_t)count * NAME_SIZE);
    if (files == NULL)
        return ODD_NOMEM;
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += (size_t)snprintf(files + size, NAME_SIZE, "%s%llu-%d.parquet", i > 0 ? "\n" : "",
                                 (unsigned long long)position, i);
    atomic_fetch_add(&lake.rows, rows_in(job->hot[ODD_TABLE_LOGS]));
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
    (void)sql;
    (void)seconds;
    (void)ret_answer;
    (void)ret_problem;
    lake.asked_position = job->position;
    lake.asked_hot = rows_in(job->hot[ODD_TABLE_LOGS]);
    lake.asked_more = rows_in(job->more[ODD_TABLE_LOGS]);
    atomic_fetch_add(&lake.questions, 1);
    return wait_while(&lake.question_is_stuck, cancel) ? ODD_NOTFOUND : ODD_LATE;
}

/* -- a server without a network ---------------------------------------------------------------- */

typedef struct {
    char       place[PLACE_SIZE];
    odd_store *store;
    Intake    *intake;
    Live      *live;
} House;

static House house;

#define NO_CHECKPOINTS ((LiveOptions){.checkpoint_s = 3600})
#define CHECKPOINTS ((LiveOptions){.checkpoint_s = 0.001}) /* One behind the other. */

static bool is_behind(void *context)
{
    const House *h = context;
    return h->live != NULL && live_is_behind(h->live);
}

static void open_house(LiveOptions options)
{
    char problem[256] = "";
    IntakeOptions intake = {
        .tick_ms = 20, .idle_tick_ms = 100, .is_behind = is_behind, .context = &house};
    options.lake = "lake";
    options.threads = 2;
    house.store = store_opened(house.place, NULL);
    assert_int_equal(intake_open(house.store, NULL, &intake, &house.intake), ODD_OK);
    if (live_open(house.intake, house.store, &options, &house.live, problem, sizeof problem) !=
        ODD_OK)
        fail_msg("%s", problem);
}

static void close_house(double seconds)
{
    intake_stop(house.intake);
    live_close(house.live, seconds);
    house.live = NULL;
    intake_close(house.intake);
    odd_store_close(house.store);
}

static int make(void **state)
{
    (void)state;
    atomic_store(&lake.write_is_stuck, false);
    atomic_store(&lake.question_is_stuck, false);
    atomic_store(&lake.refuses, false);
    atomic_store(&lake.files, 1);
    atomic_store(&lake.writes, 0);
    atomic_store(&lake.questions, 0);
    atomic_store(&lake.rows, 0);
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
    open_house(NO_CHECKPOINTS);
    for (int i = 0; i < 100; i++)
        assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(rows_learnt() == 100);
    ASSERT_SOON(live_counts(house.live).caught_up);
    close_house(5);
    open_house(NO_CHECKPOINTS);
    assert_int_equal(rows_learnt(), 100); /* Of the last checkpoint, before anything is read. */
    close_house(5);
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
    atomic_store(&lake.files, 5000);
    open_house(CHECKPOINTS);
    assert_int_equal(give("request served", 14), INTAKE_STORED);
    ASSERT_SOON(live_counts(house.live).checkpoints > 0);
    assert_string_equal(live_counts(house.live).trouble, "");
    close_house(5);
    int files = files_in_catalog();
    assert_true(files >= 5000 && files % 5000 == 0);
}

/* -- while the lake is written ----------------------------------------------------------------- */

static void give_lines(int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(give("request served", 14), INTAKE_STORED);
}

static void learning_goes_on_while_the_lake_is_written(void **state)
{
    (void)state;
    atomic_store(&lake.write_is_stuck, true);
    open_house(CHECKPOINTS);
    give_lines(10);
    ASSERT_SOON(atomic_load(&lake.writes) == 1);
    give_lines(100);
    ASSERT_SOON(rows_learnt() == 110);
    assert_int_equal(live_counts(house.live).checkpoints, 0);
    assert_int_equal(atomic_load(&lake.writes), 1);
    atomic_store(&lake.write_is_stuck, false);
    ASSERT_SOON(atomic_load(&lake.rows) == 110 && live_counts(house.live).hot_bytes == 0);
    assert_string_equal(live_counts(house.live).trouble, "");
    close_house(5);
    open_house(NO_CHECKPOINTS);
    assert_int_equal(rows_learnt(), 110);
    close_house(5);
}

static odd_rc ask(const atomic_bool *cancel)
{
    char *problem;
    odd_rc rc = live_sql(house.live, "SELECT 1", 60, cancel, NULL, &problem);
    free(problem);
    return rc;
}

static void a_question_sees_each_row_once_whether_it_is_hot_or_being_written_or_stored(void **state)
{
    (void)state;
    atomic_store(&lake.write_is_stuck, true);
    open_house(CHECKPOINTS);
    give_lines(3);
    ASSERT_SOON(atomic_load(&lake.writes) == 1);
    give_lines(5);
    ASSERT_SOON(rows_learnt() == 8);
    assert_int_equal(ask(NULL), ODD_NOTFOUND);
    assert_int_equal(lake.asked_hot + lake.asked_more, 8);
    assert_true(lake.asked_hot > 0);
    assert_int_equal(lake.asked_position, 0); /* Files that are written now are not seen. */
    atomic_store(&lake.write_is_stuck, false);
    ASSERT_SOON(atomic_load(&lake.rows) == 8 && live_counts(house.live).hot_bytes == 0);
    assert_int_equal(ask(NULL), ODD_NOTFOUND);
    assert_int_equal(lake.asked_hot + lake.asked_more, 0);
    assert_true(lake.asked_position > 0);
    close_house(5);
}

static void *ask_long(void *cancel)
{
    assert_int_equal(ask(cancel), ODD_LATE);
    return NULL;
}

static void a_long_question_holds_up_neither_learning_nor_checkpoints(void **state)
{
    (void)state;
    atomic_bool cancel = false;
    pthread_t asking;
    atomic_store(&lake.question_is_stuck, true);
    open_house(CHECKPOINTS);
    assert_int_equal(pthread_create(&asking, NULL, ask_long, &cancel), 0);
    ASSERT_SOON(atomic_load(&lake.questions) == 1);
    give_lines(10);
    ASSERT_SOON(atomic_load(&lake.rows) == 10 && live_counts(house.live).hot_bytes == 0);
    give_lines(10);
    ASSERT_SOON(atomic_load(&lake.rows) == 20 && live_counts(house.live).hot_bytes == 0);
    atomic_store(&cancel, true);
    pthread_join(asking, NULL);
    close_house(5);
}

static void rows_that_cannot_be_written_stay_hot_and_are_tried_again(void **state)
{
    (void)state;
    atomic_store(&lake.refuses, true);
    open_house(CHECKPOINTS);
    give_lines(10);
    ASSERT_SOON(live_counts(house.live).lake_failures == 1);
    assert_non_null(strstr(live_counts(house.live).trouble, "written: the disk is tired"));
    give_lines(10);
    ASSERT_SOON(rows_learnt() == 20);
    assert_int_equal(ask(NULL), ODD_NOTFOUND);
    assert_int_equal(lake.asked_hot + lake.asked_more, 20);
    assert_int_equal(live_counts(house.live).checkpoints, 0);
    pause_ms(100); /* A tick ends what was given. */
    atomic_store(&lake.refuses, false);
    close_house(5);
    assert_int_equal(atomic_load(&lake.rows), 20);
    open_house(NO_CHECKPOINTS);
    assert_int_equal(rows_learnt(), 20);
    close_house(5);
}

static void a_write_that_takes_too_long_is_abandoned_at_the_end(void **state)
{
    (void)state;
    atomic_store(&lake.write_is_stuck, true);
    open_house(CHECKPOINTS);
    give_lines(10);
    ASSERT_SOON(atomic_load(&lake.writes) == 1);
    give_lines(10);
    ASSERT_SOON(rows_learnt() == 20);
    double begun = clock_seconds();
    close_house(0.5);
    assert_true(clock_seconds() - begun < 1.5);
    atomic_store(&lake.write_is_stuck, false);
    open_house(CHECKPOINTS);
    ASSERT_SOON(rows_learnt() == 20 && live_counts(house.live).hot_bytes == 0);
    assert_int_equal(atomic_load(&lake.rows), 20);
    close_house(5);
}

static void a_fold_that_lags_too_far_lets_nothing_more_in_until_it_has_caught_up(void **state)
{
    (void)state;
    static char text[32768] = "value ";
    memset(text + 6, '7', sizeof text - 6);
    atomic_store(&lake.write_is_stuck, true);
    open_house((LiveOptions){
        .checkpoint_s = 0.001, .hot_bytes_max = sizeof text, .lag_bytes_max = 100000});
    int stored = 0;
    while (stored < 100 && live_counts(house.live).hot_bytes <= 2 * sizeof text) {
        assert_int_equal(give(text, sizeof text), INTAKE_STORED);
        stored++;
        pause_ms(60); /* A tick ends it; then it is learnt. */
    }
    assert_in_range(stored, 2, 10); /* The fold waits for the lake. */
    pause_ms(300);
    assert_false(live_is_behind(house.live));
    int more = 0;
    while (more < 100 && give(text, sizeof text) == INTAKE_STORED)
        more++;
    assert_in_range(more, 4, 6);
    assert_true(live_is_behind(house.live));
    assert_false(intake_has_room(house.intake));
    atomic_store(&lake.write_is_stuck, false);
    ASSERT_SOON(!live_is_behind(house.live));
    assert_int_equal(give(text, sizeof text), INTAKE_STORED);
    ASSERT_SOON(rows_learnt() == (uint64_t)(stored + more + 1));
    close_house(5);
}

/* -- a fold that stopped ----------------------------------------------------------------------- */

static void a_fold_that_cannot_go_on_says_so_and_what_comes_is_learnt_after_a_restart(void **state)
{
    (void)state;
    open_house(NO_CHECKPOINTS);
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
    close_house(5);
    open_house(NO_CHECKPOINTS);
    ASSERT_SOON(rows_learnt() == 3);
    assert_false(live_has_failed(house.live));
    close_house(5);
}

static void a_fold_that_stopped_lets_in_no_more_than_may_lag(void **state)
{
    (void)state;
    open_house((LiveOptions){.checkpoint_s = 3600, .lag_bytes_max = 1000});
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
    close_house(5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_given_is_learnt_and_is_there_after_a_restart, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(all_files_of_a_write_are_of_its_checkpoint, make, destroy),
        cmocka_unit_test_setup_teardown(learning_goes_on_while_the_lake_is_written, make, destroy),
        cmocka_unit_test_setup_teardown(
            a_question_sees_each_row_once_whether_it_is_hot_or_being_written_or_stored, make,
            destroy),
        cmocka_unit_test_setup_teardown(a_long_question_holds_up_neither_learning_nor_checkpoints,
                                        make, destroy),
        cmocka_unit_test_setup_teardown(rows_that_cannot_be_written_stay_hot_and_are_tried_again,
                                        make, destroy),
        cmocka_unit_test_setup_teardown(a_write_that_takes_too_long_is_abandoned_at_the_end, make,
                                        destroy),
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
