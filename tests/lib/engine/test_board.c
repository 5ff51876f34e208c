/* SPDX-License-Identifier: Apache-2.0 */
#include "boarding.h"

#include <math.h>

static Candidate candidate(const char *source, uint64_t pattern, odd_time time)
{
    Candidate c;
    memset(&c, 0, sizeof c);
    c.time = c.last_time = time;
    c.pattern = pattern;
    c.row = pattern;
    c.surprise = 5;
    c.kind = FINDING_RARE;
    snprintf(c.source, sizeof c.source, "%s", source);
    snprintf(c.pattern_text, sizeof c.pattern_text, "pattern %llu", (unsigned long long)pattern);
    snprintf(c.sentence, sizeof c.sentence, "Pattern %llu came.", (unsigned long long)pattern);
    return c;
}

static void the_same_again_within_an_hour_goes_on_and_later_begins_anew(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, candidate("app", 1, NOW));
    take(&f, candidate("app", 1, NOW + HOUR));
    assert_int_equal(f.board.finding_count, 1);
    assert_int_equal(f.board.findings[0].repeats, 2);
    assert_true(f.board.findings[0].last_time == NOW + HOUR);
    assert_int_equal(f.board.findings[0].state, STATE_ONGOING);
    take(&f, candidate("app", 1, NOW + 2 * HOUR + 1));
    assert_int_equal(f.board.finding_count, 2);
    assert_string_not_equal(f.board.findings[0].id, f.board.findings[1].id);
    fixture_close(&f);
}

static void odd_lines_side_by_side_are_one_finding_but_not_those_of_two_sources(void **state)
{
    (void)state;
    Fixture f;
    char sentence[BOARD_SENTENCE_SIZE];
    fixture_open(&f);
    take(&f, candidate("app", 1, NOW));
    take(&f, candidate("app", 2, NOW + MINUTE));
    take(&f, candidate("db", 3, NOW));
    assert_int_equal(f.board.finding_count, 2);
    assert_int_equal(f.board.findings[0].neighbours, 1);
    Str told = board_sentence(&f.board.findings[0], sentence);
    assert_true(told.size > strlen(f.board.findings[0].first.sentence));
    assert_memory_equal(told.text, "Pattern 1 came.", 14);
    take(&f, candidate("app", 4, NOW + 2 * MINUTE + 1));
    assert_int_equal(f.board.finding_count, 3);
    fixture_close(&f);
}

static void what_rises_and_what_falls_silent_do_not_join(void **state)
{
    (void)state;
    Fixture f;
    Candidate burst = candidate("app", 1, NOW), silent = candidate("app", 2, NOW);
    burst.kind = FINDING_BURST;
    silent.kind = FINDING_SILENT;
    fixture_open(&f);
    take(&f, burst);
    take(&f, silent);
    take(&f, candidate("app", 1, NOW));
    assert_int_equal(f.board.finding_count, 3);
    burst.kind = FINDING_MORE;
    take(&f, burst);
    assert_int_equal(f.board.finding_count, 3);
    fixture_close(&f);
}

static void a_pattern_that_came_with_an_incident_goes_with_it_untold(void **state)
{
    (void)state;
    Fixture f;
    Candidate silent = candidate("app", 1, NOW + HOUR);
    silent.kind = FINDING_SILENT;
    fixture_open(&f);
    take(&f, candidate("app", 1, NOW));
    take(&f, silent);
    assert_int_equal(f.board.finding_count, 1);
    silent.time = silent.last_time = NOW + DAY + HOUR; /* By then it is one of all. */
    take(&f, silent);
    assert_int_equal(f.board.finding_count, 2);
    fixture_close(&f);
}

