/* SPDX-License-Identifier: Apache-2.0 */
#include "../sanitized.h"
#include "folding.h"

#include <stdio.h>
#include <string.h>

#include "simulated_day.h"

#define SEED 7
#define MINUTES 300
#define SAID_AT 20
#define UNDONE_AT 250
#define NEVER (-1)
#define SMALL_BURST_AT 240
#define SMALL_BURST_LINES 11

/* Lines and series are both odd by then. */
#define OVER_FINDINGS                                                                          \
    "{\"verdict\":\"mute\",\"id\":\"m\",\"source\":\"host\"},"                                  \
    "{\"verdict\":\"expected\",\"id\":\"e\",\"source\":\"*\"},"                                 \
    "{\"verdict\":\"window\",\"id\":\"w\",\"signal\":\"*\",\"until\":\"2025-12-01T03:30:00Z\"}," \
    "{\"verdict\":\"real\",\"id\":\"r\",\"kind\":\"rare\"},"                                    \
    "{\"verdict\":\"unsure\",\"id\":\"u\",\"pattern\":\"*\"}"
static const char over_findings[] = "[" OVER_FINDINGS "]";
/* And one that is learnt from when it is said. */
static const char all_kinds[] =
    "[" OVER_FINDINGS ",{\"verdict\":\"new-normal\",\"id\":\"n\",\"signal\":\"*\"}]";
static const char all_undone[] =
    "[{\"undo\":\"m\"},{\"undo\":\"e\"},{\"undo\":\"w\"},{\"undo\":\"r\"},{\"undo\":\"u\"},"
    "{\"undo\":\"n\"}]";

/* -- running ----------------------------------------------------------------------------------- */

static void say(odd_events *events, const char *json)
{
    odd_decoded decoded;
    odd_wire wire = {.source = "", .now = events->known};
    odd_rc rc = odd_decode("verdict", &wire, json, strlen(json), events, &decoded);
    if (rc != ODD_OK)
        fail_msg("%s", decoded.message);
}

typedef struct {
    const char *json;
    int         said, undone; /* Minutes, or NEVER. */
    int         threads;
    bool        saved;        /* And loaded again, amid. */
    double      per_day;      /* Findings that are welcome; 0: the default. */
} Plan;

static void save_part(odd_fold *fold, int number, size_t part, ImageOut *out)
{
    if (number == ODD_SHARD_COUNT)
        fold_save_board(fold, out);
    else if (shard_part_is_there(&fold->shards[number], part))
        shard_save(&fold->shards[number], part, out);
    assert_false(out->failed);
}

static odd_fold *opened(double per_day)
{
    odd_fold *fold;
    odd_options options = {.findings_per_day = per_day};
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    return fold;
}

static odd_fold *saved_and_loaded(odd_fold *fold)
{
    odd_fold *loaded = opened(fold->options.findings_per_day);
    for (int i = 0; i <= ODD_SHARD_COUNT; i++)
        for (size_t part = 0; part < (i < ODD_SHARD_COUNT ? shard_parts(&fold->shards[i]) : 1);
             part++) {
            Mem mem = {0};
            ImageOut out = {.mem = &mem};
            save_part(fold, i, part, &out);
            ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
            if (out.size > 0)
                assert_int_equal(i < ODD_SHARD_COUNT ? shard_load(&loaded->shards[i], part, &in)
                                                     : fold_load_board(loaded, &in),
                                 ODD_OK);
            image_close(&out);
        }
    fold_tell_shards(loaded);
    odd_fold_close(fold);
    return loaded;
}

/* A few more lines of one pattern than usual: odd, and not very. */
static void add_small_burst(odd_events *events)
{
    char text[96], stamp[TIME_TEXT_SIZE];
    for (int i = 0; i < SMALL_BURST_LINES; i++) {
        time_text(events->known - NS_PER_S, 3, stamp);
        int size = snprintf(text, sizeof text, "%s INFO cache miss on key %x\n", stamp,
                            0x7a31c05u + 7919u * (unsigned)i);
        assert_true(
            events_lines(events, STR("app-9.log"), 0, (Str){.text = text, .size = (size_t)size}));
    }
}

static odd_fold *learnt(Plan plan)
{
    odd_fold *fold = opened(plan.per_day);
    odd_events *events = events_opened(0);
    for (int minute = 0; minute < MINUTES; minute++) {
        events_clear(events);
        day_minute(SEED, minute, events);
        if (minute == SMALL_BURST_AT)
            add_small_burst(events);
        if (minute == plan.said)
            say(events, plan.json);
        if (minute == plan.undone)
            say(events, all_undone);
        assert_true(events_tick(events));
        assert_int_equal(odd_fold_feed(fold, events, (uint64_t)minute + 1), ODD_ROW);
        fold_step_all(fold, plan.threads > 0 ? plan.threads : 1);
        assert_int_equal(odd_fold_merge(fold), ODD_OK);
        if (plan.saved && minute % 50 == 30)
            fold = saved_and_loaded(fold);
    }
    events_close(events);
    return fold;
}

