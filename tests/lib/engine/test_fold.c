/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <stdio.h>

#include "base/rng.h"
#include "simulated_day.h"

#define SEED 7

/* All that a run gave: rows for the lake, then what was found, as bytes. */
typedef struct {
    char  *bytes;
    size_t size, capacity;
} Output;

static void output_add(Output *output, const void *bytes, size_t size)
{
    if (output->size + size > output->capacity) {
        output->capacity = 2 * (output->size + size);
        output->bytes = realloc(output->bytes, output->capacity);
        assert_non_null(output->bytes);
    }
    if (size > 0)
        memcpy(output->bytes + output->size, bytes, size);
    output->size += size;
}

static void output_add_table(Output *output, odd_fold *fold, odd_table table)
{
    const void *bytes;
    size_t size;
    assert_int_equal(odd_fold_table(fold, table, &bytes, &size), ODD_OK);
    output_add(output, bytes, size);
}

/* Journal positions are where commits end: they are no part of what must be equal. */
static void output_add_rows(Output *output, odd_fold *fold, odd_table table)
{
    const void *bytes;
    size_t size;
    assert_int_equal(odd_fold_table(fold, table, &bytes, &size), ODD_OK);
    TableReader reader = {.bytes = {.text = bytes, .size = size}};
    Cell cells[TABLE_COLUMNS_MAX];
    while (table_next(&reader, cells) == ODD_ROW)
        for (size_t i = 0; i < reader.column_count - 1; i++) {
            output_add(output, &cells[i].integer, sizeof cells[i].integer);
            output_add(output, &cells[i].hash, sizeof cells[i].hash);
            output_add(output, cells[i].text.text, cells[i].missing ? 0 : cells[i].text.size);
        }
}

typedef struct {
    odd_fold *fold;
    int       threads;
    uint64_t  position;
    Rng      *split; /* Where commits end; NULL: a commit a minute. */
} Run;

static void feed(Run *run, odd_events *events)
{
    odd_rc rc = odd_fold_feed(run->fold, events, ++run->position);
    assert_true(rc == ODD_OK || rc == ODD_ROW);
    if (rc == ODD_ROW || (run->split != NULL && rng_next(run->split) % 3 == 0))
        fold_step_all(run->fold, run->threads);
    if (rc == ODD_ROW)
        assert_int_equal(odd_fold_merge(run->fold), ODD_OK);
}

/* The same events, cut into commits at random, lines of one event too. */
static void feed_split(Run *run, const odd_events *events)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    odd_events *part = events_open(NULL, 0);
    Event event;
    while (event_next(&reader, &event) == EVENT_READ) {
        assert_true(events_copy(part, &event));
        if (rng_next(run->split) % 50 == 0) {
            feed(run, part);
            events_clear(part);
        }
    }
    feed(run, part);
    events_close(part);
}

static void run_minutes(Run *run, int from, int to, Output *output)
{
    odd_events *events = events_open(NULL, 0);
    for (int minute = from; minute < to; minute++) {
        events_clear(events);
        day_minute(SEED, minute, events);
        if (run->split != NULL) {
            feed_split(run, events);
            events_clear(events);
        }
        assert_true(events_tick(events));
        feed(run, events);
        output_add_rows(output, run->fold, ODD_TABLE_LOGS);
        output_add_rows(output, run->fold, ODD_TABLE_SAMPLES);
        output_add_rows(output, run->fold, ODD_TABLE_RATES);
    }
    events_close(events);
}

static odd_fold *opened(void)
{
    odd_fold *fold;
    assert_int_equal(odd_fold_open(NULL, &fold), ODD_OK);
    return fold;
}

static void output_end(Output *output, odd_fold *fold)
{
    for (int table = ODD_TABLE_TEMPLATES; table < ODD_TABLE_COUNT; table++)
        output_add_table(output, fold, (odd_table)table);
}

static Output day(int threads, Rng *split, int minutes)
{
    Run run = {.fold = opened(), .threads = threads, .split = split};
    Output output = {0};
    run_minutes(&run, 0, minutes, &output);
    output_end(&output, run.fold);
    odd_fold_close(run.fold);
    return output;
}

static void assert_same(Output a, Output b)
{
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.bytes, b.bytes, a.size);
}

static void the_output_is_the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    Output one = day(1, NULL, 300);
    for (int threads = 2; threads <= 8; threads *= 2) {
        Output many = day(threads, NULL, 300);
        assert_same(one, many);
        free(many.bytes);
    }
    free(one.bytes);
}

