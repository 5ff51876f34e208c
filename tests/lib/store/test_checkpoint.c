/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/store.h"

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

/* -- checkpoints ------------------------------------------------------------------------------- */

#define PARTS 3

typedef struct {
    char   texts[PARTS][64];
    size_t count;
} Taken;

static odd_rc take(void *context, int number, Str bytes)
{
    Taken *taken = context;
    assert_true(number >= 0 && number < PARTS && bytes.size < 64);
    memcpy(taken->texts[number], bytes.text, bytes.size);
    taken->texts[number][bytes.size] = '\0';
    taken->count++;
    return ODD_OK;
}

static void put(odd_store *store, uint64_t position, int number, const char *text)
{
    StorePart part = {.number = number, .bytes = str_of(text)};
    odd_rc rc = store_checkpoint(store, position, &part, 1, NULL, 0);
    if (rc != ODD_OK)
        fail_msg("%s", odd_store_catalog_errmsg(store));
}

static void put_all(odd_store *store, uint64_t position, const char *text)
{
    StorePart parts[PARTS];
    for (int i = 0; i < PARTS; i++)
        parts[i] = (StorePart){.number = i, .bytes = str_of(text)};
    assert_int_equal(store_checkpoint(store, position, parts, PARTS, NULL, 0), ODD_OK);
}

static Taken restored(odd_store *store, uint64_t at_most, uint64_t expected)
{
    Taken taken = {0};
    uint64_t position;
    assert_int_equal(store_restore(store, at_most, take, &taken, &position), ODD_OK);
    assert_int_equal(position, expected);
    return taken;
}

static void a_part_that_is_not_given_stays_as_it_was(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    put_all(store, 10, "first");
    put(store, 20, 1, "second");
    odd_store_close(store);
    store = store_opened(*state, NULL);
    Taken taken = restored(store, 0, 20);
    assert_int_equal(taken.count, PARTS);
    assert_string_equal(taken.texts[0], "first");
    assert_string_equal(taken.texts[1], "second");
    put(store, 30, 2, "third");
    taken = restored(store, 0, 30);
    assert_string_equal(taken.texts[1], "second");
    assert_string_equal(taken.texts[2], "third");
    odd_store_close(store);
}

static void without_a_restore_all_parts_are_those_that_are_given(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    put_all(store, 10, "old");
    odd_store_close(store);
    store = store_opened(*state, NULL);
    put(store, 20, 0, "new");
    assert_int_equal(restored(store, 0, 20).count, 1);
    odd_store_close(store);
}

static void the_last_three_are_kept_and_an_older_one_can_be_asked_for(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    for (uint64_t position = 10; position <= 50; position += 10) {
        char text[32];
        snprintf(text, sizeof text, "at %" PRIu64, position);
        put_all(store, position, text);
    }
    assert_string_equal(restored(store, 0, 50).texts[0], "at 50");
    assert_string_equal(restored(store, 45, 40).texts[0], "at 40");
    assert_string_equal(restored(store, 30, 30).texts[0], "at 30");
    Taken taken = {0};
    uint64_t position;
    assert_int_equal(store_restore(store, 29, take, &taken, &position), ODD_DONE);
    put(store, 60, 0, "newest"); /* What was asked for changes nothing of what the next rests on. */
    assert_string_equal(restored(store, 0, 60).texts[1], "at 50");
    odd_store_close(store);
}

