/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"

#define MINUTE (60 * NS_PER_S)

/* A number around `level`, as far off as `width` at most. */
static double around(Rng *rng, double level, double width)
{
    return level + width * ((double)(rng_next(rng) % 2001) / 1000 - 1);
}

/* Minutes of a series, a sample every 15 s and a tick a minute. */
static void learn_minutes(odd_fold *fold, const char *series, odd_time from, int minutes,
                          double level, Rng *rng)
{
    odd_events *events = events_opened(from);
    for (int minute = 0; minute < minutes; minute++) {
        odd_time start = from + minute * MINUTE;
        events->known = start;
        for (int i = 0; i < 4; i++) {
            odd_time time = start + i * 15 * NS_PER_S;
            assert_true(
                events_series(events, STR("web"), str_of(series), time, around(rng, level, 5)));
        }
        fold_learn(fold, events, start + MINUTE);
    }
    events_close(events);
}

/* A value far off at first, which is another level when it stays. */
static bool is_up(const Candidate *c)
{
    return c->kind == FINDING_HIGH || c->kind == FINDING_LEVEL;
}

static void a_level_that_shifts_is_one_finding_of_its_series(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    odd_fold *fold = fold_opened(0);
    const char *series = "queue_length{queue=\"mail\"}";
    learn_minutes(fold, series, NOW, 300, 100, &rng);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    learn_minutes(fold, series, NOW + 300 * MINUTE, 60, 400, &rng);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 1);
    const BoardFinding *finding = &fold->board.findings[0];
    assert_true(is_up(&finding->first));
    assert_true(finding->first.time == NOW + 300 * MINUTE);
    assert_string_equal(finding->first.source, "web");
    assert_string_equal(finding->first.pattern_text, series);
    assert_non_null(
        strstr(finding->first.sentence, "`queue_length` (queue mail) is 4.0x higher than usual: "));
    assert_int_equal(fold->board.incidents.count, 1);
    odd_fold_close(fold);
}

/* Its shard knows the source, and no series: there the memory is used up otherwise. */
static void an_incident_is_checked_beside_a_source_whose_series_found_no_room(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    odd_fold *fold = fold_opened(0);
    const char *series = "queue_length{queue=\"mail\"}";
    learn_minutes(fold, series, NOW, 300, 100, &rng);
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        fold->shards[i].series_bytes_max = 0;
    static const char *const refused[] = {"a", "b", "c"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        learn_minutes(fold, refused[i], NOW + 300 * MINUTE, 1, 1, &rng);
    learn_minutes(fold, series, NOW + 301 * MINUTE, 60, 400, &rng);
    assert_int_equal(fold->board.incidents.count, 1);
    odd_fold_close(fold);
}

static void a_start_is_a_change_and_no_finding(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    for (int minute = 0; minute < 6000; minute++) {
        odd_time time = NOW + minute * MINUTE;
        double started = (double)((NOW + minute / 1500 * 1500 * MINUTE) / NS_PER_S);
        assert_true(events_series(events, STR("web"),
                                  STR("process_start_time_seconds{service=\"shop\"}"), time,
                                  started));
        fold_learn(fold, events, time + MINUTE);
    }
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    assert_int_equal(fold_row_count(fold, ODD_CHANGES), 3);
    events_close(events);
    odd_fold_close(fold);
}

static size_t sample_rows(odd_fold *fold)
{
    const void *bytes;
    size_t size, count = 0;
    assert_int_equal(odd_fold_table(fold, ODD_TABLE_SAMPLES, &bytes, &size), ODD_OK);
    TableReader reader = {.bytes = {.text = bytes, .size = size}};
    Cell cells[TABLE_COLUMNS_MAX];
    while (table_next(&reader, cells) == ODD_ROW)
        count++;
    return count;
}

static void samples_that_are_sent_again_are_kept_once(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    for (int sent = 0; sent < 3; sent++) {
        assert_true(events_series(events, STR("web"), STR("a"), NOW, 0));
        for (int i = 1; i < SERIES_RECENT; i++)
            assert_true(events_sample(events, NOW + i * NS_PER_S, i));
        fold_learn(fold, events, NOW + (sent + 1) * MINUTE);
    }
    assert_int_equal(sample_rows(fold), SERIES_RECENT);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "late_rows"), 0);
    assert_int_equal(fold_sum(fold, ODD_SERIES, "samples"), SERIES_RECENT);
    events_close(events);
    odd_fold_close(fold);
}