static void the_output_is_the_same_for_any_split_into_commits(void **state)
{
    (void)state;
    Output whole = day(1, NULL, 300);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        Rng split = rng_seeded(seed);
        Output parts = day(2, &split, 300);
        assert_same(whole, parts);
        free(parts.bytes);
    }
    free(whole.bytes);
}

/* number: a shard, or the board behind them. */
static void save_and_load(odd_fold *fold, odd_fold *loaded, int number, size_t part)
{
    Mem mem = {0};
    ImageOut out = {.mem = &mem};
    if (number == ODD_SHARD_COUNT)
        fold_save_board(fold, &out);
    else if (shard_part_is_there(&fold->shards[number], part))
        shard_save(&fold->shards[number], part, &out);
    else
        return;
    assert_false(out.failed);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    odd_rc rc = number < ODD_SHARD_COUNT ? shard_load(&loaded->shards[number], part, &in)
                                         : fold_load_board(loaded, &in);
    assert_int_equal(rc, ODD_OK);
    image_close(&out);
}

static odd_fold *saved_and_loaded(odd_fold *fold)
{
    odd_fold *loaded = opened();
    for (int i = 0; i <= ODD_SHARD_COUNT; i++) {
        size_t parts = i < ODD_SHARD_COUNT ? shard_parts(&fold->shards[i]) : 1;
        for (size_t part = 0; part < parts; part++)
            save_and_load(fold, loaded, i, part);
        if (i < ODD_SHARD_COUNT)
            assert_true(shard_is_whole(&loaded->shards[i]));
    }
    fold_tell_shards(loaded);
    odd_fold_close(fold);
    return loaded;
}

static void a_fold_that_was_saved_goes_on_as_if_it_had_never_stopped(void **state)
{
    (void)state;
    Output whole = day(1, NULL, 240);
    Run run = {.fold = opened(), .threads = 1};
    Output output = {0};
    for (int from = 0; from < 240; from += 60) {
        run_minutes(&run, from, from + 60, &output);
        run.fold = saved_and_loaded(run.fold);
    }
    output_end(&output, run.fold);
    odd_fold_close(run.fold);
    assert_same(whole, output);
    free(whole.bytes);
    free(output.bytes);
}

/* The first finding of that kind and source whose sentence holds `words`; its time, or 0. */
static odd_time found(odd_fold *fold, const char *kind, const char *source, const char *words)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_FINDINGS};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    odd_time time = 0;
    while (odd_next(rows) == ODD_ROW) {
        if (strcmp(odd_text(rows, odd_column(rows, "kind")), kind) == 0 &&
            strcmp(odd_text(rows, odd_column(rows, "source")), source) == 0 &&
            strstr(odd_text(rows, odd_column(rows, "sentence")), words) != NULL)
            time = odd_int(rows, odd_column(rows, "time"));
    }
    odd_rows_close(rows);
    return time;
}

static void what_is_odd_in_a_day_is_found_when_it_happens_and_little_else(void **state)
{
    (void)state;
    Run run = {.fold = opened(), .threads = 2};
    Output output = {0};
    run_minutes(&run, 0, DAY_MINUTES, &output);
    odd_time new = found(run.fold, "severity", "app-3.log", "backup failed");
    assert_int_equal((new - DAY_START) / MINUTE_NS, DAY_NEW_MINUTE);
    odd_time burst = found(run.fold, "burst", "app-5.log", "cache miss");
    assert_int_equal((burst - DAY_START) / MINUTE_NS, DAY_BURST_MINUTE);
    odd_time silent = found(run.fold, "silent", "app-7.log", "heartbeat");
    assert_int_equal((silent - DAY_START) / MINUTE_NS, DAY_SILENT_MINUTE - 1); /* Its last line. */
    odd_time high = found(run.fold, "high", "host", "`load` (host web-3)");
    odd_time shift = high != 0 ? high : found(run.fold, "level", "host", "`load` (host web-3)");
    assert_int_equal((shift - DAY_START) / MINUTE_NS, DAY_SHIFT_MINUTE);
    assert_in_range(run.fold->board.finding_count, 3, 2 * FINDINGS_PER_DAY_DEFAULT);
    odd_fold_close(run.fold);
    free(output.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_output_is_the_same_for_any_number_of_threads),
        cmocka_unit_test(the_output_is_the_same_for_any_split_into_commits),
        cmocka_unit_test(a_fold_that_was_saved_goes_on_as_if_it_had_never_stopped),
        cmocka_unit_test(what_is_odd_in_a_day_is_found_when_it_happens_and_little_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