static void what_has_less_memory_after_its_restart_is_no_finding_but_a_hint(void **state)
{
    (void)state;
    Fixture f;
    Change restart = change_of("restart", "", NOW);
    snprintf(restart.host, sizeof restart.host, "web-1");
    Candidate less = candidate("prometheus", 1, NOW + MINUTE);
    snprintf(less.pattern_text, sizeof less.pattern_text, "%s",
             "process_resident_memory_bytes{instance=\"web-1:80\"}");
    less.is_metric = 1;
    less.kind = FINDING_LOW;
    fixture_open(&f);
    take_change(&f, restart);
    take(&f, less);
    assert_int_equal(f.board.finding_count, 0);
    assert_int_equal(f.board.hints.count, 1);
    less.kind = FINDING_HIGH; /* That would be odd. */
    take(&f, less);
    less.kind = FINDING_LOW;
    less.time = less.last_time = NOW + HOUR;
    less.pattern = 2;
    take(&f, less);
    assert_int_equal(f.board.finding_count, 2);
    fixture_close(&f);
}

static void what_is_raised_is_told_beside_the_findings_and_none_of_them_knows_of_it(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    Verdict real = verdict_of(VERDICT_REAL, "app");
    hear(&f, real);
    Candidate faint = candidate("app", 1, NOW), again = candidate("app", 1, NOW + MINUTE);
    take(&f, candidate("db", 2, NOW));
    assert_int_equal(board_raise(&f.board, &faint), ODD_OK);
    assert_int_equal(board_raise(&f.board, &again), ODD_OK);
    assert_int_equal(f.board.raised_count, 1);
    assert_int_equal(f.board.raised[0].repeats, 2);
    assert_int_equal(f.board.finding_count, 1);
    assert_int_equal(f.board.incidents.incidents[0].findings, 1);
    size_t count;
    BoardFinding **all = board_all(&f.board, &f.mem, &count);
    assert_int_equal(count, 2);
    assert_string_equal(all[1]->id, f.board.raised[0].id);
    mem_free(&f.mem, all, count * sizeof(BoardFinding *));
    Candidate told = candidate("db", 2, NOW + MINUTE);
    assert_int_equal(board_raise(&f.board, &told), ODD_OK);
    assert_int_equal(f.board.raised_count, 1);
    assert_int_equal(f.board.findings[0].repeats, 1);
    real.kind = VERDICT_UNDO;
    assert_int_equal(board_hear(&f.board, &real, 1), ODD_OK);
    assert_int_equal(f.board.raised_count, 0);
    fixture_close(&f);
}

static void what_is_said_and_undone_at_once_is_no_news(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    Verdict said[3];
    memset(said, 0, sizeof said);
    for (int i = 0; i < 3; i++) {
        said[i].kind = i == 1 ? VERDICT_UNDO : VERDICT_MUTE;
        said[i].from = said[i].until = ODD_TIME_NONE;
        snprintf(said[i].id, sizeof said[i].id, i < 2 ? "a" : "b");
        snprintf(said[i].source, sizeof said[i].source, i < 2 ? "app" : "db");
    }
    take(&f, candidate("app", 1, NOW));
    take(&f, candidate("db", 2, NOW));
    f.board.findings[0].changed = f.board.findings[1].changed = 0;
    assert_int_equal(board_hear(&f.board, said, 3), ODD_OK);
    assert_int_equal(f.board.findings[0].changed, 0);
    assert_string_equal(f.board.findings[0].by, "");
    assert_int_equal(f.board.findings[1].changed, 1);
    assert_string_equal(f.board.findings[1].by, "b");
    fixture_close(&f);
}

static void what_is_quiet_for_an_hour_is_resolved(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, candidate("app", 1, NOW));
    board_tick(&f.board, NOW + HOUR, NOW + HOUR, 0);
    assert_int_equal(f.board.findings[0].state, STATE_NEW);
    f.board.findings[0].changed = 0;
    board_tick(&f.board, NOW + HOUR + 1, NOW + HOUR + 1, 0);
    assert_int_equal(f.board.findings[0].state, STATE_RESOLVED);
    assert_int_equal(f.board.findings[0].changed, 1);
    assert_int_equal(f.board.incidents.incidents[0].state, INCIDENT_RESOLVED);
    fixture_close(&f);
}

static void ids_depend_on_what_happened_and_on_nothing_else(void **state)
{
    (void)state;
    Fixture a, b;
    fixture_open(&a);
    fixture_open(&b);
    take(&b, candidate("other", 9, NOW - HOUR));
    take(&a, candidate("app", 1, NOW));
    take(&b, candidate("app", 1, NOW));
    assert_string_equal(a.board.findings[0].id, b.board.findings[1].id);
    fixture_close(&a);
    fixture_close(&b);
}

