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
#include "event/prediction_build.h"

#define NOW (1764547200LL * 1000000000)

static odd_rc decode(const char *codec, Str bytes, odd_events *events, odd_decoded *ret)
{
    odd_wire wire = {.source = "models", .now = NOW};
    return odd_decode(codec, &wire, bytes.text, bytes.size, events, ret);
}

static odd_events *opened(const odd_masks *masks)
{
    odd_events *events;
    assert_int_equal(odd_events_open(masks, NOW, &events), ODD_OK);
    return events;
}

/* The batch of an event, which is number `number` of all. */
static PredictionBatch batch_of(const odd_events *events, size_t number)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    PredictionBatch batch;
    char problem[BATCH_PROBLEM_BYTES];
    for (size_t i = 0; i <= number; i++)
        assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_int_equal(event.kind, EVENT_BATCH);
    assert_true(batch_read(event.text, &batch, problem));
    assert_true(str_equal(batch.model, event.source));
    return batch;
}

static BatchColumn column_called(PredictionBatch batch, const char *name)
{
    BatchColumn column;
    while (batch_column(&batch, &column))
        if (str_equal(column.name, str_of(name)))
            return column;
    fail_msg("no column %s", name);
    return column;
}

static Str text_at(const BatchColumn *column, uint32_t row)
{
    size_t at = column->form == BATCH_CATEGORY_FORM ? 2 : 0;
    uint32_t skip = column->form == BATCH_CATEGORY_FORM ? batch_code(column, row) - 1 : row;
    Str text = batch_text(column->data, &at);
    while (skip-- > 0)
        text = batch_text(column->data, &at);
    return text;
}

static void a_prediction_in_json_is_a_batch_of_one_row(void **state)
{
    (void)state;
    odd_events *events = opened(NULL);
    odd_decoded decoded;
    Str json =
        STR("{\"model\":\"credit\",\"version\":3,\"id\":\"a1\",\"time\":\"2026-11-27T10:00:00Z\","
            "\"features\":{\"age\":41.5,\"region\":\"north\",\"income\":null,\"new\":true},"
            "\"prediction\":\"yes\",\"probability\":0.83,\"segments\":{\"branch\":\"b7\"}}");
    assert_int_equal(decode("predictions_json", json, events, &decoded), ODD_OK);
    assert_int_equal(decoded.accepted, 1);
    assert_int_equal(odd_events_count(events).predictions, 1);
    PredictionBatch batch = batch_of(events, 0);
    assert_true(str_equal(batch.version, STR("3")));
    assert_int_equal(batch.what, BATCH_PREDICTIONS);
    BatchColumn age = column_called(batch, "age"), region = column_called(batch, "region");
    assert_true(batch_real(&age, 0) == 41.5);
    assert_true(str_equal(text_at(&region, 0), STR("north")));
    BatchColumn income = column_called(batch, "income"), time = column_called(batch, "time");
    assert_true(isnan(batch_real(&income, 0)));
    assert_int_equal(batch_time(&time, 0), 1795773600LL * 1000000000);
    assert_int_equal(column_called(batch, "branch").role, BATCH_SEGMENT);
    assert_int_equal(column_called(batch, "probability").role, BATCH_PROBABILITY);
    odd_events_close(events);
}

static void rows_that_lack_a_column_miss_it(void **state)
{
    (void)state;
    odd_events *events = opened(NULL);
    odd_decoded decoded;
    Str json = STR("{\"model\":\"m\",\"predictions\":[{\"features\":{\"a\":1}},"
                   "{\"features\":{\"b\":\"x\"}},{\"features\":{\"a\":3,\"b\":2}}]}");
    assert_int_equal(decode("predictions_json", json, events, &decoded), ODD_OK);
    PredictionBatch batch = batch_of(events, 0);
    BatchColumn a = column_called(batch, "a"), b = column_called(batch, "b");
    assert_int_equal(batch.rows, 3);
    assert_true(batch_real(&a, 0) == 1 && isnan(batch_real(&a, 1)) && batch_real(&a, 2) == 3);
    assert_int_equal(b.form, BATCH_CATEGORY_FORM);
    assert_int_equal(batch_code(&b, 0), 0);
    assert_true(str_equal(text_at(&b, 1), STR("x")));
    assert_true(str_equal(text_at(&b, 2), STR("2")));
    odd_events_close(events);
}

