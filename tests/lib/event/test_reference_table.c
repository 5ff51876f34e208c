/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "event/codec.h"
#include "event/prediction.h"
#include "event/prediction_batch.h"

#define NOW (1764547200LL * 1000000000)
#define ROWS 60

static odd_events *events;
static odd_decoded decoded;

static int begin(void **state)
{
    (void)state;
    decoded = (odd_decoded){.accepted = 0};
    return odd_events_open(NULL, NOW, &events) == ODD_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    odd_events_close(events);
    return 0;
}

static odd_rc decode(const char *head, const char *row, int rows, const odd_model_options *table)
{
    static char bytes[1 << 20];
    odd_wire wire = {.source = "credit", .subject = "3", .now = NOW, .table = table};
    int size = snprintf(bytes, sizeof bytes, "%s\n", head);
    for (int i = 0; i < rows; i++)
        size += snprintf(bytes + size, sizeof bytes - (size_t)size, "%s\n", row);
    return odd_decode("reference_table", &wire, bytes, (size_t)size, events, &decoded);
}

static PredictionBatch batch(void)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    PredictionBatch ret;
    char problem[BATCH_PROBLEM_BYTES];
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_int_equal(event.kind, EVENT_BATCH);
    assert_true(batch_read(event.text, &ret, problem));
    return ret;
}

/* "role name, role name ..." of all columns. */
static void assert_columns(const char *expected)
{
    static const char *const roles[] = {"feature", "time", "id", "output", "probability", "outcome",
                                        "segment"};
    PredictionBatch all = batch();
    BatchColumn column;
    char seen[512] = "";
    while (batch_column(&all, &column)) {
        size_t size = strlen(seen);
        snprintf(seen + size, sizeof seen - size, "%s%s %.*s", size > 0 ? ", " : "",
                 roles[column.role], (int)column.name.size, column.name.text);
    }
    assert_string_equal(seen, expected);
}

static void a_table_becomes_rows_of_the_reference(void **state)
{
    (void)state;
    assert_int_equal(decode("timestamp,id,age,region,y_pred,y_pred_proba",
                            "2026-11-27T10:00:00Z,a1,41,north,1,0.83", ROWS, NULL),
                     ODD_OK);
    PredictionBatch all = batch();
    BatchColumn column;
    assert_true(all.is_reference && all.rows == ROWS && decoded.accepted == ROWS);
    assert_true(str_equal(all.model, STR("credit")) && str_equal(all.version, STR("3")));
    assert_columns("time time, id id, feature age, feature region, output prediction, "
                   "probability probability");
    assert_true(batch_find(&all, BATCH_PROBABILITY, &column));
    assert_true(fabs(batch_real(&column, ROWS - 1) - 0.83) < 1e-12);
}

static void what_came_true_needs_no_id(void **state)
{
    (void)state;
    assert_int_equal(decode("id,age,y_pred,y_true", "a1,41,1,0", ROWS, NULL), ODD_OK);
    assert_columns("feature age, output prediction, outcome outcome");
}

static void columns_are_what_the_wire_calls_them(void **state)
{
    (void)state;
    odd_model_options table = {
        .prediction = "said", .outcome = "repaid", .segments = "branch", .left_out = "note"};
    assert_int_equal(decode("age,branch,note,said,repaid", "41,b7,x,yes,no", ROWS, &table), ODD_OK);
    assert_columns("feature age, segment branch, output prediction, outcome outcome");
    table.prediction = "sad";
    assert_int_equal(decode("age,branch,note,said,repaid", "41,b7,x,yes,no", ROWS, &table),
                     ODD_SYNTAX);
    assert_non_null(strstr(decoded.message, "\"sad\""));
}

static void probabilities_of_classes_are_called_as_in_json(void **state)
{
    (void)state;
    assert_int_equal(
        decode("x,y_pred,y_pred_proba_red,y_pred_proba_green", "1,red,0.7,0.3", ROWS, NULL),
        ODD_OK);
    assert_columns("feature x, output prediction, feature probabilities.red, "
                   "feature probabilities.green");
}

static void too_few_rows_are_no_reference(void **state)
{
    (void)state;
    assert_int_equal(decode("x,y_pred", "1,2", PREDICTION_REFERENCE_ROWS_MIN - 1, NULL),
                     ODD_SYNTAX);
    assert_non_null(strstr(decoded.message, "49 rows"));
}

static void what_is_no_text_is_no_reference(void **state)
{
    (void)state;
    char bytes[256] = "PAR1";
    memset(bytes + 4, '\n', sizeof bytes - 4);
    bytes[40] = '\0';
    odd_wire wire = {.source = "credit", .subject = "3", .now = NOW};
    odd_rc rc = odd_decode("reference_table", &wire, bytes, sizeof bytes, events, &decoded);
    assert_int_equal(rc, ODD_SYNTAX);
    assert_non_null(strstr(decoded.message, "no text: there is a NUL at byte 40"));
    assert_int_equal(events->size, 0);
}

static void a_row_of_another_width_is_refused_and_the_others_count(void **state)
{
    (void)state;
    assert_int_equal(decode("x,y_pred\n1", "1,2", ROWS, NULL), ODD_OK);
    assert_true(decoded.accepted == ROWS && decoded.rejected == 1);
    assert_non_null(strstr(decoded.message, "row 1 "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_table_becomes_rows_of_the_reference, begin, end),
        cmocka_unit_test_setup_teardown(what_came_true_needs_no_id, begin, end),
        cmocka_unit_test_setup_teardown(columns_are_what_the_wire_calls_them, begin, end),
        cmocka_unit_test_setup_teardown(probabilities_of_classes_are_called_as_in_json, begin, end),
        cmocka_unit_test_setup_teardown(too_few_rows_are_no_reference, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_text_is_no_reference, begin, end),
        cmocka_unit_test_setup_teardown(a_row_of_another_width_is_refused_and_the_others_count,
                                        begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
