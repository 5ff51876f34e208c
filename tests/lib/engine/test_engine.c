/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <oddball.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define LOG_SIZE (1 << 20)

/* A service that says three things all day long, and in row `odd_row`, if any, another one. */
static size_t write_log(char *text, int rows, int odd_row, uint64_t seed)
{
    size_t used = 0;
    for (int row = 1; row <= rows; row++) {
        uint64_t random = hash_add(seed, (uint64_t)row);
        int second = row % 60, minute = row / 60 % 60, hour = row / 3600;
        used += (size_t)sprintf(text + used, "2026-11-23 %02d:%02d:%02d INFO web: ", hour, minute,
                                second);
        if (row == odd_row)
            used += (size_t)sprintf(text + used, "kernel panic: not syncing\n");
        else if (random % 3 == 0)
            used += (size_t)sprintf(text + used, "request %d served in %d ms\n",
                                    (int)(random % 997), (int)(random % 89));
        else if (random % 3 == 1)
            used += (size_t)sprintf(text + used, "cache hit for /page/%d\n", (int)(random % 97));
        else
            used += (size_t)sprintf(text + used, "worker %d is idle\n", (int)(random % 7));
    }
    return used;
}

static char *log_text(int rows, int odd_row, size_t *ret_size)
{
    char *text = malloc(LOG_SIZE);
    assert_non_null(text);
    *ret_size = write_log(text, rows, odd_row, 42);
    return text;
}

