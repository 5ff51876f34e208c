/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include <math.h>

#include "event/prediction.h"

static Mem mem;

static PredictionTable learn(const char *text, PredictionNames names)
{
    PredictionTable table;
    char problem[PREDICTION_PROBLEM_BYTES];
    assert_true(prediction_learn(str_of(text), time_frame(0, 0), &names, &mem, &table, problem));
    return table;
}

static const char loans[] = "value,range,when,y_pred_proba,y_pred,repaid,Index\n"
                            "12.5,\"0 - 20K, or so\",2018-10-30 18:00:00.000,0.99,1,1,7\n"
                            ",20K,2018-10-30 18:08:43.152,0.4,0,,9\n";

static void columns_are_told_by_their_usual_names(void **state)
{
    (void)state;
    PredictionTable table = learn(loans, (PredictionNames){.outcome = STR("repaid")});
    const uint8_t roles[] = {PREDICTION_INPUT,       PREDICTION_INPUT,  PREDICTION_TIME,
                             PREDICTION_PROBABILITY, PREDICTION_OUTPUT, PREDICTION_OUTCOME,
                             PREDICTION_ID};
    assert_int_equal(table.column_count, 7);
    for (uint32_t c = 0; c < 7; c++)
        assert_int_equal(table.columns[c].role, roles[c]);
    prediction_close(&table, &mem);
    assert_int_equal(mem.bytes, 0);
}

static void a_row_is_cells_and_a_time(void **state)
{
    (void)state;
    PredictionTable table = learn(loans, (PredictionNames){.left_out = STR("value,y_pred")});
    PredictionCell cells[7];
    odd_time time;
    Str line = STR("12.5,\"0 - 20K, or so\",1970-01-01 00:00:01.000,0.99,1,,7");
    assert_true(prediction_read(&table, line, cells, &time));
    assert_true(time == 1000000000);
    assert_true(cells[0].kind == PREDICTION_NUMBER && cells[0].number == 12.5);
    assert_true(str_equal(cells[1].text, STR("0 - 20K, or so")));
    assert_int_equal(cells[5].kind, PREDICTION_MISSING);
    assert_int_equal(table.columns[0].role, PREDICTION_LEFT_OUT);
    assert_int_equal(table.columns[4].role, PREDICTION_LEFT_OUT);
    assert_false(prediction_read(&table, STR("1,2"), cells, &time));
    assert_int_equal(cells[6].kind, PREDICTION_MISSING);
    prediction_close(&table, &mem);
}

static void a_column_that_was_named_must_be_there(void **state)
{
    (void)state;
    PredictionTable table;
    char problem[PREDICTION_PROBLEM_BYTES];
    PredictionNames names = {.output = STR("said")};
    assert_false(prediction_learn(str_of(loans), time_frame(0, 0), &names, &mem, &table, problem));
    assert_string_equal(problem, "the table has no column \"said\"");
    assert_false(prediction_learn(STR("a,b\n"), time_frame(0, 0), &names, &mem, &table, problem));
    assert_int_equal(mem.bytes, 0);
}

static void what_may_be_in_either_table_must_be_in_one(void **state)
{
    (void)state;
    char problem[PREDICTION_PROBLEM_BYTES] = "";
    PredictionTable before = learn(loans, (PredictionNames){.outcome = STR("")});
    PredictionTable now = learn("value,y_pred\n1,2\n", (PredictionNames){.outcome = STR("")});
    PredictionNames fine = {
        .outcome = STR("repaid"), .segments = STR("range,value"), .left_out = STR("Index,")};
    assert_true(prediction_names_fit(&fine, &before, &now, problem));
    assert_true(
        prediction_names_fit(&(PredictionNames){.outcome = STR("repaid")}, &now, &before, problem));
    PredictionNames wrong = {.outcome = STR("repayed")};
    assert_false(prediction_names_fit(&wrong, &before, &now, problem));
    assert_string_equal(problem, "neither table has a column \"repayed\"");
    wrong = (PredictionNames){.left_out = STR("value,valu")};
    assert_false(prediction_names_fit(&wrong, &before, &now, problem));
    assert_string_equal(problem, "neither table has a column \"valu\"");
    wrong = (PredictionNames){.segments = STR("value,range")};
    assert_false(prediction_names_fit(&wrong, &now, &before, problem));
    assert_string_equal(problem, "the reference has no column \"range\"");
    prediction_close(&before, &mem);
    prediction_close(&now, &mem);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_told_by_their_usual_names),
        cmocka_unit_test(a_row_is_cells_and_a_time),
        cmocka_unit_test(a_column_that_was_named_must_be_there),
        cmocka_unit_test(what_may_be_in_either_table_must_be_in_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
