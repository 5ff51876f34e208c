/* SPDX-License-Identifier: Apache-2.0 */
#include "../../lib/store/faulty_vfs.h"
#include "../../lib/store/fixture.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event/events.h"
#include "intake/intake.h"

typedef struct {
    char       place[PLACE_SIZE];
    odd_store *store;
    Intake    *intake;
} House;

static House house;

static void open_house(const IntakeOptions *options)
{
    house.store = store_opened(house.place, NULL);
    assert_int_equal(intake_open(house.store, NULL, options, &house.intake), ODD_OK);
}

static void close_house(void)
{
    intake_close(house.intake);
    odd_store_close(house.store);
    house.intake = NULL;
    house.store = NULL;
}

static int make(void **state)
{
    (void)state;
    place_make(house.place);
    return 0;
}

static int destroy(void **state)
{
    (void)state;
    place_remove(house.place);
    return 0;
}

static odd_events *numbered(uint64_t number)
{
    odd_events *events;
    char text[64];
    int size = snprintf(text, sizeof text, "%" PRIu64, number);
    assert_int_equal(odd_events_open(NULL, 1, &events), ODD_OK);
    assert_int_equal(odd_events_record(events, "test", 1, 3, text, (size_t)size, ""), ODD_OK);
    return events;
}

/* -- many senders ------------------------------------------------------------------------------ */

#define SENDERS 16
#define SENT 300

static void *send_all(void *context)
{
    uint64_t sender = *(uint64_t *)context, last = 0;
    for (uint64_t i = 0; i < SENT; i++) {
        IntakeResult result = intake_wait(house.intake, numbered(sender * 100000 + i));
        assert_int_equal(result.status, INTAKE_STORED);
        assert_true(result.position > last); /* One sender's requests are stored in their order. */
        last = result.position;
    }
    return NULL;
}

/* Numbers of all records of a commit, and whether it ends with a tick. */
static size_t read_commit(const odd_events *events, uint64_t *numbers, size_t max, bool *ret_tick)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    size_t count = 0;
    *ret_tick = false;
    while (event_next(&reader, &event) == EVENT_READ) {
        assert_false(*ret_tick); /* Nothing stands behind a tick. */
        *ret_tick = event.kind == EVENT_TICK;
        if (event.kind != EVENT_RECORD)
            continue;
        assert_true(count < max);
        assert_non_null(numbers);
        char text[32] = "";
        memcpy(text, event.text.text, event.text.size);
        numbers[count++] = strtoull(text, NULL, 10);
    }
    return count;
}

typedef struct {
    uint64_t next[SENDERS]; /* Of each sender, the number that must come next. */
    size_t   count, tick_count;
    uint64_t position;
} Followed;

/* Every number once, each sender's in their order, positions without a gap. */
static void follow_commit(Followed *followed, const odd_events *events, uint64_t position)
{
    static uint64_t numbers[SENDERS * SENT];
    bool tick;
    assert_int_equal(position, followed->position + 1);
    followed->position = position;
    size_t count = read_commit(events, numbers, SENDERS * SENT, &tick);
    for (size_t i = 0; i < count; i++) {
        uint64_t sender = numbers[i] / 100000;
        assert_true(sender < SENDERS);
        assert_int_equal(numbers[i] % 100000, followed->next[sender]++);
    }
    followed->count += count;
    followed->tick_count += tick;
}

static void *follow_all(void *context)
{
    Followed *followed = context;
    IntakeFollower *follower;
    assert_int_equal(intake_follow(house.intake, 0, &follower), ODD_OK);
    odd_events *events;
    uint64_t position;
    while (followed->count < SENDERS * SENT) {
        odd_rc rc = intake_next(follower, 2000, &events, &position);
        assert_int_equal(rc, ODD_OK);
        follow_commit(followed, events, position);
    }
    intake_follower_close(follower);
    return NULL;
}

