/* SPDX-License-Identifier: Apache-2.0 */
#include "boarding.h"

#include <math.h>

#define DAYS 24
#define MUTED_FROM 10 /* Days. */
#define A_DAY 200     /* Candidates of each of two sources. */
#define BUDGET 10

/* Of a pattern of its own; a surprise that is higher by 1 comes a tenth as often. */
static Candidate candidate_of(const char *source, int day, int i)
{
    Candidate c;
    memset(&c, 0, sizeof c);
    c.time = c.last_time = NOW + day * DAY + i * (DAY / A_DAY);
    c.pattern = (uint64_t)day * A_DAY + (uint64_t)i;
    c.row = c.pattern;
    c.surprise =
        3 - log10((double)((i * 7919 + (source[0] == 'q' ? 100 : 0)) % A_DAY + 1) / (A_DAY + 1));
    c.kind = FINDING_MORE; /* Those do not stand beside each other in two sources. */
    snprintf(c.source, sizeof c.source, "%s-%d-%d", source, day, i);
    snprintf(c.pattern_text, sizeof c.pattern_text, "pattern %d", i);
    snprintf(c.sentence, sizeof c.sentence, "Pattern %d came.", i);
    return c;
}

/* As a shard does it: what is below the threshold only if somebody may want it. */
static void give(Fixture *f, Candidate c)
{
    if (c.surprise >= f->board.threshold[SENSE_LINES])
        take(f, c);
    else if (f->board.overlay.hiding_count > 0)
        assert_int_equal(board_note_below(&f->board, &c), ODD_OK);
}

typedef struct {
    int loud, quiet; /* Findings that are shown of the last seven days, of each source. */
} Week;

static void count(const BoardFinding *findings, size_t n, Week *shown)
{
    for (size_t i = 0; i < n; i++) {
        const BoardFinding *finding = &findings[i];
        bool is_late = finding->first.time >= NOW + (DAYS - 7) * DAY;
        bool counts = is_late && finding->shown == SHOWN;
        shown->loud += counts && finding->first.source[0] == 'l';
        shown->quiet += counts && finding->first.source[0] == 'q';
    }
}

static Week shown_of(const Fixture *f)
{
    Week shown = {0};
    count(f->board.findings, f->board.finding_count, &shown);
    count(f->board.freed, f->board.freed_count, &shown);
    return shown;
}

static void live(Fixture *f, bool is_muted)
{
    fixture_open(f);
    f->board.findings_per_day = BUDGET;
    for (int day = 0; day < DAYS; day++) {
        if (is_muted && day == MUTED_FROM)
            hear(f, verdict_of(VERDICT_MUTE, "loud-*"));
        for (int i = 0; i < A_DAY; i++) {
            Candidate loud = candidate_of("loud", day, i), quiet = candidate_of("quiet", day, i);
            board_tick(&f->board, loud.time, loud.time, 0);
            give(f, loud);
            give(f, quiet);
            if (i % 25 == 0)
                board_tell(&f->board, false);
        }
    }
    board_tell(&f->board, true);
}

static void what_is_muted_leaves_its_place_in_the_budget_to_others(void **state)
{
    (void)state;
    Fixture plain, muted;
    live(&plain, false);
    live(&muted, true);
    Week before = shown_of(&plain), after = shown_of(&muted);
    print_message("a week: loud %d, quiet %d; muted: loud %d, quiet %d\n", before.loud,
                  before.quiet, after.loud, after.quiet);
    assert_true(before.quiet > 0 && before.loud > 0);
    assert_int_equal(after.loud, 0);
    assert_true(2 * after.quiet >= 3 * before.quiet);
    assert_true(after.quiet <= 7 * BUDGET * 5 / 4);
    fixture_close(&plain);
    fixture_close(&muted);
}

static void an_undo_takes_back_what_was_told_in_its_place(void **state)
{
    (void)state;
    Fixture plain, muted;
    Mem mem = {0};
    ImageOut never = {.mem = &mem}, undone = {.mem = &mem};
    live(&plain, false);
    live(&muted, true);
    assert_true(muted.board.freed_count > 0);
    hear_undo(&muted, verdict_of(VERDICT_MUTE, "loud-*"));
    assert_int_equal(muted.board.freed_count, 0);
    assert_int_equal(muted.board.below_count, 0);
    board_save(&plain.board, &never);
    board_save(&muted.board, &undone);
    assert_int_equal(never.size, undone.size);
    assert_memory_equal(never.bytes, undone.bytes, never.size);
    image_close(&never);
    image_close(&undone);
    fixture_close(&plain);
    fixture_close(&muted);
}

static void two_that_hold_back_leave_what_one_of_them_would(void **state)
{
    (void)state;
    Fixture one, two;
    Mem mem = {0};
    ImageOut with_one = {.mem = &mem}, with_both = {.mem = &mem};
    Verdict other = verdict_of(VERDICT_EXPECTED, "quiet-*5");
    live(&one, true);
    live(&two, true);
    hear(&two, other);
    give(&two, candidate_of("loud", DAYS, 1));
    give(&one, candidate_of("loud", DAYS, 1));
    hear_undo(&two, other);
    board_tell(&one.board, true);
    board_save(&one.board, &with_one);
    board_save(&two.board, &with_both);
    assert_int_equal(with_one.size, with_both.size);
    assert_memory_equal(with_one.bytes, with_both.bytes, with_one.size);
    image_close(&with_one);
    image_close(&with_both);
    fixture_close(&one);
    fixture_close(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_muted_leaves_its_place_in_the_budget_to_others),
        cmocka_unit_test(an_undo_takes_back_what_was_told_in_its_place),
        cmocka_unit_test(two_that_hold_back_leave_what_one_of_them_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
