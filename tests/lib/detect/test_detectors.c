/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../sanitized.h"
#include "../stats/draw.h"
#include "base/time.h"
#include "detect/detectors.h"
#include "detect/series.h"

/* The contract of lib/detect/detector.h, over every detector in the build's list. */

#define OBSERVATION_COUNT 3000
#define STATE_BYTES_MAX 1536
#define SHAPE_BYTES_MAX (65 * 1024) /* Not every series has it: a budget is shared. */

static void *new_state(const odd_detector *d)
{
    void *state = calloc(1, d->state_bytes());
    d->init(state, 1);
    return state;
}

/* Something that any detector can read: few symbols, small counts, times that rise. */
static Observation any_observation(Rng *rng, int i)
{
    double u = rng_real(rng);
    return (Observation){.time = i * 60 * NS_PER_S + (odd_time)rng_below(rng, 1000000),
                         .symbol = (uint64_t)(u * u * u * 12),
                         .value = draw_poisson(rng, 6)};
}

static Observation hostile_observation(Rng *rng, int i)
{
    static const double values[] = {NAN, INFINITY, -INFINITY, -1, 1e300, 5e-324, 0, 0.5, 1e12};
    static const odd_time times[] = {ODD_TIME_NONE, INT64_MAX, INT64_MIN + 1, 0, -1, 1};
    Observation o = any_observation(rng, i);
    if (rng_below(rng, 2))
        o.value = values[rng_below(rng, 9)];
    if (rng_below(rng, 2))
        o.time = times[rng_below(rng, 6)];
    if (rng_below(rng, 4) == 0)
        o.symbol = rng_next(rng);
    return o;
}

static void check_judgement(const odd_detector *d, const Judgement *j)
{
    if (!(j->surprise >= 0) || !(j->alarm >= 0) || isinf(j->alarm) || j->alarm > j->surprise)
        fail_msg("%s: surprise %g, alarm %g", d->name, j->surprise, j->alarm);
    assert_non_null(j->reason);
    if (!isnan(j->expected) && !isnan(j->lower))
        assert_true(j->lower <= j->expected && j->expected <= j->upper);
}

static void every_detector_says_what_it_is(void **state)
{
    (void)state;
    assert_true(detector_count >= 4);
    for (size_t i = 0; i < detector_count; i++) {
        const odd_detector *d = detectors[i];
        assert_true(strlen(d->name) > 0);
        assert_true(strlen(d->source) > 10);
        assert_true(d->version >= 1);
        if (i > 0)
            assert_true(strcmp(detectors[i - 1]->name, d->name) < 0);
    }
}

static void every_detector_is_small_and_keeps_its_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < detector_count; i++) {
        size_t size = detectors[i]->state_bytes();
        print_message("%s: %zu bytes\n", detectors[i]->name, size);
        bool is_shared = strcmp(detectors[i]->name, "shape") == 0;
        assert_in_range(size, 1, is_shared ? SHAPE_BYTES_MAX : STATE_BYTES_MAX);
        assert_true(size == detectors[i]->state_bytes());
    }
}

static void every_detector_scores_without_changing_its_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < detector_count; i++) {
        const odd_detector *d = detectors[i];
        void *a = new_state(d), *copy = malloc(d->state_bytes());
        Rng rng = rng_seeded(i);
        for (int k = 0; k < OBSERVATION_COUNT; k++) {
            Observation o = any_observation(&rng, k);
            Judgement once, again;
            memcpy(copy, a, d->state_bytes());
            d->score(a, &o, &once);
            d->score(a, &o, &again);
            assert_memory_equal(copy, a, d->state_bytes());
            assert_true(once.surprise == again.surprise && once.alarm == again.alarm);
            check_judgement(d, &once);
            d->learn(a, &o);
        }
        free(a);
        free(copy);
    }
}

static void every_detector_gives_the_same_bytes_for_the_same_observations(void **state)
{
    (void)state;
    for (size_t i = 0; i < detector_count; i++) {
        const odd_detector *d = detectors[i];
        void *a = new_state(d), *b = malloc(d->state_bytes());
        memset(b, 0, d->state_bytes());
        d->init(b, 1);
        Rng first = rng_seeded(5), second = rng_seeded(5);
        for (int k = 0; k < OBSERVATION_COUNT; k++) {
            Observation o = hostile_observation(&first, k), p = hostile_observation(&second, k);
            Judgement j;
            d->learn(a, &o);
            d->score(b, &p, &j); /* Scoring makes no difference. */
            d->learn(b, &p);
        }
        assert_memory_equal(a, b, d->state_bytes());
        free(a);
        free(b);
    }
}