static void send_and_follow(size_t kept_bytes_max, Followed *followed)
{
    IntakeOptions options = {.kept_bytes_max = kept_bytes_max, .tick_ms = 20};
    open_house(&options);
    pthread_t senders[SENDERS], follower;
    uint64_t numbers[SENDERS];
    assert_int_equal(pthread_create(&follower, NULL, follow_all, followed), 0);
    for (uint64_t i = 0; i < SENDERS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&senders[i], NULL, send_all, &numbers[i]), 0);
    }
    for (size_t i = 0; i < SENDERS; i++)
        pthread_join(senders[i], NULL);
    pthread_join(follower, NULL);
    IntakeCounts counts = intake_counts(house.intake);
    assert_int_equal(counts.events, SENDERS * SENT);
    assert_true(counts.commits < SENDERS * SENT + counts.ticks); /* Some shared a commit. */
    assert_true(counts.commit_ms_median > 0);
    assert_true(counts.commit_ms_median <= counts.commit_ms_p99);
    assert_true(counts.commit_ms_p99 <= counts.commit_ms_max);
    assert_string_equal(counts.trouble, "");
    close_house();
}

static void many_senders_are_stored_once_each_in_their_order(void **state)
{
    (void)state;
    Followed followed = {0};
    send_and_follow(0, &followed);
    assert_true(followed.tick_count > 0);
    Followed read = {0};
    odd_store *store = store_opened(house.place, NULL);
    odd_cursor *cursor;
    odd_events *events;
    uint64_t position;
    assert_int_equal(odd_cursor_open(store, 0, &cursor), ODD_OK);
    while (odd_cursor_next(cursor, &events, &position) == ODD_OK)
        follow_commit(&read, events, position);
    assert_int_equal(read.count, SENDERS * SENT);
    odd_cursor_close(cursor);
    odd_store_close(store);
}

static void a_follower_without_memory_reads_the_journal(void **state)
{
    (void)state;
    Followed followed = {0};
    send_and_follow(1, &followed);
}

static void a_follower_goes_from_memory_to_the_journal_and_back(void **state)
{
    (void)state;
    Followed followed = {0};
    send_and_follow(2000, &followed);
}

static void a_follower_begins_where_it_is_told(void **state)
{
    (void)state;
    open_house(&(IntakeOptions){.tick_ms = 100000, .idle_tick_ms = 100000});
    for (uint64_t i = 1; i <= 10; i++)
        assert_int_equal(intake_wait(house.intake, numbered(i)).status, INTAKE_STORED);
    IntakeFollower *follower, *second;
    odd_events *events;
    uint64_t position;
    assert_int_equal(intake_follow(house.intake, 7, &follower), ODD_OK);
    assert_int_equal(intake_follow(house.intake, 7, &second), ODD_MISUSE);
    assert_int_equal(intake_wait(house.intake, numbered(11)).status, INTAKE_STORED);
    for (uint64_t i = 8; i <= 11; i++) {
        assert_int_equal(intake_next(follower, 1000, &events, &position), ODD_OK);
        assert_int_equal(position, i);
        assert_int_equal(number_in(events), i);
    }
    assert_int_equal(intake_next(follower, 10, &events, &position), ODD_DONE);
    intake_follower_close(follower);
    close_house();
}

/* -- ticks, keys, positions -------------------------------------------------------------------- */

static void time_that_passes_without_data_is_told_by_ticks(void **state)
{
    (void)state;
    open_house(&(IntakeOptions){.tick_ms = 5, .idle_tick_ms = 20});
    IntakeFollower *follower;
    odd_events *events;
    uint64_t position;
    assert_int_equal(intake_follow(house.intake, 0, &follower), ODD_OK);
    for (int i = 0; i < 3; i++) {
        bool tick;
        assert_int_equal(intake_next(follower, 5000, &events, &position), ODD_OK);
        assert_int_equal(read_commit(events, NULL, 0, &tick), 0);
        assert_true(tick);
    }
    intake_follower_close(follower);
    close_house();
}