/* One of a source of its own; a surprise that is higher by 1 comes a tenth as often. */
static Candidate one_of_many(int day, int i, int of)
{
    char source[32];
    snprintf(source, sizeof source, "source-%d-%d", day, i);
    Candidate c = candidate(source, 1, NOW + day * DAY + i * (DAY / of));
    c.surprise = 3 - log10((double)((i * 7919) % of + 1) / (of + 1));
    return c;
}

static int told_on(Fixture *f, int day, int of)
{
    uint64_t before = f->board.told;
    for (int i = 0; i < of; i++) {
        Candidate c = one_of_many(day, i, of);
        board_tick(&f->board, c.time, c.time, 0);
        take(f, c);
    }
    return (int)(f->board.told - before);
}

static void no_more_than_the_budget_is_told_of_a_thousand_a_day(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    f.board.findings_per_day = 10;
    int last_day = 0;
    for (int day = 0; day < 20; day++)
        last_day = told_on(&f, day, 1000);
    assert_in_range(last_day, 1, 20);
    assert_true(f.board.threshold[SENSE_LINES] > 4 && f.board.threshold[SENSE_LINES] <= 5.5);
    for (size_t i = 0; i < f.board.finding_count; i++)
        assert_true(f.board.findings[i].surprise >= 3);
    fixture_close(&f);
}

/* From the eleventh day on there are twice as many signals; in a week that is known. */
static void when_signals_are_added_as_many_findings_are_told_as_before(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    f.board.findings_per_day = 10;
    int before = 0, at_once = 0, behind = 0;
    for (int day = 0; day < 30; day++) {
        int told = told_on(&f, day, day < 10 ? 500 : 1000);
        before += day >= 5 && day < 10 ? told : 0;
        at_once += day >= 10 && day < 15 ? told : 0;
        behind += day >= 25 ? told : 0;
    }
    print_message("findings of five days: %d, %d, %d\n", before, at_once, behind);
    assert_in_range(before, 5 * 5, 5 * 11);
    assert_in_range(at_once, 5 * 5, 5 * 15);
    assert_in_range(behind, 5 * 5, 5 * 11);
    fixture_close(&f);
}

static Candidate metric(const char *source, uint64_t place, uint64_t pattern, odd_time time)
{
    Candidate c = candidate(source, pattern, time);
    c.kind = FINDING_HIGH;
    c.is_metric = 1;
    c.place = place;
    c.row = 0;
    return c;
}

static void series_of_one_machine_are_one_finding_and_those_of_two_are_two(void **state)
{
    (void)state;
    Fixture f;
    char sentence[BOARD_SENTENCE_SIZE];
    fixture_open(&f);
    take(&f, metric("prometheus", 1, 1, NOW));
    take(&f, metric("prometheus", 1, 2, NOW + 5 * MINUTE));
    take(&f, metric("prometheus", 2, 3, NOW));
    assert_int_equal(f.board.finding_count, 2);
    Str told = board_sentence(&f.board.findings[0], sentence);
    assert_memory_equal(told.text + told.size - 31, "; 1 more series changed with it", 31);
    take(&f, metric("prometheus", 1, 4, NOW + 6 * MINUTE));
    assert_int_equal(f.board.finding_count, 3);
    fixture_close(&f);
}

static void what_goes_on_begins_nothing_and_tells_the_oddest(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    Candidate on = metric("host", 1, 1, NOW + MINUTE);
    on.goes_on = 1;
    take(&f, on);
    assert_int_equal(f.board.finding_count, 0);
    take(&f, metric("host", 1, 1, NOW));
    on.kind = FINDING_LOW;
    on.surprise = 4;
    take(&f, on);
    assert_string_equal(f.board.findings[0].first.sentence, "Pattern 1 came.");
    snprintf(on.sentence, sizeof on.sentence, "It is worse now.");
    on.surprise = 7;
    take(&f, on);
    assert_int_equal(f.board.finding_count, 1);
    assert_int_equal(f.board.findings[0].repeats, 3);
    assert_int_equal(f.board.findings[0].first.kind, FINDING_LOW);
    assert_string_equal(f.board.findings[0].first.sentence, "It is worse now.");
    assert_true(f.board.findings[0].last_time == NOW + MINUTE);
    fixture_close(&f);
}