static void every_detector_survives_hostile_observations(void **state)
{
    (void)state;
    for (size_t i = 0; i < detector_count; i++) {
        const odd_detector *d = detectors[i];
        void *a = new_state(d);
        Rng rng = rng_seeded(77 + i);
        Judgement j;
        for (int k = 0; k < 20 * OBSERVATION_COUNT; k++) {
            Observation o = hostile_observation(&rng, k);
            d->score(a, &o, &j);
            check_judgement(d, &j);
            d->learn(a, &o);
        }
        for (int k = 0; k < 2000; k++) { /* And is of use again. */
            Observation o = any_observation(&rng, k);
            d->learn(a, &o);
            d->score(a, &o, &j);
            check_judgement(d, &j);
        }
        assert_true(isfinite(j.surprise));
        free(a);
    }
}

static void every_detector_starts_unsurprised(void **state)
{
    (void)state;
    for (size_t i = 0; i < detector_count; i++) {
        void *a = new_state(detectors[i]);
        Observation o = {.time = 5, .symbol = 99, .value = 3};
        Judgement j;
        detectors[i]->score(a, &o, &j);
        assert_true(j.surprise == 0);
        free(a);
    }
}

static void every_detector_merges_an_empty_past_without_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < detector_count; i++) {
        const odd_detector *d = detectors[i];
        if (d->merge == NULL)
            continue;
        void *a = new_state(d), *copy = malloc(d->state_bytes()), *empty = new_state(d);
        Rng rng = rng_seeded(i);
        for (int k = 0; k < 300; k++) {
            Observation o = any_observation(&rng, k);
            d->learn(a, &o);
        }
        memcpy(copy, a, d->state_bytes());
        d->merge(a, empty);
        assert_memory_equal(a, copy, d->state_bytes());
        d->merge(empty, a);
        assert_memory_equal(empty, copy, d->state_bytes());
        free(a);
        free(copy);
        free(empty);
    }
}

/* -- calibration: each detector on clean streams of its own kind ------------------------------ */

typedef struct {
    const char *detector, *name;
    Observation (*next)(Rng *rng, int i);
} Null;

static Observation few_symbols(Rng *rng, int i)
{
    return (Observation){.time = i, .symbol = rng_below(rng, 5)};
}

static Observation zipf_symbols(Rng *rng, int i)
{
    double u = rng_real(rng); /* P(symbol >= k) = 1/(k+1), at most 1000 */
    double k = floor(1 / u) - 1;
    return (Observation){.time = i, .symbol = (uint64_t)(k < 1000 ? k : 1000)};
}

static Observation geometric_symbols(Rng *rng, int i)
{
    return (Observation){.time = i, .symbol = (uint64_t)(draw_exponential(rng) * 2)};
}

static Observation counted_zipf(Rng *rng, int i)
{
    static double seen[1001];
    if (i == 0)
        memset(seen, 0, sizeof seen);
    Observation o = zipf_symbols(rng, i);
    o.value = seen[o.symbol]++;
    return o;
}

static Observation poisson_windows(Rng *rng, int i)
{
    return (Observation){.time = i * 300 * NS_PER_S, .value = draw_poisson(rng, 8)};
}

static Observation sparse_windows(Rng *rng, int i)
{
    return (Observation){.time = i * 300 * NS_PER_S, .value = draw_poisson(rng, 0.05)};
}

static Observation dispersed_windows(Rng *rng, int i)
{
    return (Observation){.time = i * 300 * NS_PER_S, .value = draw_negbin(rng, 30, 2)};
}

static Observation daily_windows(Rng *rng, int i)
{
    int hour = i / 12 % 24;
    double mean = hour >= 8 && hour < 18 ? 60 : 12;
    return (Observation){.time = i * 300 * NS_PER_S, .value = draw_negbin(rng, mean, 20)};
}

static Observation poisson_gaps(Rng *rng, int i)
{
    static odd_time time;
    time = i == 0 ? 0 : time + (odd_time)(draw_exponential(rng) * 1e10);
    return (Observation){.time = time, .value = 1};
}

static Observation heartbeats(Rng *rng, int i)
{
    odd_time late = (odd_time)(draw_normal(rng) * 1e9);
    return (Observation){.time = i * 30 * NS_PER_S + late, .value = 1};
}

static Observation minute(int i, double value)
{
    return (Observation){.time = i * 60 * NS_PER_S, .value = value};
}

static Observation normal_values(Rng *rng, int i)
{
    return minute(i, 50 + 3 * draw_normal(rng));
}

/* Heavy tails: the ratio of two normal draws, tamed. */
static Observation heavy_values(Rng *rng, int i)
{
    return minute(i, draw_normal(rng) / (0.2 + fabs(draw_normal(rng))));
}

/* Each value remembers nine tenths of the one before. */
static Observation slow_values(Rng *rng, int i)
{
    static double value;
    value = i == 0 ? 0 : 0.9 * value + draw_normal(rng);
    return minute(i, value);
}

