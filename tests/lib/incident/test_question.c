/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "incident/finding.h"
#include "incident/question.h"

#define DAY (INT64_C(86400) * 1000000000)
#define ID_COUNT 3000

/* An id that is not, or is, one of those by chance. */
static uint64_t an_id(uint64_t from, bool by_chance)
{
    while (question_is_by_chance(from) != by_chance)
        from++;
    return from;
}

typedef struct {
    Asked  findings[64];
    size_t count;
} World;

static Asked *add(World *world, uint64_t signal, uint64_t like, int day)
{
    Asked *finding = &world->findings[world->count];
    *finding = (Asked){.id = an_id(1000 * world->count, false),
                       .signal = signal,
                       .like = like,
                       .incident = world->count,
                       .time = (odd_time)day * DAY,
                       .kind = FINDING_MORE};
    world->count++;
    return finding;
}

static size_t ask(const World *world, size_t a_day, QuestionAsked ret[QUESTIONS_A_DAY_MAX])
{
    Mem mem = {0};
    size_t count = questions_choose(world->findings, world->count, a_day, &mem, ret);
    assert_int_equal(mem.bytes, 0);
    return count;
}

static void what_is_told_on_most_days_is_asked_first_and_once(void **state)
{
    (void)state;
    World world = {.count = 0};
    QuestionAsked asked[QUESTIONS_A_DAY_MAX];
    add(&world, 1, 1, 0);
    add(&world, 2, 2, 0);
    add(&world, 2, 2, 1);
    add(&world, 3, 2, 2);
    for (int i = 0; i < 5; i++) /* Five on one day are one day. */
        add(&world, 4, 3, 2);
    assert_int_equal(ask(&world, 3, asked), 3);
    assert_int_equal(asked[0].at, 3);
    assert_int_equal(asked[0].like, 3);
    assert_int_equal(asked[0].days, 3);
    assert_int_equal(asked[1].at, 8); /* Of equals the later one. */
    assert_int_equal(asked[1].like, 5);
    assert_int_equal(asked[2].at, 0);
    assert_int_equal(ask(&world, 1, asked), 1);
}

static void answers_say_what_else_is_likely(void **state)
{
    (void)state;
    World world = {.count = 0};
    QuestionAsked asked[QUESTIONS_A_DAY_MAX];
    for (int i = 0; i < 6; i++) {
        add(&world, (uint64_t)i, (uint64_t)i, i)->answer = ANSWER_EXPECTED;
        Asked *real = add(&world, 100 + (uint64_t)i, 100 + (uint64_t)i, i);
        real->kind = FINDING_SEVERITY;
        real->answer = ANSWER_REAL;
    }
    add(&world, 10, 10, 6);
    add(&world, 11, 11, 6)->kind = FINDING_SEVERITY;
    /* The other is surely real: its answer would change nothing. */
    assert_int_equal(ask(&world, 3, asked), 1);
    assert_int_equal(asked[0].at, 12);
    assert_true(asked[0].real < 0.2);
}

static void what_stands_beside_something_real_is_held_for_real(void **state)
{
    (void)state;
    World world = {.count = 0};
    QuestionAsked asked[QUESTIONS_A_DAY_MAX];
    add(&world, 1, 1, 0)->answer = ANSWER_REAL;
    add(&world, 2, 2, 0)->incident = world.findings[0].incident;
    add(&world, 3, 3, 0);
    assert_int_equal(ask(&world, 3, asked), 1);
    assert_int_equal(asked[0].at, 2);
}

static void what_is_answered_or_held_back_is_not_asked(void **state)
{
    (void)state;
    World world = {.count = 0};
    QuestionAsked asked[QUESTIONS_A_DAY_MAX];
    add(&world, 1, 1, 0)->answer = ANSWER_UNSURE;
    add(&world, 1, 1, 1); /* The same signal. */
    add(&world, 2, 2, 0)->is_held = true;
    assert_int_equal(ask(&world, 3, asked), 0);
    add(&world, 3, 1, 1); /* Another one, alike. */
    assert_int_equal(ask(&world, 3, asked), 1);
    assert_int_equal(asked[0].at, 3);
    assert_int_equal(asked[0].like, 1);
}