static void a_flood_of_one_sense_leaves_the_other_its_half_of_the_budget(void **state)
{
    (void)state;
    Fixture f;
    char source[32];
    fixture_open(&f);
    f.board.findings_per_day = 10;
    for (int i = 0; i < 1000; i++) {
        snprintf(source, sizeof source, "source-%d", i);
        Candidate c = metric(source, 1, 1, NOW);
        c.surprise = 8;
        take(&f, c);
    }
    assert_true(f.board.threshold[SENSE_METRICS] > 8);
    assert_true(f.board.threshold[SENSE_LINES] == 3);
    uint64_t told = f.board.told;
    for (int i = 0; i < 8; i++) {
        snprintf(source, sizeof source, "log-%d", i);
        take(&f, candidate(source, 1, NOW));
    }
    assert_int_equal(f.board.told - told, 5);
    fixture_close(&f);
}

static void a_million_looks_a_day_are_corrected_for_as_a_thousand_series(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    assert_true(board_looks(&f.board, 20) == 20);
    for (int minute = 1; minute <= 20 * 1440; minute++)
        board_tick(&f.board, NOW + minute * MINUTE, NOW + minute * MINUTE, 1e6 / 1440);
    assert_true(fabs(board_looks(&f.board, 20) - 1000) < 1);
    assert_true(board_looks(&f.board, 5000) == 5000);
    fixture_close(&f);
}

static void the_threshold_comes_down_when_the_flood_is_forgotten(void **state)
{
    (void)state;
    Fixture f;
    char source[32];
    fixture_open(&f);
    f.board.findings_per_day = 10;
    for (int i = 0; i < 1000; i++) {
        snprintf(source, sizeof source, "source-%d", i);
        take(&f, candidate(source, 1, NOW));
    }
    double flooded = f.board.threshold[SENSE_LINES];
    for (int day = 1; day <= 60; day++)
        board_tick(&f.board, NOW + day * DAY, NOW + day * DAY, 0);
    assert_true(flooded > 5);
    assert_true(f.board.threshold[SENSE_LINES] == 3);
    fixture_close(&f);
}

static void a_clock_that_leaps_by_years_leaves_a_budget_of_days(void **state)
{
    (void)state;
    static const odd_time leaps[] = {0, NOW - 3650 * DAY, INT64_MIN + 1};
    for (size_t i = 0; i < sizeof leaps / sizeof leaps[0]; i++) {
        Fixture f = {.mem = {0}};
        board_open(&f.board, &f.mem, 10);
        board_tick(&f.board, NOW, leaps[i], 0);
        board_tick(&f.board, NOW + 1, NOW + 1, 0);
        assert_true(f.board.days <= 7);
        board_tick(&f.board, NOW + 2, leaps[i], 0);
        assert_true(f.board.clock == (leaps[i] != 0 ? NOW + 1 : f.board.clock));
        fixture_close(&f);
    }
}

static void times_at_the_ends_of_all_time_are_far_apart(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, candidate("app", 1, INT64_MIN + 1));
    take(&f, candidate("app", 1, INT64_MAX));
    take(&f, candidate("app", 1, NOW));
    assert_int_equal(f.board.finding_count, 3);
    assert_int_equal(f.board.incidents.count, 3);
    board_tick(&f.board, INT64_MAX, INT64_MAX, 0);
    assert_int_equal(f.board.findings[0].state, STATE_RESOLVED);
    fixture_close(&f);
}

