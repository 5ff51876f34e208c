/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <oddball.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

#define TEXT_SIZE (1 << 20)
#define ROWS 600

typedef struct {
    double level, width; /* Of `x`: what is added, and how far it scatters. */
    int    empty_every;  /* Each so many-th row `x` has no value; 0: never. */
    int    step_s;
    bool   has_y, has_z;
    bool   grows;        /* `total` a counter, faster by `rate`. */
    double rate;
} Made;

static const Made usual = {.level = 100, .width = 5, .step_s = 60, .has_y = true, .rate = 1};

static double around(Rng *rng, double level, double width)
{
    return level + width * ((double)(rng_next(rng) % 2001) / 1000 - 1);
}

static char *make(Made made, int rows, uint64_t seed)
{
    Rng rng = rng_seeded(seed);
    char *text = malloc(TEXT_SIZE);
    size_t used = (size_t)sprintf(text, "timestamp,x,total%s%s\n", made.has_y ? ",y" : "",
                                  made.has_z ? ",z" : "");
    double total = 1000;
    for (int row = 0; row < rows; row++) {
        int second = row * made.step_s;
        double x = around(&rng, made.level, made.width);
        total += made.rate * around(&rng, 60, 10);
        used += (size_t)sprintf(text + used, "2026-11-%02d %02d:%02d:%02d,", 1 + second / 86400,
                                second / 3600 % 24, second / 60 % 60, second % 60);
        bool is_empty = made.empty_every > 0 && row % made.empty_every == 0;
        used += is_empty ? 0 : (size_t)sprintf(text + used, "%.3f", x);
        used += (size_t)sprintf(text + used, ",%.3f", total);
        if (made.has_y)
            used += (size_t)sprintf(text + used, ",%.3f", around(&rng, 1, 0.1));
        if (made.has_z)
            used += (size_t)sprintf(text + used, ",7");
        used += (size_t)sprintf(text + used, "\n");
    }
    return text;
}

static void learn(odd_db *db, const char *name, int reference, Made made, int rows, uint64_t seed)
{
    char *text = make(made, rows, seed);
    int source = -1;
    odd_reading reading = {.reference = reference};
    assert_int_equal(odd_source(db, name, &reading, &source), ODD_OK);
    assert_int_equal(odd_put(db, source, text, strlen(text)), ODD_OK);
    assert_int_equal(odd_end(db, source), ODD_OK);
    free(text);
}

static odd_db *opened(void)
{
    odd_db *db = NULL;
    assert_int_equal(odd_open(NULL, &db), ODD_OK);
    return db;
}

typedef struct {
    char   said[512]; /* "level x;gap y;", the largest change first. */
    double effect;    /* Of the first. */
    int64_t row, last_row;
    char   sentence[512];
} Answer;

static Answer answer_of(odd_db *db)
{
    Answer answer = {.effect = NAN};
    odd_rows *rows = NULL;
    assert_int_equal(odd_query(db, &(odd_question){.view = ODD_DIFF}, &rows), ODD_OK);
    size_t used = 0;
    while (odd_next(rows) == ODD_ROW) {
        if (used == 0) {
            answer.effect = odd_double(rows, odd_column(rows, "effect"));
            answer.row = odd_int(rows, odd_column(rows, "row"));
            answer.last_row = odd_int(rows, odd_column(rows, "last_row"));
            snprintf(answer.sentence, sizeof answer.sentence, "%s",
                     odd_text(rows, odd_column(rows, "sentence")));
        }
        used += (size_t)snprintf(answer.said + used, sizeof answer.said - used, "%s ",
                                 odd_text(rows, odd_column(rows, "kind")));
        used += (size_t)snprintf(answer.said + used, sizeof answer.said - used, "%s;",
                                 odd_text(rows, odd_column(rows, "signal")));
    }
    odd_rows_close(rows);
    odd_close(db);
    return answer;
}