/* -- comparing --------------------------------------------------------------------------------- */

/* All that it knows, and closes it.  Commits have the verdicts as they came, so they are left
 * out. */
static ImageOut closed(Mem *mem, odd_fold *fold)
{
    ImageOut out = {.mem = mem};
    for (int i = 0; i <= ODD_SHARD_COUNT; i++)
        for (size_t part = 0; part < (i < ODD_SHARD_COUNT ? shard_parts(&fold->shards[i]) : 1);
             part++)
            save_part(fold, i, part, &out);
    for (int table = 0; table < ODD_TABLE_COUNT; table++) {
        const void *bytes;
        size_t size;
        assert_int_equal(odd_fold_table(fold, (odd_table)table, &bytes, &size), ODD_OK);
        if (table >= ODD_TABLE_GROWING)
            image_put(&out, bytes, size);
    }
    odd_fold_close(fold);
    return out;
}

static void assert_image(const ImageOut *expected, odd_fold *fold)
{
    Mem mem = {0};
    ImageOut seen = closed(&mem, fold);
    assert_int_equal(seen.size, expected->size);
    assert_memory_equal(seen.bytes, expected->bytes, seen.size);
    image_close(&seen);
}

static void assert_same(odd_fold *one, odd_fold *other)
{
    Mem mem = {0};
    ImageOut image = closed(&mem, one);
    assert_image(&image, other);
    image_close(&image);
}

