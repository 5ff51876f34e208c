/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/store/fixture.h"
#include "weeks.h"

#define FIRST_SEED 501
#define WEEKS 2
#define THREADS 2

#define SAME_MINUTES 3700 /* One or two faults are in it. */
#define SAME_SEED 507

static Judged judged[WEEKS];

static int play_all(void **state)
{
    (void)state;
    weeks_play(FIRST_SEED, WEEKS, THREADS, judged);
    return 0;
}

/* -- what is found ----------------------------------------------------------------------------- */

static int found(FaultSort sort)
{
    int count = 0;
    for (int i = 0; i < WEEKS; i++)
        for (int f = 0; f < FAULT_COUNT; f++)
            count += judged[i].faults[f].sort == sort && judged[i].faults[f].is_found;
    return count;
}

/* Of incidents of all faults. */
static Share shares(void)
{
    Share sum = {.incidents = 0};
    for (int i = 0; i < WEEKS; i++)
        for (int f = 0; f < FAULT_COUNT; f++) {
            const Share *share = &judged[i].faults[f].ours;
            sum.incidents += share->incidents;
            sum.findings += share->findings;
            sum.right += share->right;
            sum.named += share->named;
        }
    return sum;
}

static void most_faults_are_found_while_they_last(void **state)
{
    (void)state;
    int all = 0;
    for (int sort = 0; sort < FAULT_COUNT; sort++) {
        int count = found((FaultSort)sort);
        print_message("%s: %d of %d\n", fault_words((FaultSort)sort), count, WEEKS);
        assert_true(2 * count >= WEEKS);
        all += count;
    }
    assert_true(10 * all >= 8 * WEEKS * FAULT_COUNT);
}

static void what_is_loud_is_always_found_and_soon(void **state)
{
    (void)state;
    for (int i = 0; i < WEEKS; i++)
        for (int f = 0; f < FAULT_COUNT; f++) {
            const FaultJudged *one = &judged[i].faults[f];
            if (one->sort == FAULT_SLOW || one->sort == FAULT_GUESSING)
                assert_true(one->is_found && one->minutes <= 5);
        }
}

static void many_first_suspects_are_right(void **state)
{
    (void)state;
    Share sum = shares();
    print_message("right %d, or named %d, of %d incidents of %d findings\n", sum.right, sum.named,
                  sum.incidents, sum.findings);
    assert_true(10 * sum.right >= 4 * sum.incidents);
    assert_true(2 * sum.named >= sum.incidents);
}

static void few_incidents_are_of_nothing(void **state)
{
    (void)state;
    int later = 0, all = 0;
    for (int i = 0; i < WEEKS; i++) {
        all += judged[i].false_incidents;
        later += judged[i].false_incidents - judged[i].early_incidents;
    }
    print_message("false incidents: %d, %d of them behind the first two days\n", all, later);
    assert_true(all <= 8 * 7 * WEEKS);
    assert_true(later <= 6 * 5 * WEEKS);
}

static void hardly_an_incident_is_of_two_things(void **state)
{
    (void)state;
    int mixed = 0;
    for (int i = 0; i < WEEKS; i++)
        mixed += judged[i].mixed;
    assert_true(mixed <= WEEKS);
}

/* -- the same again ---------------------------------------------------------------------------- */

static void write_rows(FILE *file, odd_rows *rows)
{
    while (odd_next(rows) == ODD_ROW) {
        for (int c = 0; c < odd_column_count(rows); c++)
            if (odd_cell_kind(rows, c) == ODD_CELL_REAL)
                fprintf(file, "%a,", odd_double(rows, c));
            else if (odd_cell_kind(rows, c) == ODD_CELL_TEXT)
                fprintf(file, "%s,", odd_text(rows, c));
            else
                fprintf(file, "%lld,", (long long)odd_int(rows, c));
        fputc('\n', file);
    }
    odd_rows_close(rows);
}

/* All that the fold tells of findings, incidents, changes and models, and of each incident. */
static char *told(Stage *stage)
{
    static const odd_view views[] = {ODD_FINDINGS, ODD_INCIDENTS, ODD_CHANGES, ODD_MODELS};
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    odd_rows *rows;
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        assert_int_equal(odd_fold_query(stage->fold, &(odd_question){.view = views[i]}, &rows),
                         ODD_OK);
        write_rows(file, rows);
    }
    stage_ask(stage);
    for (int i = 0; i < stage->tale.incident_count; i++) {
        assert_int_equal(odd_fold_incident(stage->fold, stage->tale.incidents[i].id, &rows),
                         ODD_OK);
        write_rows(file, rows);
    }
    fclose(file);
    return text;
}

static char *told_by(int threads)
{
    Stage *stage = stage_open(SAME_SEED);
    stage_play(stage, SAME_MINUTES, threads);
    char *text = told(stage);
    stage_close(stage);
    return text;
}

static void four_threads_tell_the_same_as_one(void **state)
{
    (void)state;
    char *one = told_by(1), *four = told_by(4);
    assert_true(strlen(one) > 4000);
    assert_string_equal(one, four);
    free(one);
    free(four);
}

static void a_restart_in_the_middle_of_a_fault_is_not_seen(void **state)
{
    (void)state;
    char place[PLACE_SIZE];
    Stage *stage = stage_open(SAME_SEED);
    place_make(place);
    stage_play(stage, stage->play.faults[0].first + 7, 2);
    stage_restart(stage, place);
    stage_play(stage, SAME_MINUTES, 2);
    char *straight = told_by(2), *restarted = told(stage);
    assert_string_equal(straight, restarted);
    free(straight);
    free(restarted);
    stage_close(stage);
    place_remove(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_faults_are_found_while_they_last),
        cmocka_unit_test(what_is_loud_is_always_found_and_soon),
        cmocka_unit_test(many_first_suspects_are_right),
        cmocka_unit_test(few_incidents_are_of_nothing),
        cmocka_unit_test(hardly_an_incident_is_of_two_things),
        cmocka_unit_test(four_threads_tell_the_same_as_one),
        cmocka_unit_test(a_restart_in_the_middle_of_a_fault_is_not_seen),
    };
    return cmocka_run_group_tests(tests, play_all, NULL);
}
