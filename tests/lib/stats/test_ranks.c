/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/real.h"
#include "draw.h"
#include "stats/ranks.h"

#define WEIGHT 1.5

static Ranks normal_past(int count)
{
    Ranks ranks = {0};
    Rng rng = rng_seeded(7);
    for (int i = 0; i < count; i++)
        ranks_learn(&ranks, fabs(draw_normal(&rng)));
    return ranks;
}

static void without_a_past_nothing_is_rare(void **state)
{
    (void)state;
    Ranks ranks = {0};
    assert_true(ranks_chance(&ranks, 100, WEIGHT) == 1);
}

static void a_chance_is_about_the_share_of_the_past_beyond(void **state)
{
    (void)state;
    Ranks ranks = normal_past(20000);
    /* Two-sided tails of the normal distribution. */
    static const double scores[] = {1.0, 2.0, 3.0}, shares[] = {0.317, 0.0455, 0.0027};
    for (int i = 0; i < 3; i++) {
        double chance = ranks_chance(&ranks, scores[i], 0);
        assert_true(chance > shares[i] / 2 && chance < shares[i] * 2);
        double weighed = ranks_chance(&ranks, scores[i], WEIGHT);
        assert_true(weighed > chance && weighed < shares[i] * 3.5);
    }
}

static void a_higher_score_is_never_likelier_but_for_the_grid(void **state)
{
    (void)state;
    Ranks ranks = normal_past(3000);
    double before = 1;
    for (double score = 0.01; score < 200; score *= 1.19) {
        double chance = ranks_chance(&ranks, score, WEIGHT);
        assert_true(chance > 0 && chance <= before * 1.3);
        before = chance;
    }
}

static void spikes_that_came_before_are_no_surprise(void **state)
{
    (void)state;
    Ranks calm = normal_past(2000), spiky = calm;
    for (int i = 0; i < 20; i++)
        ranks_learn(&spiky, 40);
    assert_true(ranks_chance(&calm, 40, WEIGHT) < 1e-4);
    assert_true(ranks_chance(&spiky, 40, WEIGHT) > 5e-3);
}

static void the_score_of_a_chance_has_that_chance(void **state)
{
    (void)state;
    Ranks ranks = normal_past(5000);
    double score = ranks_score(&ranks, 1e-3, WEIGHT);
    assert_true(ranks_chance(&ranks, score, WEIGHT) <= 1e-3);
    assert_true(ranks_chance(&ranks, score * 0.8, WEIGHT) > 1e-3);
}

static void what_is_above_usual_is_the_surprise_less_that(void **state)
{
    (void)state;
    Ranks ranks = normal_past(5000);
    for (double score = 0.1; score < 20; score *= 1.1) {
        double excess = -real_log10(ranks_chance(&ranks, score, WEIGHT)) - 1.25;
        assert_true(ranks_excess(&ranks, score, WEIGHT, 1.25) == (excess > 0 ? excess : 0));
    }
}

static void the_past_fades_and_no_cell_overflows(void **state)
{
    (void)state;
    Ranks ranks = {0};
    for (int i = 0; i < 200000; i++)
        ranks_learn(&ranks, 1);
    assert_in_range(ranks.count, 1, 0x8000);
    double fresh = ranks_chance(&ranks, 50, WEIGHT);
    for (int i = 0; i < 40000; i++)
        ranks_learn(&ranks, 50);
    assert_true(fresh < 1e-3 && ranks_chance(&ranks, 50, WEIGHT) > 0.5);
}

static void what_is_no_score_counts_as_none(void **state)
{
    (void)state;
    Ranks ranks = normal_past(100);
    ranks_learn(&ranks, NAN);
    ranks_learn(&ranks, -3);
    assert_int_equal(ranks.count, 102);
    assert_true(ranks_chance(&ranks, NAN, WEIGHT) == 1);
    assert_true(ranks_chance(&ranks, INFINITY, WEIGHT) <= ranks_chance(&ranks, 60, WEIGHT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_past_nothing_is_rare),
        cmocka_unit_test(a_chance_is_about_the_share_of_the_past_beyond),
        cmocka_unit_test(a_higher_score_is_never_likelier_but_for_the_grid),
        cmocka_unit_test(spikes_that_came_before_are_no_surprise),
        cmocka_unit_test(the_score_of_a_chance_has_that_chance),
        cmocka_unit_test(what_is_above_usual_is_the_surprise_less_that),
        cmocka_unit_test(the_past_fades_and_no_cell_overflows),
        cmocka_unit_test(what_is_no_score_counts_as_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