static int count_of(odd_fold *fold, const char *state)
{
    odd_rows *rows;
    int count = 0;
    assert_int_equal(odd_fold_query(fold, &(odd_question){.view = ODD_FINDINGS}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        count += strcmp(odd_text(rows, odd_column(rows, "state")), state) == 0;
    odd_rows_close(rows);
    return count;
}

static const Plan nothing = {.said = NEVER, .undone = NEVER};

/* -- the tests --------------------------------------------------------------------------------- */

static void after_an_undo_all_is_as_if_it_had_never_been_said_on_any_threads(void **state)
{
    (void)state;
    Mem mem = {0};
    ImageOut never = closed(&mem, learnt(nothing));
    for (int threads = 1; threads <= 8; threads *= SANITIZED ? 8 : 2)
        assert_image(&never, learnt((Plan){all_kinds, SAID_AT, UNDONE_AT, threads, false, 0}));
    image_close(&never);
}

static void each_kind_of_verdict_leaves_no_trace_of_its_own(void **state)
{
    (void)state;
    static const char *const each[] = {
        "{\"verdict\":\"mute\",\"id\":\"m\",\"source\":\"*\"}",
        "{\"verdict\":\"expected\",\"id\":\"e\",\"source\":\"*\"}",
        "{\"verdict\":\"real\",\"id\":\"r\",\"source\":\"*\"}",
        "{\"verdict\":\"new-normal\",\"id\":\"n\",\"source\":\"*\"}",
    };
    Mem mem = {0};
    ImageOut never = closed(&mem, learnt(nothing));
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++)
        assert_image(&never, learnt((Plan){each[i], SAID_AT, UNDONE_AT, 2, false, 0}));
    image_close(&never);
}

static void what_is_said_is_the_same_on_any_threads_and_after_a_restart(void **state)
{
    (void)state;
    Plan plan = {all_kinds, SAID_AT, NEVER, 1, false, 0};
    Mem mem = {0};
    ImageOut alone = closed(&mem, learnt(plan));
    for (int threads = SANITIZED ? 8 : 2; threads <= 8; threads *= 2) {
        Plan many = plan;
        many.threads = threads;
        assert_image(&alone, learnt(many));
    }
    Plan saved = plan;
    saved.saved = true;
    assert_image(&alone, learnt(saved));
    image_close(&alone);
}

static void a_mute_hides_findings_and_nothing_else_changes(void **state)
{
    (void)state;
    odd_fold *plain = learnt(nothing);
    odd_fold *muted = learnt((Plan){all_kinds, SAID_AT, NEVER, 1, false, 0});
    assert_true(plain->board.finding_count > 0);
    assert_int_equal(plain->board.finding_count, muted->board.finding_count);
    assert_int_equal(count_of(plain, "hidden"), 0);
    assert_true(count_of(muted, "hidden") > 0);
    for (size_t i = 0; i < plain->board.finding_count; i++) {
        const BoardFinding *a = &plain->board.findings[i], *b = &muted->board.findings[i];
        assert_string_equal(a->id, b->id);
        assert_int_equal(a->repeats, b->repeats);
        assert_memory_equal(&a->first, &b->first, sizeof a->first);
        assert_memory_equal(&a->surprise, &b->surprise, sizeof a->surprise);
    }
    odd_fold_close(plain);
    odd_fold_close(muted);
}

static void rules_put_over_the_end_are_as_if_they_had_been_there_from_the_beginning(void **state)
{
    (void)state;
    odd_fold *after = learnt(nothing);
    odd_events *events = events_opened(DAY_START);
    events->known = DAY_START;
    say(events, over_findings);
    assert_int_equal(odd_fold_rules(after, events), ODD_OK);
    odd_fold *before = learnt((Plan){over_findings, 0, NEVER, 1, false, 0});
    for (size_t i = 0; i < after->board.overlay.count; i++) { /* Said at another moment. */
        OverlayEntry *entry = &after->board.overlay.entries[i];
        entry->verdict.made = before->board.overlay.entries[i].verdict.made;
        entry->heard = before->board.overlay.entries[i].heard;
    }
    events_close(events);
    assert_same(after, before);
}

static void a_rule_is_tried_without_being_said(void **state)
{
    (void)state;
    odd_fold *fold = learnt(nothing);
    odd_events *events = events_opened(DAY_START);
    odd_rows *rows;
    say(events, "{\"verdict\":\"mute\",\"id\":\"m\",\"source\":\"*\",\"until\":\"forever\"}");
    assert_int_equal(odd_fold_try(fold, events, 0, &rows), ODD_OK);
    assert_int_equal(odd_next(rows), ODD_ROW);
    int64_t count = (int64_t)fold->board.finding_count;
    assert_string_equal(odd_text(rows, odd_column(rows, "id")), "m");
    assert_int_equal(odd_int(rows, odd_column(rows, "looked_at")), count);
    assert_int_equal(odd_int(rows, odd_column(rows, "hidden")), count);
    assert_int_equal(odd_int(rows, odd_column(rows, "real")), 0);
    assert_int_equal(odd_next(rows), ODD_DONE);
    odd_rows_close(rows);
    assert_int_equal(fold->board.overlay.count, 0);
    events_close(events);
    assert_same(learnt(nothing), fold);
}

/* With a budget of nearly nothing most of what is odd is not told. */
static void
what_is_like_something_real_is_told_below_the_threshold_until_that_is_undone(void **state)
{
    (void)state;
    static const char real[] = "{\"verdict\":\"real\",\"id\":\"r\",\"source\":\"*\"}";
    Plan poor = {NULL, NEVER, NEVER, 1, false, 0.01}, said = {real, SAID_AT, NEVER, 1, false, 0.01},
         many = {real, SAID_AT, NEVER, 8, true, 0.01},
         undone = {real, SAID_AT, UNDONE_AT, 2, false, 0.01};
    odd_fold *plain = learnt(poor), *raised = learnt(said);
    assert_int_equal(plain->board.raised_count, 0);
    assert_true(raised->board.raised_count > 0);
    assert_int_equal(plain->board.finding_count, raised->board.finding_count);
    assert_int_equal(fold_row_count(raised, ODD_FINDINGS),
                     raised->board.finding_count + raised->board.raised_count);
    for (size_t i = 0; i < raised->board.raised_count; i++) {
        const BoardFinding *finding = &raised->board.raised[i];
        assert_true(finding->surprise >= ODD_SURPRISE_MIN);
        assert_true(finding->shown == SHOWN);
    }
    assert_same(raised, learnt(many));
    assert_same(plain, learnt(undone));
}

static void listeners_hear_of_what_is_hidden_only_that_it_is_so_now(void **state)
{
    (void)state;
    odd_fold *fold = learnt(nothing);
    odd_events *events = events_opened(DAY_START);
    odd_rows *rows;
    odd_question news = {.view = ODD_FINDINGS, .changed = 1};
    size_t told = 0, hidden = 0;
    assert_int_equal(odd_fold_query(fold, &news, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        told++;
    odd_rows_close(rows);
    say(events, "{\"verdict\":\"mute\",\"id\":\"m\",\"source\":\"*\",\"until\":\"forever\"}");
    assert_int_equal(odd_fold_rules(fold, events), ODD_OK);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(odd_fold_query(fold, &news, &rows), ODD_OK);
        while (odd_next(rows) == ODD_ROW) {
            assert_string_equal(odd_text(rows, odd_column(rows, "state")), "hidden");
            assert_string_equal(odd_text(rows, odd_column(rows, "hidden_by")), "m");
            hidden++;
        }
        odd_rows_close(rows);
    }
    assert_int_equal(hidden, told);
    events_close(events);
    odd_fold_close(fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_an_undo_all_is_as_if_it_had_never_been_said_on_any_threads),
        cmocka_unit_test(each_kind_of_verdict_leaves_no_trace_of_its_own),
        cmocka_unit_test(what_is_said_is_the_same_on_any_threads_and_after_a_restart),
        cmocka_unit_test(a_mute_hides_findings_and_nothing_else_changes),
        cmocka_unit_test(rules_put_over_the_end_are_as_if_they_had_been_there_from_the_beginning),
        cmocka_unit_test(a_rule_is_tried_without_being_said),
        cmocka_unit_test(
            what_is_like_something_real_is_told_below_the_threshold_until_that_is_undone),
        cmocka_unit_test(listeners_hear_of_what_is_hidden_only_that_it_is_so_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