static void samples_of_a_request_may_come_in_any_order(void **state)
{
    (void)state;
    static const int order[] = {4, 0, 3, 1, 2};
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    assert_true(events_series(events, STR("web"), STR("a"), NOW + 5 * NS_PER_S, 5));
    for (size_t i = 0; i < 5; i++)
        assert_true(events_sample(events, NOW + order[i] * NS_PER_S, order[i]));
    fold_learn(fold, events, NOW + MINUTE);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "late_rows"), 0);
    assert_int_equal(fold_sum(fold, ODD_SERIES, "samples"), 6);
    assert_int_equal(fold_sum(fold, ODD_SERIES, "first_time"), NOW);
    events_close(events);
    odd_fold_close(fold);
}

static void a_late_sample_is_kept_and_counted_and_not_judged(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    assert_true(events_series(events, STR("web"), STR("a"), NOW, 1));
    fold_learn(fold, events, NOW + MINUTE);
    assert_true(events_series(events, STR("web"), STR("a"), NOW - NS_PER_S, 2));
    assert_true(events_sample(events, NOW, 3)); /* Of the same time, and not the same. */
    fold_learn(fold, events, NOW + 2 * MINUTE);
    assert_int_equal(sample_rows(fold), 3);
    assert_int_equal(fold_sum(fold, ODD_SOURCES, "late_rows"), 2);
    assert_int_equal(fold_sum(fold, ODD_SERIES, "samples"), 3);
    assert_int_equal(fold_sum(fold, ODD_SERIES, "last_time"), NOW);
    events_close(events);
    odd_fold_close(fold);
}

/* More than the least memory of a fold has room to watch. */
enum { MANY_SERIES = (int)((64u << 20) / (sizeof(SeriesWatch) + 300)) };

/* One sample of each of a range of series. */
static void learn_many(odd_fold *fold, int from, int to, odd_time time)
{
    char series[64];
    odd_events *events = events_opened(time);
    for (int i = from; i < to; i++) {
        snprintf(series, sizeof series, "load{pod=\"pod-%d\"}", i);
        assert_true(events_series(events, STR("web"), str_of(series), time, i));
        if (i % 2000 == 1999)
            fold_learn(fold, events, time);
    }
    fold_learn(fold, events, time);
    events_close(events);
}

static bool is_noted(odd_fold *fold, const char *topic, const char *words)
{
    odd_rows *rows;
    bool found = false;
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_NOTES}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        found = found ||
                (strcmp(odd_text(rows, 0), topic) == 0 && strstr(odd_text(rows, 1), words) != NULL);
    odd_rows_close(rows);
    return found;
}

/* Series whose last sample is of that time: all of them are watched. */
static int assert_watched(odd_fold *fold, odd_time time)
{
    odd_rows *rows;
    int count = 0;
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_SERIES}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        if (odd_int(rows, odd_column(rows, "last_time")) != time)
            continue;
        assert_int_equal(odd_int(rows, odd_column(rows, "watched")), 1);
        count++;
    }
    odd_rows_close(rows);
    return count;
}

static void without_memory_series_are_kept_and_not_watched_until_others_have_ended(void **state)
{
    (void)state;
    const uint64_t memory = 64u << 20;
    odd_fold *fold = fold_opened(memory);
    learn_many(fold, 0, MANY_SERIES, NOW);
    int64_t watched = fold_sum(fold, ODD_SOURCES, "watched");
    assert_int_equal(sample_rows(fold), MANY_SERIES);
    assert_in_range(odd_fold_bytes(fold), memory / 4 * 3, memory / 16 * 17);
    assert_in_range(watched, MANY_SERIES / 4, fold_sum(fold, ODD_SOURCES, "series") - 1000);
    assert_int_equal(fold_sum(fold, ODD_SERIES, "watched"), watched);
    assert_true(is_noted(fold, "memory", "series are not watched"));

    /* Those that still come two days later, of which the last ones were too many at first. */
    odd_time later = NOW + 2 * S_PER_DAY * NS_PER_S;
    int last = (int)fold_sum(fold, ODD_SOURCES, "series");
    learn_many(fold, last - 2000, last, later);
    learn_many(fold, last - 2000, last, later + MINUTE);
    assert_in_range(assert_watched(fold, later + MINUTE), 1000, 2000);
    odd_fold_close(fold);
}

