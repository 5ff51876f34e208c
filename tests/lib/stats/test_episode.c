/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "draw.h"
#include "stats/episode.h"

typedef struct {
    uint32_t counts[EPISODE_BUCKET_COUNT_MAX];
    uint32_t totals[EPISODE_BUCKET_COUNT_MAX];
    int      n;
    double   buckets_per_day;
} Log;

typedef struct {
    const char *name;
    int         n;
    double      mean, size, season; /* size INFINITY: Poisson; season: amplitude, 0 none. */
    double      days;
} Maker;

static Episode found(const uint32_t *counts, const uint32_t *totals, int n, double buckets_per_day,
                     bool is_grave)
{
    return episode_find(&(EpisodeSeries){.counts = counts,
                                         .totals = totals,
                                         .n = n,
                                         .buckets_per_day = buckets_per_day,
                                         .last_share = 1,
                                         .is_grave = is_grave});
}

static void log_make(Log *log, const Maker *m, Rng *rng)
{
    log->n = m->n;
    log->buckets_per_day = m->days > 0 ? m->n / m->days : 0;
    for (int i = 0; i < m->n; i++) {
        double phase = m->days > 0 ? i / log->buckets_per_day : 0, wave = phase - floor(phase);
        /* A parabola for each half of the day, nearly a sine. */
        double sine = wave < 0.5 ? 16 * wave * (0.5 - wave) : -16 * (wave - 0.5) * (1 - wave);
        log->counts[i] = draw_negbin(rng, m->mean * (1 + m->season * sine), m->size);
        log->totals[i] = log->counts[i] + draw_poisson(rng, 25);
    }
}

static Episode log_find(const Log *log)
{
    return found(log->counts, log->totals, log->n, log->buckets_per_day, false);
}

/* 10,000 clean series of each make; 20 of them is beyond chance for a rate of 1 in 1000 (1e-3). */
static void clean_series_have_no_episode(void **state)
{
    (void)state;
    static const Maker makers[] = {
        {"Poisson, 64", 64, 20, INFINITY, 0, 0},
        {"Poisson, sparse, 256", 256, 0.5, INFINITY, 0, 0},
        {"Poisson, 24", 24, 5, INFINITY, 0, 0},
        {"dispersed, 24", 24, 5, 2, 0, 0},
        {"dispersed, 64", 64, 10, 5, 0, 0},
        {"dispersed, 128", 128, 3, 1, 0, 0},
        {"very dispersed, 64", 64, 5, 0.3, 0, 0},
        {"daily, 2 days", 48, 20, INFINITY, 0.8, 2},
        {"daily, 4 days, dispersed", 96, 20, 10, 0.8, 4},
    };
    for (size_t m = 0; m < sizeof makers / sizeof makers[0]; m++) {
        int odd = 0;
        for (uint64_t seed = 0; seed < 10000; seed++) {
            Rng rng = rng_seeded(seed * 100 + m);
            Log log;
            log_make(&log, &makers[m], &rng);
            odd += log_find(&log).surprise >= 3;
        }
        print_message("%s: %d of 10000\n", makers[m].name, odd);
        assert_in_range(odd, 0, 20);
    }
}

static Log steady(int n, double mean, uint64_t seed)
{
    Rng rng = rng_seeded(seed);
    Maker maker = {"", n, mean, INFINITY, 0, 0};
    Log log;
    log_make(&log, &maker, &rng);
    return log;
}

static void a_burst_is_found_where_it_is(void **state)
{
    (void)state;
    Log log = steady(100, 10, 1);
    log.counts[40] += 60;
    log.counts[41] += 70;
    Episode e = log_find(&log);
    assert_true(e.surprise >= 3);
    assert_int_equal(e.kind, EPISODE_BURST);
    assert_int_equal(e.first, 40);
    assert_int_equal(e.last, 41);
    assert_true(e.expected > 15 && e.expected < 25);
    assert_true(e.seen == log.counts[40] + log.counts[41]);
}

static void more_from_somewhere_on_is_found(void **state)
{
    (void)state;
    Log log = steady(100, 10, 2);
    Rng rng = rng_seeded(22);
    for (int i = 70; i < 100; i++)
        log.counts[i] = draw_poisson(&rng, 25);
    Episode e = log_find(&log);
    assert_true(e.surprise >= 3);
    assert_int_equal(e.kind, EPISODE_MORE);
    assert_in_range(e.first, 68, 72);
    assert_int_equal(e.last, 99);
}

static void silence_to_the_end_is_found(void **state)
{
    (void)state;
    Log log = steady(100, 10, 3);
    for (int i = 80; i < 100; i++)
        log.counts[i] = 0;
    Episode e = log_find(&log);
    assert_true(e.surprise >= 3);
    assert_int_equal(e.kind, EPISODE_SILENT);
    assert_in_range(e.first, 78, 80);
    assert_int_equal(e.last, 99);
}

