/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <oddball.h>

#include "base/rng.h"
#include "judged_model.h"
#include "stats/normal.h"

enum { REFERENCE_ROWS = 2000, ROWS = 300, BURST_ROWS = 16, NUMBER_BYTES = 12 };

/* Columns share a number, or (the first `loose` rows) no longer; each of them alone is the same. */
static DrawnTable draw(uint64_t seed, size_t rows, size_t columns, size_t loose)
{
    Rng rng = rng_seeded(seed);
    DrawnTable table = {.text = malloc((rows + 1) * (columns + 1) * NUMBER_BYTES)};
    size_t at = 0;
    for (size_t c = 0; c < columns; c++)
        at += (size_t)sprintf(table.text + at, "e%zu,", c);
    at += (size_t)sprintf(table.text + at, "y_pred\n");
    for (size_t i = 0; i < rows; i++) {
        double shared = normal_quantile(rng_real(&rng));
        for (size_t c = 0; c < columns; c++) {
            double own = normal_quantile(rng_real(&rng));
            double bond = i < loose ? normal_quantile(rng_real(&rng)) : shared;
            at += (size_t)sprintf(table.text + at, "%.3f,", 0.9 * bond + 0.43 * own);
        }
        at += (size_t)sprintf(table.text + at, "%d\n", (int)(i % 2));
    }
    table.size = at;
    return table;
}

/* How many findings; *ret_together: whether the inputs together are one. */
static size_t found(size_t columns, size_t loose, bool *ret_together)
{
    odd_model *model =
        judged_model(NULL, draw(1, REFERENCE_ROWS, columns, 0), draw(2, ROWS, columns, loose));
    odd_rows *rows;
    size_t count = 0;
    *ret_together = false;
    assert_int_equal(odd_model_query(model, ODD_MODEL_FINDINGS, &rows), ODD_OK);
    for (; odd_next(rows) == ODD_ROW; count++) {
        if (strcmp(odd_text(rows, odd_column(rows, "signal")), "inputs together") != 0)
            continue;
        *ret_together = strcmp(odd_text(rows, odd_column(rows, "state")), "odd") == 0;
        assert_non_null(strstr(odd_text(rows, odd_column(rows, "sentence")),
                               "inputs together fit each other less: median residual"));
    }
    odd_rows_close(rows);
    odd_model_close(model);
    return count;
}

static void inputs_that_fit_each_other_no_longer_are_told_though_each_is_as_it_was(void **state)
{
    (void)state;
    bool together;
    assert_int_equal(found(24, ROWS, &together), 1);
    assert_true(together);
}

static void a_few_rows_in_a_row_that_do_not_fit_are_told(void **state)
{
    (void)state;
    bool together;
    assert_int_equal(found(24, BURST_ROWS, &together), 1);
    assert_true(together);
}

static void inputs_that_stay_as_they_were_are_quiet(void **state)
{
    (void)state;
    bool together;
    assert_int_equal(found(24, 0, &together), 0);
}

static void few_inputs_are_watched_one_by_one_only(void **state)
{
    (void)state;
    bool together;
    assert_int_equal(found(8, ROWS, &together), 0);
}

static void of_a_table_that_lacks_a_column_only_that_is_told(void **state)
{
    (void)state;
    odd_model *model = judged_model(NULL, draw(1, REFERENCE_ROWS, 24, 0), draw(2, ROWS, 23, ROWS));
    odd_rows *rows;
    assert_int_equal(odd_model_query(model, ODD_MODEL_FINDINGS, &rows), ODD_OK);
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_string_equal(odd_text(rows, odd_column(rows, "what")), "schema");
    assert_int_equal(odd_next(rows), ODD_DONE);
    odd_rows_close(rows);
    odd_model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inputs_that_fit_each_other_no_longer_are_told_though_each_is_as_it_was),
        cmocka_unit_test(a_few_rows_in_a_row_that_do_not_fit_are_told),
        cmocka_unit_test(inputs_that_stay_as_they_were_are_quiet),
        cmocka_unit_test(few_inputs_are_watched_one_by_one_only),
        cmocka_unit_test(of_a_table_that_lacks_a_column_only_that_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