static void what_is_around_stands_for_what_a_row_lacks(void **state)
{
    (void)state;
    odd_events *events = opened(NULL);
    odd_decoded decoded;
    Str json = STR("{\"model\":\"m\",\"time\":1795773600000000000,\"predictions\":["
                   "{\"output\":1},{\"output\":2,\"time\":null},{\"output\":3,\"time\":7}]}");
    assert_int_equal(decode("predictions_json", json, events, &decoded), ODD_OK);
    assert_int_equal(decoded.accepted, 3);
    PredictionBatch batch = batch_of(events, 0);
    BatchColumn time = column_called(batch, "time");
    assert_int_equal(batch_time(&time, 0), 1795773600LL * 1000000000);
    assert_int_equal(batch_time(&time, 1), 1795773600LL * 1000000000);
    assert_int_equal(batch_time(&time, 2), 7);
    json = STR("{\"modle\":\"m\",\"predictions\":[{\"model\":\"m\",\"output\":1}]}");
    assert_int_equal(decode("predictions_json", json, events, &decoded), ODD_SYNTAX);
    assert_non_null(strstr(decoded.message, "\"modle\" is unknown"));
    odd_events_close(events);
}

static void a_line_that_is_no_json_is_refused_and_the_others_count(void **state)
{
    (void)state;
    odd_events *events = opened(NULL);
    odd_decoded decoded;
    Str lines = STR("{\"model\":\"m\",\"id\":1,\"outcome\":1}\n{\"model\":\n"
                    "{\"model\":\"m\",\"id\":2}\n\n{\"model\":\"n\",\"id\":3,\"truth\":\"no\"}\n");
    assert_int_equal(decode("outcomes_json", lines, events, &decoded), ODD_OK);
    assert_int_equal(decoded.accepted, 2);
    assert_int_equal(decoded.rejected, 2);
    assert_non_null(strstr(decoded.message, "row 2"));
    assert_int_equal(odd_events_count(events).outcomes, 2);
    assert_true(str_equal(batch_of(events, 1).model, STR("n")));
    odd_events_close(events);
}

