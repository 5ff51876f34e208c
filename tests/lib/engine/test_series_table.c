/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <oddball.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define TEXT_SIZE (1 << 20)
#define ROWS 600
#define JUMP_ROW 500

/* Two quiet series, a number a minute; `a` jumps up for a while. */
static size_t write_table(char *text, int rows, bool is_odd)
{
    size_t used = (size_t)sprintf(text, "timestamp,a,b\n");
    for (int row = 1; row <= rows; row++) {
        uint64_t random = hash_add(7, (uint64_t)row);
        double a = 10 + (double)(random % 1000) / 500 + (double)(random / 1000 % 1000) / 500;
        double b = 5 + (double)(random / 1000000 % 1000) / 1000;
        if (is_odd && row >= JUMP_ROW && row < JUMP_ROW + 5)
            a += 400;
        used += (size_t)sprintf(text + used, "2026-11-23 %02d:%02d:00,%.3f,%.3f\n", row / 60,
                                row % 60, a, b);
    }
    return used;
}

static odd_db *learnt_as(const char *text, size_t size, size_t step, odd_kind kind)
{
    odd_db *db = NULL;
    int source = -1;
    assert_int_equal(odd_open(&(odd_options){.scores = 1}, &db), ODD_OK);
    assert_int_equal(odd_source(db, "cpu.csv", &(odd_reading){.kind = kind}, &source), ODD_OK);
    for (size_t at = 0; at < size; at += step)
        assert_int_equal(odd_put(db, source, text + at, at + step < size ? step : size - at),
                         ODD_OK);
    assert_int_equal(odd_end(db, source), ODD_OK);
    return db;
}

static odd_db *learnt(const char *text, size_t size, size_t step)
{
    return learnt_as(text, size, step, ODD_KIND_ANY);
}

