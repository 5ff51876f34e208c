/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "../sanitized.h"
#include "base/hash.h"
#include "base/rng.h"
#include "base/time.h"
#include "model/questions.h"

#define NOW (1764547200LL * NS_PER_S)
#define ROWS 6000
#define SECONDS 10

typedef struct {
    Questions questions;
    double    losses[ROWS];
    Label     labels[QUESTIONS_KEPT];
    double    mean;
    uint64_t  seed;
} Day;

static uint64_t id_of(const Day *day, int row)
{
    return hash_add(day->seed, (uint64_t)row);
}

static odd_time time_of(int row)
{
    return NOW + (odd_time)row * SECONDS * NS_PER_S;
}

/* Rows that err with the chance that is guessed, or with `bias` more. */
static Day *day_drawn(uint64_t seed, double bias)
{
    Day *day = calloc(1, sizeof *day);
    Rng rng = rng_seeded(seed);
    assert_non_null(day);
    day->seed = seed;
    questions_begin(&day->questions);
    for (int row = 0; row < ROWS; row++) {
        double guess = rng_real(&rng) < 0.7 ? 0.02 : 0.4;
        day->losses[row] = rng_real(&rng) < guess + bias;
        day->mean += day->losses[row] / ROWS;
        double weight = questions_weight(sqrt(guess * (1 - guess)) / 0.24);
        Question one = {.id = id_of(day, row),
                        .time = time_of(row),
                        .weight = (float)weight,
                        .guess = (float)guess,
                        .place = questions_place(id_of(day, row), weight)};
        assert_true(questions_count(&day->questions, one.time, guess, weight));
        if (questions_wants(&day->questions, one.place))
            questions_add(&day->questions, &one);
    }
    return day;
}

static void answer(Day *day, const Asked *asked, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int row = (int)(time_minus(asked[i].question->time, NOW) / NS_PER_S / SECONDS);
        assert_true(questions_answer(&day->questions, id_of(day, row), day->losses[row]));
    }
}

static void questions_stay_the_same_until_they_are_answered(void **state)
{
    (void)state;
    Day *day = day_drawn(1, 0);
    Asked first[QUESTIONS_MAX], again[QUESTIONS_MAX];
    odd_time now = time_of(ROWS);
    assert_int_equal(questions_ask(&day->questions, now, 50, first), 50);
    assert_int_equal(questions_ask(&day->questions, now, 80, again), 80);
    for (int i = 0; i < 50; i++)
        assert_ptr_equal(first[i].question, again[i].question);
    double chances = 0;
    for (int i = 0; i < 80; i++)
        chances += 1 / again[i].chance;
    assert_true(chances > 0.7 * ROWS && chances < 1.4 * ROWS); /* They stand for all rows. */
    answer(day, first, 50);
    assert_int_equal(questions_ask(&day->questions, now, 30, first), 30);
    assert_ptr_equal(first[0].question, again[50].question);
    free(day);
}

/* Also where the guess is wrong: over many days intervals hold, and errors cancel. */
static void the_mean_of_all_rows_is_told_without_bias(void **state)
{
    (void)state;
    int held = 0;
    double off = 0;
    enum { DAYS = SANITIZED ? 50 : 200, COUNT = 150 };
    for (uint64_t seed = 0; seed < DAYS; seed++) {
        Day *day = day_drawn(seed + 10, seed % 2 == 0 ? 0 : 0.15);
        Asked asked[QUESTIONS_MAX];
        size_t count = questions_ask(&day->questions, time_of(ROWS), COUNT, asked);
        answer(day, asked, count);
        QuestionsEstimate told = questions_estimate(&day->questions, day->labels);
        assert_true(told.labels >= COUNT && told.labels <= COUNT + 8);
        held += told.mean.lower <= day->mean && day->mean <= told.mean.upper;
        off += (told.mean.estimate - day->mean) / DAYS;
        free(day);
    }
    assert_true(held >= 0.91 * DAYS);
    assert_true(fabs(off) < 0.005);
}

static void a_few_that_nobody_knows_do_no_harm_and_many_leave_it_open(void **state)
{
    (void)state;
    Day *day = day_drawn(3, 0);
    Asked asked[QUESTIONS_MAX];
    assert_int_equal(questions_estimate(&day->questions, day->labels).labels, 0);
    questions_ask(&day->questions, time_of(ROWS), 100, asked);
    answer(day, asked, 30);
    answer(day, asked + 31, 69);
    assert_true(questions_estimate(&day->questions, day->labels).labels >= 99);
    free(day);
    day = day_drawn(3, 0);
    questions_ask(&day->questions, time_of(ROWS), 100, asked);
    answer(day, asked + 50, 50); /* The first half is not known. */
    assert_int_equal(questions_estimate(&day->questions, day->labels).labels, 0);
    free(day);
}

static void whoever_asks_about_all_rows_leaves_none_to_chance(void **state)
{
    (void)state;
    Questions *questions = calloc(1, sizeof *questions);
    Asked asked[QUESTIONS_MAX];
    assert_non_null(questions);
    questions_begin(questions);
    for (uint64_t row = 0; row < 40; row++) {
        Question one = {.id = row, .time = NOW, .weight = 1,
                        .place = questions_place(row, 1)};
        questions_count(questions, NOW, 0, 1);
        questions_add(questions, &one);
        questions_add(questions, &one);
    }
    assert_int_equal(questions->count, 40);
    assert_int_equal(questions_ask(questions, NOW, 100, asked), 0); /* Its slot is not over. */
    assert_int_equal(questions_ask(questions, time_of(61), 100, asked), 40);
    for (int i = 0; i < 40; i++)
        assert_true(asked[i].chance == 1);
    free(questions);
}

static void a_round_is_a_day_or_longer_where_rows_are_few(void **state)
{
    (void)state;
    Questions *questions = calloc(1, sizeof *questions);
    assert_non_null(questions);
    questions_begin(questions);
    for (int day = 0; day < 10; day++)
        assert_true(questions_count(questions, NOW + day * S_PER_DAY * NS_PER_S, 0, 1));
    assert_int_equal(questions_rows(questions, NOW + 365 * S_PER_DAY * NS_PER_S), 10);
    for (int i = 0; i < QUESTION_ROUND_ROWS; i++)
        assert_true(questions_count(questions, NOW, 0, 1));
    assert_false(questions_count(questions, NOW + 400 * S_PER_DAY * NS_PER_S, 0, 1));
    free(questions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_stay_the_same_until_they_are_answered),
        cmocka_unit_test(the_mean_of_all_rows_is_told_without_bias),
        cmocka_unit_test(a_few_that_nobody_knows_do_no_harm_and_many_leave_it_open),
        cmocka_unit_test(whoever_asks_about_all_rows_leaves_none_to_chance),
        cmocka_unit_test(a_round_is_a_day_or_longer_where_rows_are_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
