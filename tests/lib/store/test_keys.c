/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

#define HOUR_NS (3600 * (odd_time)1000000000)

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

static odd_events *keyed(const char *key, odd_time known, const char *text)
{
    odd_events *events;
    assert_int_equal(odd_events_open(NULL, known, &events), ODD_OK);
    assert_int_equal(odd_events_record(events, "test", 1, 3, text, strlen(text), ""), ODD_OK);
    assert_int_equal(odd_events_key(events, key), ODD_OK);
    return events;
}

static odd_rc commit_keyed(odd_store *store, const char *key, odd_time known)
{
    odd_events *events = keyed(key, known, "7");
    odd_rc result;
    uint64_t position;
    assert_int_equal(odd_store_commit(store, &events, 1, &result, &position), ODD_OK);
    odd_events_close(events);
    return result;
}

static void a_key_counts_once(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    assert_int_equal(commit_keyed(store, "a", 1), ODD_OK);
    assert_int_equal(commit_keyed(store, "a", 2), ODD_EXISTS);
    assert_int_equal(commit_keyed(store, "b", 3), ODD_OK);
    assert_int_equal(odd_store_position(store), 2);
    odd_store_close(store);
}

static void a_key_counts_once_in_one_commit_too(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    odd_events *events[] = {keyed("a", 1, "1"), keyed("a", 1, "2"), keyed("b", 1, "3")};
    odd_rc results[3];
    uint64_t position;
    assert_int_equal(odd_store_commit(store, events, 3, results, &position), ODD_OK);
    assert_int_equal(results[0], ODD_OK);
    assert_int_equal(results[1], ODD_EXISTS);
    assert_int_equal(results[2], ODD_OK);
    odd_cursor *cursor;
    odd_events *read;
    assert_int_equal(odd_cursor_open(store, 0, &cursor), ODD_OK);
    assert_int_equal(odd_cursor_next(cursor, &read, &position), ODD_OK);
    assert_int_equal(odd_events_count(read).records, 2);
    odd_cursor_close(cursor);
    odd_store_close(store);
    for (size_t i = 0; i < 3; i++)
        odd_events_close(events[i]);
}

static void keys_are_known_after_a_restart_and_in_later_files(void **state)
{
    odd_store_options options = {.segment_bytes_max = 20000};
    char key[32];
    for (int life = 0; life < 3; life++) {
        odd_store *store = store_opened(*state, &options);
        for (int i = 0; i < life * 50; i++) {
            snprintf(key, sizeof key, "key %d", i);
            assert_int_equal(commit_keyed(store, key, 1), ODD_EXISTS);
        }
        for (int i = life * 50; i < life * 50 + 50; i++) {
            odd_rc rc;
            snprintf(key, sizeof key, "key %d", i);
            assert_int_equal(commit_keyed(store, key, 1), ODD_OK);
            store_commit_number(store, 1, 3000, &rc);
            assert_int_equal(rc, ODD_OK);
        }
        odd_store_close(store);
    }
}

static void a_key_is_forgotten_after_a_day(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    assert_int_equal(commit_keyed(store, "a", HOUR_NS), ODD_OK);
    assert_int_equal(commit_keyed(store, "a", 24 * HOUR_NS), ODD_EXISTS);
    assert_int_equal(commit_keyed(store, "a", 26 * HOUR_NS), ODD_OK);
    assert_int_equal(commit_keyed(store, "a", 27 * HOUR_NS), ODD_EXISTS);
    assert_int_equal(commit_keyed(store, "a", 0), ODD_EXISTS); /* A clock that went back. */
    odd_store_close(store);
    store = store_opened(*state, NULL);
    assert_int_equal(commit_keyed(store, "a", 27 * HOUR_NS), ODD_EXISTS);
    odd_store_close(store);
}

/* -- the table by itself ----------------------------------------------------------------------- */

static Str key_text(uint64_t number, char text[32])
{
    return (Str){.text = text, .size = (size_t)snprintf(text, 32, "key %" PRIu64, number)};
}

static void the_newest_keys_are_kept_and_older_ones_go(void **state)
{
    (void)state;
    Requests requests = {0};
    char text[32];
    uint64_t count = REQUESTS_MAX + REQUESTS_MAX / 2;
    for (uint64_t i = 0; i < count; i++)
        assert_true(requests_add(&requests, key_text(i, text), (odd_time)i));
    for (uint64_t i = 0; i < count; i++)
        assert_int_equal(requests_has(&requests, key_text(i, text), (odd_time)count),
                         i >= count - REQUESTS_MAX);
    requests_close(&requests);
}

static void keys_that_are_taken_back_were_never_there(void **state)
{
    (void)state;
    Requests requests = {0};
    char text[32];
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(requests_add(&requests, key_text(i, text), 1));
    requests_take_back(&requests, 400);
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(requests_has(&requests, key_text(i, text), 1), i < 600);
    char *bytes = malloc(requests_bytes(&requests));
    requests_write(&requests, bytes);
    Requests again = {0};
    assert_true(requests_read(&again, (Str){.text = bytes, .size = requests_bytes(&requests)}));
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(requests_has(&again, key_text(i, text), 1), i < 600);
    free(bytes);
    requests_close(&again);
    requests_close(&requests);
}

/* -- positions of readers ---------------------------------------------------------------------- */

static void commit_position(odd_store *store, const char *source, const char *text)
{
    odd_events *events;
    uint64_t position;
    assert_int_equal(odd_events_open(NULL, 1, &events), ODD_OK);
    assert_int_equal(odd_events_position(events, source, text), ODD_OK);
    assert_int_equal(odd_store_commit(store, &events, 1, NULL, &position), ODD_OK);
    odd_events_close(events);
}

static void the_last_position_of_each_reader_is_known(void **state)
{
    odd_store_options options = {.segment_bytes_max = 20000};
    char source[32], text[64];
    for (int life = 0; life < 3; life++) {
        odd_store *store = store_opened(*state, &options);
        for (int i = 0; i < 300; i++) {
            snprintf(source, sizeof source, "source %d", i);
            snprintf(text, sizeof text, "byte %d", life == 0 ? 0 : (life - 1) * 1000 + i);
            assert_string_equal(odd_store_reader(store, source), life == 0 ? "" : text);
            snprintf(text, sizeof text, "byte %d", life * 1000 + i);
            commit_position(store, source, text);
            assert_string_equal(odd_store_reader(store, source), text);
        }
        odd_store_close(store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_counts_once, make, destroy),
        cmocka_unit_test_setup_teardown(a_key_counts_once_in_one_commit_too, make, destroy),
        cmocka_unit_test_setup_teardown(keys_are_known_after_a_restart_and_in_later_files, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_key_is_forgotten_after_a_day, make, destroy),
        cmocka_unit_test(the_newest_keys_are_kept_and_older_ones_go),
        cmocka_unit_test(keys_that_are_taken_back_were_never_there),
        cmocka_unit_test_setup_teardown(the_last_position_of_each_reader_is_known, make, destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