static void without_room_the_oldest_resolved_finding_goes_first(void **state)
{
    (void)state;
    Fixture f;
    char source[32];
    fixture_open(&f);
    for (int i = 0; i < FINDINGS_MAX; i++) {
        snprintf(source, sizeof source, "source-%d", i);
        take(&f, candidate(source, 1, i == 5 ? NOW - 2 * HOUR : NOW));
    }
    board_tick(&f.board, NOW + 1, NOW + 1, 0);
    assert_int_equal(f.board.findings[5].state, STATE_RESOLVED);
    take(&f, candidate("new", 1, NOW));
    assert_int_equal(f.board.finding_count, FINDINGS_MAX);
    assert_string_equal(f.board.findings[5].first.source, "source-6");
    take(&f, candidate("newer", 1, NOW));
    assert_string_equal(f.board.findings[0].first.source, "source-1");
    assert_string_equal(f.board.findings[FINDINGS_MAX - 1].first.source, "newer");
    assert_int_equal(f.board.dropped, 2);
    assert_int_equal(f.board.told, FINDINGS_MAX + 2);
    fixture_close(&f);
}

static void incidents_have_a_limit_too(void **state)
{
    (void)state;
    Fixture f;
    char source[32];
    fixture_open(&f);
    for (int i = 0; i < INCIDENTS_MAX + 10; i++) {
        snprintf(source, sizeof source, "source-%d", i);
        take(&f, candidate(source, 1, NOW + i * HOUR));
    }
    assert_int_equal(f.board.incidents.count, INCIDENTS_MAX);
    assert_true(f.board.incidents.incidents[0].time == NOW + 10 * HOUR);
    take(&f, candidate("source-0", 1, NOW)); /* Goes on, though its incident is forgotten. */
    assert_int_equal(f.board.findings[0].repeats, 2);
    fixture_close(&f);
}

static void a_board_that_was_saved_goes_on(void **state)
{
    (void)state;
    Fixture f, g;
    fixture_open(&f);
    fixture_open(&g);
    ImageOut out = {.mem = &f.mem};
    take(&f, candidate("app", 1, NOW));
    board_save(&f.board, &out);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    board_load(&g.board, &in);
    assert_true(image_at_end(&in));
    take(&g, candidate("app", 1, NOW + MINUTE));
    assert_int_equal(g.board.finding_count, 1);
    assert_int_equal(g.board.findings[0].repeats, 2);
    assert_true(g.board.clock == f.board.clock);
    assert_true(g.board.threshold[SENSE_LINES] == f.board.threshold[SENSE_LINES]);
    image_close(&out);
    fixture_close(&f);
    fixture_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_again_within_an_hour_goes_on_and_later_begins_anew),
        cmocka_unit_test(odd_lines_side_by_side_are_one_finding_but_not_those_of_two_sources),
        cmocka_unit_test(what_rises_and_what_falls_silent_do_not_join),
        cmocka_unit_test(a_pattern_that_came_with_an_incident_goes_with_it_untold),
        cmocka_unit_test(what_has_less_memory_after_its_restart_is_no_finding_but_a_hint),
        cmocka_unit_test(what_is_raised_is_told_beside_the_findings_and_none_of_them_knows_of_it),
        cmocka_unit_test(what_is_said_and_undone_at_once_is_no_news),
        cmocka_unit_test(what_is_quiet_for_an_hour_is_resolved),
        cmocka_unit_test(ids_depend_on_what_happened_and_on_nothing_else),
        cmocka_unit_test(no_more_than_the_budget_is_told_of_a_thousand_a_day),
        cmocka_unit_test(when_signals_are_added_as_many_findings_are_told_as_before),
        cmocka_unit_test(series_of_one_machine_are_one_finding_and_those_of_two_are_two),
        cmocka_unit_test(what_goes_on_begins_nothing_and_tells_the_oddest),
        cmocka_unit_test(a_flood_of_one_sense_leaves_the_other_its_half_of_the_budget),
        cmocka_unit_test(a_million_looks_a_day_are_corrected_for_as_a_thousand_series),
        cmocka_unit_test(the_threshold_comes_down_when_the_flood_is_forgotten),
        cmocka_unit_test(a_clock_that_leaps_by_years_leaves_a_budget_of_days),
        cmocka_unit_test(times_at_the_ends_of_all_time_are_far_apart),
        cmocka_unit_test(without_room_the_oldest_resolved_finding_goes_first),
        cmocka_unit_test(incidents_have_a_limit_too),
        cmocka_unit_test(a_board_that_was_saved_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
