/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk that is full or fails, as the one that commits sees it. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faulty_vfs.h"

static const odd_store_options faulty = {.vfs = "faulty"};

static int make(void **state)
{
    static char place[PLACE_SIZE];
    faulty_register();
    place_make(place);
    *state = place;
    return 0;
}

static int destroy(void **state)
{
    faulty_mend();
    faulty_forget();
    faulty_full_while(NULL);
    place_remove(*state);
    return 0;
}

static void commit_all(odd_store *store, uint64_t first, uint64_t last)
{
    for (uint64_t number = first; number <= last; number++) {
        odd_rc rc;
        store_commit_number(store, number, 500, &rc);
        assert_int_equal(rc, ODD_OK);
    }
}

static bool has_file(const char *place, const char *name)
{
    char path[PLACE_SIZE + 64];
    struct stat known;
    snprintf(path, sizeof path, "%s/%s", place, name);
    return stat(path, &known) == 0;
}

/* The commit that failed may stand in the file, as no one knows; it does not count. */
static void a_failed_sync_begins_the_next_file_and_its_commit_does_not_count(void **state)
{
    odd_store *store = store_opened(*state, &faulty);
    commit_all(store, 1, 10);
    faulty_set(FAULT_SYNC, 1);
    odd_rc rc;
    assert_int_equal(store_commit_number(store, 11, 500, &rc), 0);
    assert_int_equal(rc, ODD_IO);
    assert_non_null(strstr(odd_store_errmsg(store), "journal-1.db"));
    assert_int_equal(odd_store_position(store), 10);
    assert_int_equal(store_commit_number(store, 12, 500, &rc), 11);
    assert_true(has_file(*state, "journal-2.db"));
    for (int life = 0; life < 2; life++) {
        WhatIsThere what = store_read(store, 0);
        assert_int_equal(what.corrupt_count, 0);
        assert_int_equal(what.count, 11);
        assert_int_equal(what.numbers[9], 10);
        assert_int_equal(what.numbers[10], 12);
        what_free(&what);
        odd_store_close(store);
        store = store_opened(*state, &faulty);
    }
    odd_store_close(store);
}

static void a_full_disk_stores_nothing_and_goes_on_when_there_is_room(void **state)
{
    odd_store *store = store_opened(*state, &faulty);
    commit_all(store, 1, 10);
    faulty_set(FAULT_FULL, 1);
    for (int i = 0; i < 5; i++) {
        odd_rc rc;
        assert_int_equal(store_commit_number(store, 100, 500, &rc), 0);
        assert_int_equal(rc, ODD_SPACE);
        assert_true(odd_store_errmsg(store)[0] != '\0');
    }
    faulty_mend();
    commit_all(store, 11, 20);
    assert_false(has_file(*state, "journal-2.db"));
    WhatIsThere what = store_read(store, 0);
    assert_int_equal(what.count, 20);
    for (size_t i = 0; i < what.count; i++)
        assert_int_equal(what.numbers[i], i + 1);
    what_free(&what);
    odd_store_close(store);
}

/* The system's own file is gone, as after a restart of the machine, so that opening needs room. */
static void a_store_opens_while_the_disk_is_full(void **state)
{
    char reserve[PLACE_SIZE + 64], index[PLACE_SIZE + 64];
    snprintf(reserve, sizeof reserve, "%s/reserve", (char *)*state);
    snprintf(index, sizeof index, "%s/catalog.db-shm", (char *)*state);
    odd_store *store = store_opened(*state, &faulty);
    commit_all(store, 1, 10);
    odd_store_close(store);
    unlink(index);
    assert_true(has_file(*state, "reserve"));
    faulty_full_while(reserve);
    faulty_set(FAULT_FULL, 0);
    store = store_opened(*state, &faulty);
    assert_false(has_file(*state, "reserve"));
    WhatIsThere what = store_read(store, 0);
    assert_int_equal(what.count, 10);
    what_free(&what);
    odd_store_close(store);
    faulty_mend();
    odd_store_close(store_opened(*state, &faulty));
    assert_true(has_file(*state, "reserve")); /* Taken again for the next time. */
}

/* Whichever operation of opening fails: it is refused with a sentence, or done. */
static void opening_meets_a_fault_at_every_operation(void **state)
{
    odd_store *store = store_opened(*state, &faulty);
    commit_all(store, 1, 10);
    odd_store_close(store);
    bool struck = true;
    for (uint64_t at = 1; struck; at++) {
        char problem[512] = "";
        faulty_set(FAULT_WRITE, at);
        store = NULL;
        odd_rc rc = odd_store_open(*state, &faulty, &store, problem, sizeof problem);
        assert_true((rc == ODD_OK) == (store != NULL));
        assert_true(rc == ODD_OK || problem[0] != '\0');
        odd_store_close(store);
        struck = faulty_has_struck();
        faulty_mend();
        store = store_opened(*state, &faulty);
        WhatIsThere what = store_read(store, 0);
        assert_int_equal(what.count, 10);
        what_free(&what);
        odd_store_close(store);
        assert_true(at < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_failed_sync_begins_the_next_file_and_its_commit_does_not_count, make, destroy),
        cmocka_unit_test_setup_teardown(a_full_disk_stores_nothing_and_goes_on_when_there_is_room,
                                        make, destroy),
        cmocka_unit_test_setup_teardown(a_store_opens_while_the_disk_is_full, make, destroy),
        cmocka_unit_test_setup_teardown(opening_meets_a_fault_at_every_operation, make, destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