/* Everything that a view says, as text. */
static char *answer(odd_db *db, odd_view view)
{
    char *text = calloc(1, LOG_SIZE);
    size_t used = 0;
    odd_rows *rows = NULL;
    assert_int_equal(odd_query(db, &(odd_question){.view = view}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        for (int column = 0; column < odd_column_count(rows); column++)
            used += (size_t)snprintf(text + used, LOG_SIZE - used, "%s=%s|%lld|%.6g;",
                                     odd_column_name(rows, column), odd_text(rows, column),
                                     (long long)odd_int(rows, column), odd_double(rows, column));
    odd_rows_close(rows);
    return text;
}

static odd_db *open_with(int scores)
{
    odd_db *db = NULL;
    assert_int_equal(odd_open(&(odd_options){.scores = scores}, &db), ODD_OK);
    return db;
}

static odd_db *learnt(const char *text, size_t size, size_t step, int scores)
{
    odd_db *db = open_with(scores);
    int source = -1;
    assert_int_equal(odd_source(db, "web.log", NULL, &source), ODD_OK);
    for (size_t at = 0; at < size; at += step)
        assert_int_equal(odd_put(db, source, text + at, at + step < size ? step : size - at),
                         ODD_OK);
    assert_int_equal(odd_end(db, source), ODD_OK);
    return db;
}

static void any_split_of_the_bytes_gives_the_same_answers(void **state)
{
    (void)state;
    size_t size;
    char *text = log_text(900, 700, &size);
    odd_db *whole = learnt(text, size, size, 1);
    char *scores = answer(whole, ODD_SCORES), *findings = answer(whole, ODD_FINDINGS);
    char *patterns = answer(whole, ODD_PATTERNS);
    const size_t steps[] = {1, 7, 100, 4096, 65537};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        odd_db *split = learnt(text, size, steps[i], 1);
        char *others[] = {answer(split, ODD_SCORES), answer(split, ODD_FINDINGS),
                          answer(split, ODD_PATTERNS)};
        assert_string_equal(others[0], scores);
        assert_string_equal(others[1], findings);
        assert_string_equal(others[2], patterns);
        for (int k = 0; k < 3; k++)
            free(others[k]);
        odd_close(split);
    }
    odd_close(whole);
    free(scores);
    free(findings);
    free(patterns);
    free(text);
}

static void the_scores_of_a_beginning_are_the_beginning_of_the_scores(void **state)
{
    (void)state;
    size_t size;
    char *text = log_text(1500, 1400, &size);
    size_t half = (size_t)(strchr(text + size / 2, '\n') + 1 - text);
    odd_db *all = learnt(text, size, size, 1), *part = learnt(text, half, half, 1);
    char *all_scores = answer(all, ODD_SCORES), *part_scores = answer(part, ODD_SCORES);
    assert_true(strlen(part_scores) > 1000);
    assert_memory_equal(all_scores, part_scores, strlen(part_scores));
    odd_close(all);
    odd_close(part);
    free(all_scores);
    free(part_scores);
    free(text);
}

static int64_t sum_of(odd_db *db, odd_view view, const char *column)
{
    int64_t sum = 0;
    odd_rows *rows = NULL;
    assert_int_equal(odd_query(db, &(odd_question){.view = view}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        sum += odd_int(rows, odd_column(rows, column));
    odd_rows_close(rows);
    return sum;
}

static void the_counts_of_all_patterns_add_up_to_the_lines(void **state)
{
    (void)state;
    size_t size;
    char *text = log_text(2000, 100, &size);
    odd_db *db = learnt(text, size, 1000, 0);
    assert_int_equal(sum_of(db, ODD_PATTERNS, "count"), 2000);
    assert_int_equal(sum_of(db, ODD_SOURCES, "rows"), 2000);
    assert_int_equal(sum_of(db, ODD_SOURCES, "timed_rows"), 2000);
    assert_int_equal(sum_of(db, ODD_TIMELINE, "rows"), 2000);
    odd_close(db);
    free(text);
}

static void a_single_odd_line_is_found_wherever_it_stands(void **state)
{
    (void)state;
    const int rows[] = {1, 2, 1000, 1999, 2000};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t size;
        char *text = log_text(2000, rows[i], &size);
        odd_db *db = learnt(text, size, size, 0);
        odd_rows *found = NULL;
        assert_int_equal(odd_query(db, &(odd_question){.view = ODD_FINDINGS}, &found), ODD_OK);
        assert_int_equal(odd_next(found), ODD_ROW);
        assert_int_equal(odd_int(found, odd_column(found, "row")), rows[i]);
        assert_non_null(strstr(odd_text(found, odd_column(found, "sample")), "kernel panic"));
        assert_true(odd_double(found, odd_column(found, "surprise")) >= 3);
        assert_int_equal(odd_next(found), ODD_DONE);
        odd_rows_close(found);
        odd_close(db);
        free(text);
    }
}

static void a_log_without_anything_odd_has_no_findings(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        char *text = malloc(LOG_SIZE);
        size_t size = write_log(text, 2000, 0, seed);
        odd_db *db = learnt(text, size, size, 0);
        char *findings = answer(db, ODD_FINDINGS);
        if (findings[0] != '\0')
            fail_msg("seed %llu: %s", (unsigned long long)seed, findings);
        free(findings);
        odd_close(db);
        free(text);
    }
}

static void every_finding_can_be_explained(void **state)
{
    (void)state;
    size_t size;
    char *text = log_text(2000, 500, &size);
    odd_db *db = learnt(text, size, size, 0);
    free(answer(db, ODD_FINDINGS));
    odd_rows *facts = NULL;
    assert_int_equal(odd_explain(db, 1, &facts), ODD_OK);
    int count = 0;
    while (odd_next(facts) == ODD_ROW)
        count++;
    assert_true(count >= 4);
    odd_rows_close(facts);
    assert_int_equal(odd_explain(db, 2, &facts), ODD_RANGE);
    assert_non_null(strstr(odd_errmsg(db), "rank 2"));
    odd_close(db);
    free(text);
}

/* The value behind the oddest finding, as odd_explain tells it. */
static void assert_explained_value(odd_db *db, const char *expected)
{
    odd_rows *facts = NULL;
    assert_int_equal(odd_explain(db, 1, &facts), ODD_OK);
    while (odd_next(facts) == ODD_ROW)
        if (strcmp(odd_text(facts, odd_column(facts, "name")), "value") == 0)
            assert_string_equal(odd_text(facts, odd_column(facts, "text")), expected);
    odd_rows_close(facts);
}

static void a_finding_can_be_explained_after_further_lines(void **state)
{
    (void)state;
    odd_db *db = open_with(0);
    int source = -1;
    assert_int_equal(odd_source(db, "jobs", NULL, &source), ODD_OK);
    char line[100];
    for (int i = 0; i < 3000; i++) {
        int size = snprintf(line, sizeof line, "job %d of queue %d wrote /srv/%s\n", i, i % 7,
                            i == 1500    ? "lost"
                            : i % 2 == 0 ? "even"
                                         : "odd");
        assert_int_equal(odd_put(db, source, line, (size_t)size), ODD_OK);
    }
    free(answer(db, ODD_FINDINGS));
    assert_explained_value(db, "/srv/lost");
    for (int i = 0; i < 3000; i++) {
        int size = snprintf(line, sizeof line, "%c%c%c is a line of another sort\n", 'a' + i % 26,
                            'a' + i / 26 % 26, 'a' + i / 676 % 26);
        assert_int_equal(odd_put(db, source, line, (size_t)size), ODD_OK);
    }
    assert_explained_value(db, "/srv/lost");
    odd_close(db);
}

static void batches_prepared_in_any_order_are_learnt_in_theirs(void **state)
{
    (void)state;
    size_t size;
    char *text = log_text(1200, 600, &size);
    size_t half = (size_t)(strchr(text + size / 2, '\n') + 1 - text);
    uint64_t rows = 1;
    for (size_t i = 0; i < half; i++)
        rows += text[i] == '\n';
    odd_db *put = learnt(text, size, size, 1), *batched = open_with(1);
    int source = -1;
    odd_batch *first = NULL, *second = NULL;
    assert_int_equal(odd_source(batched, "web.log", NULL, &source), ODD_OK);
    assert_int_equal(odd_sample(batched, source, text, 16384), ODD_OK);
    assert_int_equal(odd_prepare(batched, source, rows, text + half, size - half, &second), ODD_OK);
    assert_int_equal(odd_prepare(batched, source, 1, text, half, &first), ODD_OK);
    assert_true(odd_batch_time(first) < odd_batch_time(second));
    assert_int_equal(odd_batch_rows(first), rows - 1);
    size_t used_up = 9;
    assert_int_equal(odd_commit(batched, &first, 1, &used_up), ODD_OK);
    assert_int_equal(used_up, 0);
    assert_int_equal(odd_commit(batched, &first, 1, &used_up), ODD_MISUSE);
    assert_int_equal(odd_commit(batched, &second, 1, &used_up), ODD_OK);
    odd_batch_free(first);
    odd_batch_free(second);
    char *a = answer(put, ODD_SCORES), *b = answer(batched, ODD_SCORES);
    assert_string_equal(a, b);
    free(a);
    free(b);
    odd_close(put);
    odd_close(batched);
    free(text);
}

static void two_sources_are_merged_by_time(void **state)
{
    (void)state;
    const char *early = "2026-11-23 10:00:00 INFO a: one\n2026-11-23 10:00:04 INFO a: two\n";
    const char *late =
        "2026-11-23 10:00:01 INFO b: three\nno time here\n2026-11-23 10:00:05 INFO b: "
        "four\n";
    odd_db *db = open_with(1);
    odd_batch *heads[2] = {0};
    const char *texts[] = {early, late};
    const char *names[] = {"a", "b"};
    for (int i = 0; i < 2; i++) {
        int source = -1;
        assert_int_equal(odd_source(db, names[i], NULL, &source), ODD_OK);
        assert_int_equal(odd_sample(db, source, texts[i], strlen(texts[i])), ODD_OK);
        assert_int_equal(odd_prepare(db, source, 1, texts[i], strlen(texts[i]), &heads[i]), ODD_OK);
    }
    size_t used_up = 9;
    assert_int_equal(odd_commit(db, heads, 2, &used_up), ODD_OK);
    assert_int_equal(used_up, 0);
    assert_int_equal(odd_commit(db, &heads[1], 1, &used_up), ODD_OK);
    const int64_t order[][2] = {{0, 1}, {1, 1}, {1, 2}, {0, 2}, {1, 3}};
    odd_rows *rows = NULL;
    assert_int_equal(odd_query(db, &(odd_question){.view = ODD_SCORES}, &rows), ODD_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(odd_next(rows), ODD_ROW);
        assert_int_equal(odd_int(rows, odd_column(rows, "source_number")), order[i][0]);
        assert_int_equal(odd_int(rows, odd_column(rows, "row")), order[i][1]);
    }
    odd_rows_close(rows);
    odd_batch_free(heads[0]);
    odd_batch_free(heads[1]);
    odd_close(db);
}

static void a_new_line_stands_out_against_the_good_run(void **state)
{
    (void)state;
    size_t good_size, bad_size;
    char *good = log_text(500, 0, &good_size), *bad = log_text(500, 123, &bad_size);
    odd_db *db = open_with(0);
    int source = -1;
    assert_int_equal(odd_source(db, "good", &(odd_reading){.reference = 1}, &source), ODD_OK);
    assert_int_equal(odd_put(db, source, good, good_size), ODD_OK);
    assert_int_equal(odd_end(db, source), ODD_OK);
    assert_int_equal(odd_source(db, "bad", NULL, &source), ODD_OK);
    assert_int_equal(odd_put(db, source, bad, bad_size), ODD_OK);
    assert_int_equal(odd_end(db, source), ODD_OK);
    odd_rows *rows = NULL;
    assert_int_equal(odd_query(db, &(odd_question){.view = ODD_DIFF}, &rows), ODD_OK);
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_string_equal(odd_text(rows, odd_column(rows, "kind")), "new");
    assert_string_equal(odd_text(rows, odd_column(rows, "rows")), "123");
    assert_int_equal(odd_next(rows), ODD_DONE);
    odd_rows_close(rows);
    odd_close(db);
    free(good);
    free(bad);
}

static void an_endless_line_is_cut_and_counted(void **state)
{
    (void)state;
    odd_db *db = open_with(0);
    int source = -1;
    char *block = malloc(LOG_SIZE);
    memset(block, 'x', LOG_SIZE);
    assert_int_equal(odd_source(db, "endless", NULL, &source), ODD_OK);
    for (int i = 0; i < 64; i++)
        assert_int_equal(odd_put(db, source, block, LOG_SIZE), ODD_OK);
    assert_int_equal(odd_put(db, source, "\nshort\n", 7), ODD_OK);
    assert_int_equal(odd_end(db, source), ODD_OK);
    assert_int_equal(sum_of(db, ODD_SOURCES, "rows"), 2);
    assert_int_equal(sum_of(db, ODD_SOURCES, "cut_rows"), 1);
    odd_close(db);
    free(block);
}

static void bytes_that_are_no_text_are_counted_and_kept(void **state)
{
    (void)state;
    odd_db *db = open_with(0);
    int source = -1;
    assert_int_equal(odd_source(db, "bytes", NULL, &source), ODD_OK);
    assert_int_equal(odd_put(db, source, "a\0b\n\xff\xfe x\r\n\nplain", 16), ODD_OK);
    assert_int_equal(odd_end(db, source), ODD_OK);
    assert_int_equal(sum_of(db, ODD_SOURCES, "rows"), 4);
    assert_int_equal(sum_of(db, ODD_SOURCES, "nul_rows"), 1);
    assert_int_equal(sum_of(db, ODD_SOURCES, "invalid_utf8_rows"), 1);
    assert_int_equal(sum_of(db, ODD_PATTERNS, "count"), 4);
    odd_close(db);
}

static void misuse_is_refused_with_a_sentence(void **state)
{
    (void)state;
    odd_db *db = open_with(0);
    size_t used_up;
    odd_rows *rows = NULL;
    assert_int_equal(odd_put(db, 3, "x\n", 2), ODD_NOTFOUND);
    assert_non_null(strstr(odd_errmsg(db), "no source number 3"));
    assert_int_equal(odd_commit(db, NULL, 0, &used_up), ODD_MISUSE);
    assert_int_equal(odd_query(db, &(odd_question){.view = (odd_view)99}, &rows), ODD_NOTFOUND);
    assert_string_equal(odd_signal(db, 5), "");
    int source = -1;
    assert_int_equal(odd_source(db, "short", NULL, &source), ODD_OK);
    assert_int_equal(odd_end(db, source), ODD_OK);
    assert_int_equal(odd_put(db, source, "late\n", 5), ODD_MISUSE);
    assert_non_null(strstr(odd_errmsg(db), "short has ended"));
    odd_close(db);
    odd_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_of_the_bytes_gives_the_same_answers),
        cmocka_unit_test(the_scores_of_a_beginning_are_the_beginning_of_the_scores),
        cmocka_unit_test(the_counts_of_all_patterns_add_up_to_the_lines),
        cmocka_unit_test(a_single_odd_line_is_found_wherever_it_stands),
        cmocka_unit_test(a_log_without_anything_odd_has_no_findings),
        cmocka_unit_test(every_finding_can_be_explained),
        cmocka_unit_test(a_finding_can_be_explained_after_further_lines),
        cmocka_unit_test(batches_prepared_in_any_order_are_learnt_in_theirs),
        cmocka_unit_test(two_sources_are_merged_by_time),
        cmocka_unit_test(a_new_line_stands_out_against_the_good_run),
        cmocka_unit_test(an_endless_line_is_cut_and_counted),
        cmocka_unit_test(bytes_that_are_no_text_are_counted_and_kept),
        cmocka_unit_test(misuse_is_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
