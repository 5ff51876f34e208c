/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <oddball.h>

#include "base/rng.h"
#include "judged_model.h"
#include "stats/normal.h"

enum { REFERENCE_ROWS = 4000, ROWS = 2000, LINE_BYTES = 100 };

typedef struct {
    double shift;      /* Of the input. */
    double flip;       /* Share of outcomes that are turned round. */
    bool   has_city, has_more; /* Columns. */
} World;

/* A table: an input that moves the probability, a city, what was said, and what came true. */
static char *table(uint64_t seed, size_t rows, World world, size_t *ret_size)
{
    Rng rng = rng_seeded(seed);
    char *text = malloc((rows + 1) * LINE_BYTES);
    int at = sprintf(text, "amount,%s%sy_pred_proba,y_pred,target\n", world.has_city ? "city," : "",
                     world.has_more ? "more," : "");
    for (size_t i = 0; i < rows; i++) {
        double x = world.shift + normal_quantile(rng_real(&rng)), p = normal_upper(-x);
        bool truth = rng_real(&rng) < p;
        truth ^= rng_real(&rng) < world.flip;
        at += sprintf(text + at, "%.4f,", x);
        if (world.has_city)
            at += sprintf(text + at, "%s,", rng_below(&rng, 3) ? "Bonn" : "Kiel");
        if (world.has_more)
            at += sprintf(text + at, "1,");
        at += sprintf(text + at, "%.4f,%d,%d\n", p, p >= 0.5, truth);
    }
    *ret_size = (size_t)at;
    return text;
}

static odd_model *judge(World now, const odd_model_options *options)
{
    DrawnTable good, text;
    good.text = table(1, REFERENCE_ROWS, (World){.has_city = true}, &good.size);
    text.text = table(2, ROWS, now, &text.size);
    return judged_model(options, good, text);
}

/* The row of this signal and kind; false: there is none that is odd. */
static bool find(odd_model *model, const char *kind, const char *signal, odd_rows **ret)
{
    assert_int_equal(odd_model_query(model, ODD_MODEL_FINDINGS, ret), ODD_OK);
    while (odd_next(*ret) == ODD_ROW)
        if (strcmp(odd_text(*ret, odd_column(*ret, "kind")), kind) == 0 &&
            strcmp(odd_text(*ret, odd_column(*ret, "signal")), signal) == 0 &&
            strcmp(odd_text(*ret, odd_column(*ret, "state")), "odd") == 0)
            return true;
    odd_rows_close(*ret);
    return false;
}

