/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/discord.h"

#include <math.h>

#define LANES 8
#define BLOCK_LAGS 256
#define BLOCK_COUNT (DISCORD_LAGS / BLOCK_LAGS)
#define VALUE_MAX 1e15
#define NONE 1e36f
#define TINY 1e-30f

typedef struct {
    float x, energy; /* Of the newest sample and stretch. */
    float share, gain_low, gain_high;
    double mean;
} Newest;

static Newest newest_of(const Discord *discord, const DiscordForm *form, double value)
{
    Newest newest = {.share = form->share, .gain_low = form->gain_low,
                     .gain_high = form->gain_high};
    double above = discord->count > 0 ? value - discord->mean : 0;
    above = above > VALUE_MAX ? VALUE_MAX : above < -VALUE_MAX ? -VALUE_MAX : above;
    double share = (double)form->mean_share;
    if (share * (discord->count + 1.0) < 1)
        share = 1 / (discord->count + 1.0);
    newest.mean = discord->count > 0 ? discord->mean + share * above : value;
    newest.x = (float)(above - share * above);
    const float energy = discord->energies[discord->head];
    newest.energy = energy + form->share * (newest.x * newest.x - energy);
    return newest;
}

/* What remains between the newest stretch and one at this distance from it, at the best gain. */
static inline float rest_of(const Newest *newest, float distance, float energy)
{
    const float product = (newest->energy + energy - distance) * 0.5f;
    float gain = product / (energy + TINY);
    gain = gain < newest->gain_low ? newest->gain_low : gain;
    gain = gain > newest->gain_high ? newest->gain_high : gain;
    return newest->energy + gain * (gain * energy - 2 * product);
}

/* One run of lags without a wrap: distances from old to new, and what remains of each. */
static void run(const Newest *newest, const float *values, const float *energies, const float *old,
                float *ret_new, float *ret_rests, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const float difference = newest->x - values[i];
        const float distance = old[i] + newest->share * (difference * difference - old[i]);
        ret_new[i] = distance;
        ret_rests[i] = rest_of(newest, distance, energies[i]);
    }
}

/* All lags from 1 to `lags`; the newest is where the head will be. */
static void all_runs(const Discord *discord, const Newest *newest, uint32_t lags, float *ret_new,
                     float *ret_rests)
{
    const uint32_t head = discord->head; /* Of lag 1. */
    const uint32_t before_wrap = DISCORD_LAGS - head, first = lags < before_wrap ? lags : before_wrap;
    run(newest, discord->values + head, discord->energies + head, discord->distances + 1,
        ret_new + 1, ret_rests + 1, first);
    if (lags > first)
        run(newest, discord->values, discord->energies, discord->distances + 1 + first,
            ret_new + 1 + first, ret_rests + 1 + first, lags - first);
}

static float least(const float *rests, uint32_t from, uint32_t to)
{
    float best[LANES];
    for (int lane = 0; lane < LANES; lane++)
        best[lane] = NONE;
    uint32_t i = from;
    for (; i + LANES <= to; i += LANES)
        for (int lane = 0; lane < LANES; lane++)
            best[lane] = rests[i + lane] < best[lane] ? rests[i + lane] : best[lane];
    for (; i < to; i++)
        best[0] = rests[i] < best[0] ? rests[i] : best[0];
    for (int lane = 1; lane < LANES; lane++)
        best[0] = best[lane] < best[0] ? best[lane] : best[0];
    return best[0];
}

typedef struct {
    float least[BLOCK_COUNT];
    float best;
} Nearest;

static uint32_t known_lags(const Discord *discord)
{
    return discord->count < DISCORD_LAGS - 1 ? discord->count : DISCORD_LAGS - 1;
}

/* The lags [from, to) of a block whose stretches are complete and far enough. */
static void block_bounds(const Discord *discord, const DiscordForm *form, uint32_t block,
                         uint32_t *ret_from, uint32_t *ret_to)
{
    const uint32_t complete = discord->count > form->full ? discord->count - form->full : 0;
    const uint32_t end = complete < DISCORD_LAGS - 1 ? complete + 1 : DISCORD_LAGS;
    const uint32_t from = block * BLOCK_LAGS, to = from + BLOCK_LAGS;
    *ret_from = from > form->near ? from : form->near;
    *ret_to = to < end ? to : end;
}