static void a_clean_day_of_many_series_gives_no_more_than_the_budget(void **state)
{
    (void)state;
    enum { SERIES = 100, MINUTES = 1440 };
    Rng rng = rng_seeded(5);
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    char series[64];
    for (int minute = 0; minute < MINUTES; minute++) {
        odd_time time = NOW + minute * MINUTE;
        events->known = time;
        for (int i = 0; i < SERIES; i++) {
            snprintf(series, sizeof series, "load{instance=\"web-%d\"}", i);
            assert_true(events_series(events, STR("web"), str_of(series), time,
                                      around(&rng, i, 1) + around(&rng, 0, 1)));
        }
        fold_learn(fold, events, time + MINUTE / 2);
    }
    assert_in_range(fold_row_count(fold, ODD_FINDINGS), 0, FINDINGS_PER_DAY_DEFAULT);
    events_close(events);
    odd_fold_close(fold);
}

/* A sample every 15 s of `count` machines, of which `silent` says nothing (-1: all do). */
static void learn_machines(odd_fold *fold, odd_time from, int minutes, int count, int silent)
{
    char series[64];
    odd_events *events = events_opened(from);
    for (int i = 0; i < minutes * 4; i++) {
        odd_time time = from + i * 15 * NS_PER_S;
        events->known = time;
        for (int k = 0; k < 8 * count; k++) {
            snprintf(series, sizeof series, "m%d{instance=\"web-%d\"}", k % 8, k / 8);
            if (k / 8 != silent)
                assert_true(events_series(events, STR("prom"), str_of(series), time, k));
        }
        fold_learn(fold, events, time + 7 * NS_PER_S);
        fold_learn(fold, events, time + 14 * NS_PER_S);
    }
    events_close(events);
}

static const BoardFinding *only_finding(odd_fold *fold, FindingKind kind)
{
    assert_int_equal(fold->board.finding_count, 1);
    assert_int_equal(fold->board.findings[0].first.kind, kind);
    return &fold->board.findings[0];
}

static void a_machine_that_sends_no_more_is_missed(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    learn_machines(fold, NOW, 120, 3, -1);
    learn_machines(fold, NOW + 120 * MINUTE, 1, 3, 1);
    assert_int_equal(fold->board.finding_count, 0);
    learn_machines(fold, NOW + 121 * MINUTE, 30, 3, 1);
    const Candidate *told = &only_finding(fold, FINDING_SILENT)->first;
    assert_true(told->time == NOW + 120 * MINUTE - 15 * NS_PER_S);
    assert_string_equal(told->pattern_text, "instance web-1");
    assert_non_null(strstr(told->sentence, "no samples from instance web-1 for "));
    assert_non_null(strstr(told->sentence, " min; usually they come every 15 s"));
    odd_fold_close(fold);
}

static void of_a_source_that_sends_no_more_the_machines_are_not_told(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    learn_machines(fold, NOW, 120, 3, -1);
    odd_events *events = events_opened(NOW);
    for (int i = 0; i < 120; i++)
        fold_learn(fold, events, NOW + 120 * MINUTE + i * 10 * NS_PER_S);
    events_close(events);
    const Candidate *told = &only_finding(fold, FINDING_SILENT)->first;
    assert_non_null(strstr(told->sentence, "no samples from source prom for "));
    odd_fold_close(fold);
}

/* What comes first comes before a tick, or behind it. */
static void a_night_without_ticks_is_nobodys_silence(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_time later = NOW + 128 * MINUTE;
    learn_machines(fold, NOW, 120, 3, -1);
    learn_machines(fold, later, 30, 3, -1);
    odd_events *events = events_opened(later);
    fold_learn(fold, events, later + 38 * MINUTE);
    events_close(events);
    learn_machines(fold, later + 38 * MINUTE + 10 * NS_PER_S, 30, 3, -1);
    assert_int_equal(fold->board.finding_count, 0);
    odd_fold_close(fold);
}

