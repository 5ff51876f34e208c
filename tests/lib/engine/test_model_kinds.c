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
    double shift; /* The least of the input, of 0 to 1. */
    size_t beyond, twice; /* Rows with a value far out; with the id of the first row. */
} World;

typedef char *(*Draw)(uint64_t seed, size_t rows, World world, size_t *ret_size);

/* A model of numbers that is worse the larger the input is. */
static char *draw_numbers(uint64_t seed, size_t rows, World world, size_t *ret_size)
{
    Rng rng = rng_seeded(seed);
    char *text = malloc((rows + 1) * LINE_BYTES);
    int at = sprintf(text, "id,size,y_pred,target\n");
    for (size_t i = 0; i < rows; i++) {
        double x = world.shift + (1 - world.shift) * rng_real(&rng), said = 10 * rng_real(&rng);
        double error = (0.5 + 2 * x) * normal_quantile(rng_real(&rng));
        size_t id = i <= world.twice ? 0 : i;
        at += sprintf(text + at, "%zu,%.4f,%.4f,%.4f\n", id, i < world.beyond ? 1e6 : x, said,
                      said + error);
    }
    *ret_size = (size_t)at;
    return text;
}

/* Three classes, and a probability for each: right as often as the highest says. */
static char *draw_classes(uint64_t seed, size_t rows, World world, size_t *ret_size)
{
    static const char *const names[] = {"red", "green", "blue"};
    Rng rng = rng_seeded(seed);
    char *text = malloc((rows + 1) * LINE_BYTES);
    int at = sprintf(text, "amount,y_pred_proba_red,y_pred_proba_green,y_pred_proba_blue,y_pred,"
                           "target\n");
    for (size_t i = 0; i < rows; i++) {
        double x = world.shift + (1 - world.shift) * rng_real(&rng), sure = 0.4 + 0.5 * x;
        uint64_t said = rng_below(&rng, 3), truth = said;
        if (rng_real(&rng) > sure)
            truth = (said + 1 + rng_below(&rng, 2)) % 3;
        at += sprintf(text + at, "%.4f", x);
        for (uint64_t k = 0; k < 3; k++)
            at += sprintf(text + at, ",%.4f", k == said ? sure : (1 - sure) / 2);
        at += sprintf(text + at, ",%s,%s\n", names[said], names[truth]);
    }
    *ret_size = (size_t)at;
    return text;
}

static odd_model *judge(Draw draw, World now)
{
    DrawnTable good, text;
    good.text = draw(1, REFERENCE_ROWS, (World){.shift = 0}, &good.size);
    text.text = draw(2, ROWS, now, &text.size);
    return judged_model(NULL, good, text);
}

typedef struct {
    double estimate, lower, upper, realised;
} Figure;

static Figure figure_of(odd_model *model, const char *metric)
{
    odd_rows *rows;
    Figure figure = {NAN, NAN, NAN, NAN};
    assert_int_equal(odd_model_query(model, ODD_MODEL_QUALITY, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        if (strcmp(odd_text(rows, odd_column(rows, "metric")), metric) == 0)
            figure = (Figure){odd_double(rows, odd_column(rows, "estimate")),
                              odd_double(rows, odd_column(rows, "lower")),
                              odd_double(rows, odd_column(rows, "upper")),
                              odd_double(rows, odd_column(rows, "realised"))};
    odd_rows_close(rows);
    return figure;
}

static bool has(odd_model *model, const char *kind, const char *signal, const char *what)
{
    odd_rows *rows;
    bool found = false;
    assert_int_equal(odd_model_query(model, ODD_MODEL_FINDINGS, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        found |= strcmp(odd_text(rows, odd_column(rows, "kind")), kind) == 0 &&
                 strcmp(odd_text(rows, odd_column(rows, "signal")), signal) == 0 &&
                 strcmp(odd_text(rows, odd_column(rows, "what")), what) == 0;
    odd_rows_close(rows);
    return found;
}

static void the_error_of_numbers_is_estimated_from_the_inputs(void **state)
{
    (void)state;
    odd_model *same = judge(draw_numbers, (World){.shift = 0});
    odd_model *model = judge(draw_numbers, (World){.shift = 0.4});
    double before = figure_of(same, "mae").estimate;
    Figure now = figure_of(model, "mae");
    assert_true(now.estimate > 1.15 * before);
    assert_true(now.lower < now.realised && now.realised < now.upper);
    assert_true(has(model, "drift", "size", "shift"));
    assert_true(isnan(figure_of(model, "accuracy").estimate));
    odd_model_close(same);
    odd_model_close(model);
}

static void of_many_classes_the_surest_probability_tells_the_accuracy(void **state)
{
    (void)state;
    odd_model *same = judge(draw_classes, (World){.shift = 0});
    odd_model *model = judge(draw_classes, (World){.shift = 0.5});
    Figure before = figure_of(same, "accuracy"), now = figure_of(model, "accuracy");
    assert_true(before.lower < before.realised && before.realised < before.upper);
    assert_true(now.lower < now.realised && now.realised < now.upper);
    assert_true(now.estimate > before.estimate + 0.05);
    odd_model_close(same);
    odd_model_close(model);
}

static void values_far_out_of_the_range_are_a_fault(void **state)
{
    (void)state;
    odd_model *model = judge(draw_numbers, (World){.beyond = 30});
    assert_true(has(model, "value", "size", "range"));
    odd_model_close(model);
    model = judge(draw_numbers, (World){.beyond = 1});
    assert_false(has(model, "value", "size", "range"));
    odd_model_close(model);
}

static void ids_that_come_twice_are_told(void **state)
{
    (void)state;
    odd_model *model = judge(draw_numbers, (World){.twice = 40});
    assert_true(has(model, "more", "id", "duplicate"));
    odd_model_close(model);
    model = judge(draw_numbers, (World){.twice = 0});
    assert_false(has(model, "more", "id", "duplicate"));
    odd_model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_error_of_numbers_is_estimated_from_the_inputs),
        cmocka_unit_test(of_many_classes_the_surest_probability_tells_the_accuracy),
        cmocka_unit_test(values_far_out_of_the_range_are_a_fault),
        cmocka_unit_test(ids_that_come_twice_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
