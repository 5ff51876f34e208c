/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <math.h>
#include <stdio.h>

#include "base/rng.h"

#define MANY_SOURCES 10000

static void lines_add(odd_events *events, const char *source, const char *lines)
{
    assert_true(events_lines(events, str_of(source), 0, str_of(lines)));
}

static void sources_that_differ_only_behind_a_nul_are_one(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    lines_add(events, "app", "one\n");
    assert_true(events_lines(events, STR("app\0x"), 0, STR("two\n")));
    assert_true(events_record(events, STR("app\0y"), NOW, LEVEL_INFO, STR("three"), STR("")));
    fold_learn(fold, events, NOW);
    assert_int_equal(fold_row_count(fold, ODD_SOURCES), 1);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "rows"), 3);
    odd_fold_close(fold);
    events_close(events);
}

static void a_source_a_series_and_a_record_may_be_empty(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    lines_add(events, "", "one\n\n");
    assert_true(events_record(events, STR(""), ODD_TIME_NONE, LEVEL_NONE, STR(""), STR("")));
    assert_true(events_series(events, STR(""), STR(""), NOW, 1));
    fold_learn(fold, events, NOW);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "rows"), 3);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "samples"), 1);
    odd_fold_close(fold);
    events_close(events);
}

/* Nothing is left of it when its colours are gone; it was written past the batch once. */
static void a_record_of_colours_alone_is_a_row(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    for (int i = 0; i < 3; i++) {
        assert_true(
            events_record(events, STR("app"), NOW + i, LEVEL_ERROR, STR("\x1b[0m"), STR("")));
        assert_true(events_record(events, STR("app"), NOW + i, LEVEL_INFO, STR("done"), STR("")));
    }
    lines_add(events, "app", "\x1b[31m\x1b[0m\n");
    fold_learn(fold, events, NOW);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "rows"), 7);
    odd_fold_close(fold);
    events_close(events);
}

static void values_that_are_no_numbers_are_kept_and_counted(void **state)
{
    (void)state;
    static const double values[] = {NAN, INFINITY, -INFINITY, -0.0, 0.0, 1e308, -1e308, 5e-324};
    const size_t count = sizeof values / sizeof values[0];
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    for (size_t i = 0; i < count; i++)
        assert_true(events_series(events, STR("host"), STR("load"), NOW + (odd_time)i, values[i]));
    fold_learn(fold, events, NOW);
    assert_int_equal(fold_sum(fold, ODD_SERIES, "samples"), count);
    const void *bytes;
    size_t size, row = 0;
    assert_int_equal(odd_fold_table(fold, ODD_TABLE_SAMPLES, &bytes, &size), ODD_OK);
    TableReader reader = {.bytes = {.text = bytes, .size = size}};
    Cell cells[TABLE_COLUMNS_MAX];
    for (; table_next(&reader, cells) == ODD_ROW; row++) {
        assert_int_equal(cells[3].missing, isnan(values[row]));
        assert_true(cells[3].missing || memcmp(&cells[3].real, &values[row], sizeof(double)) == 0);
    }
    assert_int_equal(row, count);
    odd_fold_close(fold);
    events_close(events);
}

static void the_same_sample_twice_counts_once_but_not_that_of_another_source(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    for (int i = 0; i < 3; i++)
        assert_true(events_series(events, STR("host-1"), STR("up"), NOW, 1));
    assert_true(events_series(events, STR("host-2"), STR("up"), NOW, 1));
    fold_learn(fold, events, NOW);
    assert_int_equal(fold_row_count(fold, ODD_SERIES), 2);
    assert_int_equal(fold_sum(fold, ODD_SERIES, "samples"), 2);
    odd_rows *notes;
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_NOTES}, &notes), ODD_OK);
    assert_int_equal(odd_next(notes), ODD_ROW);
    assert_ptr_equal(strstr(odd_text(notes, 1), "2 samples came again"), odd_text(notes, 1));
    odd_rows_close(notes);
    const void *bytes;
    size_t size, rows = 0;
    assert_int_equal(odd_fold_table(fold, ODD_TABLE_SAMPLES, &bytes, &size), ODD_OK);
    TableReader reader = {.bytes = {.text = bytes, .size = size}};
    Cell cells[TABLE_COLUMNS_MAX];
    while (table_next(&reader, cells) == ODD_ROW)
        rows++;
    assert_int_equal(rows, 2);
    odd_fold_close(fold);
    events_close(events);
}

static void series_beyond_the_limit_share_one_name_and_lose_no_sample(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    odd_fold *fold;
    odd_options options = {.series_max = 640};
    char series[64];
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    odd_events *events = events_opened(NOW);
    for (int i = 0; i < MANY; i++) {
        snprintf(series, sizeof series, "load{id=\"%d\"}", i);
        assert_true(events_series(events, STR("host"), str_of(series), NOW, i));
    }
    fold_learn(fold, events, NOW);
    int64_t series_count = fold_sum(fold, ODD_SOURCES, "series");
    assert_in_range(series_count, 640, 2 * 640 + ODD_SHARD_COUNT);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "samples"), MANY);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "refused"), MANY - series_count);
    odd_fold_close(fold);
    events_close(events);
}

