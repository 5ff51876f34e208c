/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "../stats/draw.h"
#include "detect/discord.h"

#define LAGS 512
#define SAMPLES 1500
#define TURN 6.283185307179586
#define SHARE 0.125f
#define NEAR 5
#define FULL 40

static const DiscordForm form = {
    .share = SHARE, .gain_low = 0.8f, .gain_high = 1.25f, .near = NEAR, .full = FULL};

typedef struct {
    float values[LAGS], energies[LAGS], distances[LAGS];
    uint32_t head, count;
    DiscordMatch matches[DISCORD_MATCHES];
} Ring;

static double ring_put(Ring *ring, float x, int gained)
{
    float energy = discord_energy(&form, x, ring->energies[ring->head]);
    DiscordPast past = {.values = ring->values, .energies = gained ? ring->energies : NULL,
                        .distances = ring->distances, .lags = LAGS, .head = ring->head,
                        .count = ring->count++};
    double distance = discord_nearest(&past, &form, x, energy, ring->distances, ring->matches);
    ring->head = (ring->head + LAGS - 1) % LAGS;
    ring->values[ring->head] = x;
    ring->energies[ring->head] = energy;
    return distance;
}

/* By the definition, with all of the past at hand. */
static double brute(const float *x, int t, int gained, int *ret_lag)
{
    double best = INFINITY;
    for (int lag = NEAR; lag < LAGS && lag <= t - FULL; lag++) {
        double distance = 0, here = 0, there = 0;
        for (int i = 0; i <= t; i++) {
            double other = i >= lag ? (double)x[i - lag] : 0;
            here += (double)SHARE * ((double)x[i] * (double)x[i] - here);
            there += (double)SHARE * (other * other - there);
            if (i >= lag)
                distance +=
                    (double)SHARE * (((double)x[i] - other) * ((double)x[i] - other) - distance);
        }
        double product = (here + there - distance) / 2, gain = product / there;
        gain = gain < 0.8 ? 0.8 : gain > 1.25 ? 1.25 : gain;
        double rest = gained ? here + gain * gain * there - 2 * gain * product : distance;
        if (rest < best) {
            best = rest;
            *ret_lag = lag;
        }
    }
    return isinf(best) ? 0 : sqrt(best > 0 ? best : 0);
}

static void the_distance_is_that_of_the_definition(void **state)
{
    (void)state;
    static float x[SAMPLES];
    for (int gained = 0; gained < 2; gained++) {
        static Ring ring;
        memset(&ring, 0, sizeof ring);
        Rng rng = rng_seeded(1);
        for (int t = 0; t < SAMPLES; t++) {
            x[t] = (float)(sin(t / 7.0) + 0.3 * draw_normal(&rng));
            double seen = ring_put(&ring, x[t], gained);
            if (t % 97 != 0 && t > 60)
                continue;
            int lag = 0;
            double right = brute(x, t, gained, &lag);
            if (fabs(seen - right) > 2e-3)
                fail_msg("at %d: %g instead of %g", t, seen, right);
            assert_int_equal(ring.matches[0].lag, lag);
        }
    }
}

static void matches_are_the_best_of_different_blocks(void **state)
{
    (void)state;
    static Ring ring;
    Rng rng = rng_seeded(2);
    for (int t = 0; t < SAMPLES; t++)
        ring_put(&ring, (float)(sin(t * TURN / 64) + 0.01 * draw_normal(&rng)), 1);
    assert_int_equal(ring.matches[0].lag % 64, 0);
    assert_int_equal(ring.matches[1].lag % 64, 0);
    assert_true(ring.matches[0].lag / 256 != ring.matches[1].lag / 256);
    assert_int_equal(ring.matches[2].lag, 0); /* Two blocks in all. */
}

/* Of a block that has just begun, the best lag is the only one. */
static void what_is_far_from_the_newest_stretch_is_no_match(void **state)
{
    (void)state;
    static Ring ring;
    Rng rng = rng_seeded(4);
    for (int t = 0; t < 256 + FULL + 60; t++) {
        ring_put(&ring, (float)(sin(t * TURN / 60) + 0.01 * draw_normal(&rng)), 1);
        for (int i = 0; i < DISCORD_MATCHES; i++)
            if (t > 2 * 60 + FULL && ring.matches[i].lag != 0)
                assert_true((ring.matches[i].lag + 1) % 60 <= 2);
    }
}

static void a_louder_repetition_is_near_within_the_gain(void **state)
{
    (void)state;
    static Ring ring;
    double usual = 0, louder = 0, much_louder = 0;
    Rng rng = rng_seeded(3);
    for (int t = 0; t < 1280; t++) {
        double wave = sin(t * TURN / 64) + 0.01 * draw_normal(&rng);
        usual = ring_put(&ring, (float)wave, 1);
    }
    static Ring second;
    second = ring;
    for (int t = 1280; t < 1320; t++) {
        double wave = sin(t * TURN / 64);
        louder = ring_put(&ring, (float)(1.2 * wave), 1);
        much_louder = ring_put(&second, (float)(2 * wave), 1);
    }
    assert_true(louder < 3 * usual + 0.02);
    assert_true(much_louder > 10 * louder);
}

static void with_too_little_past_there_is_no_distance(void **state)
{
    (void)state;
    static Ring ring;
    for (int t = 0; t < NEAR + FULL; t++)
        assert_true(ring_put(&ring, (float)(t % 7), 1) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distance_is_that_of_the_definition),
        cmocka_unit_test(matches_are_the_best_of_different_blocks),
        cmocka_unit_test(what_is_far_from_the_newest_stretch_is_no_match),
        cmocka_unit_test(a_louder_repetition_is_near_within_the_gain),
        cmocka_unit_test(with_too_little_past_there_is_no_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
