/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "base/real.h"
#include "base/rng.h"
#include "detect/together.h"

#define SERIES 100
#define LEARNT 3000

typedef struct {
    Rng      rng;
    Together together;
} Watched;

/* A calibrated surprise: it is above s once in 10^s times. */
static double surprise_drawn(Rng *rng)
{
    double chance = rng_real(rng);
    return chance > 0 ? -real_log10(chance) : 16;
}

/* One moment: the first `moved` series are `by` more surprising. */
static Judgement moment(Watched *w, int series, int moved, double by)
{
    Judgement judgement;
    TogetherMoment now = {0};
    for (int i = 0; i < series; i++)
        together_add(&now, surprise_drawn(&w->rng) + (i < moved ? by : 0));
    together_put(&w->together, &now, &judgement);
    return judgement;
}

static Watched learnt(uint64_t seed)
{
    Watched w = {.rng = rng_seeded(seed)};
    for (int i = 0; i < LEARNT; i++)
        moment(&w, SERIES, 0, 0);
    return w;
}

static void many_that_are_a_little_odd_are_very_odd_together(void **state)
{
    (void)state;
    Watched w = learnt(1);
    double most = 0;
    for (int i = 0; i < 4; i++) {
        Judgement judgement = moment(&w, SERIES, 20, 1);
        most = judgement.alarm > most ? judgement.alarm : most;
        assert_string_equal(judgement.reason, "together");
        assert_true(fabs(judgement.expected - 10) < 1.5);
    }
    assert_true(most > 5);
}

static void one_series_however_odd_is_told_by_itself(void **state)
{
    (void)state;
    Watched w = learnt(2);
    for (int i = 0; i < 4; i++)
        assert_true(moment(&w, SERIES, 1, 30).alarm < 3);
}

static void an_episode_rings_once(void **state)
{
    (void)state;
    Watched w = learnt(3);
    int rung = 0;
    for (int i = 0; i < 40; i++)
        rung += moment(&w, SERIES, 40, 2).alarm > 3;
    assert_in_range(rung, 1, 4);
}

static void what_happens_every_night_is_usual(void **state)
{
    (void)state;
    Watched w = learnt(4);
    double first = 0, last = 0;
    for (int night = 0; night < 30; night++) {
        last = moment(&w, SERIES, 40, 2).alarm;
        first = night == 0 ? last : first;
        for (int i = 0; i < 200; i++)
            moment(&w, SERIES, 0, 0);
    }
    assert_true(first > 4);
    assert_true(last < 3);
}

static void clean_moments_are_as_rare_as_they_say(void **state)
{
    (void)state;
    int odd = 0, very_odd = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        Watched w = learnt(seed);
        for (int i = 0; i < LEARNT; i++) {
            double surprise = moment(&w, SERIES, 0, 0).surprise;
            odd += surprise > 2;
            very_odd += surprise > 3;
        }
    }
    print_message("below 1e-2: %.4f, below 1e-3: %.5f\n", odd / (20.0 * LEARNT),
                  very_odd / (20.0 * LEARNT));
    assert_true(odd < 20 * LEARNT * 1e-2 * 1.5);
    assert_true(very_odd < 20 * LEARNT * 1e-3 * 1.5);
}

/* A scrape that is cut in two is no incident. */
static void parts_of_a_machine_are_judged_by_how_many_they_are(void **state)
{
    (void)state;
    Watched w = learnt(5);
    for (int i = 0; i < 200; i++) {
        assert_true(moment(&w, SERIES / 5, 0, 0).surprise < 4);
        assert_true(moment(&w, SERIES, 0, 0).surprise < 4);
    }
}

static void a_moment_is_the_same_from_parts_in_any_order(void **state)
{
    (void)state;
    Rng rng = rng_seeded(6);
    TogetherMoment whole = {0}, parts[3] = {{0}}, forward = {0}, backward = {0};
    for (int i = 0; i < 1000; i++) {
        double surprise = surprise_drawn(&rng);
        together_add(&whole, surprise);
        together_add(&parts[i % 3], surprise);
    }
    for (int i = 0; i < 3; i++) {
        together_join(&forward, &parts[i]);
        together_join(&backward, &parts[2 - i]);
    }
    assert_memory_equal(&whole, &forward, sizeof whole);
    assert_memory_equal(&whole, &backward, sizeof whole);
}

static void a_handful_of_series_is_no_crowd(void **state)
{
    (void)state;
    Watched w = {.rng = rng_seeded(7)};
    for (int i = 0; i < LEARNT; i++)
        assert_true(moment(&w, TOGETHER_SERIES_MIN - 1, 5, 5).surprise == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_that_are_a_little_odd_are_very_odd_together),
        cmocka_unit_test(one_series_however_odd_is_told_by_itself),
        cmocka_unit_test(an_episode_rings_once),
        cmocka_unit_test(what_happens_every_night_is_usual),
        cmocka_unit_test(clean_moments_are_as_rare_as_they_say),
        cmocka_unit_test(parts_of_a_machine_are_judged_by_how_many_they_are),
        cmocka_unit_test(a_moment_is_the_same_from_parts_in_any_order),
        cmocka_unit_test(a_handful_of_series_is_no_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