static Nearest nearest_of(const Discord *discord, const DiscordForm *form, const float *rests)
{
    Nearest nearest = {.best = NONE};
    for (uint32_t block = 0; block < BLOCK_COUNT; block++) {
        uint32_t from, to;
        block_bounds(discord, form, block, &from, &to);
        nearest.least[block] = from < to ? least(rests, from, to) : NONE;
        if (nearest.least[block] < nearest.best)
            nearest.best = nearest.least[block];
    }
    return nearest;
}

static double distance_of(float best)
{
    return best < NONE && best > 0 ? sqrt((double)best) : 0;
}

double discord_score(const Discord *discord, const DiscordForm *form, double value)
{
    float distances[DISCORD_LAGS], rests[DISCORD_LAGS];
    const Newest newest = newest_of(discord, form, value);
    all_runs(discord, &newest, known_lags(discord), distances, rests);
    return distance_of(nearest_of(discord, form, rests).best);
}

static float gain_at(const Discord *discord, const Newest *newest, uint32_t lag)
{
    const float energy = discord->energies[(discord->head + lag) % DISCORD_LAGS];
    const float product = (newest->energy + energy - discord->distances[lag]) * 0.5f;
    const float gain = product / (energy + TINY);
    return gain < newest->gain_low ? newest->gain_low
                                   : gain > newest->gain_high ? newest->gain_high : gain;
}

/* The best lag of the best blocks, each block once. */
static void find_matches(Discord *discord, const DiscordForm *form, const Newest *newest,
                         Nearest *nearest, const float *rests)
{
    for (int i = 0; i < DISCORD_MATCHES; i++) {
        uint32_t best = 0, from, to;
        for (uint32_t block = 1; block < BLOCK_COUNT; block++)
            if (nearest->least[block] < nearest->least[best])
                best = block;
        discord->matches[i] = (DiscordMatch){.lag = 0};
        if (nearest->least[best] >= NONE)
            continue;
        block_bounds(discord, form, best, &from, &to);
        uint32_t lag = from;
        while (lag + 1 < to && rests[lag] > nearest->least[best])
            lag++;
        discord->matches[i].lag = lag;
        discord->matches[i].gain = gain_at(discord, newest, lag);
        nearest->least[best] = NONE;
    }
}

double discord_learn(Discord *discord, const DiscordForm *form, double value)
{
    float rests[DISCORD_LAGS];
    const Newest newest = newest_of(discord, form, value);
    all_runs(discord, &newest, known_lags(discord), discord->distances, rests);
    Nearest nearest = nearest_of(discord, form, rests);
    discord->head = (discord->head + DISCORD_LAGS - 1) % DISCORD_LAGS;
    discord->values[discord->head] = newest.x;
    discord->energies[discord->head] = newest.energy;
    discord->mean = newest.mean;
    const float best = nearest.best;
    if (form->is_matching)
        find_matches(discord, form, &newest, &nearest, rests);
    if (discord->count < UINT32_MAX)
        discord->count++;
    return distance_of(best);
}

int discord_expected(const Discord *discord, const DiscordForm *form, double *ret_mean,
                     double *ret_spread)
{
    double sum = 0, squares = 0;
    int count = 0;
    for (int i = 0; i < DISCORD_MATCHES; i++) {
        const DiscordMatch match = discord->matches[i];
        if (match.lag < 2)
            continue;
        const uint32_t at = (discord->head + match.lag - 1) % DISCORD_LAGS;
        const double next = (double)match.gain * (double)discord->values[at];
        sum += next;
        squares += next * next;
        count++;
    }
    if (count == 0)
        return 0;
    const double mean = sum / count, variance = squares / count - mean * mean;
    const double kept = 1 - (double)form->mean_share;
    *ret_mean = discord->mean + mean / kept;
    *ret_spread = (variance > 0 ? sqrt(variance) : 0) / kept;
    return 1;
}
