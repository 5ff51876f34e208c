/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <stdio.h>

#include "event/codec.h"

#define MINUTE (60 * NS_PER_S)
#define STARTS "\"startsAt\":\"2025-11-30T23:58:00Z\""
#define SLOW                                                                              \
    "{\"labels\":{\"alertname\":\"Slow\",\"job\":\"shop\"},\"annotations\":{\"summary\":" \
    "\"4 s\"}," STARTS

static void alert(odd_fold *fold, const char *json, odd_time now)
{
    odd_events *events = events_opened(now);
    odd_wire wire = {.source = "alertmanager", .now = now};
    odd_decoded decoded;
    assert_int_equal(odd_decode("alert", &wire, json, strlen(json), events, &decoded), ODD_OK);
    fold_learn(fold, events, now);
    events_close(events);
}

static void passes(odd_fold *fold, odd_time now)
{
    odd_events *events = events_opened(now);
    fold_learn(fold, events, now);
    events_close(events);
}

static const BoardFinding *finding(const odd_fold *fold, size_t i)
{
    assert_true(i < fold->board.finding_count);
    return &fold->board.findings[i];
}

static void an_alert_is_told_whatever_the_budget_and_takes_nothing_of_it(void **state)
{
    (void)state;
    odd_options options = {.findings_per_day = 0.001};
    odd_fold *fold;
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    double threshold = fold->board.threshold[SENSE_LINES];
    for (int i = 0; i < 20; i++) {
        char json[400];
        snprintf(json, sizeof json,
                 "[{\"labels\":{\"alertname\":\"A\",\"instance\":\"web-%d:1\"}," STARTS "}]", i);
        alert(fold, json, NOW + i * NS_PER_S);
    }
    assert_int_equal(fold->board.finding_count, 20);
    assert_true(fold->board.threshold[SENSE_LINES] <= threshold);
    assert_string_equal(finding(fold, 3)->first.sentence, "alert A fires on web-3");
    assert_int_equal(finding(fold, 3)->first.time, NOW - 2 * MINUTE);
    odd_fold_close(fold);
}

static void an_alert_goes_on_until_it_is_resolved_and_its_incident_with_it(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    for (int i = 0; i < 3; i++)
        alert(fold, "[" SLOW "}]", NOW + i * 120 * MINUTE);
    passes(fold, NOW + 300 * MINUTE);
    assert_int_equal(fold->board.finding_count, 1);
    assert_int_equal(fold->board.incidents.count, 1);
    assert_int_equal(finding(fold, 0)->state, STATE_ONGOING);
    assert_int_equal(finding(fold, 0)->repeats, 3);
    assert_true(fold->board.incidents.incidents[0].state < INCIDENT_RESOLVED);
    alert(fold, "[" SLOW ",\"status\":\"resolved\"}]", NOW + 301 * MINUTE);
    assert_int_equal(finding(fold, 0)->state, STATE_RESOLVED);
    assert_int_equal(fold->board.incidents.incidents[0].state, INCIDENT_RESOLVED);
    alert(fold, "[" SLOW "}]", NOW + 302 * MINUTE);
    assert_int_equal(fold->board.finding_count, 1);
    assert_true(fold->board.incidents.incidents[0].state < INCIDENT_RESOLVED);
    odd_fold_close(fold);
}

static void an_alert_that_nobody_sends_again_is_over(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    alert(fold, "[" SLOW ",\"endsAt\":\"2025-12-01T00:04:00Z\"}]", NOW);
    passes(fold, NOW + 14 * MINUTE);
    assert_int_not_equal(finding(fold, 0)->state, STATE_RESOLVED);
    passes(fold, NOW + 15 * MINUTE);
    assert_int_equal(finding(fold, 0)->state, STATE_RESOLVED);
    alert(fold, "[" SLOW "}]", NOW + 20 * MINUTE); /* Of a webhook: it is told in hours. */
    passes(fold, NOW + 10 * 60 * MINUTE);
    assert_int_not_equal(finding(fold, 0)->state, STATE_RESOLVED);
    passes(fold, NOW + 25 * 60 * MINUTE);
    assert_int_equal(finding(fold, 0)->state, STATE_RESOLVED);
    alert(fold, "[{\"labels\":{\"a\":\"never seen\"},\"status\":\"resolved\"}]", NOW);
    assert_int_equal(fold->board.finding_count, 1);
    odd_fold_close(fold);
}