static void what_a_row_needs_is_named_where_it_is_missing(void **state)
{
    (void)state;
    static const struct {
        const char *codec, *body, *word;
    } cases[] = {
        {"predictions_json", "{\"features\":{\"a\":1}}", "model"},
        {"predictions_json", "{\"model\":\"m\"}", "features"},
        {"predictions_json", "{\"model\":\"m\",\"features\":{\"a\":1},\"time\":\"soon\"}", "time"},
        {"predictions_json", "{\"model\":\"m\",\"prediction\":1,\"probability\":\"x\"}",
         "probability"},
        {"predictions_json", "{\"model\":\"m\",\"prediction\":1,\"features\":[1]}", "features"},
        {"outcomes_json", "{\"model\":\"m\",\"outcome\":1}", "id"},
        {"outcomes_json", "{\"model\":\"m\",\"id\":\"a\"}", "outcome"},
        {"predictions_json", "[3]", "object"},
        {"predictions_json", "{\"model\":\"m\",\"prediction\":1,\"fetures\":{\"a\":1}}",
         "\"fetures\" is unknown"},
        {"predictions_json", "[{\"model\":\"m\",\"prediction\":1,\"predictions\":1}]",
         "\"predictions\" is unknown"},
        {"outcomes_json", "{\"model\":\"m\",\"id\":1,\"outcome\":1,\"outcomes\":2}",
         "\"outcomes\" is unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        odd_events *events = opened(NULL);
        odd_decoded decoded;
        assert_int_equal(decode(cases[i].codec, str_of(cases[i].body), events, &decoded), ODD_OK);
        assert_int_equal(decoded.accepted, 0);
        assert_int_equal(decoded.rejected, 1);
        if (strstr(decoded.message, cases[i].word) == NULL)
            fail_msg("%s: %s", cases[i].body, decoded.message);
        odd_events_close(events);
    }
}

static void a_body_that_is_no_json_is_refused_whole(void **state)
{
    (void)state;
    odd_events *events = opened(NULL);
    odd_decoded decoded;
    assert_int_equal(decode("predictions_json", STR("[{\"model\":\"m\""), events, &decoded),
                     ODD_SYNTAX);
    assert_true(decoded.message[0] != '\0');
    assert_int_equal(odd_events_count(events).events, 0);
    odd_events_close(events);
}

/* 100 rows of two columns of each form. */
static Str batch_built(Mem *mem, PredictionBuild *build, odd_events *events)
{
    char id[24];
    build_begin(build, mem, BATCH_PREDICTIONS, STR("m"), STR("1"), false);
    for (int i = 0; i < 100; i++) {
        size_t size = (size_t)snprintf(id, sizeof id, "id-%d", i);
        build_row(build);
        assert_true(build_time(build, NOW + i));
        assert_true(build_text(build, BATCH_ID, STR("id"), (Str){.text = id, .size = size}));
        assert_true(build_number(build, BATCH_FEATURE, STR("x"), i / 4.0));
        assert_true(build_text(build, BATCH_FEATURE, STR("k"), i % 2 ? STR("a") : STR("b")));
    }
    assert_true(build_write(build, events));
    return batch_of(events, 0).bytes;
}

static void a_batch_that_ends_early_anywhere_is_refused(void **state)
{
    (void)state;
    Mem mem = {0};
    PredictionBuild build;
    PredictionBatch batch;
    char problem[BATCH_PROBLEM_BYTES];
    odd_events *events = opened(NULL);
    Str bytes = batch_built(&mem, &build, events);
    assert_true(batch_read(bytes, &batch, problem));
    for (size_t size = 0; size < bytes.size; size++) {
        assert_false(batch_read(str_part(bytes, 0, size), &batch, problem));
        assert_true(problem[0] != '\0');
    }
    build_close(&build);
    odd_events_close(events);
    assert_int_equal(mem.bytes, 0);
}

static void batches_come_one_behind_the_other(void **state)
{
    (void)state;
    Mem mem = {0};
    PredictionBuild build;
    odd_decoded decoded;
    char twice[2 * 8192];
    odd_events *events = opened(NULL), *again = opened(NULL);
    Str bytes = batch_built(&mem, &build, events);
    assert_true(2 * bytes.size < sizeof twice);
    memcpy(twice, bytes.text, bytes.size);
    memcpy(twice + bytes.size, bytes.text, bytes.size);
    assert_int_equal(
        decode("predictions", (Str){.text = twice, .size = 2 * bytes.size}, again, &decoded),
        ODD_OK);
    assert_int_equal(decoded.accepted, 200);
    assert_int_equal(odd_events_count(again).predictions, 200);
    assert_true(str_equal(batch_of(again, 1).bytes, bytes));
    assert_int_equal(
        decode("predictions", (Str){.text = twice, .size = 2 * bytes.size - 1}, again, &decoded),
        ODD_SYNTAX);
    assert_non_null(strstr(decoded.message, "batch 1"));
    build_close(&build);
    odd_events_close(events);
    odd_events_close(again);
}

static void texts_are_masked_and_equal_ones_stay_equal(void **state)
{
    (void)state;
    odd_masks *masks;
    odd_decoded decoded;
    char problem[200];
    const unsigned char key[16] = {7};
    assert_int_equal(odd_masks_open(NULL, 0, 1, key, problem, sizeof problem, &masks), ODD_OK);
    odd_events *events = opened(masks);
    Str json = STR("[{\"model\":\"m\",\"id\":\"ann@example.org\",\"features\":{\"mail\":"
                   "\"ann@example.org\",\"n\":1}},{\"model\":\"m\",\"id\":\"b\",\"features\":"
                   "{\"mail\":\"bob@example.org\",\"n\":2}}]");
    assert_int_equal(decode("predictions_json", json, events, &decoded), ODD_OK);
    PredictionBatch batch = batch_of(events, 0);
    BatchColumn id = column_called(batch, "id"), mail = column_called(batch, "mail");
    BatchColumn n = column_called(batch, "n");
    assert_null(memmem(events->bytes, events->size, "example", 7));
    assert_true(str_equal(text_at(&id, 0), text_at(&mail, 0)));
    assert_false(str_equal(text_at(&mail, 0), text_at(&mail, 1)));
    assert_true(str_equal(text_at(&id, 1), STR("b")));
    assert_true(batch_real(&n, 1) == 2);
    assert_int_equal(odd_events_count(events).masked, 3);
    odd_events_close(events);
    odd_masks_close(masks);
}

static void an_event_of_rows_is_copied_and_counted_again(void **state)
{
    (void)state;
    Mem mem = {0};
    PredictionBuild build;
    odd_events *events = opened(NULL), *copy = opened(NULL);
    batch_built(&mem, &build, events);
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_true(events_copy(copy, &event));
    assert_int_equal(copy->size, events->size);
    assert_memory_equal(copy->bytes, events->bytes, copy->size);
    build_close(&build);
    odd_events_close(events);
    odd_events_close(copy);
}

static void columns_of_a_program_are_rows(void **state)
{
    (void)state;
    const double ages[] = {41, NAN, 17}, said[] = {1, 0, 1};
    const char *const regions[] = {"north", NULL, "south"}, *const ids[] = {"a", "b", "c"};
    const odd_model_column columns[] = {
        {.role = ODD_ROLE_ID, .name = "id", .texts = ids},
        {.role = ODD_ROLE_FEATURE, .name = "age", .numbers = ages},
        {.role = ODD_ROLE_FEATURE, .name = "region", .texts = regions},
        {.role = ODD_ROLE_PREDICTION, .name = "said", .numbers = said},
    };
    odd_model_rows rows = {
        .model = "credit", .version = "3", .columns = columns, .column_count = 4, .row_count = 3};
    odd_events *events = opened(NULL);
    assert_int_equal(odd_events_rows(events, &rows), ODD_OK);
    PredictionBatch batch = batch_of(events, 0);
    BatchColumn region = column_called(batch, "region"), age = column_called(batch, "age");
    assert_int_equal(batch.rows, 3);
    assert_true(isnan(batch_real(&age, 1)) && batch_real(&age, 2) == 17);
    assert_int_equal(batch_code(&region, 1), 0);
    rows.are_outcomes = 1; /* Which need a column of outcomes. */
    assert_int_equal(odd_events_rows(events, &rows), ODD_RANGE);
    rows.model = "";
    assert_int_equal(odd_events_rows(events, &rows), ODD_RANGE);
    odd_events_close(events);
}

static void a_log_record_with_a_model_is_a_prediction(void **state)
{
    (void)state;
    odd_events *events = opened(NULL);
    odd_decoded decoded;
    Str json =
        STR("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":["
            "{\"timeUnixNano\":\"1795773600000000000\",\"attributes\":["
            "{\"key\":\"oddball.model\",\"value\":{\"stringValue\":\"credit\"}},"
            "{\"key\":\"oddball.id\",\"value\":{\"intValue\":\"7\"}},"
            "{\"key\":\"oddball.prediction\",\"value\":{\"boolValue\":true}},"
            "{\"key\":\"oddball.feature.age\",\"value\":{\"doubleValue\":41.5}}]},"
            "{\"attributes\":[{\"key\":\"oddball.model\",\"value\":{\"stringValue\":\"credit\"}},"
            "{\"key\":\"oddball.id\",\"value\":{\"stringValue\":\"7\"}},"
            "{\"key\":\"oddball.outcome\",\"value\":{\"stringValue\":\"true\"}}]},"
            "{\"attributes\":[{\"key\":\"oddball.model\",\"value\":{\"stringValue\":\"x\"}}]},"
            "{\"body\":{\"stringValue\":\"a line\"}}]}]}]}");
    assert_int_equal(decode("otlp_logs_json", json, events, &decoded), ODD_OK);
    assert_int_equal(decoded.accepted, 3);
    assert_int_equal(decoded.rejected, 1);
    odd_event_counts counts = odd_events_count(events);
    assert_int_equal(counts.predictions, 1);
    assert_int_equal(counts.outcomes, 1);
    assert_int_equal(counts.records, 1);
    PredictionBatch said = batch_of(events, 0), came = batch_of(events, 1);
    BatchColumn age = column_called(said, "age"), time = column_called(said, "time");
    assert_true(batch_real(&age, 0) == 41.5);
    assert_int_equal(batch_time(&time, 0), 1795773600LL * 1000000000);
    BatchColumn id = column_called(said, "id"), other = column_called(came, "id");
    assert_true(str_equal(text_at(&id, 0), text_at(&other, 0)));
    odd_events_close(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prediction_in_json_is_a_batch_of_one_row),
        cmocka_unit_test(rows_that_lack_a_column_miss_it),
        cmocka_unit_test(what_is_around_stands_for_what_a_row_lacks),
        cmocka_unit_test(a_line_that_is_no_json_is_refused_and_the_others_count),
        cmocka_unit_test(what_a_row_needs_is_named_where_it_is_missing),
        cmocka_unit_test(a_body_that_is_no_json_is_refused_whole),
        cmocka_unit_test(a_batch_that_ends_early_anywhere_is_refused),
        cmocka_unit_test(batches_come_one_behind_the_other),
        cmocka_unit_test(texts_are_masked_and_equal_ones_stay_equal),
        cmocka_unit_test(columns_of_a_program_are_rows),
        cmocka_unit_test(a_log_record_with_a_model_is_a_prediction),
        cmocka_unit_test(an_event_of_rows_is_copied_and_counted_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
