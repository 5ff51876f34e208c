/* SPDX-License-Identifier: Apache-2.0 */
#include "boarding.h"

#include <math.h>

static Candidate line(const char *source, const char *text, odd_time time)
{
    Candidate c;
    memset(&c, 0, sizeof c);
    c.time = c.last_time = time;
    c.pattern = 7 + strlen(text);
    c.surprise = 5;
    c.effect = NAN;
    c.kind = FINDING_RARE;
    c.level = LEVEL_ERROR;
    snprintf(c.source, sizeof c.source, "%s", source);
    snprintf(c.pattern_text, sizeof c.pattern_text, "%s", text);
    snprintf(c.sentence, sizeof c.sentence, "`%s` came.", text);
    c.sample_size = (uint16_t)snprintf(c.sample, sizeof c.sample, "%s", text);
    return c;
}

static Candidate metric(const char *series, odd_time time)
{
    Candidate c = line("prometheus", series, time);
    c.is_metric = 1;
    c.level = LEVEL_NONE;
    c.kind = FINDING_HIGH;
    c.place = strlen(series);
    c.sample_size = 0;
    return c;
}

static const BoardIncident *incident(Fixture *f, size_t i)
{
    assert_true(i < f->board.incidents.count);
    board_tell(&f->board, false);
    return &f->board.incidents.incidents[i];
}

static void findings_of_services_that_name_each_other_are_one_incident(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, line("orders-db", "disk is full", NOW));
    take(&f, line("basket", "nothing to do with it", NOW + 10 * SECOND));
    take(&f, line("shop", "no answer of orders-db", NOW + 20 * SECOND));
    assert_int_equal(f.board.incidents.count, 2);
    assert_string_equal(f.board.findings[2].incident, f.board.findings[0].incident);
    assert_string_equal(f.board.findings[2].linked, f.board.findings[0].id);
    assert_int_equal(f.board.findings[2].link, LINK_NAMES);
    assert_string_equal(f.board.findings[2].link_text, "orders-db");
    assert_string_equal(f.board.findings[0].linked, "");
    assert_string_equal(incident(&f, 0)->view.cause, f.board.findings[0].id);
    assert_string_equal(incident(&f, 0)->view.sentence,
                        "orders-db: `disk is full` came; 20 s later shop: `no answer of orders-db` "
                        "came");
    assert_string_equal(incident(&f, 1)->view.sentence, "`nothing to do with it` came");
    fixture_close(&f);
}

/* Those of one source at one time are told by the first, whatever that is. */
static void what_names_another_may_be_a_line_beside_it(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, line("shop", "shutting down", NOW));
    take(&f, line("shop", "no answer of orders-db: giving up", NOW + SECOND));
    take(&f, line("orders-db", "disk is full", NOW + 10 * SECOND));
    assert_int_equal(f.board.incidents.count, 1);
    assert_int_equal(f.board.findings[1].link, LINK_NAMED);
    assert_string_equal(f.board.findings[1].link_text, "orders-db");
    assert_string_equal(incident(&f, 0)->view.cause, f.board.findings[1].id);
    assert_int_equal(f.board.incidents.incidents[0].is_dirty, 0);
    Candidate graver = line("shop", "all requests are lost", NOW + 12 * SECOND);
    graver.level = LEVEL_FATAL;
    take(&f, graver);
    assert_int_equal(f.board.incidents.incidents[0].is_dirty, 1); /* It may name somebody. */
    fixture_close(&f);
}

static void a_metric_and_a_line_of_one_machine_meet(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, metric("node_filesystem_avail_bytes{instance=\"db-1:9100\"}", NOW));
    take(&f, line("shop", "write to db-1 failed", NOW + 20 * SECOND));
    take(&f, metric("http_request_duration_seconds{instance=\"db-1:9100\",x=\"\"}", NOW));
    assert_int_equal(f.board.incidents.count, 1);
    incident(&f, 0);
    assert_int_equal(f.board.findings[0].role, ROLE_CAUSE);
    assert_int_equal(f.board.findings[0].rank, 1);
    assert_int_equal(f.board.findings[1].role, ROLE_FAILURE);
    fixture_close(&f);
}

static Change deploy(const char *service, odd_time time)
{
    Change change = change_of("deploy", service, time);
    snprintf(change.version, sizeof change.version, "1.2.3");
    change_set_id(&change);
    return change;
}

static void a_deploy_of_the_service_just_before_is_the_cause(void **state)
{
    (void)state;
    Fixture f;
    Change other = deploy("basket", NOW - MINUTE), mine = deploy("shop", NOW - 40 * SECOND),
           old = deploy("shop", NOW - HOUR);
    fixture_open(&f);
    take_change(&f, other);
    take_change(&f, old);
    take_change(&f, mine);
    take_change(&f, mine); /* Once. */
    assert_int_equal(f.board.changes.count, 3);
    take(&f, line("shop", "no such column", NOW));
    assert_string_equal(incident(&f, 0)->view.cause, mine.id);
    assert_string_equal(incident(&f, 0)->view.sentence,
                        "deploy of shop 1.2.3; 40 s later shop: `no such column` came");
    fixture_close(&f);
}

