/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <stdio.h>
#include <string.h>

#include "simulated_day.h"

#define SEED 7
#define MINUTES 300

static odd_fold *fold_of_a_day(void)
{
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(0);
    for (int minute = 0; minute < MINUTES; minute++) {
        day_minute(SEED, minute, events);
        fold_learn(fold, events, events->known);
    }
    events_close(events);
    return fold;
}

static void say(odd_fold *fold, const char *json)
{
    odd_decoded decoded;
    odd_events *events = events_opened(fold->now + NS_PER_S);
    odd_wire wire = {.source = "", .now = events->known};
    odd_rc rc = odd_decode("verdict", &wire, json, strlen(json), events, &decoded);
    if (rc != ODD_OK)
        fail_msg("%s", decoded.message);
    fold_learn(fold, events, events->known);
    events_close(events);
}

typedef struct {
    char   ids[20][24];
    size_t count;
    int64_t like; /* Of the first. */
} Asks;

static Asks asks(odd_fold *fold, int a_day)
{
    odd_rows *rows;
    Asks all = {.count = 0};
    odd_question question = {.view = ODD_QUESTIONS, .row_count_max = a_day};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        if (all.count == 0)
            all.like = odd_int(rows, odd_column(rows, "like"));
        snprintf(all.ids[all.count++], sizeof all.ids[0], "%s",
                 odd_text(rows, odd_column(rows, "id")));
    }
    odd_rows_close(rows);
    return all;
}

static void put_answer(const char *id, const char *verdict, char *json, size_t size)
{
    snprintf(json, size, "{\"verdict\":\"%s\",\"id\":\"%s\",\"finding\":\"%s\"}", verdict, verdict,
             id);
}

static void what_is_answered_is_not_asked_again_until_that_is_undone(void **state)
{
    (void)state;
    char json[256];
    odd_fold *fold = fold_of_a_day();
    Asks before = asks(fold, 20);
    assert_true(before.count > 1);
    assert_int_equal(asks(fold, 1).count, 1);
    put_answer(before.ids[0], "expected", json, sizeof json);
    say(fold, json);
    Asks after = asks(fold, 20);
    assert_true(after.count <= 19); /* One of today's is answered. */
    for (size_t i = 0; i < after.count; i++)
        assert_string_not_equal(after.ids[i], before.ids[0]);
    assert_int_equal(asks(fold, 1).count, 0);
    say(fold, "{\"undo\":\"expected\"}");
    Asks again = asks(fold, 20);
    assert_int_equal(again.count, before.count);
    for (size_t i = 0; i < again.count; i++)
        assert_string_equal(again.ids[i], before.ids[i]);
    odd_fold_close(fold);
}

static void the_next_day_has_questions_of_its_own(void **state)
{
    (void)state;
    char json[256];
    odd_fold *fold = fold_of_a_day();
    odd_events *events = events_opened(0);
    put_answer(asks(fold, 1).ids[0], "unsure", json, sizeof json);
    say(fold, json);
    assert_int_equal(asks(fold, 1).count, 0);
    fold_learn(fold, events, fold->now + 24 * 3600 * NS_PER_S);
    assert_int_equal(asks(fold, 1).count, 1);
    events_close(events);
    odd_fold_close(fold);
}

/* As the program says it with the scope `like`. */
static void an_answer_about_the_like_is_said_of_all_that_was_counted(void **state)
{
    (void)state;
    char json[1024];
    odd_fold *fold = fold_of_a_day();
    Asks all = asks(fold, 20);
    odd_rows *rows;
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_FINDINGS}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW &&
           strcmp(odd_text(rows, odd_column(rows, "id")), all.ids[0]) != 0)
        ;
    bool is_metric = odd_int(rows, odd_column(rows, "metric")) != 0;
    const char *source = odd_text(rows, odd_column(rows, "like_source"));
    const char *signal = odd_text(rows, odd_column(rows, "like_signal"));
    int size = snprintf(json, sizeof json, "{\"verdict\":\"expected\",\"id\":\"e\",\"kind\":\"%s\"",
                        odd_text(rows, odd_column(rows, "like_kind")));
    if (source[0] != '\0')
        size += snprintf(json + size, sizeof json - (size_t)size, ",\"source\":\"%s\"", source);
    if (signal[0] != '\0')
        size += snprintf(json + size, sizeof json - (size_t)size, ",\"%s\":\"%s\"",
                         is_metric ? "signal" : "pattern", signal);
    snprintf(json + size, sizeof json - (size_t)size, ",\"until\":\"forever\"}");
    odd_rows_close(rows);
    odd_events *events = events_opened(DAY_START);
    odd_decoded decoded;
    odd_wire wire = {.source = "", .now = DAY_START};
    assert_int_equal(odd_decode("verdict", &wire, json, strlen(json), events, &decoded), ODD_OK);
    assert_int_equal(odd_fold_try(fold, events, 0, &rows), ODD_OK);
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_int_equal(odd_int(rows, odd_column(rows, "hidden")), all.like);
    odd_rows_close(rows);
    events_close(events);
    odd_fold_close(fold);
}

static void without_answers_no_precision_is_told(void **state)
{
    (void)state;
    odd_rows *rows;
    odd_fold *fold = fold_of_a_day();
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_PRECISION}, &rows), ODD_OK);
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_int_equal(odd_int(rows, odd_column(rows, "answers")), 0);
    assert_int_equal(odd_next(rows), ODD_DONE);
    odd_rows_close(rows);
    odd_fold_close(fold);
}

static void an_empty_fold_has_no_questions(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    assert_int_equal(asks(fold, 3).count, 0);
    odd_fold_close(fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_answered_is_not_asked_again_until_that_is_undone),
        cmocka_unit_test(the_next_day_has_questions_of_its_own),
        cmocka_unit_test(an_answer_about_the_like_is_said_of_all_that_was_counted),
        cmocka_unit_test(without_answers_no_precision_is_told),
        cmocka_unit_test(an_empty_fold_has_no_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
