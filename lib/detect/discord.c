/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/discord.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#define LANES 8
#define BLOCK_LAGS 256
#define BLOCK_KNOWN (BLOCK_LAGS / 2)
#define BLOCK_COUNT_MAX (DISCORD_LAGS_MAX / BLOCK_LAGS)
#define NONE 1e36f
#define LEAST 1e-30f /* Denormal numbers are slow, and would stay: a share of the least is 0. */

typedef struct {
    float share, x, energy, gain_low, gain_high;
} Newest;

float discord_energy(const DiscordForm *form, float x, float energy_before)
{
    const float energy = energy_before + form->share * (x * x - energy_before);
    return energy > LEAST ? energy : LEAST;
}

static void run(const Newest *newest, const float *values, const float *old, float *ret_new,
                uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const float difference = newest->x - values[i];
        const float distance = old[i] + newest->share * (difference * difference - old[i]);
        ret_new[i] = distance > LEAST ? distance : LEAST;
    }
}

/* distance is that of the gain 1; with another one it is the energy of newest - gain x other. */
static float gain_of(const Newest *newest, float distance, float energy)
{
    const float product = (newest->energy + energy - distance) * 0.5f;
    const float gain = product / energy;
    return gain < newest->gain_low    ? newest->gain_low
           : gain > newest->gain_high ? newest->gain_high
                                      : gain;
}

static void run_gains(const Newest *newest, const float *energies, const float *distances,
                      float *ret_rests, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const float gain = gain_of(newest, distances[i], energies[i]);
        ret_rests[i] = (1 - gain) * (newest->energy - gain * energies[i]) + gain * distances[i];
    }
}

static float least(const float *rests, uint32_t from, uint32_t to)
{
    float best[LANES];
    for (int lane = 0; lane < LANES; lane++)
        best[lane] = NONE;
    uint32_t i = from;
    for (; i + LANES <= to; i += LANES)
        for (uint32_t lane = 0; lane < LANES; lane++)
            best[lane] = rests[i + lane] < best[lane] ? rests[i + lane] : best[lane];
    for (; i < to; i++)
        best[0] = rests[i] < best[0] ? rests[i] : best[0];
    for (int lane = 1; lane < LANES; lane++)
        best[0] = best[lane] < best[0] ? best[lane] : best[0];
    return best[0];
}

typedef struct {
    uint32_t from, to;
} Lags;

/* Those of a block whose stretches are complete and far enough away. */
static Lags block_lags(const DiscordPast *past, const DiscordForm *form, uint32_t block)
{
    const uint32_t complete = past->count > form->full ? past->count - form->full : 0;
    const uint32_t end = complete < past->lags ? complete + 1 : past->lags;
    const uint32_t from = block * BLOCK_LAGS, to = from + BLOCK_LAGS;
    return (Lags){.from = from > form->near ? from : form->near, .to = to < end ? to : end};
}

/* Of few lags the best may be no neighbour at all: a block that has just begun is asked only if it
 * has the nearest of all. */
static void leave_new_block(const DiscordPast *past, const DiscordForm *form, float *block_least)
{
    for (uint32_t block = 0; block < past->lags / BLOCK_LAGS; block++)
        if (block_lags(past, form, block).to < block * BLOCK_LAGS + BLOCK_KNOWN)
            block_least[block] = NONE;
}

static void find_matches(const DiscordPast *past, const DiscordForm *form, const Newest *newest,
                         const float *distances, const float *rests, float *block_least,
                         DiscordMatch *ret_matches)
{
    for (int i = 0; i < DISCORD_MATCHES; i++) {
        if (i == 1)
            leave_new_block(past, form, block_least);
        uint32_t best = 0;
        for (uint32_t block = 1; block < past->lags / BLOCK_LAGS; block++)
            if (block_least[block] < block_least[best])
                best = block;
        ret_matches[i] = (DiscordMatch){.lag = 0};
        if (block_least[best] >= NONE)
            continue;
        const Lags lags = block_lags(past, form, best);
        uint32_t lag = lags.from;
        while (lag + 1 < lags.to && rests[lag] > block_least[best])
            lag++;
        ret_matches[i].lag = lag;
        ret_matches[i].gain = 1;
        if (past->energies != NULL)
            ret_matches[i].gain = gain_of(newest, distances[lag],
                                          past->energies[(past->head + lag - 1) % past->lags]);
        block_least[best] = NONE;
    }
}

double discord_nearest(const DiscordPast *past, const DiscordForm *form, float x, float energy,
                       float *ret_distances, DiscordMatch ret_matches[DISCORD_MATCHES])
{
    assert(past->lags % BLOCK_LAGS == 0 && past->lags <= DISCORD_LAGS_MAX);
    assert(form->near >= 1 && form->near < past->lags);
    const Newest newest = {.share = form->share, .x = x, .energy = energy,
                           .gain_low = form->gain_low, .gain_high = form->gain_high};
    const uint32_t known = past->count < past->lags - 1 ? past->count : past->lags - 1;
    const uint32_t wrap = past->lags - past->head, first = known < wrap ? known : wrap;
    run(&newest, past->values + past->head, past->distances + 1, ret_distances + 1, first);
    run(&newest, past->values, past->distances + 1 + first, ret_distances + 1 + first,
        known - first);
    float gained[DISCORD_LAGS_MAX];
    const float *rests = ret_distances;
    if (past->energies != NULL) {
        run_gains(&newest, past->energies + past->head, ret_distances + 1, gained + 1, first);
        run_gains(&newest, past->energies, ret_distances + 1 + first, gained + 1 + first,
                  known - first);
        rests = gained;
    }
    const uint32_t blocks = past->lags / BLOCK_LAGS;
    float block_least[BLOCK_COUNT_MAX], nearest = NONE;
    assert(blocks >= 1);
    for (uint32_t block = 0; block < blocks; block++) {
        const Lags lags = block_lags(past, form, block);
        block_least[block] = lags.from < lags.to ? least(rests, lags.from, lags.to) : NONE;
        nearest = block_least[block] < nearest ? block_least[block] : nearest;
    }
    if (ret_matches != NULL)
        find_matches(past, form, &newest, ret_distances, rests, block_least, ret_matches);
    return nearest < NONE && nearest > 2 * LEAST ? sqrt((double)nearest) : 0;
}