static void a_deploy_that_is_told_later_is_seen_as_the_cause_as_well(void **state)
{
    (void)state;
    Fixture f;
    Change late = deploy("shop", NOW - 40 * SECOND);
    fixture_open(&f);
    take(&f, line("shop", "no such column", NOW));
    assert_string_equal(incident(&f, 0)->view.cause, f.board.findings[0].id);
    take_change(&f, late);
    assert_string_equal(incident(&f, 0)->view.cause, late.id);
    fixture_close(&f);
}

static void what_is_hidden_is_no_cause_and_an_undo_leaves_no_trace(void **state)
{
    (void)state;
    Fixture f, plain;
    Verdict mute = verdict_of(VERDICT_MUTE, "orders-db");
    fixture_open(&f);
    fixture_open(&plain);
    hear(&f, mute);
    for (int i = 0; i < 2; i++) {
        Fixture *one = i == 0 ? &f : &plain;
        take(one, line("orders-db", "disk is full", NOW));
        take(one, line("shop", "no answer of orders-db", NOW + 20 * SECOND));
    }
    assert_int_equal(incident(&f, 0)->view.hidden, 1);
    assert_string_equal(incident(&f, 0)->view.cause, f.board.findings[1].id);
    assert_string_equal(board_incident_state(incident(&f, 0)), "new");
    hear_undo(&f, mute);
    assert_memory_equal(incident(&f, 0), incident(&plain, 0), sizeof(BoardIncident));
    fixture_close(&f);
    fixture_close(&plain);
}

static void an_incident_of_which_all_is_hidden_says_so_and_what_it_was(void **state)
{
    (void)state;
    Fixture f;
    Verdict expected = verdict_of(VERDICT_EXPECTED, "shop");
    fixture_open(&f);
    take(&f, line("shop", "no such column", NOW));
    hear(&f, expected);
    assert_string_equal(board_incident_state(incident(&f, 0)), "expected");
    assert_string_equal(incident(&f, 0)->view.sentence, "`no such column` came");
    fixture_close(&f);
}

static void what_was_over_and_comes_back_has_regressed(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, line("shop", "no such column", NOW));
    board_tick(&f.board, NOW + 2 * HOUR, NOW + 2 * HOUR, 0);
    take(&f, line("shop", "no such column", NOW + 2 * HOUR));
    board_tick(&f.board, NOW + 2 * HOUR + 1, NOW + 2 * HOUR + 1, 0);
    assert_int_equal(f.board.incidents.count, 2);
    assert_string_equal(incident(&f, 1)->again, incident(&f, 0)->id);
    assert_int_equal(incident(&f, 1)->times, 1);
    assert_string_equal(board_incident_state(incident(&f, 1)), "regressed");
    assert_string_equal(board_incident_state(incident(&f, 0)), "resolved");
    fixture_close(&f);
}

static void a_hundred_findings_of_one_incident_are_ranked_and_counted(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    for (int i = 0; i < 100; i++) {
        Candidate c = line("shop", "shop-db is gone", NOW + i * 2 * MINUTE);
        c.pattern = (uint64_t)i;
        c.surprise = i == 40 ? 12 : 5;
        take(&f, c);
    }
    assert_int_equal(f.board.finding_count, 100);
    assert_int_equal(f.board.incidents.count, 1);
    const char *end = strstr(incident(&f, 0)->view.sentence, "99 more findings");
    assert_non_null(end);
    assert_true(f.board.findings[40].rank > 0);
    fixture_close(&f);
}

static void a_finding_that_belongs_to_two_incidents_makes_them_one(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, line("basket", "slow", NOW));
    take(&f, line("search", "vanished", NOW + 10 * SECOND));
    assert_int_equal(f.board.incidents.count, 2);
    f.board.findings[1].known = 1;
    f.board.findings[1].changed = 0;
    take(&f, line("router", "neither basket nor search answer", NOW + 20 * SECOND));
    const BoardIncident *old = incident(&f, 0), *joined = incident(&f, 1);
    assert_int_equal(old->findings, 3);
    assert_string_equal(board_incident_state(joined), "joined");
    assert_string_equal(joined->again, old->id);
    assert_int_equal(joined->findings, 0);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(f.board.findings[i].incident, old->id);
    assert_int_equal(f.board.findings[1].changed, 1); /* Listeners hear that it moved. */
    fixture_close(&f);
}

static void who_is_named_by_two_and_says_nothing_itself_is_the_first_suspect(void **state)
{
    (void)state;
    Fixture f;
    Known known;
    fixture_open(&f);
    known_open(&known, &f.mem);
    bool is_new;
    names_add(&known.names, STR("orders-db"), &is_new);
    f.board.known = &known;
    take(&f, line("basket", "no answer of orders-db.internal", NOW));
    take(&f, line("search", "waiting for orders-db", NOW + 10 * SECOND));
    assert_int_equal(f.board.incidents.count, 1);
    assert_int_equal(f.board.findings[1].link, LINK_BOTH_NAME);
    assert_string_equal(incident(&f, 0)->view.cause, "orders-db");
    assert_string_equal(incident(&f, 0)->view.named, "orders-db");
    assert_int_equal(incident(&f, 0)->view.named_rank, 1);
    assert_non_null(strstr(incident(&f, 0)->view.sentence,
                           "orders-db is named by 2 services or machines; at once basket: "));
    known_close(&known);
    fixture_close(&f);
}

