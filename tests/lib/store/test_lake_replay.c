/* SPDX-License-Identifier: Apache-2.0 */
#include "../engine/folding.h"

#include <stdio.h>
#include <string.h>

#include "../engine/simulated_day.h"
#include "../sanitized.h"
#include "base/rng.h"
#include "made.h"

#define SEED 23
#define MINUTES 240
#define MINUTES_A_WRITE 40
#define MINUTES_A_TICK 3 /* At most. */

/* -- a history that is hard to keep ----------------------------------------------------------- */

static void odd_lines(odd_events *events, int minute)
{
    static char long_line[EVENT_LINE_BYTES_MAX + 9];
    char name[32];
    memset(long_line, 'a' + minute % 26, sizeof long_line);
    snprintf(name, sizeof name, "new-%d", minute / 4); /* Its first lines wait for a tick. */
    events_lines(events, str_of(name), 3600, STR("a \xff line\n\n\x1b[31mred\x1b[0m  \r\nlast"));
    events_lines(events, STR("no \xff text"), 0, STR("a line of it"));
    events_lines(events, STR("long"), 0, (Str){.text = long_line, .size = sizeof long_line});
    events_record(events, STR("free"), ODD_TIME_NONE, LEVEL_NONE, STR(""), STR(""));
    events_record(events, STR("free"), events->known - 1234567, LEVEL_ERROR,
                  STR("two\nrows of \xc3\xa9\x00 it"), STR("{}"));
    events_record(events, STR("free"), events->known + 7200 * NS_PER_S, LEVEL_WARN,
                  STR("from the future"), STR(""));
}

static void sample(odd_events *events, const char *series, odd_time time, double value)
{
    events_series(events, STR("odd"), str_of(series), time, value);
}

static void odd_samples(odd_events *events, int minute)
{
    odd_time now = events->known - NS_PER_S;
    odd_time before = now - MINUTE_NS;
    double value = minute % 17;
    sample(events, "plain", now, value);
    sample(events, "fine", now + 17, value);
    sample(events, "no \xff text", now, value);
    sample(events, "missing", now, minute % 5 == 0 ? __builtin_nan("") : value);
    sample(events, "sent again", now, value);
    sample(events, "sent again", now, value);
    sample(events, "sent later", before, value - 1);
    sample(events, "sent later", now, value);
    sample(events, "backwards", now, value);
    sample(events, "backwards", now - 5 * NS_PER_S, value + 100);
    events_sample(events, now - 9 * NS_PER_S, value + 200);
    sample(events, "early", now + 7200 * NS_PER_S, value);
    sample(events, "twins", now, value);
    events_sample(events, now, value + 1);
    if (minute % 3 != 0)
        sample(events, "repeated", DAY_START + minute / 3 * 3 * MINUTE_NS, 1);
}

static void minute_of(Rng *rng, int minute, odd_events *events)
{
    events_clear(events);
    day_minute(SEED, minute, events);
    odd_lines(events, minute);
    odd_samples(events, minute);
    events_position(events, STR("long"), STR("at 17"));
    events_change(events, STR("deploy"), events->known, STR("{\"what\":\"deploy\"}"));
    if (minute == 30)
        events_verdict(events, STR("{\"verdict\":\"mute\",\"id\":\"m\",\"source\":\"*\"}"));
    if (minute == MINUTES - 1 || (minute + 1) % MINUTES_A_WRITE == 0 ||
        rng_next(rng) % MINUTES_A_TICK == 0)
        events_tick(events);
}

/* -- learnt, kept, and learnt again ----------------------------------------------------------- */

static odd_rc learn(void *context, const odd_events *events, uint64_t position)
{
    odd_fold *fold = context;
    odd_rc rc = odd_fold_feed(fold, events, position);
    for (int i = 0; rc == ODD_ROW && i < ODD_SHARD_COUNT; i++)
        assert_int_equal(odd_fold_step(fold, i), ODD_OK);
    return rc == ODD_ROW ? odd_fold_merge(fold) : rc;
}