/* Minutes of a counter that grows by about `rate` a second. */
static void learn_counter(odd_fold *fold, odd_time from, int minutes, double rate, double *value,
                          Rng *rng)
{
    odd_events *events = events_opened(from);
    for (int i = 0; i < minutes * 4; i++) {
        odd_time time = from + i * 15 * NS_PER_S;
        events->known = time;
        *value += floor(15 * around(rng, rate, rate / 10));
        assert_true(events_series(events, STR("host"),
                                  STR("node_network_receive_bytes_total{device=\"eth0\"}"), time,
                                  *value));
        fold_learn(fold, events, time);
    }
    events_close(events);
}

static void of_a_counter_its_growth_is_told(void **state)
{
    (void)state;
    Rng rng = rng_seeded(4);
    odd_fold *fold = fold_opened(0);
    double value = 1e12;
    learn_counter(fold, NOW, 300, 1 << 20, &value, &rng);
    value = 0; /* It starts again. */
    learn_counter(fold, NOW + 300 * MINUTE, 60, 1 << 20, &value, &rng);
    assert_int_equal(fold->board.finding_count, 0);
    learn_counter(fold, NOW + 360 * MINUTE, 10, 20 << 20, &value, &rng);
    assert_int_equal(fold->board.finding_count, 1);
    const Candidate *told = &fold->board.findings[0].first;
    assert_true(is_up(told));
    assert_non_null(strstr(told->sentence, "interface eth0 receives "));
    assert_non_null(strstr(told->sentence, "x more than usual: "));
    assert_non_null(strstr(told->sentence, " MiB/s, expected 0."));
    odd_fold_close(fold);
}

static void a_row_has_what_was_expected_of_it(void **state)
{
    (void)state;
    Rng rng = rng_seeded(6);
    odd_fold *fold = fold_opened(0);
    learn_minutes(fold, "a", NOW, 60, 100, &rng);
    const void *bytes;
    size_t size, judged = 0;
    assert_int_equal(odd_fold_table(fold, ODD_TABLE_SAMPLES, &bytes, &size), ODD_OK);
    TableReader reader = {.bytes = {.text = bytes, .size = size}};
    Cell cells[TABLE_COLUMNS_MAX];
    while (table_next(&reader, cells) == ODD_ROW) {
        assert_int_equal(reader.column_count, 10);
        if (cells[4].missing)
            continue;
        judged++;
        assert_true(fabs(cells[4].real - 100) < 10);
        assert_true(cells[5].real < cells[4].real && cells[4].real < cells[6].real);
        assert_true(cells[7].real < 4);
        assert_memory_equal(cells[8].text.text, "gauge", 5);
    }
    assert_int_equal(judged, fold_sum(fold, ODD_SOURCES, "judged"));
    assert_in_range(judged, 200, 239);
    odd_fold_close(fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_that_shifts_is_one_finding_of_its_series),
        cmocka_unit_test(an_incident_is_checked_beside_a_source_whose_series_found_no_room),
        cmocka_unit_test(a_start_is_a_change_and_no_finding),
        cmocka_unit_test(samples_that_are_sent_again_are_kept_once),
        cmocka_unit_test(samples_of_a_request_may_come_in_any_order),
        cmocka_unit_test(a_late_sample_is_kept_and_counted_and_not_judged),
        cmocka_unit_test(without_memory_series_are_kept_and_not_watched_until_others_have_ended),
        cmocka_unit_test(a_machine_that_sends_no_more_is_missed),
        cmocka_unit_test(of_a_source_that_sends_no_more_the_machines_are_not_told),
        cmocka_unit_test(a_night_without_ticks_is_nobodys_silence),
        cmocka_unit_test(of_a_counter_its_growth_is_told),
        cmocka_unit_test(a_row_has_what_was_expected_of_it),
        cmocka_unit_test(a_clean_day_of_many_series_gives_no_more_than_the_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
