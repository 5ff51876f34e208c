/* SPDX-License-Identifier: Apache-2.0 */
#include "../store/fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/fold.h"
#include "simulated_day.h"
#include "store/store.h"

#define SEED 11
#define MINUTES 90

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

/* One commit a minute, so that commit n holds minute n - 1. */
static void day_into(odd_store *store)
{
    odd_events *events = events_open(NULL, 0);
    for (int minute = 0; minute < MINUTES; minute++) {
        events_clear(events);
        day_minute(SEED, minute, events);
        assert_true(events_tick(events));
        uint64_t position;
        assert_int_equal(odd_store_commit(store, &events, 1, NULL, &position), ODD_OK);
        assert_int_equal(position, minute + 1);
    }
    events_close(events);
}

static odd_fold *opened(void)
{
    odd_fold *fold;
    assert_int_equal(odd_fold_open(NULL, &fold), ODD_OK);
    return fold;
}

/* What the journal holds behind the fold's position, up to a commit. */
static void learn(odd_fold *fold, odd_store *store, uint64_t until)
{
    odd_cursor *cursor;
    odd_events *events;
    uint64_t position;
    assert_int_equal(odd_cursor_open(store, odd_fold_position(fold), &cursor), ODD_OK);
    while (odd_fold_position(fold) < until) {
        assert_int_equal(odd_cursor_next(cursor, &events, &position), ODD_OK);
        assert_int_equal(odd_fold_feed(fold, events, position), ODD_ROW);
        for (int i = 0; i < ODD_SHARD_COUNT; i++)
            assert_int_equal(odd_fold_step(fold, i), ODD_OK);
        assert_int_equal(odd_fold_merge(fold), ODD_OK);
    }
    odd_cursor_close(cursor);
}

static void checkpoint(odd_fold *fold, odd_store *store)
{
    if (odd_checkpoint(fold, store, NULL, 0) != ODD_OK)
        fail_msg("%s", odd_fold_errmsg(fold));
}

static void assert_same(odd_fold *a, odd_fold *b)
{
    for (int table = ODD_TABLE_TEMPLATES; table < ODD_TABLE_COUNT; table++) {
        const void *of_a, *of_b;
        size_t size_a, size_b;
        assert_int_equal(odd_fold_table(a, (odd_table)table, &of_a, &size_a), ODD_OK);
        assert_int_equal(odd_fold_table(b, (odd_table)table, &of_b, &size_b), ODD_OK);
        assert_int_equal(size_a, size_b);
        assert_memory_equal(of_a, of_b, size_a);
    }
    assert_int_equal(odd_fold_bytes(a), odd_fold_bytes(b));
}

static void assert_goes_on_as_uninterrupted(odd_fold *fold, odd_store *store)
{
    odd_fold *whole = opened();
    learn(whole, store, MINUTES);
    learn(fold, store, MINUTES);
    assert_same(whole, fold);
    odd_fold_close(whole);
}