static void the_same_world_has_no_finding(void **state)
{
    (void)state;
    odd_model *model = judge((World){.has_city = true}, NULL);
    odd_rows *rows;
    assert_int_equal(odd_model_query(model, ODD_MODEL_FINDINGS, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        assert_string_equal(odd_text(rows, odd_column(rows, "state")), "negligible");
    odd_rows_close(rows);
    odd_model_close(model);
}

static void a_shifted_input_is_a_covariate(void **state)
{
    (void)state;
    odd_model *model = judge((World){.shift = 0.7, .has_city = true}, NULL);
    odd_rows *rows;
    assert_true(find(model, "drift", "amount", &rows));
    assert_string_equal(odd_text(rows, odd_column(rows, "cause")), "covariate");
    assert_string_equal(odd_text(rows, odd_column(rows, "what")), "shift");
    assert_true(fabs(odd_double(rows, odd_column(rows, "effect")) - 0.75) < 0.2);
    odd_rows_close(rows);
    assert_false(find(model, "drift", "city", &rows));
    odd_model_close(model);
}

static void outcomes_that_contradict_the_probabilities_are_a_concept(void **state)
{
    (void)state;
    odd_model *model = judge((World){.flip = 0.2, .has_city = true}, NULL);
    odd_rows *rows;
    assert_true(find(model, "quality", "accuracy", &rows));
    assert_string_equal(odd_text(rows, odd_column(rows, "cause")), "concept");
    assert_int_equal(odd_int(rows, odd_column(rows, "harmful")), 1);
    odd_rows_close(rows);
    assert_true(find(model, "drift", "errors", &rows));
    odd_rows_close(rows);
    assert_false(find(model, "drift", "amount", &rows));
    odd_model_close(model);
}

static const char *verdict(World now)
{
    static char text[40];
    odd_model *model = judge(now, NULL);
    odd_rows *rows;
    assert_int_equal(odd_model_query(model, ODD_MODEL_VERDICT, &rows), ODD_OK);
    assert_int_equal(odd_next(rows), ODD_ROW);
    snprintf(text, sizeof text, "%s", odd_text(rows, odd_column(rows, "verdict")));
    odd_rows_close(rows);
    odd_model_close(model);
    return text;
}

static void the_verdict_tells_what_is_the_matter(void **state)
{
    (void)state;
    assert_string_equal(verdict((World){.has_city = true}), "none");
    assert_string_equal(verdict((World){.flip = 0.2, .has_city = true}), "concept");
    assert_string_equal(verdict((World){.shift = 0.7, .has_city = true}), "harmless covariate");
    assert_string_equal(verdict((World){.has_city = false}), "pipeline");
}

static void the_row_of_the_change_is_found(void **state)
{
    (void)state;
    odd_model *model;
    size_t good_size, before_size, size;
    char *good = table(1, REFERENCE_ROWS, (World){.has_city = true}, &good_size);
    char *before = table(2, 1234, (World){.has_city = true}, &before_size);
    char *text = table(3, ROWS, (World){.shift = 1.5, .has_city = true}, &size);
    char *rows_only = strchr(text, '\n') + 1;
    assert_int_equal(odd_model_open(NULL, &model), ODD_OK);
    assert_int_equal(odd_model_reference(model, good, good_size), ODD_OK);
    assert_int_equal(odd_model_put(model, before, before_size), ODD_OK);
    assert_int_equal(odd_model_put(model, rows_only, size - (size_t)(rows_only - text)), ODD_OK);
    assert_int_equal(odd_model_end(model), ODD_OK);
    odd_rows *rows;
    assert_true(find(model, "drift", "amount", &rows));
    assert_true(llabs(odd_int(rows, odd_column(rows, "first_row")) - 1235) <= 5);
    odd_rows_close(rows);
    odd_model_close(model);
    free(good);
    free(before);
    free(text);
}

static void a_column_that_is_gone_or_new_is_told(void **state)
{
    (void)state;
    odd_model *model = judge((World){.has_more = true}, NULL);
    odd_rows *rows;
    assert_true(find(model, "gone", "city", &rows));
    odd_rows_close(rows);
    assert_true(find(model, "new", "more", &rows));
    odd_rows_close(rows);
    odd_model_close(model);
}

static void estimates_and_truth_stand_side_by_side(void **state)
{
    (void)state;
    odd_model *model = judge((World){.has_city = true}, &(odd_model_options){.chunk_rows = 500});
    odd_rows *rows;
    assert_int_equal(odd_model_query(model, ODD_MODEL_QUALITY, &rows), ODD_OK);
    int count = 0;
    while (odd_next(rows) == ODD_ROW) {
        count++;
        double lower = odd_double(rows, odd_column(rows, "lower"));
        double upper = odd_double(rows, odd_column(rows, "upper"));
        double estimate = odd_double(rows, odd_column(rows, "estimate"));
        assert_true(lower < estimate && estimate < upper);
        assert_true(fabs(odd_double(rows, odd_column(rows, "realised")) - estimate) < 0.1);
    }
    assert_int_equal(count, 4 * 5);
    odd_rows_close(rows);
    odd_model_close(model);
}

/* In calls of any number of lines, and the first rows of more rows. */
static void scores_of_first_rows_do_not_change(void **state)
{
    (void)state;
    size_t good_size, size;
    char *good = table(1, REFERENCE_ROWS, (World){.has_city = true}, &good_size);
    char *text = table(2, ROWS, (World){.shift = 1, .has_city = true}, &size);
    odd_rows *rows[2];
    for (int i = 0; i < 2; i++) {
        odd_model *model;
        assert_int_equal(odd_model_open(&(odd_model_options){.scores = 1}, &model), ODD_OK);
        assert_int_equal(odd_model_reference(model, good, good_size), ODD_OK);
        size_t half = size / 2;
        while (text[half - 1] != '\n')
            half++;
        assert_int_equal(odd_model_put(model, text, i == 0 ? size : half), ODD_OK);
        assert_int_equal(odd_model_query(model, ODD_MODEL_SCORES, &rows[i]), ODD_OK);
        odd_model_close(model);
    }
    int surprise = odd_column(rows[1], "surprise"), count = 0;
    while (odd_next(rows[1]) == ODD_ROW && odd_next(rows[0]) == ODD_ROW) {
        assert_true(odd_double(rows[0], surprise) == odd_double(rows[1], surprise));
        count++;
    }
    assert_true(count > ROWS);
    odd_rows_close(rows[0]);
    odd_rows_close(rows[1]);
    free(good);
    free(text);
}

static void what_is_no_table_is_refused_with_a_sentence(void **state)
{
    (void)state;
    odd_model *model;
    assert_int_equal(odd_model_open(NULL, &model), ODD_OK);
    assert_int_equal(odd_model_reference(model, "a,b\n", 4), ODD_SYNTAX);
    assert_true(strlen(odd_model_errmsg(model)) > 0);
    odd_model_close(model);
    assert_int_equal(odd_model_open(&(odd_model_options){.run_length = 1}, &model), ODD_RANGE);
    assert_true(odd_model_recognise("a,y_pred\n1,2\n", 13));
    assert_false(odd_model_recognise("a,b\n1,2\n", 8));
}

/* A line of `columns` names or numbers, then one more. */
static size_t wide_line(char *at, size_t columns, const char *format, const char *last)
{
    size_t size = 0;
    for (size_t c = 0; c < columns; c++)
        size += (size_t)sprintf(at + size, format, (int)c);
    return size + (size_t)sprintf(at + size, "%s\n", last);
}

/* A name and a number take twelve bytes at most. */
static char *wide_table(size_t columns, size_t *ret_size)
{
    char *text = malloc(12 * 11 * (columns + 1));
    size_t size = wide_line(text, columns, "column%d,", "y_pred");
    for (int row = 0; row < 10; row++)
        size += wide_line(text + size, columns, "0.0%04d,", "1");
    *ret_size = size;
    return text;
}

static void a_table_as_wide_as_may_be_is_recognised(void **state)
{
    (void)state;
    size_t size;
    odd_model *model;
    char *text = wide_table(4095, &size);
    assert_true(odd_model_recognise(text, size));
    assert_int_equal(odd_model_open(NULL, &model), ODD_OK);
    assert_int_equal(odd_model_reference(model, text, size), ODD_OK);
    odd_model_close(model);
    free(text);
}

static void a_table_with_too_many_columns_is_refused_with_their_number(void **state)
{
    (void)state;
    size_t size;
    odd_model *model;
    char *text = wide_table(5000, &size);
    assert_true(odd_model_recognise(text, size));
    assert_int_equal(odd_model_open(NULL, &model), ODD_OK);
    assert_int_equal(odd_model_reference(model, text, size), ODD_SYNTAX);
    assert_non_null(strstr(odd_model_errmsg(model), "more than 4096 columns"));
    odd_model_close(model);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_world_has_no_finding),
        cmocka_unit_test(a_shifted_input_is_a_covariate),
        cmocka_unit_test(outcomes_that_contradict_the_probabilities_are_a_concept),
        cmocka_unit_test(the_verdict_tells_what_is_the_matter),
        cmocka_unit_test(the_row_of_the_change_is_found),
        cmocka_unit_test(a_column_that_is_gone_or_new_is_told),
        cmocka_unit_test(estimates_and_truth_stand_side_by_side),
        cmocka_unit_test(scores_of_first_rows_do_not_change),
        cmocka_unit_test(what_is_no_table_is_refused_with_a_sentence),
        cmocka_unit_test(a_table_as_wide_as_may_be_is_recognised),
        cmocka_unit_test(a_table_with_too_many_columns_is_refused_with_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
