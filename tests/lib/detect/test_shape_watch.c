/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "../sanitized.h"
#include "../stats/draw.h"
#include "base/time.h"
#include "detect/series.h"
#include "detect/shape.h"

#define CYCLE 120
#define CYCLES 40
#define TURN 6.283185307179586
#define STEP (60 * NS_PER_S)

/* One beat: a bump, a small dip, a second bump. */
static double beat(double phase)
{
    double turns = phase / CYCLE - floor(phase / CYCLE);
    return sin(TURN * turns) + 0.5 * sin(2 * TURN * turns) + 0.25 * cos(5 * TURN * turns);
}

typedef double (*Curve)(int t, int odd_from);

/* The surprise at its highest from odd_from on, and before (the first ten cycles left out). */
static void judge_curve(Curve curve, double noise, uint64_t seed, double *ret_odd,
                        double *ret_before)
{
    static ShapeWatch watch;
    memset(&watch, 0, sizeof watch);
    Rng rng = rng_seeded(seed);
    int odd_from = CYCLES * CYCLE;
    *ret_odd = *ret_before = 0;
    for (int t = 0; t < odd_from + 2 * CYCLE; t++) {
        Judgement j;
        double value = 100 + 10 * curve(t, odd_from) + 10 * noise * draw_normal(&rng);
        shape_watch_put(&watch, ODD_TIME_NONE, value, NULL, &j);
        double *at = t >= odd_from ? ret_odd : ret_before;
        if (t >= 10 * CYCLE && j.surprise > *at)
            *at = j.surprise;
    }
}

static double as_ever(int t, int odd_from)
{
    (void)odd_from;
    return beat(t);
}

static double changed_cycle(int t, int odd_from)
{
    double odd = t >= odd_from && t < odd_from + CYCLE ? 0.5 * sin(3 * TURN * t / CYCLE) : 0;
    return beat(t) + odd;
}

static double missing_beat(int t, int odd_from)
{
    return t >= odd_from && t < odd_from + CYCLE ? beat(0) : beat(t);
}

static double phase_slip(int t, int odd_from)
{
    return beat(t >= odd_from ? t + CYCLE * 0.4 : t);
}

static double inverted_wave(int t, int odd_from)
{
    return t >= odd_from && t < odd_from + CYCLE ? -beat(t) : beat(t);
}

static double small_notch(int t, int odd_from)
{
    int into = t - odd_from;
    return beat(t) + (into >= 30 && into < 42 ? 0.3 : 0);
}

static void a_shape_that_never_was_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        Curve curve;
    } odd_ones[] = {{"changed cycle", changed_cycle},
                    {"missing beat", missing_beat},
                    {"phase slip", phase_slip},
                    {"inverted wave", inverted_wave},
                    {"small notch", small_notch}};
    for (size_t i = 0; i < sizeof odd_ones / sizeof odd_ones[0]; i++)
        for (uint64_t seed = 1; seed <= (SANITIZED ? 1 : 3); seed++) {
            double odd, before;
            judge_curve(odd_ones[i].curve, 0.02, seed, &odd, &before);
            print_message("%s: %.1f, before %.1f\n", odd_ones[i].name, odd, before);
            assert_true(odd > 4.5 && odd > before + 0.5);
        }
}

static void a_cycle_as_ever_is_no_surprise(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= (SANITIZED ? 2 : 5); seed++) {
        double odd, before;
        judge_curve(as_ever, 0.02, seed, &odd, &before);
        assert_true(odd < 4 && before < 5);
    }
}

static void one_odd_cycle_alarms_once(void **state)
{
    (void)state;
    static ShapeWatch watch;
    memset(&watch, 0, sizeof watch);
    Rng rng = rng_seeded(8);
    int alarms = 0, late = 0;
    for (int t = 0; t < (CYCLES + 5) * CYCLE; t++) {
        Judgement j;
        double value = inverted_wave(t, CYCLES * CYCLE) + 0.02 * draw_normal(&rng);
        shape_watch_put(&watch, ODD_TIME_NONE, value, NULL, &j);
        assert_true(j.alarm == 0 || j.alarm == j.surprise);
        alarms += t >= CYCLES * CYCLE && j.alarm >= 3;
        late += t >= (CYCLES + 2) * CYCLE && j.alarm >= 3;
    }
    assert_in_range(alarms, 1, 40); /* Those of the rise: each a record. */
    assert_int_equal(late, 0);
}

