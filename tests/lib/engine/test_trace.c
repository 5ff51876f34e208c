/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <oddball.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/trace.h"

#define SAMPLES 4096

static TracePoint sample(uint64_t row)
{
    double value = (double)(row % 10);
    return (TracePoint){.time = (odd_time)row * 1000,
                        .row = row,
                        .low = value,
                        .high = value,
                        .expected = row < 100 ? NAN : 5,
                        .lower = row < 100 ? NAN : 0,
                        .upper = row < 100 ? NAN : 9};
}

static Trace filled(Mem *mem)
{
    Trace trace = {0};
    for (uint64_t row = 1; row <= SAMPLES; row++) {
        TracePoint point = sample(row);
        assert_true(trace_add(&trace, mem, &point));
    }
    return trace;
}

static void a_halved_line_keeps_its_lowest_and_highest_values(void **state)
{
    (void)state;
    Mem mem = {0};
    Trace trace = filled(&mem);
    assert_int_equal(trace.count, SAMPLES);
    for (int halving = 1; halving <= 4; halving++) {
        trace_halve(&trace, &mem);
        assert_int_equal(trace.count, SAMPLES >> halving);
    }
    for (size_t i = 0; i < trace.count; i++) { /* Of 16 samples each. */
        assert_int_equal(trace.points[i].row, i * 16 + 1);
        assert_true(trace.points[i].low <= 0);
        assert_true(trace.points[i].high >= 9);
    }
    assert_true(isnan(trace.points[0].expected));
    assert_true(fabs(trace.points[100].expected - 5) < 1e-9);
    trace_close(&trace, &mem);
    assert_int_equal(mem.bytes, 0);
}

static void samples_behind_a_halving_are_joined_likewise(void **state)
{
    (void)state;
    Mem mem = {0};
    Trace early = filled(&mem), late = filled(&mem);
    trace_halve(&early, &mem);
    for (uint64_t row = SAMPLES + 1; row <= SAMPLES + 1001; row++) {
        TracePoint point = sample(row);
        assert_true(trace_add(&early, &mem, &point));
        assert_true(trace_add(&late, &mem, &point));
    }
    trace_halve(&late, &mem);
    assert_int_equal(early.count, late.count);
    for (size_t i = 0; i < early.count; i++)
        assert_memory_equal(&early.points[i], &late.points[i], sizeof early.points[i]);
    trace_close(&early, &mem);
    trace_close(&late, &mem);
}

static void without_memory_the_sample_is_not_kept(void **state)
{
    (void)state;
    Mem mem = {.bytes_max = 100 * sizeof(TracePoint)};
    Trace trace = {0};
    TracePoint point = sample(1);
    size_t kept = 0;
    while (kept < 200 && trace_add(&trace, &mem, &point))
        kept++;
    assert_true(kept >= 16 && kept <= 100);
    assert_true(trace_is_full(&trace));
    assert_int_equal(trace.count, kept);
    trace_close(&trace, &mem);
}

/* A table of two columns with a jump. */
static odd_db *learnt(int lines, bool compared)
{
    odd_db *db = NULL;
    assert_int_equal(odd_open(&(odd_options){.lines = lines}, &db), ODD_OK);
    for (int run = compared ? 0 : 1; run < 2; run++) {
        int source;
        odd_reading reading = {.reference = run == 0};
        assert_int_equal(odd_source(db, run == 0 ? "good.csv" : "bad.csv", &reading, &source),
                         ODD_OK);
        assert_int_equal(odd_put(db, source, "a,b\n", 4), ODD_OK);
        for (int row = 1; row <= 800; row++) {
            char line[64];
            int size = snprintf(line, sizeof line, "%d,%d\n",
                                row * 7919 % 100 + (run == 1 && row > 700 && row < 710 ? 5000 : 0),
                                row * 104729 % 97);
            assert_int_equal(odd_put(db, source, line, (size_t)size), ODD_OK);
        }
        assert_int_equal(odd_end(db, source), ODD_OK);
    }
    return db;
}

static void ask(odd_db *db, odd_view view)
{
    odd_rows *rows;
    assert_int_equal(odd_query(db, &(odd_question){.view = view}, &rows), ODD_OK);
    assert_int_equal(odd_next(rows), ODD_ROW);
    odd_rows_close(rows);
}

typedef struct {
    int     points, good;
    int64_t first_row, last_row;
    double  high;
} Seen;

static Seen line_of(odd_db *db, int close, int points_max)
{
    odd_rows *rows;
    Seen seen = {0};
    assert_int_equal(odd_line(db, 1, close, points_max, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        int64_t row = odd_int(rows, odd_column(rows, "row"));
        seen.first_row = seen.points == 0 ? row : seen.first_row;
        seen.last_row = row;
        seen.points++;
        seen.good += odd_int(rows, odd_column(rows, "good")) != 0;
        seen.high = fmax(seen.high, odd_double(rows, odd_column(rows, "high")));
    }
    odd_rows_close(rows);
    return seen;
}

static void a_finding_has_its_line_from_near_and_as_a_whole(void **state)
{
    (void)state;
    odd_db *db = learnt(1, false);
    ask(db, ODD_FINDINGS);
    Seen whole = line_of(db, 0, 100), near = line_of(db, 1, 1000);
    assert_int_equal(whole.points, 100);
    assert_int_equal(whole.first_row, 1);
    assert_true(whole.high > 5000);
    assert_true(near.first_row > 500 && near.first_row < 701);
    assert_true(near.last_row > 709 && near.last_row < 800);
    assert_int_equal(near.points, near.last_row - near.first_row + 1);
    odd_rows *rows;
    assert_int_equal(odd_line(db, 2, 0, 100, &rows), ODD_RANGE);
    odd_close(db);
}

static void no_line_is_kept_unless_it_was_asked_for(void **state)
{
    (void)state;
    odd_db *db = learnt(0, false);
    ask(db, ODD_FINDINGS);
    assert_int_equal(line_of(db, 0, 100).points, 0);
    odd_close(db);
}

static void two_runs_have_a_line_each(void **state)
{
    (void)state;
    odd_db *db = learnt(0, true);
    ask(db, ODD_DIFF);
    Seen both = line_of(db, 0, 100);
    assert_int_equal(both.points, 200);
    assert_int_equal(both.good, 100);
    odd_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_halved_line_keeps_its_lowest_and_highest_values),
        cmocka_unit_test(samples_behind_a_halving_are_joined_likewise),
        cmocka_unit_test(without_memory_the_sample_is_not_kept),
        cmocka_unit_test(a_finding_has_its_line_from_near_and_as_a_whole),
        cmocka_unit_test(no_line_is_kept_unless_it_was_asked_for),
        cmocka_unit_test(two_runs_have_a_line_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
