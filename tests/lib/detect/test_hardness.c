/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../stats/draw.h"
#include "detect/hardness.h"

#define CYCLE 1440

/* The highest ratio near the jump, and the mean of all others, over one cycle. */
static void one_cycle(Hardness *hardness, Rng *rng, double jump, double *ret_jump, double *ret_else)
{
    *ret_jump = *ret_else = 0;
    for (int i = 0; i < CYCLE; i++) {
        int is_jump = i >= 480 && i < 484;
        double ratio = hardness_ratio(hardness);
        if (is_jump)
            *ret_jump = ratio > *ret_jump ? ratio : *ret_jump;
        if (i < 440 || i > 530)
            *ret_else += ratio / (CYCLE - 90);
        double score = 0.5 + rng_real(rng) + (is_jump ? jump : 0);
        hardness_learn(hardness, i / (double)CYCLE, score);
    }
}

static void a_jump_of_every_day_is_expected_after_some_days(void **state)
{
    (void)state;
    Hardness hardness = {0};
    Rng rng = rng_seeded(1);
    double jump, others;
    one_cycle(&hardness, &rng, 10, &jump, &others);
    assert_true(jump < 1.2 && others < 1.01); /* Nothing is known of the first day. */
    for (int day = 0; day < 12; day++)
        one_cycle(&hardness, &rng, 10, &jump, &others);
    assert_true(jump > 4);
    assert_true(others < 1.1);
}

static void one_odd_day_hides_little_of_the_next(void **state)
{
    (void)state;
    Hardness hardness = {0};
    Rng rng = rng_seeded(2);
    double jump, others;
    for (int day = 0; day < 5; day++)
        one_cycle(&hardness, &rng, 0, &jump, &others);
    one_cycle(&hardness, &rng, 100, &jump, &others);
    one_cycle(&hardness, &rng, 0, &jump, &others);
    assert_true(jump < 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jump_of_every_day_is_expected_after_some_days),
        cmocka_unit_test(one_odd_day_hides_little_of_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
