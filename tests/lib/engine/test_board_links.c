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
    snprintf(c.sentence, sizeof c.sentence, "`%s` came", text);
    return c;
}

static Verdict verdict_on(VerdictKind kind, const char *id, const char *finding, const char *with)
{
    Verdict verdict = verdict_of(kind, "");
    snprintf(verdict.id, sizeof verdict.id, "%s", id);
    snprintf(verdict.finding, sizeof verdict.finding, "%s", finding);
    snprintf(verdict.with, sizeof verdict.with, "%s", with);
    return verdict;
}

/* Three findings of two incidents: 0 and 2, which names it; and 1. */
static void open_two_incidents(Fixture *f)
{
    fixture_open(f);
    take(f, line("orders-db", "disk is full", NOW));
    take(f, line("basket", "nothing to do with it", NOW + 10 * SECOND));
    take(f, line("shop", "no answer of orders-db", NOW + 20 * SECOND));
    board_incidents_tick(&f->board);
    board_tell(&f->board, false);
    assert_int_equal(f->board.incidents.count, 2);
}

static const char *shown_in(const Fixture *f, size_t i)
{
    return board_incident_of(&f->board.findings[i]);
}

static BoardIncident shown(const Fixture *f, const char *id)
{
    const BoardIncident *incident = board_find_incident(&f->board, id);
    assert_non_null(incident);
    return board_incident_shown(&f->board, incident);
}

/* All that is saved of it. */
static ImageOut image_of(const Fixture *f, Mem *mem)
{
    ImageOut out = {.mem = mem};
    board_save(&f->board, &out);
    assert_false(out.failed);
    return out;
}

static void findings_that_somebody_links_are_of_one_incident(void **state)
{
    (void)state;
    Fixture f;
    open_two_incidents(&f);
    const BoardFinding *findings = f.board.findings;
    hear(&f, verdict_on(VERDICT_LINK, "l", findings[1].id, findings[2].id));
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(shown_in(&f, i), findings[0].incident);
    BoardIncident into = shown(&f, findings[0].incident), from = shown(&f, findings[1].incident);
    assert_int_equal(into.findings, 3);
    assert_string_equal(board_incident_state(&from), "joined");
    assert_string_equal(from.again, into.id);
    assert_int_equal(from.findings, 0);
    fixture_close(&f);
}

static void incidents_can_be_linked_as_wholes(void **state)
{
    (void)state;
    Fixture f;
    open_two_incidents(&f);
    const BoardFinding *findings = f.board.findings;
    hear(&f, verdict_on(VERDICT_LINK, "l", findings[1].incident, findings[0].incident));
    assert_string_equal(shown_in(&f, 1), findings[0].incident);
    hear(&f, verdict_on(VERDICT_LINK, "nothing", "gone", findings[0].incident));
    assert_string_equal(shown_in(&f, 1), findings[0].incident);
    fixture_close(&f);
}

static void what_is_unlinked_is_an_incident_of_its_own(void **state)
{
    (void)state;
    Fixture f;
    open_two_incidents(&f);
    const BoardFinding *findings = f.board.findings;
    hear(&f, verdict_on(VERDICT_UNLINK, "u", findings[2].id, ""));
    assert_string_not_equal(shown_in(&f, 2), findings[0].incident);
    BoardIncident own = shown(&f, shown_in(&f, 2)), rest = shown(&f, findings[0].incident);
    assert_int_equal(own.findings, 1);
    assert_int_equal(rest.findings, 1);
    assert_int_equal(own.time, NOW + 20 * SECOND);
    assert_string_equal(own.view.sentence, "`no answer of orders-db` came");
    assert_string_equal(rest.view.sentence, "`disk is full` came");
    assert_string_equal(board_incident_state(&own), "new");
    hear(&f, verdict_on(VERDICT_UNLINK, "again", findings[1].id, "")); /* It is alone already. */
    assert_string_equal(shown_in(&f, 1), findings[1].incident);
    fixture_close(&f);
}

static void what_was_unlinked_can_be_linked_with_another_one(void **state)
{
    (void)state;
    Fixture f;
    open_two_incidents(&f);
    const BoardFinding *findings = f.board.findings;
    hear(&f, verdict_on(VERDICT_UNLINK, "u", findings[2].id, ""));
    hear(&f, verdict_on(VERDICT_LINK, "l", findings[2].id, findings[1].id));
    assert_string_equal(shown_in(&f, 2), findings[1].incident);
    assert_int_equal(f.board.parted.count, 0);
    assert_int_equal(shown(&f, findings[1].incident).findings, 2);
    fixture_close(&f);
}

