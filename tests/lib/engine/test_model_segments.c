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

enum { REFERENCE_ROWS = 6000, ROWS = 4000, LINE_BYTES = 100 };

typedef struct { /* Of the rows from Kiel, one in five. */
    double flip, shift;
} World;

static char *draw(uint64_t seed, size_t rows, World world, size_t *ret_size)
{
    Rng rng = rng_seeded(seed);
    char *text = malloc((rows + 1) * LINE_BYTES);
    int at = sprintf(text, "city,amount,other,y_pred_proba,y_pred,target\n");
    for (size_t i = 0; i < rows; i++) {
        bool is_kiel = rng_below(&rng, 5) == 0;
        double x = normal_quantile(rng_real(&rng)), p = normal_upper(-x);
        double other = normal_quantile(rng_real(&rng)) + (is_kiel ? world.shift : 0);
        bool truth = rng_real(&rng) < p;
        truth ^= is_kiel && rng_real(&rng) < world.flip;
        at += sprintf(text + at, "%s,%.4f,%.4f,%.4f,%d,%d\n", is_kiel ? "Kiel" : "Bonn", x, other,
                      p, p >= 0.5, truth);
    }
    *ret_size = (size_t)at;
    return text;
}

static odd_model *judge(World now)
{
    DrawnTable good, text;
    good.text = draw(1, REFERENCE_ROWS, (World){0, 0}, &good.size);
    text.text = draw(2, ROWS, now, &text.size);
    return judged_model(&(odd_model_options){.segments = "city"}, good, text);
}

/* How many findings say this of groups. */
static int count(odd_model *model, const char *what, const char *signal)
{
    odd_rows *rows;
    int found = 0;
    assert_int_equal(odd_model_query(model, ODD_MODEL_FINDINGS, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        found += strcmp(odd_text(rows, odd_column(rows, "what")), what) == 0 &&
                 strcmp(odd_text(rows, odd_column(rows, "signal")), signal) == 0;
    odd_rows_close(rows);
    return found;
}

static void groups_that_stay_as_they_are_are_not_told(void **state)
{
    (void)state;
    odd_model *model = judge((World){0, 0});
    assert_int_equal(count(model, "gap", "city"), 0);
    assert_int_equal(count(model, "segment", "other"), 0);
    odd_model_close(model);
}

static void a_group_that_got_worse_than_the_others_is_told(void **state)
{
    (void)state;
    odd_model *model = judge((World){.flip = 0.2});
    assert_int_equal(count(model, "gap", "city"), 1);
    odd_rows *rows;
    int groups = 0;
    assert_int_equal(odd_model_query(model, ODD_MODEL_SEGMENTS, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        bool is_kiel = strcmp(odd_text(rows, odd_column(rows, "segment")), "city=Kiel") == 0;
        double worse = odd_double(rows, odd_column(rows, "loss")) -
                       odd_double(rows, odd_column(rows, "reference_loss"));
        assert_true(is_kiel ? worse > 0.05 : fabs(worse) < 0.03);
        groups++;
    }
    assert_int_equal(groups, 2);
    odd_rows_close(rows);
    odd_model_close(model);
}

static void an_input_that_drifts_in_one_group_only_is_told(void **state)
{
    (void)state;
    odd_model *model = judge((World){.shift = 0.35});
    assert_int_equal(count(model, "segment", "other"), 1);
    assert_int_equal(count(model, "segment", "amount"), 0);
    odd_model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_that_stay_as_they_are_are_not_told),
        cmocka_unit_test(a_group_that_got_worse_than_the_others_is_told),
        cmocka_unit_test(an_input_that_drifts_in_one_group_only_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