static void the_same_line_of_two_services_at_once_is_one_incident(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, line("basket", "certificate has expired", NOW));
    take(&f, line("search", "certificate has expired", NOW + 10 * SECOND));
    take(&f, line("router", "certificate has expired", NOW + HOUR));
    assert_int_equal(f.board.incidents.count, 2);
    assert_int_equal(f.board.findings[1].link, LINK_WORDS);
    fixture_close(&f);
}

static void hear_faintly(Fixture *f, Candidate c)
{
    assert_int_equal(hints_take(&f->board.hints, &c, f->board.clock), ODD_OK);
}

static void what_was_too_faint_to_be_told_may_be_the_cause_of_what_is(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    hear_faintly(&f, line("orders-db", "no space left on device", NOW));
    hear_faintly(&f, line("search", "no space left either", NOW));
    hear_faintly(&f, line("orders-db", "an hour ago", NOW - HOUR));
    take(&f, line("shop", "orders-db closed the connection", NOW + 20 * SECOND));
    board_give_hints(&f.board);
    assert_int_equal(incident(&f, 0)->hint_count, 1);
    assert_string_equal(incident(&f, 0)->view.cause, incident(&f, 0)->hints[0].id);
    assert_string_equal(incident(&f, 0)->view.sentence,
                        "orders-db: `no space left on device` came; 20 s later shop: `orders-db "
                        "closed the connection` came");
    assert_int_equal(f.board.findings[0].rank, 2);
    fixture_close(&f);
}

static void a_hint_that_is_told_later_is_a_finding_and_no_hint(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    hear_faintly(&f, line("shop", "no space left on device", NOW));
    take(&f, line("shop", "no space left on device", NOW + SECOND));
    board_give_hints(&f.board);
    assert_int_equal(incident(&f, 0)->hint_count, 0);
    fixture_close(&f);
}

static void a_hint_that_somebody_muted_is_no_suspect(void **state)
{
    (void)state;
    Fixture f;
    Verdict mute = verdict_of(VERDICT_MUTE, "orders-db");
    fixture_open(&f);
    hear(&f, mute);
    hear_faintly(&f, line("orders-db", "no space left on device", NOW));
    take(&f, line("shop", "orders-db closed the connection", NOW + 20 * SECOND));
    board_give_hints(&f.board);
    assert_string_equal(incident(&f, 0)->view.cause, f.board.findings[0].id);
    assert_int_equal(incident(&f, 0)->view.hint_ranks[0], 0);
    fixture_close(&f);
}

static void of_too_many_hints_the_oddest_stay_and_old_ones_go_first(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    for (int i = 0; i < HINTS_MAX; i++) {
        Candidate c = line("shop", "x", i < 2 ? NOW - HOUR : NOW);
        c.surprise = 3 + (i == 7 ? 0 : 1);
        hear_faintly(&f, c);
    }
    hear_faintly(&f, line("new", "x", NOW));
    assert_int_equal(f.board.hints.count, HINTS_MAX - 1);
    hear_faintly(&f, line("newer", "x", NOW));
    hear_faintly(&f, line("newest", "x", NOW));
    assert_int_equal(f.board.hints.count, HINTS_MAX);
    for (size_t i = 0; i < HINTS_MAX; i++)
        assert_true(f.board.hints.hints[i].surprise > 3.5);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_of_services_that_name_each_other_are_one_incident),
        cmocka_unit_test(what_names_another_may_be_a_line_beside_it),
        cmocka_unit_test(a_metric_and_a_line_of_one_machine_meet),
        cmocka_unit_test(a_deploy_of_the_service_just_before_is_the_cause),
        cmocka_unit_test(a_deploy_that_is_told_later_is_seen_as_the_cause_as_well),
        cmocka_unit_test(what_is_hidden_is_no_cause_and_an_undo_leaves_no_trace),
        cmocka_unit_test(an_incident_of_which_all_is_hidden_says_so_and_what_it_was),
        cmocka_unit_test(what_was_over_and_comes_back_has_regressed),
        cmocka_unit_test(a_finding_that_belongs_to_two_incidents_makes_them_one),
        cmocka_unit_test(who_is_named_by_two_and_says_nothing_itself_is_the_first_suspect),
        cmocka_unit_test(the_same_line_of_two_services_at_once_is_one_incident),
        cmocka_unit_test(what_was_too_faint_to_be_told_may_be_the_cause_of_what_is),
        cmocka_unit_test(a_hint_that_is_told_later_is_a_finding_and_no_hint),
        cmocka_unit_test(a_hint_that_somebody_muted_is_no_suspect),
        cmocka_unit_test(of_too_many_hints_the_oddest_stay_and_old_ones_go_first),
        cmocka_unit_test(a_hundred_findings_of_one_incident_are_ranked_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