static void a_flood_of_series_is_told_with_the_label_that_makes_it(void **state)
{
    (void)state;
    odd_fold *fold;
    odd_options options = {.series_max = 640};
    char series[128];
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    odd_events *events = events_opened(NOW);
    for (int i = 0; i < 9000; i++) {
        snprintf(series, sizeof series, "load{host=\"web-%d\",request=\"%x\",zone=\"a\"}", i % 7,
                 i);
        assert_true(events_series(events, STR("shop"), str_of(series), NOW, i));
        if (i < 100)
            assert_true(events_series(events, STR("calm"), str_of(series), NOW, i));
    }
    fold_learn(fold, events, NOW);
    odd_rows *rows;
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_NOTES}, &rows), ODD_OK);
    bool told = false;
    while (odd_next(rows) == ODD_ROW)
        told |= strstr(odd_text(rows, 1),
                       "most are of shop, whose label \"request\" has the most values") != NULL;
    assert_true(told);
    odd_rows_close(rows);
    odd_fold_close(fold);
    events_close(events);
}

static void sources_of_samples_beyond_the_limit_stop_nothing(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    char source[32];
    for (int i = 0; i < MANY_SOURCES; i++) {
        snprintf(source, sizeof source, "host-%d", i);
        assert_true(events_series(events, str_of(source), STR("up"), NOW, 1));
    }
    fold_learn(fold, events, NOW);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "samples"), MANY_SOURCES);
    assert_in_range(fold_row_count(fold, ODD_SOURCES), 64, 1000); /* All of one shard. */
    odd_fold_close(fold);
    events_close(events);
}

static void sources_of_lines_beyond_the_limit_are_one(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    char source[32];
    for (int i = 0; i < 3 * MANY_SOURCES; i++) {
        snprintf(source, sizeof source, "pod-%d", i);
        assert_true(events_lines(events, str_of(source), 0, STR("started\n")));
    }
    fold_learn(fold, events, NOW);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "rows"), 3 * MANY_SOURCES);
    assert_in_range(fold_row_count(fold, ODD_SOURCES), 64, 20000);
    assert_true(fold_row_count(fold, ODD_NOTES) > 0);
    odd_fold_close(fold);
    events_close(events);
}

/* Clocks that stand at either end of what can be told, and at zero. */
static void clocks_of_any_year_are_learnt(void **state)
{
    (void)state;
    static const odd_time times[] = {INT64_MIN + 1, -1, 0, 1, NOW, INT64_MAX - 1, INT64_MAX, NOW,
                                     ODD_TIME_NONE};
    const size_t count = sizeof times / sizeof times[0];
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    char source[32];
    int64_t rows = 0;
    for (size_t known = 0; known < count; known++) {
        for (size_t i = 0; i < 4 * count; i++, rows++) {
            snprintf(source, sizeof source, "clock-%zu", (i + known) % 3);
            events->known = times[known];
            assert_true(events_record(events, str_of(source), times[i % count], LEVEL_INFO,
                                      STR("heartbeat ok"), STR("")));
            assert_true(events_series(events, str_of(source), STR("up"), times[i % count], 1));
        }
        fold_learn(fold, events, times[known]);
    }
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "rows"), rows);
    odd_fold_close(fold);
    events_close(events);
}

static void a_clock_that_leaps_by_years_makes_no_flood_of_findings(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    assert_true(
        events_record(events, STR("a"), S_PER_DAY * NS_PER_S, LEVEL_INFO, STR("booted"), STR("")));
    fold_learn(fold, events, NOW);
    assert_true(events_record(events, STR("a"), NOW, LEVEL_INFO, STR("synchronized"), STR("")));
    fold_learn(fold, events, NOW + NS_PER_S);
    assert_true(fold->board.days < 8);
    odd_fold_close(fold);
    events_close(events);
}

static void minutes_of_lines(odd_fold *fold, odd_events *events, odd_time from, int minutes)
{
    char text[64];
    for (int i = 0; i < minutes; i++) {
        odd_time time = from + i * 60 * NS_PER_S;
        events->known = time;
        for (int k = 0; k < 5; k++) {
            snprintf(text, sizeof text, "request %d served", k);
            assert_true(events_record(events, STR("app"), time, LEVEL_INFO, str_of(text), STR("")));
        }
        fold_learn(fold, events, time);
    }
}

static void events_of_two_days_ago_are_kept_and_counted_as_late(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    minutes_of_lines(fold, events, NOW, 30);
    odd_time threshold_time = fold->board.clock;
    const odd_time late = NOW - 48 * 3600 * NS_PER_S;
    events->known = NOW + 1801 * NS_PER_S;
    for (int i = 0; i < 100; i++)
        assert_true(events_record(events, STR("app"), late, LEVEL_FATAL, STR("the disk is on fire"),
                                  STR("")));
    fold_learn(fold, events, NOW + 1801 * NS_PER_S);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "late_rows"), 100);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "rows"), 250);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    assert_true(fold->board.clock >= threshold_time);
    odd_fold_close(fold);
    events_close(events);
}