static Observation daily_values(Rng *rng, int i)
{
    double hour = i / 60 % 24, top = hour >= 8 && hour < 20 ? 12 : 0;
    return minute(i, 100 + top + 2 * draw_normal(rng));
}

static Observation counter_values(Rng *rng, int i)
{
    static double sum;
    sum = i == 0 || rng_below(rng, 5000) == 0 ? 0 : sum + draw_poisson(rng, 20);
    return minute(i, sum);
}

static Observation count_values(Rng *rng, int i)
{
    return minute(i, draw_poisson(rng, 4));
}

static Observation sparse_values(Rng *rng, int i)
{
    return minute(i, rng_below(rng, 20) == 0 ? draw_exponential(rng) : 0);
}

static Observation stepping_values(Rng *rng, int i)
{
    static double value;
    value = i == 0 ? 5 : rng_below(rng, 5000) == 0 ? (double)rng_below(rng, 10) : value;
    return minute(i, value);
}

static Observation bounded_values(Rng *rng, int i)
{
    double value = 97 + 3 * draw_normal(rng);
    return minute(i, value < 100 ? value : 100);
}

/* A series that is told that it sees how many came in each window. */
static void init_counts(void *state, uint64_t seed)
{
    (void)seed; /* Nothing is drawn. */
    memset(state, 0, sizeof(SeriesWatch));
    series_begin_counts(state, 300, &(CountStart){.windows = 0});
}

static const odd_detector *find(const char *name)
{
    static odd_detector counts;
    if (strcmp(name, "counts") == 0) {
        counts = *find("series");
        counts.name = name;
        counts.init = init_counts;
        return &counts;
    }
    for (size_t i = 0; i < detector_count; i++)
        if (strcmp(detectors[i]->name, name) == 0)
            return detectors[i];
    return NULL;
}

#define NULL_COUNT 40000
#define WARM_UP 500

static void every_detector_is_calibrated_on_its_clean_streams(void **state)
{
    (void)state;
    static const Null nulls[] = {
        {"category", "few", few_symbols},
        {"category", "zipf", zipf_symbols},
        {"category", "geometric", geometric_symbols},
        {"novelty", "zipf", counted_zipf},
        {"counts", "poisson", poisson_windows},
        {"counts", "sparse", sparse_windows},
        {"counts", "dispersed", dispersed_windows},
        {"counts", "daily", daily_windows},
        {"interval", "poisson", poisson_gaps},
        {"interval", "heartbeat", heartbeats},
        {"series", "normal", normal_values},
        {"series", "heavy", heavy_values},
        {"series", "slow", slow_values},
        {"series", "daily", daily_values},
        {"series", "counter", counter_values},
        {"series", "counts", count_values},
        {"series", "sparse", sparse_values},
        {"series", "stepping", stepping_values},
        {"series", "bounded", bounded_values},
        {"shape", "normal", normal_values},
        {"shape", "heavy", heavy_values},
        {"shape", "slow", slow_values},
        {"shape", "daily", daily_values},
        {"shape", "counts", count_values},
        {"shape", "sparse", sparse_values},
        {"shape", "bounded", bounded_values},
    };
    for (size_t n = 0; n < sizeof nulls / sizeof nulls[0]; n += SANITIZED ? 9 : 1) {
        const odd_detector *d = find(nulls[n].detector);
        void *a = new_state(d);
        Rng rng = rng_seeded(2026);
        int at[4] = {0}, alarms = 0;
        for (int i = 0; i < NULL_COUNT + WARM_UP; i++) {
            Observation o = nulls[n].next(&rng, i);
            Judgement j;
            d->score(a, &o, &j);
            for (int level = 1; level <= 3 && i >= WARM_UP; level++)
                at[level] += j.surprise >= level;
            alarms += i >= WARM_UP && j.alarm >= 3;
            d->learn(a, &o);
        }
        print_message("%s, %s: %.4f %.5f %.5f, alarms %d\n", d->name, nulls[n].name,
                      at[1] / (double)NULL_COUNT, at[2] / (double)NULL_COUNT,
                      at[3] / (double)NULL_COUNT, alarms);
        assert_true(at[1] <= 0.13 * NULL_COUNT);
        assert_true(at[2] <= 0.015 * NULL_COUNT);
        assert_true(at[3] <= 0.002 * NULL_COUNT);
        free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_detector_says_what_it_is),
        cmocka_unit_test(every_detector_is_small_and_keeps_its_size),
        cmocka_unit_test(every_detector_scores_without_changing_its_state),
        cmocka_unit_test(every_detector_gives_the_same_bytes_for_the_same_observations),
        cmocka_unit_test(every_detector_survives_hostile_observations),
        cmocka_unit_test(every_detector_starts_unsurprised),
        cmocka_unit_test(every_detector_merges_an_empty_past_without_change),
        cmocka_unit_test(every_detector_is_calibrated_on_its_clean_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
