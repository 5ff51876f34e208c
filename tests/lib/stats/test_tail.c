/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "draw.h"
#include "stats/tail.h"

typedef double (*Draw)(Rng *);

static double draw_squared_normal(Rng *rng)
{
    double x = draw_normal(rng);
    return x * x;
}

static double draw_pareto(Rng *rng) /* Shape 1/3: a heavy tail. */
{
    return 3 * (real_exp(draw_exponential(rng) / 3) - 1);
}

static double draw_mostly_zero(Rng *rng)
{
    return rng_real(rng) < 0.7 ? 0 : draw_exponential(rng);
}

/* Share of a stream's own scores with at least this surprise, each scored before it is learnt. */
static double share_at(Draw draw, double scale, double surprise, uint64_t seed)
{
    Rng rng = rng_seeded(seed);
    Tail tail = {.count = 0};
    int at = 0, scored = 0;
    for (int i = 0; i < 60000; i++) {
        double raw = draw(&rng) * scale;
        at += i >= 1000 && tail_surprise(&tail, raw) >= surprise;
        scored += i >= 1000;
        tail_learn(&tail, raw);
    }
    return (double)at / scored;
}

static void clean_streams_of_any_scale_are_calibrated(void **state)
{
    (void)state;
    const Draw draws[] = {draw_exponential, draw_squared_normal, draw_mostly_zero};
    const double scales[] = {1, 1e-9, 1e9};
    for (int d = 0; d < 3; d++)
        for (int s = 0; s < 3; s++) {
            double one = share_at(draws[d], scales[s], 1, 5), two = share_at(draws[d], scales[s], 2, 5);
            double three = share_at(draws[d], scales[s], 3, 5);
            print_message("draw %d scale %g: %.4f %.5f %.5f\n", d, scales[s], one, two, three);
            assert_true(one > 0.08 && one < 0.12);
            assert_true(two > 0.003 && two < 0.016);
            assert_true(three < 0.002);
        }
}

static void a_heavy_tail_is_off_by_little(void **state)
{
    (void)state;
    double three = share_at(draw_pareto, 1, 3, 6);
    print_message("pareto: %.5f\n", three);
    assert_true(three < 0.003);
}

static void a_past_with_three_odd_in_a_hundred_still_sees_the_next(void **state)
{
    (void)state;
    Rng rng = rng_seeded(9);
    Tail tail = {.count = 0};
    for (int i = 0; i < 3000; i++)
        tail_learn(&tail, i % 33 == 0 ? 20 + rng_real(&rng) : draw_exponential(&rng));
    assert_true(tail_surprise(&tail, 20.5) >= 3);
}

static void beyond_the_largest_seen_the_surprise_still_grows(void **state)
{
    (void)state;
    Rng rng = rng_seeded(10);
    Tail tail = {.count = 0};
    for (int i = 0; i < 500; i++)
        tail_learn(&tail, draw_exponential(&rng));
    double last = 0;
    for (double raw = 0.5; raw < 1e12; raw *= 1.3) {
        double surprise = tail_surprise(&tail, raw);
        assert_true(surprise >= last);
        last = surprise;
    }
    assert_true(last > 6);
}

static void little_past_gives_little_surprise(void **state)
{
    (void)state;
    Tail tail = {.count = 0};
    assert_true(tail_surprise(&tail, 1e9) == 0);
    for (int i = 0; i < 10; i++)
        tail_learn(&tail, 1);
    assert_true(tail_surprise(&tail, 1e9) <= real_log10(11) + 1e-12);
}

static void bad_scores_are_passed_over(void **state)
{
    (void)state;
    Tail tail = {.count = 0}, before = tail;
    tail_learn(&tail, NAN);
    tail_learn(&tail, -1);
    assert_memory_equal(&tail, &before, sizeof tail);
    assert_true(tail_surprise(&tail, NAN) == 0);
    tail_learn(&tail, INFINITY);
    tail_learn(&tail, 1e-320);
    tail_learn(&tail, 1);
    assert_true(tail_surprise(&tail, INFINITY) >= 0);
    assert_int_equal(tail.count, 3);
}

static void merging_two_halves_gives_the_whole(void **state)
{
    (void)state;
    Rng rng = rng_seeded(12);
    Tail whole = {.count = 0}, first = whole, second = whole;
    tail_learn(&first, 1);
    tail_learn(&second, 1.1);
    tail_learn(&whole, 1);
    tail_learn(&whole, 1.1);
    for (int i = 0; i < 2000; i++) {
        double raw = draw_exponential(&rng);
        tail_learn(i % 2 ? &first : &second, raw);
        tail_learn(&whole, raw);
    }
    tail_merge(&first, &second);
    assert_memory_equal(&first, &whole, sizeof whole);
}

static void the_value_of_a_surprise_has_that_surprise(void **state)
{
    (void)state;
    Rng rng = rng_seeded(13);
    Tail tail = {.count = 0};
    for (int i = 0; i < 2000; i++)
        tail_learn(&tail, draw_exponential(&rng));
    for (double surprise = 0.5; surprise < 8; surprise += 0.5) {
        double raw = tail_value(&tail, surprise);
        assert_true(fabs(tail_surprise(&tail, raw) - surprise) < 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_streams_of_any_scale_are_calibrated),
        cmocka_unit_test(a_heavy_tail_is_off_by_little),
        cmocka_unit_test(a_past_with_three_odd_in_a_hundred_still_sees_the_next),
        cmocka_unit_test(beyond_the_largest_seen_the_surprise_still_grows),
        cmocka_unit_test(little_past_gives_little_surprise),
        cmocka_unit_test(bad_scores_are_passed_over),
        cmocka_unit_test(merging_two_halves_gives_the_whole),
        cmocka_unit_test(the_value_of_a_surprise_has_that_surprise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