static void behind_the_last_data_stands_a_tick(void **state)
{
    (void)state;
    open_house(&(IntakeOptions){.tick_ms = 100000, .idle_tick_ms = 100000});
    IntakeFollower *follower;
    odd_events *events;
    uint64_t position, number;
    bool tick;
    assert_int_equal(intake_follow(house.intake, 0, &follower), ODD_OK);
    assert_int_equal(intake_wait(house.intake, numbered(1)).status, INTAKE_STORED);
    intake_stop(house.intake);
    assert_int_equal(intake_next(follower, 10, &events, &position), ODD_OK);
    assert_int_equal(read_commit(events, &number, 1, &tick), 1);
    assert_false(tick);
    assert_int_equal(intake_next(follower, 10, &events, &position), ODD_OK);
    assert_int_equal(read_commit(events, NULL, 0, &tick), 0);
    assert_true(tick);
    assert_int_equal(intake_next(follower, 10, &events, &position), ODD_DONE);
    intake_follower_close(follower);
    close_house();
}

static void a_repeated_key_is_known_and_its_events_are_not_stored(void **state)
{
    (void)state;
    open_house(NULL);
    for (int i = 0; i < 2; i++) {
        odd_events *events = numbered(1);
        assert_int_equal(odd_events_key(events, "request 1"), ODD_OK);
        IntakeStatus expected = i == 0 ? INTAKE_STORED : INTAKE_KNOWN;
        assert_int_equal(intake_wait(house.intake, events).status, expected);
    }
    IntakeCounts counts = intake_counts(house.intake);
    assert_int_equal(counts.known, 1);
    assert_int_equal(odd_store_position(house.store), 1);
    close_house();
}

static void a_reader_finds_its_position(void **state)
{
    (void)state;
    open_house(NULL);
    char *position = intake_reader_position(house.intake, "app.log");
    assert_string_equal(position, "");
    free(position);
    odd_events *events = numbered(1);
    assert_int_equal(odd_events_position(events, "app.log", "inode 7 byte 42"), ODD_OK);
    assert_int_equal(intake_wait(house.intake, events).status, INTAKE_STORED);
    close_house();
    open_house(NULL);
    position = intake_reader_position(house.intake, "app.log");
    assert_string_equal(position, "inode 7 byte 42");
    free(position);
    close_house();
}

/* -- refusals ---------------------------------------------------------------------------------- */

static bool behind(void *context)
{
    return *(bool *)context;
}

static void a_fold_that_lags_refuses_what_comes(void **state)
{
    (void)state;
    bool lags = true;
    open_house(&(IntakeOptions){.is_behind = behind, .context = &lags, .retry_after_s = 7});
    assert_false(intake_has_room(house.intake));
    IntakeResult result = intake_wait(house.intake, numbered(1));
    assert_int_equal(result.status, INTAKE_FULL);
    assert_int_equal(result.retry_after_s, 7);
    lags = false;
    assert_true(intake_has_room(house.intake));
    assert_int_equal(intake_wait(house.intake, numbered(1)).status, INTAKE_STORED);
    assert_int_equal(intake_counts(house.intake).full, 1);
    close_house();
}

typedef struct {
    pthread_mutex_t lock;
    uint64_t        stored, stopped, full;
} Answers;

static void count_answer(void *context, IntakeResult result)
{
    Answers *answers = context;
    pthread_mutex_lock(&answers->lock);
    answers->stored += result.status == INTAKE_STORED;
    answers->stopped += result.status == INTAKE_STOPPED;
    answers->full += result.status == INTAKE_FULL;
    pthread_mutex_unlock(&answers->lock);
}

static void what_was_taken_before_the_stop_is_stored_and_answered(void **state)
{
    (void)state;
    Answers answers = {.lock = PTHREAD_MUTEX_INITIALIZER};
    open_house(NULL);
    for (uint64_t i = 0; i < 1000; i++)
        intake_give(house.intake, numbered(i), count_answer, &answers);
    intake_stop(house.intake);
    intake_give(house.intake, numbered(1000), count_answer, &answers);
    assert_int_equal(answers.stored, 1000);
    assert_int_equal(answers.stopped, 1);
    close_house();
    odd_store *store = store_opened(house.place, NULL);
    WhatIsThere what = store_read(store, 0);
    assert_int_equal(what.corrupt_count, 0);
    assert_int_equal(what.numbers[0], 0);
    what_free(&what);
    odd_store_close(store);
}