static void execute(const char *place, const char *statement)
{
    char path[PLACE_SIZE + 64];
    snprintf(path, sizeof path, "%s/catalog.db", place);
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, statement, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

/* The day in the journal, and checkpoints at 30 and 60 of its minutes. */
static void two_checkpoints(const char *place)
{
    odd_store *store = store_opened(place, NULL);
    day_into(store);
    odd_fold *fold = opened();
    learn(fold, store, 30);
    checkpoint(fold, store);
    learn(fold, store, 60);
    checkpoint(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

static int64_t ask(const char *place, const char *query)
{
    char path[PLACE_SIZE + 64];
    snprintf(path, sizeof path, "%s/catalog.db", place);
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, query, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

/* A sample of each series from a number on. */
static void learn_series(odd_fold *fold, int from, int to, odd_time time)
{
    char series[64];
    odd_events *events = events_open(NULL, time);
    for (int i = from; i < to; i++) {
        snprintf(series, sizeof series, "load{pod=\"pod-%d\"}", i);
        assert_true(events_series(events, STR("web"), str_of(series), time, i % 7));
    }
    assert_true(events_tick(events));
    assert_int_equal(odd_fold_feed(fold, events, odd_fold_position(fold) + 1), ODD_ROW);
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        assert_int_equal(odd_fold_step(fold, i), ODD_OK);
    assert_int_equal(odd_fold_merge(fold), ODD_OK);
    events_close(events);
}

static void series_without_samples_are_not_written_again(void **state)
{
    enum { SERIES = 20000 };
    odd_store *store = store_opened(*state, NULL);
    odd_fold *fold = opened();
    for (int i = 0; i < 40; i++)
        learn_series(fold, 0, SERIES, DAY_START + i * MINUTE_NS);
    checkpoint(fold, store);
    learn_series(fold, 77, 78, DAY_START + 41 * MINUTE_NS);
    learn_series(fold, 0, 0, DAY_START + 42 * MINUTE_NS); /* Time passes. */
    checkpoint(fold, store);
    odd_store_close(store);
    static const char written[] = "SELECT count(*) FROM parts WHERE snapshot=2 AND blob NOT IN "
                                  "(SELECT blob FROM parts WHERE snapshot=1)";
    assert_in_range(ask(*state, "SELECT count(*) FROM parts WHERE snapshot=2"), 129, 2000);
    assert_int_equal(ask(*state, written), 4); /* The board, and of one shard three parts. */

    store = store_opened(*state, NULL);
    odd_fold *restored = opened();
    assert_int_equal(odd_restore(restored, store, 0), ODD_OK);
    for (int i = 43; i < 46; i++) {
        learn_series(fold, 0, SERIES, DAY_START + i * MINUTE_NS);
        learn_series(restored, 0, SERIES, DAY_START + i * MINUTE_NS);
    }
    assert_same(fold, restored);
    odd_fold_close(fold);
    odd_fold_close(restored);
    odd_store_close(store);
}

static void what_is_too_large_to_be_copied_is_packed_and_comes_back(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    day_into(store);
    odd_fold *fold = opened();
    learn(fold, store, 60);
    uint64_t memory = fold->options.memory_bytes_max;
    fold->options.memory_bytes_max = 1 << 20;
    checkpoint(fold, store);
    fold->options.memory_bytes_max = memory;
    odd_fold *restored = opened();
    assert_int_equal(odd_restore(restored, store, 0), ODD_OK);
    assert_same(fold, restored);
    assert_goes_on_as_uninterrupted(restored, store);
    odd_fold_close(fold);
    odd_fold_close(restored);
    odd_store_close(store);
}

static void an_empty_store_restores_nothing(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    odd_fold *fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_DONE);
    assert_int_equal(odd_fold_position(fold), 0);
    odd_fold_close(fold);
    odd_store_close(store);
}

/* Its catalog is lost, and the journal does not go back to the beginning: rows of the lake that
 * are older than the journal are not to be taken for ones that will come again. */
static void without_a_checkpoint_a_fold_begins_where_the_journal_does(void **state)
{
    odd_store_options options = {.segment_bytes_max = 20000};
    odd_store *store = store_opened(*state, &options);
    day_into(store);
    odd_fold *fold = opened();
    learn(fold, store, 60);
    checkpoint(fold, store);
    checkpoint(fold, store);
    assert_int_equal(odd_store_forget(store, 0), ODD_OK);
    odd_fold_close(fold);
    odd_store_close(store);
    char path[PLACE_SIZE + 64];
    snprintf(path, sizeof path, "%s/catalog.db", (const char *)*state);
    FILE *file = fopen(path, "wb");
    fputs("nonsense", file);
    fclose(file);
    store = store_opened(*state, &options);
    fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_DONE);
    uint64_t position = odd_fold_position(fold);
    assert_true(position > 0 && position <= 60);
    learn(fold, store, position + 1); /* That one is there. */
    assert_int_equal(odd_fold_position(fold), position + 1);
    checkpoint(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

static void a_fold_that_is_restored_goes_on_as_if_uninterrupted(void **state)
{
    two_checkpoints(*state);
    odd_store *store = store_opened(*state, NULL);
    odd_fold *fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_OK);
    assert_int_equal(odd_fold_position(fold), 60);
    assert_goes_on_as_uninterrupted(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

static void a_fold_can_be_as_it_was_at_an_older_checkpoint(void **state)
{
    two_checkpoints(*state);
    odd_store *store = store_opened(*state, NULL);
    odd_fold *fold = opened();
    assert_int_equal(odd_restore(fold, store, 59), ODD_OK);
    assert_int_equal(odd_fold_position(fold), 30);
    assert_goes_on_as_uninterrupted(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

static void behind_a_damaged_checkpoint_stands_the_one_before(void **state)
{
    two_checkpoints(*state);
    execute(*state, "UPDATE blobs SET bytes=zeroblob(length(bytes)) "
                    "WHERE id=(SELECT max(id) FROM blobs)");
    odd_store *store = store_opened(*state, NULL);
    odd_fold *fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_OK);
    assert_int_equal(odd_fold_position(fold), 30);
    assert_goes_on_as_uninterrupted(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

/* Whole for the store, but not for the fold: a part of it is an image of nothing. */
static void a_checkpoint_of_which_half_was_taken_leaves_nothing_behind(void **state)
{
    two_checkpoints(*state);
    odd_store *store = store_opened(*state, NULL);
    odd_fold *fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_OK);
    StorePart part = {.number = ODD_SHARD_COUNT - 1, .bytes = STR("no image")};
    assert_int_equal(store_checkpoint(store, 61, &part, 1, NULL, 0), ODD_OK);
    odd_fold_close(fold);
    odd_store_close(store);
    store = store_opened(*state, NULL);
    fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_OK);
    assert_int_equal(odd_fold_position(fold), 60);
    odd_damage damage;
    assert_int_equal(odd_store_damage(store, 0, &damage), 1);
    assert_non_null(strstr(damage.sentence, "cannot be read (part 63 of it is whole, but"));
    assert_goes_on_as_uninterrupted(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

static void an_image_of_another_version_is_refused_with_a_cure(void **state)
{
    two_checkpoints(*state);
    odd_store *store = store_opened(*state, NULL);
    odd_fold *fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_OK);
    Mem mem = {0};
    ImageOut out = {.mem = &mem};
    shard_save(&fold->shards[0], 0, &out);
    out.bytes[0] = (char)(IMAGE_VERSION + 1);
    StorePart part = {.number = 0, .bytes = {.text = out.bytes, .size = out.size}};
    assert_int_equal(store_checkpoint(store, 61, &part, 1, NULL, 0), ODD_OK);
    image_close(&out);
    odd_fold_close(fold);
    fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_VERSION);
    assert_non_null(strstr(odd_fold_errmsg(fold), "another version"));
    odd_fold_close(fold);
    odd_store_close(store);
}

static void a_checkpoint_between_two_ticks_is_refused(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    odd_fold *fold = opened();
    odd_events *events = events_open(NULL, 0);
    day_minute(SEED, 0, events);
    assert_int_equal(odd_fold_feed(fold, events, 1), ODD_OK);
    assert_int_equal(odd_checkpoint(fold, store, NULL, 0), ODD_MISUSE);
    assert_true(events_tick(events));
    assert_int_equal(odd_fold_feed(fold, events, 2), ODD_ROW);
    assert_int_equal(odd_checkpoint(fold, store, NULL, 0), ODD_MISUSE);
    events_close(events);
    odd_fold_close(fold);
    odd_store_close(store);
}

static void a_snapshot_is_of_its_position_whatever_is_learnt_before_it_is_recorded(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    day_into(store);
    odd_fold *fold = opened();
    odd_snapshot *snapshot;
    learn(fold, store, 30);
    assert_int_equal(odd_snapshot_take(fold, &snapshot), ODD_OK);
    learn(fold, store, 45);
    assert_int_equal(odd_snapshot_record(snapshot, store, NULL, 0), ODD_OK);
    odd_snapshot_close(snapshot);
    odd_fold *restored = opened();
    assert_int_equal(odd_restore(restored, store, 0), ODD_OK);
    assert_int_equal(odd_fold_position(restored), 30);
    assert_goes_on_as_uninterrupted(restored, store);
    odd_fold_close(restored);
    checkpoint(fold, store); /* Which has what changed since. */
    odd_fold_close(fold);
    restored = opened();
    assert_int_equal(odd_restore(restored, store, 0), ODD_OK);
    assert_int_equal(odd_fold_position(restored), 45);
    assert_goes_on_as_uninterrupted(restored, store);
    odd_fold_close(restored);
    odd_store_close(store);
}

static void what_was_not_recorded_is_part_of_the_next_checkpoint(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    day_into(store);
    odd_fold *fold = opened();
    odd_snapshot *snapshot;
    learn(fold, store, 30);
    checkpoint(fold, store);
    learn(fold, store, 45);
    assert_int_equal(odd_snapshot_take(fold, &snapshot), ODD_OK);
    odd_snapshot_close(snapshot);
    checkpoint(fold, store);
    odd_fold_close(fold);
    fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_OK);
    assert_int_equal(odd_fold_position(fold), 45);
    assert_goes_on_as_uninterrupted(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

/* The list of what each checkpoint has is gone; the next one must not lean on it. */
static void a_catalog_that_is_begun_anew_is_given_all_that_was_learnt(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    day_into(store);
    odd_fold *fold = opened();
    learn(fold, store, 30);
    checkpoint(fold, store);
    execute(*state, "DROP TABLE lake_files");
    assert_int_equal(odd_checkpoint(fold, store, &(const char *){"a.parquet"}, 1), ODD_CORRUPT);
    assert_non_null(strstr(odd_fold_errmsg(fold), "a new catalog was begun"));
    checkpoint(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
    store = store_opened(*state, NULL);
    fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_OK);
    assert_int_equal(odd_fold_position(fold), 30);
    assert_goes_on_as_uninterrupted(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

/* Names would be looked for where they are not. */
static void what_was_learnt_with_another_seed_is_refused_and_stays(void **state)
{
    odd_store *store = store_opened(*state, NULL);
    day_into(store);
    odd_fold *fold = opened(), *other;
    learn(fold, store, 10);
    checkpoint(fold, store);
    odd_fold_close(fold);
    assert_int_equal(odd_fold_open(&(odd_options){.seed = 7}, &other), ODD_OK);
    assert_int_equal(odd_restore(other, store, 0), ODD_MISUSE);
    assert_non_null(strstr(odd_fold_errmsg(other), "learnt with the seed 0"));
    odd_fold_close(other);
    fold = opened();
    assert_int_equal(odd_restore(fold, store, 0), ODD_OK);
    assert_goes_on_as_uninterrupted(fold, store);
    odd_fold_close(fold);
    odd_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_store_restores_nothing, make, destroy),
        cmocka_unit_test_setup_teardown(series_without_samples_are_not_written_again, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(what_is_too_large_to_be_copied_is_packed_and_comes_back,
                                        make, destroy),
        cmocka_unit_test_setup_teardown(without_a_checkpoint_a_fold_begins_where_the_journal_does,
                                        make, destroy),
        cmocka_unit_test_setup_teardown(a_fold_that_is_restored_goes_on_as_if_uninterrupted, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_fold_can_be_as_it_was_at_an_older_checkpoint, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(behind_a_damaged_checkpoint_stands_the_one_before, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_checkpoint_of_which_half_was_taken_leaves_nothing_behind,
                                        make, destroy),
        cmocka_unit_test_setup_teardown(an_image_of_another_version_is_refused_with_a_cure, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_checkpoint_between_two_ticks_is_refused, make, destroy),
        cmocka_unit_test_setup_teardown(what_was_learnt_with_another_seed_is_refused_and_stays,
                                        make, destroy),
        cmocka_unit_test_setup_teardown(
            a_snapshot_is_of_its_position_whatever_is_learnt_before_it_is_recorded, make, destroy),
        cmocka_unit_test_setup_teardown(what_was_not_recorded_is_part_of_the_next_checkpoint, make,
                                        destroy),
        cmocka_unit_test_setup_teardown(a_catalog_that_is_begun_anew_is_given_all_that_was_learnt,
                                        make, destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