/* Everything that a view says, as text; closes the engine. */
static char *answer(odd_db *db, odd_view view)
{
    char *text = calloc(1, TEXT_SIZE);
    size_t used = 0;
    odd_rows *rows = NULL;
    assert_int_equal(odd_query(db, &(odd_question){.view = view}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        for (int column = 0; column < odd_column_count(rows); column++)
            used += (size_t)snprintf(text + used, TEXT_SIZE - used, "%s=%s|%lld|%.6g;",
                                     odd_column_name(rows, column), odd_text(rows, column),
                                     (long long)odd_int(rows, column), odd_double(rows, column));
    odd_rows_close(rows);
    odd_close(db);
    return text;
}

static void what_is_said_of_a_beginning_does_not_change_when_rows_follow(void **state)
{
    (void)state;
    char *text = malloc(TEXT_SIZE);
    size_t size = write_table(text, ROWS, true);
    char *whole = answer(learnt(text, size, size), ODD_SAMPLES);
    for (size_t cut = 100; cut < size; cut += 1777) {
        const char *end = memchr(text + cut, '\n', size - cut);
        char *part = answer(learnt(text, (size_t)(end + 1 - text), size), ODD_SAMPLES);
        assert_int_equal(strncmp(part, whole, strlen(part)), 0);
        free(part);
    }
    free(whole);
    free(text);
}

static void any_split_of_the_bytes_gives_the_same_samples(void **state)
{
    (void)state;
    char *text = malloc(TEXT_SIZE);
    size_t size = write_table(text, ROWS, true);
    char *whole = answer(learnt(text, size, size), ODD_SAMPLES);
    const size_t steps[] = {1, 17, 4096};
    for (size_t i = 0; i < 3; i++) {
        char *split = answer(learnt(text, size, steps[i]), ODD_SAMPLES);
        assert_string_equal(split, whole);
        free(split);
    }
    free(whole);
    free(text);
}

static int64_t int_of(const odd_rows *rows, const char *column)
{
    return odd_int(rows, odd_column(rows, column));
}

static const char *text_of(const odd_rows *rows, const char *column)
{
    return odd_text(rows, odd_column(rows, column));
}

static void each_number_has_a_row_in_their_order(void **state)
{
    (void)state;
    const char text[] = "a,b\n1,2\n3,\n5,x\n7,8\n9,inf\n";
    odd_db *db = learnt(text, strlen(text), 1000);
    odd_rows *rows = NULL;
    assert_int_equal(odd_query(db, &(odd_question){.view = ODD_SAMPLES}, &rows), ODD_OK);
    const char *const reasons[] = {"", "", "", "missing", "", "not a number",
                                   "", "", "", "infinite"};
    for (int i = 0; i < 10; i++) {
        assert_int_equal(odd_next(rows), ODD_ROW);
        assert_int_equal(int_of(rows, "row"), i / 2 + 1);
        assert_string_equal(text_of(rows, "series"), i % 2 == 0 ? "a" : "b");
        assert_string_equal(text_of(rows, "reason"), reasons[i]);
    }
    assert_int_equal(odd_next(rows), ODD_DONE);
    odd_rows_close(rows);
    char *notes = answer(db, ODD_NOTES);
    assert_non_null(
        strstr(notes, "cells that should be numbers and are none: 1 (the first in row 3)"));
    free(notes);
}

static void a_jump_is_one_finding_with_its_rows(void **state)
{
    (void)state;
    char *text = malloc(TEXT_SIZE);
    size_t size = write_table(text, ROWS, true);
    odd_db *db = learnt(text, size, size);
    odd_rows *rows = NULL;
    assert_int_equal(odd_query(db, &(odd_question){.view = ODD_FINDINGS}, &rows), ODD_OK);
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_string_equal(text_of(rows, "signal"), "a");
    assert_int_equal(int_of(rows, "row"), JUMP_ROW);
    assert_true(int_of(rows, "last_row") < JUMP_ROW + 8);
    assert_true(odd_double(rows, odd_column(rows, "surprise")) >= 3);
    assert_true(odd_double(rows, odd_column(rows, "effect")) > 10);
    assert_int_equal(odd_next(rows), ODD_DONE);
    odd_rows_close(rows);
    odd_close(db);
    free(text);
}

static void nothing_is_odd_in_a_quiet_table(void **state)
{
    (void)state;
    char *text = malloc(TEXT_SIZE);
    size_t size = write_table(text, ROWS, false);
    char *findings = answer(learnt(text, size, size), ODD_FINDINGS);
    assert_string_equal(findings, "");
    free(findings);
    free(text);
}

static void a_table_may_be_read_as_a_log(void **state)
{
    (void)state;
    const char text[] = "a,b\n1,2\n3,4\n";
    char *samples = answer(learnt_as(text, strlen(text), 1000, ODD_KIND_LOG), ODD_SAMPLES);
    assert_string_equal(samples, "");
    char *patterns = answer(learnt_as(text, strlen(text), 1000, ODD_KIND_LOG), ODD_PATTERNS);
    assert_true(strlen(patterns) > 0);
    free(samples);
    free(patterns);
}

static void the_same_column_of_two_files_is_two_series(void **state)
{
    (void)state;
    odd_db *db = NULL;
    assert_int_equal(odd_open(NULL, &db), ODD_OK);
    for (int i = 0; i < 2; i++) {
        int source = -1;
        assert_int_equal(odd_source(db, i == 0 ? "1.csv" : "2.csv", NULL, &source), ODD_OK);
        assert_int_equal(odd_put(db, source, "x\n1\n2\n3\n", 8), ODD_OK);
        assert_int_equal(odd_end(db, source), ODD_OK);
    }
    char *series = answer(db, ODD_SERIES);
    assert_non_null(strstr(series, "source=1.csv"));
    assert_non_null(strstr(series, "source=2.csv"));
    free(series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_of_a_beginning_does_not_change_when_rows_follow),
        cmocka_unit_test(any_split_of_the_bytes_gives_the_same_samples),
        cmocka_unit_test(each_number_has_a_row_in_their_order),
        cmocka_unit_test(a_jump_is_one_finding_with_its_rows),
        cmocka_unit_test(nothing_is_odd_in_a_quiet_table),
        cmocka_unit_test(a_table_may_be_read_as_a_log),
        cmocka_unit_test(the_same_column_of_two_files_is_two_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