static void beyond_capacity_nothing_is_taken_and_nothing_taken_is_lost(void **state)
{
    (void)state;
    Answers answers = {.lock = PTHREAD_MUTEX_INITIALIZER};
    open_house(&(IntakeOptions){.queue_bytes_max = 20000});
    for (uint64_t i = 0; i < 5000; i++)
        intake_give(house.intake, numbered(i), count_answer, &answers);
    intake_stop(house.intake);
    assert_true(answers.full > 0);
    assert_int_equal(answers.stored + answers.full, 5000);
    assert_int_equal(intake_counts(house.intake).events, answers.stored);
    assert_int_equal(intake_counts(house.intake).queue_bytes, 0);
    close_house();
}

/* Once it has room again, it is the next tick that finds out. */
static void wait_for_room(void)
{
    for (int i = 0; i < 500 && !intake_has_room(house.intake); i++)
        usleep(10000);
    assert_true(intake_has_room(house.intake));
}

static void refuse_and_resume(Fault fault, IntakeStatus expected)
{
    faulty_register();
    odd_store_options faulty = {.vfs = "faulty"};
    house.store = store_opened(house.place, &faulty);
    assert_int_equal(intake_open(house.store, NULL, NULL, &house.intake), ODD_OK);
    assert_int_equal(intake_wait(house.intake, numbered(1)).status, INTAKE_STORED);
    faulty_set(fault, 1);
    for (int i = 0; i < 3; i++) { /* Tried once; refused at once for a while from then on. */
        IntakeResult result = intake_wait(house.intake, numbered(2));
        assert_int_equal(result.status, expected);
        assert_true(result.retry_after_s > 0);
    }
    assert_false(intake_has_room(house.intake));
    IntakeCounts counts = intake_counts(house.intake);
    assert_int_equal(expected == INTAKE_NO_SPACE ? counts.no_space : counts.failed, 3);
    assert_true(counts.trouble[0] != '\0');
    faulty_mend();
    wait_for_room();
    assert_int_equal(intake_wait(house.intake, numbered(3)).status, INTAKE_STORED);
    assert_string_equal(intake_counts(house.intake).trouble, "");
    WhatIsThere what = store_read(house.store, 0);
    for (size_t i = 0; i < what.count; i++)
        assert_true(what.numbers[i] != 2);
    what_free(&what);
    close_house();
    faulty_forget();
}

static void a_full_disk_is_told_and_left_by_itself(void **state)
{
    (void)state;
    refuse_and_resume(FAULT_FULL, INTAKE_NO_SPACE);
}

static void a_disk_that_fails_is_told_and_left_by_itself(void **state)
{
    (void)state;
    refuse_and_resume(FAULT_SYNC, INTAKE_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_senders_are_stored_once_each_in_their_order, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_follower_without_memory_reads_the_journal, make, destroy),
        cmocka_unit_test_setup_teardown(a_follower_goes_from_memory_to_the_journal_and_back, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_follower_begins_where_it_is_told, make, destroy),
        cmocka_unit_test_setup_teardown(time_that_passes_without_data_is_told_by_ticks, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(behind_the_last_data_stands_a_tick, make, destroy),
        cmocka_unit_test_setup_teardown(a_repeated_key_is_known_and_its_events_are_not_stored, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_reader_finds_its_position, make, destroy),
        cmocka_unit_test_setup_teardown(a_fold_that_lags_refuses_what_comes, make, destroy),
        cmocka_unit_test_setup_teardown(a_full_disk_is_told_and_left_by_itself, make, destroy),
        cmocka_unit_test_setup_teardown(a_disk_that_fails_is_told_and_left_by_itself, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(what_was_taken_before_the_stop_is_stored_and_answered, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(beyond_capacity_nothing_is_taken_and_nothing_taken_is_lost,
                                        make, destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