static void a_day_has_so_many_questions_and_no_more(void **state)
{
    (void)state;
    World world = {.count = 0};
    QuestionAsked asked[QUESTIONS_A_DAY_MAX];
    for (int i = 0; i < 40; i++)
        add(&world, (uint64_t)i, (uint64_t)i, 0);
    assert_int_equal(ask(&world, 3, asked), 3);
    assert_int_equal(ask(&world, 1000, asked), QUESTIONS_A_DAY_MAX);
    world.findings[0].answer = world.findings[1].answer = ANSWER_UNSURE;
    world.findings[0].was_today = world.findings[1].was_today = true;
    assert_int_equal(ask(&world, 3, asked), 1);
    assert_int_equal(ask(&world, 2, asked), 0);
    assert_int_equal(ask(&(World){.count = 0}, 3, asked), 0);
}

static void a_share_is_drawn_by_chance_whatever_was_answered(void **state)
{
    (void)state;
    int drawn = 0;
    for (uint64_t id = 0; id < ID_COUNT; id++)
        drawn += question_is_by_chance(id);
    assert_in_range(drawn, ID_COUNT / QUESTION_ONE_IN / 2, 2 * ID_COUNT / QUESTION_ONE_IN);
    World world = {.count = 0};
    QuestionAsked asked[QUESTIONS_A_DAY_MAX];
    add(&world, 1, 1, 0)->id = an_id(5, true);
    add(&world, 2, 2, 0);
    add(&world, 2, 2, 1);
    assert_int_equal(ask(&world, 3, asked), 2);
    assert_int_equal(asked[0].at, 0); /* First, though its answer changes less. */
    assert_true(asked[0].by_chance);
    assert_false(asked[1].by_chance);
    world.findings[0].answer = ANSWER_REAL; /* One a day. */
    world.findings[0].was_today = true;
    add(&world, 3, 3, 1)->id = an_id(500, true);
    assert_int_equal(ask(&world, 3, asked), 2);
    assert_false(asked[0].by_chance);
    assert_false(asked[1].by_chance);
}

static void the_precision_rests_on_those_by_chance_alone(void **state)
{
    (void)state;
    World world = {.count = 0};
    for (int i = 0; i < 9; i++)
        add(&world, (uint64_t)i, (uint64_t)i, 0)->answer = ANSWER_REAL;
    assert_true(isnan(questions_precision(world.findings, world.count).estimate));
    for (int i = 0; i < 4; i++) {
        world.findings[i].id = an_id(1000 * (uint64_t)i, true);
        world.findings[i].answer = i == 0 ? ANSWER_REAL : ANSWER_EXPECTED;
    }
    world.findings[8].id = an_id(9000, true);
    world.findings[8].answer = ANSWER_UNSURE; /* It tells nothing. */
    PrecisionEstimate of = questions_precision(world.findings, world.count);
    assert_int_equal(of.answers, 4);
    assert_int_equal(of.real, 1);
    assert_true(of.lower < 0.25 && of.estimate == 0.25 && of.upper > 0.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_on_most_days_is_asked_first_and_once),
        cmocka_unit_test(answers_say_what_else_is_likely),
        cmocka_unit_test(what_stands_beside_something_real_is_held_for_real),
        cmocka_unit_test(what_is_answered_or_held_back_is_not_asked),
        cmocka_unit_test(a_day_has_so_many_questions_and_no_more),
        cmocka_unit_test(a_share_is_drawn_by_chance_whatever_was_answered),
        cmocka_unit_test(the_precision_rests_on_those_by_chance_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