static void of_a_storm_of_alerts_the_first_ones_are_told(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    odd_wire wire = {.source = "alertmanager", .now = NOW};
    odd_decoded decoded;
    for (int i = 0; i < ALERTS_FIRING_MAX + 10; i++) {
        char json[200];
        int size = snprintf(json, sizeof json, "[{\"labels\":{\"alertname\":\"A%d\"}}]", i);
        assert_int_equal(odd_decode("alert", &wire, json, (size_t)size, events, &decoded), ODD_OK);
    }
    fold_learn(fold, events, NOW);
    events_close(events);
    assert_int_equal(fold->board.finding_count, ALERTS_FIRING_MAX);
    assert_int_equal(fold->board.dropped, 10);
    alert(fold, "[{\"labels\":{\"alertname\":\"A0\"},\"status\":\"resolved\"}]", NOW + MINUTE);
    alert(fold, "[{\"labels\":{\"alertname\":\"new\"}}]", NOW + MINUTE);
    assert_int_equal(fold->board.finding_count, ALERTS_FIRING_MAX + 1);
    odd_fold_close(fold);
}

static Candidate wrong_line(const char *source, odd_time time)
{
    Candidate c;
    memset(&c, 0, sizeof c);
    c.time = c.last_time = time;
    c.pattern = 7;
    c.surprise = 8;
    c.kind = FINDING_RARE;
    c.level = LEVEL_ERROR;
    snprintf(c.source, sizeof c.source, "%s", source);
    snprintf(c.pattern_text, sizeof c.pattern_text, "no room left");
    snprintf(c.sentence, sizeof c.sentence, "`no room left` came.");
    return c;
}

static void an_alert_and_a_line_of_one_service_are_one_incident(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0);
    Candidate mine = wrong_line("shop", NOW), other = wrong_line("mail", NOW);
    other.pattern = 8;
    alert(fold, "[" SLOW "}]", NOW);
    assert_int_equal(board_take(&fold->board, &mine), ODD_OK);
    assert_int_equal(board_take(&fold->board, &other), ODD_OK);
    assert_int_equal(fold->board.finding_count, 3);
    assert_int_equal(fold->board.incidents.count, 2);
    assert_string_equal(finding(fold, 0)->incident, finding(fold, 1)->incident);
    passes(fold, NOW + MINUTE);
    assert_int_equal(finding(fold, 0)->role, ROLE_IMPACT);
    assert_int_equal(finding(fold, 1)->rank, 1);
    alert(fold, "[" SLOW ",\"status\":\"resolved\"}]", NOW + 2 * MINUTE);
    assert_int_equal(finding(fold, 0)->state, STATE_RESOLVED);
    assert_true(fold->board.incidents.incidents[0].state < INCIDENT_RESOLVED);
    odd_fold_close(fold);
}

static void a_board_that_was_saved_goes_on_with_its_alerts(void **state)
{
    (void)state;
    odd_fold *fold = fold_opened(0), *loaded = fold_opened(0);
    Mem mem = {0};
    ImageOut out = {.mem = &mem}, again = {.mem = &mem};
    alert(fold, "[" SLOW "}]", NOW);
    fold_save_board(fold, &out);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    assert_int_equal(fold_load_board(loaded, &in), ODD_OK);
    mem_free(&mem, out.bytes, out.capacity);
    out = (ImageOut){.mem = &mem};
    alert(fold, "[" SLOW ",\"status\":\"resolved\"}]", NOW + MINUTE);
    alert(loaded, "[" SLOW ",\"status\":\"resolved\"}]", NOW + MINUTE);
    assert_int_equal(finding(loaded, 0)->state, STATE_RESOLVED);
    fold_save_board(fold, &out);
    fold_save_board(loaded, &again);
    assert_int_equal(out.size, again.size);
    assert_memory_equal(out.bytes, again.bytes, out.size);
    mem_free(&mem, out.bytes, out.capacity);
    mem_free(&mem, again.bytes, again.capacity);
    odd_fold_close(fold);
    odd_fold_close(loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_is_told_whatever_the_budget_and_takes_nothing_of_it),
        cmocka_unit_test(an_alert_goes_on_until_it_is_resolved_and_its_incident_with_it),
        cmocka_unit_test(an_alert_that_nobody_sends_again_is_over),
        cmocka_unit_test(of_a_storm_of_alerts_the_first_ones_are_told),
        cmocka_unit_test(an_alert_and_a_line_of_one_service_are_one_incident),
        cmocka_unit_test(a_board_that_was_saved_goes_on_with_its_alerts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