static Answer compared(Made good, Made bad, int bad_rows)
{
    odd_db *db = opened();
    learn(db, "good.csv", 1, good, ROWS, 1);
    learn(db, "bad.csv", 0, bad, bad_rows, 2);
    return answer_of(db);
}

static void two_good_runs_do_not_differ(void **state)
{
    (void)state;
    assert_string_equal(compared(usual, usual, ROWS).said, "");
    assert_string_equal(compared(usual, usual, 5).said, "");
    assert_string_equal(compared(usual, usual, 100).said, "");
}

static void a_level_that_changed_is_told_with_its_size(void **state)
{
    (void)state;
    Made bad = usual;
    bad.level = 130;
    Answer answer = compared(usual, bad, ROWS);
    assert_string_equal(answer.said, "level x;");
    assert_true(answer.effect > 5);
    assert_non_null(strstr(answer.sentence, "`x` is 1.3x higher than in the good run: 130"));
    bad.level = 60;
    answer = compared(usual, bad, ROWS);
    assert_string_equal(answer.said, "level x;");
    assert_true(answer.effect < -5);
}

static void five_rows_are_compared_with_stretches_as_short(void **state)
{
    (void)state;
    Made bad = usual;
    bad.level = 150;
    Answer answer = compared(usual, bad, 5);
    assert_string_equal(answer.said, "level x;");
    assert_int_equal(answer.row, 1);
    assert_int_equal(answer.last_row, 5);
}

static void more_scatter_is_told(void **state)
{
    (void)state;
    Made bad = usual;
    bad.width = 30;
    assert_non_null(strstr(compared(usual, bad, ROWS).said, "spread x;"));
}

static void values_that_are_missing_are_told(void **state)
{
    (void)state;
    Made bad = usual;
    bad.empty_every = 3;
    Answer answer = compared(usual, bad, ROWS);
    assert_non_null(strstr(answer.said, "gap x;"));
}

static void samples_at_another_distance_are_told(void **state)
{
    (void)state;
    Made bad = usual;
    bad.step_s = 120;
    assert_non_null(strstr(compared(usual, bad, ROWS).said, "gap x;"));
}

static void a_series_that_is_gone_or_new_is_told(void **state)
{
    (void)state;
    Made bad = usual;
    bad.has_y = false;
    assert_string_equal(compared(usual, bad, ROWS).said, "gone y;");
    bad = usual;
    bad.has_z = true;
    assert_string_equal(compared(usual, bad, ROWS).said, "new z;");
}

static void of_a_counter_the_rate_is_compared(void **state)
{
    (void)state;
    Made bad = usual;
    bad.rate = 3;
    Answer answer = compared(usual, bad, ROWS);
    assert_non_null(strstr(answer.said, "level total;"));
    assert_non_null(strstr(answer.sentence, "/s"));
}

static void the_name_of_the_file_tells_series_of_folders_apart(void **state)
{
    (void)state;
    Made bad = usual;
    bad.level = 130;
    odd_db *db = opened();
    learn(db, "monday/a.csv", 1, usual, ROWS, 1);
    learn(db, "monday/b.csv", 1, bad, ROWS, 2);
    learn(db, "tuesday/a.csv", 0, usual, ROWS, 3);
    learn(db, "tuesday/b.csv", 0, bad, ROWS, 4);
    assert_string_equal(answer_of(db).said, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_good_runs_do_not_differ),
        cmocka_unit_test(a_level_that_changed_is_told_with_its_size),
        cmocka_unit_test(five_rows_are_compared_with_stretches_as_short),
        cmocka_unit_test(more_scatter_is_told),
        cmocka_unit_test(values_that_are_missing_are_told),
        cmocka_unit_test(samples_at_another_distance_are_told),
        cmocka_unit_test(a_series_that_is_gone_or_new_is_told),
        cmocka_unit_test(of_a_counter_the_rate_is_compared),
        cmocka_unit_test(the_name_of_the_file_tells_series_of_folders_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