static void what_joins_later_is_shown_with_what_was_linked(void **state)
{
    (void)state;
    Fixture f;
    open_two_incidents(&f);
    hear(&f, verdict_on(VERDICT_LINK, "l", f.board.findings[1].id, f.board.findings[0].id));
    take(&f, line("basket", "it goes on there", NOW + 200 * SECOND));
    board_tell(&f.board, false);
    assert_int_equal(f.board.finding_count, 4);
    assert_string_equal(f.board.findings[3].incident, f.board.findings[1].incident);
    assert_string_equal(shown_in(&f, 3), f.board.findings[0].incident);
    fixture_close(&f);
}

static void an_undo_leaves_no_trace_of_links(void **state)
{
    (void)state;
    Fixture f, never;
    Mem mem = {0};
    open_two_incidents(&f);
    open_two_incidents(&never);
    Verdict link = verdict_on(VERDICT_LINK, "l", f.board.findings[1].id, f.board.findings[0].id);
    Verdict unlink = verdict_on(VERDICT_UNLINK, "u", f.board.findings[2].id, "");
    hear(&f, link);
    hear(&f, unlink);
    take(&f, line("basket", "it goes on there", NOW + 200 * SECOND));
    take(&never, line("basket", "it goes on there", NOW + 200 * SECOND));
    board_tell(&f.board, false);
    hear_undo(&f, link);
    hear_undo(&f, unlink);
    board_tell(&never.board, true);
    assert_int_equal(f.board.parted.count, 0);
    ImageOut with = image_of(&f, &mem), without = image_of(&never, &mem);
    assert_int_equal(with.size, without.size);
    assert_memory_equal(with.bytes, without.bytes, with.size);
    image_close(&with);
    image_close(&without);
    fixture_close(&f);
    fixture_close(&never);
}

static void links_are_the_same_after_a_restart(void **state)
{
    (void)state;
    Fixture f, loaded;
    Mem mem = {0};
    open_two_incidents(&f);
    hear(&f, verdict_on(VERDICT_UNLINK, "u", f.board.findings[2].id, ""));
    ImageOut out = image_of(&f, &mem);
    loaded = (Fixture){.mem = {0}};
    board_open(&loaded.board, &loaded.mem, 1e6);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    board_load(&loaded.board, &in);
    assert_true(image_at_end(&in));
    assert_string_equal(shown_in(&loaded, 2), shown_in(&f, 2));
    assert_string_equal(shown(&loaded, shown_in(&f, 2)).view.sentence,
                        "`no answer of orders-db` came");
    image_close(&out);
    fixture_close(&f);
    fixture_close(&loaded);
}

/* What is muted and gets far odder is heard again. */
static void what_escalates_breaks_a_mute(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    take(&f, line("orders-db", "disk is full", NOW));
    Verdict mute = verdict_of(VERDICT_MUTE, "orders-db");
    mute.lasts = LASTS_UNTIL_WORSE;
    mute.surprise = 5;
    hear(&f, mute);
    assert_int_equal(f.board.findings[0].shown, SHOWN_HIDDEN);
    Candidate worse = line("orders-db", "disk is full", NOW + 60 * SECOND);
    worse.surprise = 7.5;
    take(&f, worse);
    assert_int_equal(f.board.finding_count, 1);
    assert_int_equal(f.board.findings[0].shown, SHOWN);
    assert_string_equal(f.board.findings[0].broken, "mute");
    assert_true(board_is_news(&f.board.findings[0]));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_that_somebody_links_are_of_one_incident),
        cmocka_unit_test(incidents_can_be_linked_as_wholes),
        cmocka_unit_test(what_is_unlinked_is_an_incident_of_its_own),
        cmocka_unit_test(what_was_unlinked_can_be_linked_with_another_one),
        cmocka_unit_test(what_joins_later_is_shown_with_what_was_linked),
        cmocka_unit_test(an_undo_leaves_no_trace_of_links),
        cmocka_unit_test(links_are_the_same_after_a_restart),
        cmocka_unit_test(what_escalates_breaks_a_mute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