/* Lines of words that never come again: the worst for what learns patterns. */
static void random_line(Rng *rng, char *line, size_t size)
{
    size_t at = 0;
    for (uint64_t words = 3 + rng_next(rng) % 10; words > 0; words--) {
        for (uint64_t letters = 3 + rng_next(rng) % 8; letters > 0 && at + 2 < size; letters--)
            line[at++] = (char)('a' + rng_next(rng) % 26);
        line[at++] = ' ';
    }
    line[at - 1] = '\n';
    line[at] = '\0';
}

static bool notes_tell(odd_fold *fold, const char *words)
{
    odd_rows *rows;
    odd_question question = {.view = ODD_NOTES};
    bool told = false;
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        told = told || strstr(odd_text(rows, odd_column(rows, "sentence")), words) != NULL;
    odd_rows_close(rows);
    return told;
}

/* Whoever reads the note must know whether it is still so. */
static void coarse_patterns_are_told_since_when_and_not_for_ever(void **state)
{
    (void)state;
    Rng rng = rng_seeded(7);
    odd_fold *fold = fold_opened(1);
    odd_events *events = events_opened(NOW);
    char line[256];
    lines_add(events, "calm", "the same line\n");
    fold_learn(fold, events, NOW);
    assert_false(notes_tell(fold, "memory is short"));
    for (int tick = 1; tick <= 20; tick++) {
        for (int i = 0; i < 2000; i++) {
            random_line(&rng, line, sizeof line);
            lines_add(events, "wild", line);
        }
        fold_learn(fold, events, NOW + tick * NS_PER_S);
    }
    assert_true(notes_tell(fold, "memory is short: since 2025-12-01T00:00:"));
    assert_true(notes_tell(fold, "last at 2025-12-01T00:00:20Z"));
    odd_time day = S_PER_DAY * NS_PER_S;
    for (int tick = 1; tick <= 3; tick++) {
        assert_true(notes_tell(fold, "memory is short"));
        lines_add(events, "calm", "the same line\n");
        fold_learn(fold, events, NOW + tick * day / 2);
    }
    assert_false(notes_tell(fold, "memory is short"));
    random_line(&rng, line, sizeof line);
    lines_add(events, "wild", line);
    fold_learn(fold, events, NOW + 3 * day);
    assert_true(
        notes_tell(fold, "since 2025-12-04T00:00:00Z, and last at 2025-12-04T00:00:00Z, 1 "));
    odd_fold_close(fold);
    events_close(events);
}

static void a_small_memory_makes_patterns_coarse_and_loses_no_count(void **state)
{
    (void)state;
    enum { TICKS = 60, LINES = 1000 };
    const uint64_t memory = 8u << 20;
    Rng rng = rng_seeded(5);
    odd_fold *fold = fold_opened(memory);
    odd_events *events = events_opened(NOW);
    char line[256], source[32];
    for (int tick = 0; tick < TICKS; tick++) {
        for (int i = 0; i < LINES; i++) {
            random_line(&rng, line, sizeof line);
            snprintf(source, sizeof source, "source-%d", (int)(rng_next(&rng) % 200));
            lines_add(events, source, line);
            snprintf(line, sizeof line, "load{id=\"%d\"}", tick * LINES + i);
            assert_true(events_series(events, STR("host"), str_of(line), NOW, i));
        }
        fold_learn(fold, events, NOW + tick * NS_PER_S);
    }
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "rows"), TICKS * LINES);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "samples"), TICKS * LINES);
    assert_int_equal(fold_sum(fold, ODD_PATTERNS, "count"), TICKS * LINES);
    assert_true(fold_row_count(fold, ODD_NOTES) > 0);
    assert_true(odd_fold_bytes(fold) < 64ull << 20); /* A shard may always have 1 MiB. */
    odd_fold_close(fold);
    events_close(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_that_differ_only_behind_a_nul_are_one),
        cmocka_unit_test(a_source_a_series_and_a_record_may_be_empty),
        cmocka_unit_test(a_record_of_colours_alone_is_a_row),
        cmocka_unit_test(values_that_are_no_numbers_are_kept_and_counted),
        cmocka_unit_test(the_same_sample_twice_counts_once_but_not_that_of_another_source),
        cmocka_unit_test(series_beyond_the_limit_share_one_name_and_lose_no_sample),
        cmocka_unit_test(a_flood_of_series_is_told_with_the_label_that_makes_it),
        cmocka_unit_test(sources_of_samples_beyond_the_limit_stop_nothing),
        cmocka_unit_test(sources_of_lines_beyond_the_limit_are_one),
        cmocka_unit_test(clocks_of_any_year_are_learnt),
        cmocka_unit_test(a_clock_that_leaps_by_years_makes_no_flood_of_findings),
        cmocka_unit_test(events_of_two_days_ago_are_kept_and_counted_as_late),
        cmocka_unit_test(coarse_patterns_are_told_since_when_and_not_for_ever),
        cmocka_unit_test(a_small_memory_makes_patterns_coarse_and_loses_no_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
