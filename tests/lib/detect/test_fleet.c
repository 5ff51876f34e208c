/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "base/rng.h"
#include "detect/fleet.h"

#define SERIES 12
#define LEARNT 8000

typedef struct {
    Rng         rng;
    Fleet       fleet;
    FleetSeries series[SERIES];
    FleetMoment moment;
} Watched;

static double noise(Rng *rng)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += rng_real(rng);
    return sum - 6;
}

/* One moment: noise, and the first `moved` series are `by` deviations off. */
static Judgement moment(Watched *w, int series, int moved, double by)
{
    static const SeriesWatch gauge = {0};
    Judgement judgement;
    w->moment = (FleetMoment){0};
    for (int i = 0; i < series; i++) {
        double value = 100 * i + (i + 1) * (noise(&w->rng) + (i < moved ? by : 0));
        fleet_series_put(&w->series[i], &w->fleet, &gauge, ODD_TIME_NONE, value);
        fleet_moment_add(&w->moment, &w->series[i]);
    }
    fleet_put(&w->fleet, &w->moment, &judgement);
    return judgement;
}

static Watched learnt(uint64_t seed)
{
    Watched w = {.rng = rng_seeded(seed)};
    for (int i = 0; i < LEARNT; i++)
        moment(&w, SERIES, 0, 0);
    return w;
}

static void series_that_leave_their_places_together_are_odd(void **state)
{
    (void)state;
    Watched w = learnt(1);
    assert_true(moment(&w, SERIES, 0, 0).surprise < 3);
    double most = 0;
    for (int i = 0; i < 5; i++) {
        Judgement judgement = moment(&w, SERIES, 4, 5);
        most = judgement.surprise > most ? judgement.surprise : most;
        assert_string_equal(judgement.reason, "together");
    }
    assert_true(most > 4);
}

static void an_episode_is_odd_to_its_end(void **state)
{
    (void)state;
    Watched w = learnt(2);
    for (int i = 0; i < 2000; i++) {
        Judgement judgement = moment(&w, SERIES, 4, 5);
        assert_true(i < 20 || judgement.surprise > 4);
    }
    for (int i = 0; i < 2000; i++)
        moment(&w, SERIES, 0, 0);
    assert_true(moment(&w, SERIES, 0, 0).surprise < 3);
}

static void what_lasts_for_weeks_is_how_it_is(void **state)
{
    (void)state;
    Watched w = learnt(3);
    Judgement judgement = {0};
    for (int i = 0; i < 40000; i++)
        judgement = moment(&w, SERIES, 4, 5);
    assert_true(judgement.surprise < 3);
}

static void the_share_is_of_those_that_moved(void **state)
{
    (void)state;
    Watched w = learnt(4);
    double shares = 0;
    moment(&w, SERIES, 2, 30);
    for (int i = 0; i < SERIES; i++) {
        double share = (double)fleet_share(&w.moment, &w.series[i]);
        shares += share;
        assert_true(i < 2 ? share > 0.3 : share < 0.1);
    }
    assert_true(fabs(shares - 1) < 1e-5);
}

static void clean_moments_are_as_rare_as_they_say(void **state)
{
    (void)state;
    int odd = 0, very_odd = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Watched w = learnt(seed);
        for (int i = 0; i < LEARNT; i++) {
            double surprise = moment(&w, SERIES, 0, 0).surprise;
            odd += surprise > 2;
            very_odd += surprise > 3;
        }
    }
    print_message("below 1e-2: %.4f, below 1e-3: %.5f\n", odd / (5.0 * LEARNT),
                  very_odd / (5.0 * LEARNT));
    assert_true(odd < 5 * LEARNT * 1e-2 * 3);
    assert_true(very_odd < 5 * LEARNT * 1e-3 * 5);
}

static void a_handful_of_series_is_no_fleet(void **state)
{
    (void)state;
    Watched w = {.rng = rng_seeded(5)};
    for (int i = 0; i < 1000; i++)
        assert_true(moment(&w, FLEET_SERIES_MIN - 1, 0, 0).surprise == 0);
}

static void numbers_that_are_missing_change_nothing(void **state)
{
    (void)state;
    static const SeriesWatch gauge = {0};
    Watched w = learnt(6);
    FleetSeries before = w.series[0];
    fleet_series_put(&w.series[0], &w.fleet, &gauge, ODD_TIME_NONE, NAN);
    fleet_series_put(&w.series[0], &w.fleet, &gauge, ODD_TIME_NONE, INFINITY);
    assert_memory_equal(&before, &w.series[0], sizeof before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_that_leave_their_places_together_are_odd),
        cmocka_unit_test(an_episode_is_odd_to_its_end),
        cmocka_unit_test(what_lasts_for_weeks_is_how_it_is),
        cmocka_unit_test(the_share_is_of_those_that_moved),
        cmocka_unit_test(clean_moments_are_as_rare_as_they_say),
        cmocka_unit_test(a_handful_of_series_is_no_fleet),
        cmocka_unit_test(numbers_that_are_missing_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