static void less_for_a_while_is_found(void **state)
{
    (void)state;
    Log log = steady(100, 40, 4);
    for (int i = 50; i < 58; i++)
        log.counts[i] = 8;
    Episode e = log_find(&log);
    assert_true(e.surprise >= 3);
    assert_int_equal(e.kind, EPISODE_LESS);
    assert_int_equal(e.first, 50);
    assert_int_equal(e.last, 57);
}

static void what_follows_the_volume_of_the_log_is_no_episode(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        Rng rng = rng_seeded(seed);
        Log log = {.n = 100};
        for (int i = 0; i < 100; i++) {
            double volume = i < 60 ? 1 : 4;
            log.counts[i] = draw_poisson(&rng, 10 * volume);
            log.totals[i] = log.counts[i] + draw_poisson(&rng, 300 * volume);
        }
        assert_true(log_find(&log).surprise < 3);
    }
}

static void a_start_up_is_no_episode(void **state)
{
    (void)state;
    Log log = steady(100, 0, 5);
    log.counts[0] = 40;
    log.counts[1] = 25;
    log.counts[2] = 3;
    assert_true(log_find(&log).surprise < 3);
    log = steady(100, 5, 6);
    log.counts[0] = 400;
    log.counts[1] = 100;
    assert_true(log_find(&log).surprise < 3);
}

static void a_daily_peak_is_no_episode_but_one_at_night_is(void **state)
{
    (void)state;
    Rng rng = rng_seeded(7);
    Log log = {.n = 96, .buckets_per_day = 24};
    for (int i = 0; i < 96; i++) {
        log.counts[i] = draw_poisson(&rng, i % 24 == 9 ? 200 : 10);
        log.totals[i] = log.counts[i] + 1000;
    }
    assert_true(log_find(&log).surprise < 3);
    log.counts[75] = 150;
    Episode e = log_find(&log);
    assert_true(e.surprise >= 3);
    assert_int_equal(e.first, 75);
    assert_int_equal(e.last, 75);
}

static void too_little_is_not_judged(void **state)
{
    (void)state;
    uint32_t counts[256] = {0};
    assert_true(found(counts, NULL, 0, 0, true).surprise == 0);
    assert_true(found(counts, NULL, 256, 24, false).surprise == 0);
    counts[200] = 1000;
    assert_true(found(counts, NULL, 256, 0, false).surprise == 0);
    counts[201] = UINT32_MAX;
    assert_true(found(counts, counts, 256, 1e9, false).surprise == 0);
    assert_true(found(counts, counts, 256, NAN, false).surprise == 0);
    assert_true(found(counts + 190, NULL, EPISODE_BUCKET_COUNT_MIN - 1, 0, false).surprise == 0);
}

static void a_rush_of_trouble_that_never_came_before_is_odd(void **state)
{
    (void)state;
    uint32_t counts[100] = {[60] = 90, [61] = 110}, totals[100];
    for (int i = 0; i < 100; i++)
        totals[i] = 30 + counts[i];
    Episode grave = found(counts, totals, 100, 0, true);
    assert_int_equal(grave.kind, EPISODE_BURST);
    assert_true(grave.first <= 60 && grave.last >= 61 && grave.last - grave.first < 8);
    assert_true(grave.surprise >= 5);
    assert_true(found(counts, totals, 100, 0, false).surprise <= 0);
}

static void a_last_bucket_that_is_cut_short_is_not_less(void **state)
{
    (void)state;
    uint32_t counts[100];
    for (int i = 0; i < 100; i++)
        counts[i] = 8192;
    counts[99] = 1024;
    EpisodeSeries series = {.counts = counts, .totals = counts, .n = 100, .last_share = 1};
    assert_true(episode_find(&series).surprise >= 3);
    series.last_share = 0.125;
    assert_true(episode_find(&series).surprise <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_series_have_no_episode),
        cmocka_unit_test(a_burst_is_found_where_it_is),
        cmocka_unit_test(more_from_somewhere_on_is_found),
        cmocka_unit_test(silence_to_the_end_is_found),
        cmocka_unit_test(less_for_a_while_is_found),
        cmocka_unit_test(what_follows_the_volume_of_the_log_is_no_episode),
        cmocka_unit_test(a_start_up_is_no_episode),
        cmocka_unit_test(a_daily_peak_is_no_episode_but_one_at_night_is),
        cmocka_unit_test(too_little_is_not_judged),
        cmocka_unit_test(a_rush_of_trouble_that_never_came_before_is_odd),
        cmocka_unit_test(a_last_bucket_that_is_cut_short_is_not_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