static void execute(const char *place, const char *file, const char *statement)
{
    char path[PLACE_SIZE + 64];
    snprintf(path, sizeof path, "%s/%s", place, file);
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, statement, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void a_damaged_checkpoint_is_passed_over(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    put_all(store, 10, "ten");
    put_all(store, 20, "twenty");
    put_all(store, 30, "thirty");
    odd_store_close(store);
    execute(*state, "catalog.db",
            "UPDATE blobs SET bytes=zeroblob(length(bytes)) "
            "WHERE id=(SELECT max(id) FROM blobs)");
    store = store_opened(*state, NULL);
    assert_string_equal(restored(store, 0, 20).texts[0], "twenty");
    odd_damage damage;
    assert_true(odd_store_damage(store, 1, &damage)); /* The first: there is no journal here. */
    assert_non_null(
        strstr(damage.sentence, "the checkpoint of commit 30 in catalog.db cannot be "));
    assert_non_null(strstr(damage.sentence, "that of commit 20 is used"));
    put(store, 40, 0, "forty");
    assert_string_equal(restored(store, 0, 40).texts[1], "twenty");
    odd_store_close(store);
}

static void a_checkpoint_that_lacks_a_part_is_passed_over(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    put_all(store, 10, "ten");
    put_all(store, 20, "twenty");
    odd_store_close(store);
    execute(*state, "catalog.db", "DELETE FROM parts WHERE snapshot=2 AND number=1");
    store = store_opened(*state, NULL);
    restored(store, 0, 10);
    odd_store_close(store);
}

/* -- what is small ----------------------------------------------------------------------------- */

static void collect(void *context, const char *file)
{
    char *all = context;
    snprintf(all + strlen(all), 256 - strlen(all), "%s ", file);
}

static void files_of_the_lake_are_replaced_in_one_transaction(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    const char *first[] = {"b.parquet", "a.parquet"}, *second[] = {"c.parquet"};
    StorePart part = {.number = 0, .bytes = STR("state")};
    assert_int_equal(store_checkpoint(store, 1, &part, 1, first, 2), ODD_OK);
    assert_int_equal(odd_store_lake_replace(store, first, 1, second, 1), ODD_OK);
    odd_store_close(store);
    store = store_opened(*state, NULL);
    char all[256] = "";
    assert_int_equal(store_lake_files(store, collect, all), ODD_OK);
    assert_string_equal(all, "a.parquet c.parquet ");
    odd_store_close(store);
}

static void a_value_is_kept_by_its_name(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    Str value;
    assert_int_equal(store_get(store, "settings", &value), ODD_NOTFOUND);
    assert_int_equal(store_put(store, "settings", STR("one")), ODD_OK);
    assert_int_equal(store_put(store, "settings", STR("two")), ODD_OK);
    odd_store_close(store);
    store = store_opened(*state, NULL);
    assert_int_equal(store_get(store, "settings", &value), ODD_OK);
    assert_true(str_equal(value, STR("two")));
    odd_store_close(store);
    execute(*state, "catalog.db", "UPDATE named SET value='tvo'");
    store = store_opened(*state, NULL);
    assert_int_equal(store_get(store, "settings", &value), ODD_CORRUPT);
    odd_store_close(store);
}

static void the_first_secret_stays_and_only_its_owner_reads_it(void **state)
{
    unsigned char first[16] = "abcdefghijklmno", second[16] = "ABCDEFGHIJKLMNO", key[16];
    odd_store *store = store_opened(*state, NULL);
    assert_int_equal(odd_store_secret(store, first, key), ODD_OK);
    assert_memory_equal(key, first, 16);
    odd_store_close(store);
    store = store_opened(*state, NULL);
    assert_int_equal(odd_store_secret(store, second, key), ODD_OK);
    assert_memory_equal(key, first, 16);
    odd_store_close(store);
    static const char *const files[] = {"secret", "catalog.db", "lock"};
    for (size_t i = 0; i < 3; i++) {
        char path[PLACE_SIZE + 64];
        struct stat known;
        snprintf(path, sizeof path, "%s/%s", (char *)*state, files[i]);
        assert_int_equal(stat(path, &known), 0);
        assert_int_equal(known.st_mode & 0777, 0600);
    }
}

static void a_new_folder_keeps_its_first_seed(void **state)
{
    uint64_t seed = 0;
    odd_store *store = store_opened(*state, NULL);
    assert_int_equal(odd_store_seed(store, 17, &seed), ODD_OK);
    assert_int_equal(seed, 17);
    odd_store_close(store);
    store = store_opened(*state, NULL);
    assert_int_equal(odd_store_seed(store, 18, &seed), ODD_OK);
    assert_int_equal(seed, 17);
    odd_store_close(store);
    odd_store_options reading = {.read_only = 1};
    store = store_opened(*state, &reading);
    assert_int_equal(odd_store_seed(store, 19, &seed), ODD_OK);
    assert_int_equal(seed, 17);
    odd_store_close(store);
}

static void a_folder_that_was_learnt_without_a_seed_of_its_own_gets_none(void **state)
{
    uint64_t seed = 5;
    odd_store *store = store_opened(*state, NULL);
    odd_rc rc;
    assert_int_equal(store_commit_number(store, 1, 10, &rc), 1);
    assert_int_equal(odd_store_seed(store, 17, &seed), ODD_NOTFOUND);
    assert_int_equal(seed, 5);
    odd_store_close(store);
}

static void a_damaged_secret_is_put_aside(void **state)
{
    unsigned char first[16] = "abcdefghijklmno", second[16] = "ABCDEFGHIJKLMNO", key[16];
    char path[PLACE_SIZE + 64], bytes[64] = {0};
    snprintf(path, sizeof path, "%s/secret", (char *)*state);
    odd_store *store = store_opened(*state, NULL);
    assert_int_equal(odd_store_secret(store, first, key), ODD_OK);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    fputc('X', file);
    fclose(file);
    assert_int_equal(odd_store_secret(store, second, key), ODD_OK);
    assert_memory_equal(key, second, 16);
    odd_store_close(store);
    snprintf(path, sizeof path, "%s/secret.damaged", (char *)*state);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes, file), 24);
    fclose(file);
    assert_memory_equal(bytes + 1, first + 1, 15);
}

/* -- forgetting -------------------------------------------------------------------------------- */