static void what_is_expected_is_what_came_before(void **state)
{
    (void)state;
    static ShapeWatch watch;
    memset(&watch, 0, sizeof watch);
    Rng rng = rng_seeded(9);
    int outside = 0;
    for (int t = 0; t < 60 * CYCLE; t++) {
        Judgement j;
        double value = 100 + 10 * beat(t) + 0.2 * draw_normal(&rng);
        shape_watch_put(&watch, ODD_TIME_NONE, value, NULL, &j);
        if (t < 20 * CYCLE)
            continue;
        assert_true(fabs(j.expected - value) < 3);
        assert_true(j.lower < j.expected && j.expected < j.upper);
        outside += value < j.lower || value > j.upper;
    }
    assert_in_range(outside, 0, 30);
}

static void putting_is_scoring_then_learning_to_the_bit(void **state)
{
    (void)state;
    static ShapeWatch once, twice;
    memset(&once, 0, sizeof once);
    memset(&twice, 0, sizeof twice);
    Rng rng = rng_seeded(10);
    for (int t = 0; t < 6000; t++) {
        double value = t % 500 == 77 ? NAN : beat(t) + 0.05 * draw_normal(&rng);
        odd_time time = t * STEP + (t > 3000 ? 100 * STEP : 0);
        Judgement a, b, always = {.surprise = rng_real(&rng), .expected = 0.1, .lower = -1,
                                  .upper = 1, .reason = "low"};
        shape_watch_put(&once, time, value, &always, &a);
        shape_watch_score(&twice, time, value, &always, &b);
        shape_watch_learn(&twice, time, value, &always);
        assert_true(a.surprise == b.surprise && a.alarm == b.alarm);
        assert_string_equal(a.reason, b.reason);
    }
    assert_memory_equal(&once, &twice, sizeof once);
}

/* A gap shifts the phase, and what crosses it says nothing. */
static void a_gap_is_no_odd_shape(void **state)
{
    (void)state;
    static ShapeWatch watch;
    memset(&watch, 0, sizeof watch);
    Rng rng = rng_seeded(11);
    double most = 0;
    for (int t = 0; t < 60 * CYCLE; t++) {
        Judgement j;
        int later = t > CYCLES * CYCLE ? 50 : 0;
        double value = beat(t + later) + 0.02 * draw_normal(&rng);
        shape_watch_put(&watch, (t + later) * STEP, value, NULL, &j);
        if (t > CYCLES * CYCLE && j.surprise > most)
            most = j.surprise;
    }
    assert_true(most < 4.5);
}

static void after_a_lasting_change_it_is_quiet_again(void **state)
{
    (void)state;
    static ShapeWatch watch;
    memset(&watch, 0, sizeof watch);
    Rng rng = rng_seeded(12);
    int loud = 0;
    for (int t = 0; t < 80 * CYCLE; t++) {
        Judgement j;
        double value = beat(t) + 0.02 * draw_normal(&rng);
        if (t > CYCLES * CYCLE)
            value = 7 - 3 * value;
        shape_watch_put(&watch, ODD_TIME_NONE, value, NULL, &j);
        loud += t > (CYCLES + 5) * CYCLE && j.surprise >= 3;
    }
    assert_in_range(loud, 0, 10);
}

typedef double (*Clean)(Rng *rng, int t);

static double white(Rng *rng, int t)
{
    (void)t;
    return draw_normal(rng);
}

static double correlated(Rng *rng, int t)
{
    static double x;
    x = t == 0 ? 0 : 0.9 * x + draw_normal(rng);
    return x;
}

static double noisy_cycle(Rng *rng, int t)
{
    return beat(t) + 0.3 * draw_normal(rng);
}

static double clear_cycle(Rng *rng, int t)
{
    return beat(t) + 0.02 * draw_normal(rng);
}

static double wandering_cycle(Rng *rng, int t)
{
    static double phase, loud;
    phase = t == 0 ? 0 : phase + 1 + 0.1 * draw_normal(rng);
    loud = t == 0 ? 0 : 0.99 * loud + 0.01 * draw_normal(rng);
    return (1 + loud) * beat(phase) + 0.05 * draw_normal(rng);
}

static double whole_numbers(Rng *rng, int t)
{
    return draw_poisson(rng, 6 + 5 * beat(t));
}