static void append_rows(Made *made, odd_fold *fold)
{
    for (int table = 0; table < ODD_TABLE_COUNT; table++) {
        const void *bytes;
        size_t size;
        char path[160];
        assert_int_equal(odd_fold_table(fold, (odd_table)table, &bytes, &size), ODD_OK);
        snprintf(path, sizeof path, "%s/%s", made->folder, table_shapes[table].name);
        FILE *file = fopen(path, table < ODD_TABLE_GROWING ? "ab" : "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(bytes, 1, size, file), size);
        fclose(file);
    }
}

static void write_rows(Made *made, uint64_t position)
{
    odd_lake *lake = made_lake(made);
    for (int table = 0; table < ODD_TABLE_COUNT; table++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", made->folder, table_shapes[table].name);
        assert_int_equal(odd_lake_hot(lake, (odd_table)table, path), ODD_OK);
    }
    const char *files;
    if (odd_lake_write(lake, position, &files) != ODD_OK)
        fail_msg("%s", odd_lake_errmsg(lake));
    odd_lake_close(lake);
    for (int table = 0; table < ODD_TABLE_GROWING; table++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", made->folder, table_shapes[table].name);
        remove(path);
    }
}

static odd_fold *history(Made *made)
{
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(DAY_START);
    Rng rng = rng_seeded(SEED);
    for (int minute = 0; minute < MINUTES; minute++) {
        minute_of(&rng, minute, events);
        assert_int_equal(learn(fold, events, (uint64_t)minute + 1), ODD_OK);
        append_rows(made, fold);
        if ((minute + 1) % MINUTES_A_WRITE == 0)
            write_rows(made, (uint64_t)minute + 1);
    }
    events_close(events);
    return fold;
}

static void assert_same(odd_fold *a, odd_fold *b)
{
    for (int table = ODD_TABLE_GROWING; table < ODD_TABLE_SOURCES; table++) {
        const void *of_a, *of_b;
        size_t size_a, size_b;
        assert_int_equal(odd_fold_table(a, (odd_table)table, &of_a, &size_a), ODD_OK);
        assert_int_equal(odd_fold_table(b, (odd_table)table, &of_b, &size_b), ODD_OK);
        if (size_a != size_b || memcmp(of_a, of_b, size_a) != 0)
            fail_msg("the %s differ", table_shapes[table].name);
    }
    assert_int_equal(odd_fold_bytes(a), odd_fold_bytes(b));
    assert_int_equal(odd_fold_findings(a), odd_fold_findings(b));
    assert_int_equal(odd_fold_position(a), odd_fold_position(b));
}

static odd_fold *replayed(odd_lake *lake, uint64_t last)
{
    odd_fold *fold = fold_opened(0);
    odd_lake_replayed counts;
    if (odd_lake_replay(lake, 0, last, learn, fold, &counts) != ODD_OK)
        fail_msg("%s", odd_lake_errmsg(lake));
    assert_int_equal(counts.torn + counts.lines_missing + counts.samples_missing, 0);
    assert_int_equal(counts.commits, odd_fold_position(fold));
    assert_true(counts.commits >= last && counts.commits < last + MINUTES_A_WRITE);
    return fold;
}

static void history_replayed_from_the_lake_teaches_the_same(void **state)
{
    (void)state;
    Made made = made_open();
    odd_fold *live = history(&made);
    assert_true(odd_fold_findings(live) > 0);
    odd_lake *lake = made_lake(&made);
    uint64_t first, last;
    assert_int_equal(odd_lake_span(lake, &first, &last), ODD_OK);
    assert_int_equal(first, 1);
    assert_int_equal(last, MINUTES);
    odd_fold *again = replayed(lake, MINUTES);
    assert_same(live, again);
    odd_fold_close(again);
    const char *sentences;
    assert_int_equal(
        odd_lake_tidy(lake, MINUTES, DAY_START + 3 * DAY_MINUTES * MINUTE_NS, 0, 0, &sentences),
        ODD_OK);
    assert_non_null(strstr(sentences, "commits/"));
    again = replayed(lake, MINUTES);
    assert_same(live, again);
    odd_fold_close(again);
    odd_lake_close(lake);
    odd_fold_close(live);
    made_close(&made);
}

/* The rest comes out of the journal. */
static void a_part_of_it_ends_with_a_tick(void **state)
{
    (void)state;
    Made made = made_open();
    odd_fold *live = history(&made);
    odd_lake *lake = made_lake(&made);
    for (uint64_t last = 30; last < 50; last += SANITIZED ? 6 : 1) {
        odd_fold *again = replayed(lake, last);
        assert_true(odd_fold_position(again) >= last);
        odd_events *events = events_opened(DAY_START);
        Rng rng = rng_seeded(SEED);
        for (int minute = 0; minute < MINUTES; minute++) {
            minute_of(&rng, minute, events);
            if ((uint64_t)minute + 1 > odd_fold_position(again))
                assert_int_equal(learn(again, events, (uint64_t)minute + 1), ODD_OK);
        }
        assert_same(live, again);
        events_close(events);
        odd_fold_close(again);
    }
    odd_lake_close(lake);
    odd_fold_close(live);
    made_close(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history_replayed_from_the_lake_teaches_the_same),
        cmocka_unit_test(a_part_of_it_ends_with_a_tick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
