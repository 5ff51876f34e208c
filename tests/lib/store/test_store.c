/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int make(void **state)
{
    static char place[PLACE_SIZE];
    place_make(place);
    *state = place;
    return 0;
}

static int destroy(void **state)
{
    place_remove(*state);
    return 0;
}

static void commit_all(odd_store *store, uint64_t first, uint64_t last, size_t size)
{
    for (uint64_t number = first; number <= last; number++) {
        odd_rc rc;
        assert_int_equal(store_commit_number(store, number, size, &rc), number);
    }
}

static void assert_there(odd_store *store, uint64_t after, uint64_t last)
{
    WhatIsThere what = store_read(store, after);
    assert_int_equal(what.corrupt_count, 0);
    assert_int_equal(what.count, last - after);
    for (size_t i = 0; i < what.count; i++) {
        assert_int_equal(what.numbers[i], after + i + 1);
        assert_int_equal(what.positions[i], after + i + 1);
    }
    what_free(&what);
}

static void what_was_committed_is_read_in_its_order(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    assert_int_equal(odd_store_position(store), 0);
    assert_there(store, 0, 0);
    commit_all(store, 1, 100, 200);
    assert_there(store, 0, 100);
    assert_there(store, 60, 100);
    assert_there(store, 100, 100);
    odd_store_close(store);
}

static void what_was_committed_is_there_after_a_restart(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    commit_all(store, 1, 30, 200);
    odd_store_close(store);
    store = store_opened(*state, NULL);
    assert_string_equal(odd_store_errmsg(store), "");
    assert_int_equal(odd_store_position(store), 30);
    commit_all(store, 31, 60, 200);
    assert_there(store, 0, 60);
    odd_store_close(store);
}

static void a_full_file_is_followed_by_the_next(void **state)
{
    odd_store_options options = {.segment_bytes_max = 100000};
    odd_store *store = store_opened(*state, &options);
    commit_all(store, 1, 200, 5000);
    assert_there(store, 0, 200);
    odd_store_close(store);
    store = store_opened(*state, &options);
    assert_string_equal(odd_store_errmsg(store), "");
    commit_all(store, 201, 300, 5000);
    assert_there(store, 0, 300);
    assert_there(store, 150, 300);
    odd_store_close(store);
    char name[PLACE_SIZE + 32];
    struct stat known;
    snprintf(name, sizeof name, "%s/journal-5.db", (char *)*state);
    assert_int_equal(stat(name, &known), 0);
}

static void a_cursor_goes_on_while_others_commit(void **state)
{
    odd_store_options options = {.segment_bytes_max = 50000};
    odd_store *store = store_opened(*state, &options);
    odd_cursor *cursor;
    assert_int_equal(odd_cursor_open(store, 0, &cursor), ODD_OK);
    odd_events *events;
    uint64_t position;
    for (uint64_t number = 1; number <= 100; number++) {
        assert_int_equal(odd_cursor_next(cursor, &events, &position), ODD_DONE);
        commit_all(store, number, number, 2000);
        assert_int_equal(odd_cursor_next(cursor, &events, &position), ODD_OK);
        assert_int_equal(position, number);
        assert_int_equal(number_in(events), number);
    }
    odd_cursor_close(cursor);
    odd_store_close(store);
}

static void a_second_store_on_a_directory_is_refused(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    assert_int_equal(odd_store_holder(store, "http://127.0.0.1:6330"), ODD_OK);
    odd_store *second = NULL;
    char problem[512];
    assert_int_equal(odd_store_open(*state, NULL, &second, problem, sizeof problem), ODD_BUSY);
    assert_null(second);
    assert_non_null(strstr(problem, "http://127.0.0.1:6330"));
    odd_store_close(store);
    odd_store_close(store_opened(*state, NULL));
}

static void a_reader_beside_the_writer_needs_no_lock(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    commit_all(store, 1, 10, 100);
    odd_store_options options = {.read_only = 1};
    odd_store *reader = store_opened(*state, &options);
    assert_there(reader, 0, 10);
    commit_all(store, 11, 20, 100);
    assert_there(reader, 0, 20);
    odd_events *events;
    uint64_t position;
    assert_int_equal(odd_events_open(NULL, 1, &events), ODD_OK);
    assert_int_equal(odd_store_commit(reader, &events, 1, NULL, &position), ODD_MISUSE);
    odd_events_close(events);
    odd_store_close(reader);
    odd_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_committed_is_read_in_its_order, make, destroy),
        cmocka_unit_test_setup_teardown(what_was_committed_is_there_after_a_restart, make, destroy),
        cmocka_unit_test_setup_teardown(a_full_file_is_followed_by_the_next, make, destroy),
        cmocka_unit_test_setup_teardown(a_cursor_goes_on_while_others_commit, make, destroy),
        cmocka_unit_test_setup_teardown(a_second_store_on_a_directory_is_refused, make, destroy),
        cmocka_unit_test_setup_teardown(a_reader_beside_the_writer_needs_no_lock, make, destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