static void clean_series_are_calibrated(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        Clean next;
    } clean[] = {{"white noise", white},           {"correlated noise", correlated},
                 {"noisy cycle", noisy_cycle},     {"clear cycle", clear_cycle},
                 {"wandering cycle", wandering_cycle}, {"whole numbers", whole_numbers}};
    enum { SAMPLES = 30000, WARM_UP = 1500 };
    for (size_t i = 0; i < (SANITIZED ? 1 : sizeof clean / sizeof clean[0]); i++) {
        static ShapeWatch watch;
        memset(&watch, 0, sizeof watch);
        Rng rng = rng_seeded(13);
        double at[5] = {0};
        for (int t = 0; t < SAMPLES + WARM_UP; t++) {
            Judgement j;
            shape_watch_put(&watch, ODD_TIME_NONE, clean[i].next(&rng, t), NULL, &j);
            for (int level = 1; level <= 4 && t >= WARM_UP; level++)
                at[level] += (j.surprise >= level) / (double)SAMPLES;
        }
        print_message("%s: %.4f %.5f %.5f %.5f\n", clean[i].name, at[1], at[2], at[3], at[4]);
        assert_true(at[1] < 0.2 && at[2] < 0.02 && at[3] < 0.003);
    }
}

/* As a program watches: both, joined. */
static void both_watches_together_are_calibrated(void **state)
{
    (void)state;
    enum { SAMPLES = 100000, WARM_UP = 1500 };
    static const Clean clean[] = {white, noisy_cycle, whole_numbers};
    for (size_t i = 0; i < (SANITIZED ? 1 : sizeof clean / sizeof clean[0]); i++) {
        static ShapeWatch watch;
        SeriesWatch always;
        memset(&watch, 0, sizeof watch);
        memset(&always, 0, sizeof always);
        Rng rng = rng_seeded(15);
        double at[5] = {0};
        for (int t = 0; t < SAMPLES + WARM_UP; t++) {
            Judgement j, said;
            double value = clean[i](&rng, t);
            series_put(&always, t * STEP, value, &said);
            shape_watch_put(&watch, t * STEP, value, &said, &j);
            for (int level = 1; level <= 4 && t >= WARM_UP; level++)
                at[level] += (j.surprise >= level) / (double)SAMPLES;
        }
        print_message("%.4f %.5f %.5f %.5f\n", at[1], at[2], at[3], at[4]);
        assert_true(at[1] < 0.2 && at[2] < 0.03 && at[3] < 0.003 && at[4] < 0.0007);
    }
}

/* In noise the alarms are those of the other watch. */
static void noise_has_no_alarms_of_the_shape(void **state)
{
    (void)state;
    static ShapeWatch watch;
    memset(&watch, 0, sizeof watch);
    Rng rng = rng_seeded(16);
    Judgement j, calm = {.surprise = 0.2, .expected = 0, .lower = -3, .upper = 3, .reason = "low"};
    for (int t = 0; t < 20000; t++) {
        shape_watch_put(&watch, ODD_TIME_NONE, draw_normal(&rng), &calm, &j);
        assert_true(t < 1000 || j.alarm < 1);
    }
}

static void what_the_other_watch_says_is_joined(void **state)
{
    (void)state;
    static ShapeWatch watch;
    memset(&watch, 0, sizeof watch);
    Rng rng = rng_seeded(14);
    Judgement j, calm = {.surprise = 0.2, .expected = 0, .lower = -3, .upper = 3, .reason = "low"};
    for (int t = 0; t < 3000; t++)
        shape_watch_put(&watch, ODD_TIME_NONE, draw_normal(&rng), &calm, &j);
    Judgement sure = calm;
    sure.surprise = 9;
    shape_watch_score(&watch, ODD_TIME_NONE, 0, &sure, &j);
    assert_true(j.surprise > 8 && j.surprise < 9); /* Noise: it is trusted. */
    assert_string_equal(j.reason, "low");
    assert_true(j.expected == 0 && j.upper == 3);
    for (int t = 0; t < 6000; t++)
        shape_watch_put(&watch, ODD_TIME_NONE, beat(t), &calm, &j);
    shape_watch_score(&watch, ODD_TIME_NONE, beat(6000), &sure, &j);
    assert_true(j.surprise < 7.5); /* A cycle that it does not see: less. */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shape_that_never_was_is_found),
        cmocka_unit_test(a_cycle_as_ever_is_no_surprise),
        cmocka_unit_test(one_odd_cycle_alarms_once),
        cmocka_unit_test(what_is_expected_is_what_came_before),
        cmocka_unit_test(putting_is_scoring_then_learning_to_the_bit),
        cmocka_unit_test(a_gap_is_no_odd_shape),
        cmocka_unit_test(after_a_lasting_change_it_is_quiet_again),
        cmocka_unit_test(clean_series_are_calibrated),
        cmocka_unit_test(both_watches_together_are_calibrated),
        cmocka_unit_test(noise_has_no_alarms_of_the_shape),
        cmocka_unit_test(what_the_other_watch_says_is_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