static size_t journal_count(const char *place)
{
    size_t count = 0;
    for (int n = 1; n < 100; n++) {
        char path[PLACE_SIZE + 64];
        struct stat known;
        snprintf(path, sizeof path, "%s/journal-%d.db", place, n);
        count += stat(path, &known) == 0;
    }
    return count;
}

static void what_two_checkpoints_do_not_need_is_forgotten(void **state)
{
    odd_store_options options = {.segment_bytes_max = 50000};
    odd_store *store = store_opened(*state, &options);
    odd_rc rc;
    for (uint64_t number = 1; number <= 100; number++)
        assert_int_equal(store_commit_number(store, number, 5000, &rc), number);
    size_t all = journal_count(*state);
    assert_true(all > 6);
    put_all(store, 90, "once");
    assert_int_equal(odd_store_forget(store, 0), ODD_OK);
    assert_int_equal(journal_count(*state), all); /* One checkpoint alone may be damaged. */
    put_all(store, 100, "twice");
    assert_int_equal(odd_store_forget(store, UINT64_MAX), ODD_OK);
    assert_int_equal(journal_count(*state), all);
    assert_int_equal(odd_store_forget(store, 350000), ODD_OK);
    size_t fewer = journal_count(*state);
    assert_true(fewer < all && fewer > 2);
    assert_int_equal(odd_store_forget(store, 0), ODD_OK);
    assert_true(journal_count(*state) < fewer);
    WhatIsThere what = store_read(store, 90); /* All behind the older of the two. */
    assert_int_equal(what.count, 10);
    assert_int_equal(what.corrupt_count, 0);
    what_free(&what);
    what = store_read(store, 0); /* From the beginning of what is there. */
    assert_true(what.count >= 10 && what.count < 40);
    assert_int_equal(what.corrupt_count, 0);
    what_free(&what);
    what = store_read(store, 20); /* Who wants what is gone is told. */
    assert_int_equal(what.corrupt_count, 1);
    what_free(&what);
    odd_store_close(store);
    store = store_opened(*state, &options);
    assert_string_equal(odd_store_errmsg(store), "");
    assert_int_equal(store_commit_number(store, 101, 100, &rc), 101);
    odd_store_close(store);
}

/* -- formats ----------------------------------------------------------------------------------- */

static void assert_refused(const char *place, const char *file)
{
    odd_store *store = NULL;
    char problem[512] = "";
    assert_int_equal(odd_store_open(place, NULL, &store, problem, sizeof problem), ODD_VERSION);
    assert_null(store);
    assert_non_null(strstr(problem, file));
    assert_non_null(strstr(problem, "newer oddball"));
}

/* The sum that a newer oddball would write for format 2. */
static void write_head(const char *place, const char *file, uint64_t sum)
{
    char statement[128];
    snprintf(statement, sizeof statement, "UPDATE head SET format=2, sum=%" PRId64, (int64_t)sum);
    execute(place, file, statement);
}

static void files_of_a_newer_oddball_are_refused_and_left_alone(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    odd_rc rc;
    assert_int_equal(store_commit_number(store, 1, 100, &rc), 1);
    odd_store_close(store);
    SegmentHead head = {.n = 1, .first = 1, .before = 0};
    write_head(*state, "journal-1.db", segment_head_sum(2, &head));
    assert_refused(*state, "journal-1.db");
    write_head(*state, "journal-1.db", segment_head_sum(1, &head));
    execute(*state, "journal-1.db", "UPDATE head SET format=1");
    store = store_opened(*state, NULL);
    assert_string_equal(odd_store_errmsg(store), "");
    WhatIsThere what = store_read(store, 0);
    assert_int_equal(what.count, 1);
    what_free(&what);
    odd_store_close(store);
    write_head(*state, "catalog.db", catalog_head_sum(2));
    assert_refused(*state, "catalog.db");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_part_that_is_not_given_stays_as_it_was, make, destroy),
        cmocka_unit_test_setup_teardown(without_a_restore_all_parts_are_those_that_are_given, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(the_last_three_are_kept_and_an_older_one_can_be_asked_for,
                                        make, destroy),
        cmocka_unit_test_setup_teardown(a_damaged_checkpoint_is_passed_over, make, destroy),
        cmocka_unit_test_setup_teardown(a_checkpoint_that_lacks_a_part_is_passed_over, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(files_of_the_lake_are_replaced_in_one_transaction, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_value_is_kept_by_its_name, make, destroy),
        cmocka_unit_test_setup_teardown(a_new_folder_keeps_its_first_seed, make, destroy),
        cmocka_unit_test_setup_teardown(
            a_folder_that_was_learnt_without_a_seed_of_its_own_gets_none, make, destroy),
        cmocka_unit_test_setup_teardown(a_damaged_secret_is_put_aside, make, destroy),
        cmocka_unit_test_setup_teardown(the_first_secret_stays_and_only_its_owner_reads_it, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(what_two_checkpoints_do_not_need_is_forgotten, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(files_of_a_newer_oddball_are_refused_and_left_alone, make,
                                        destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
