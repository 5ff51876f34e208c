/* SPDX-License-Identifier: Apache-2.0
 *
 * discord.h - how far the newest stretch of a series is from its nearest neighbour in the past.
 *
 * ALGORITHM  The left discord (C.-C. M. Yeh et al., Matrix Profile I, ICDM 2016; Y. Lu et al.,
 *            DAMP, KDD 2022) of stretches without a border: one fades with a half-life, the newest
 *            sample weighs most.  So the distance to the stretch `lag` samples ago is a running
 *            mean, distance[lag] += share x ((x(t) - x(t - lag))^2 - distance[lag]): exact for all
 *            lags, positive, without products of windows, and sharp in time, since an old oddity
 *            leaves by itself.  A neighbour may be louder or quieter by a gain between two bounds,
 *            the best one; otherwise amplitude counts.
 * SHAPE      O(lags) a sample, made for the compiler's vectors; no state of its own.  values and
 *            energies are (lags), that of `lag` ago at (head + lag - 1) modulo lags; distances are
 *            (lags), by lag, [0] unused.
 * UNITS      Distances are squares of the value's unit inside, and roots where they are answers.
 * OWNERSHIP  Borrowed for the call.
 * ERRORS     None: |x| is at most 1e15 (the caller's duty), differences below 1e-15 are none.
 * EXACTNESS  Each lag by itself, in a stated order: vectors of any width give the same bits.
 */
#ifndef DETECT_DISCORD_H
#define DETECT_DISCORD_H
#include <stdint.h>

#define DISCORD_LAGS_MAX 4096
#define DISCORD_MATCHES 4

typedef struct {
    float    share;               /* Of the newest sample in the stretch: 1 - 2^(-1 / half-life). */
    float    gain_low, gain_high; /* Not used without energies.                                   */
    uint32_t near;                /* Neighbours are at least so many samples away, at least 1.    */
    uint32_t full;                /* A stretch is complete, but for 2 %, after so many.           */
} DiscordForm;

typedef struct {
    const float *values;
    const float *energies; /* Of the stretches: running mean of squares; NULL: the gain is 1. */
    const float *distances;
    uint32_t lags;         /* A multiple of 256.                                              */
    uint32_t head;         /* Where the sample before the newest is.                          */
    uint32_t count;        /* Samples before the newest one.                                  */
} DiscordPast;

typedef struct {
    uint32_t lag; /* 0: none. */
    float    gain;
} DiscordMatch;

/* The energy of the stretch that x ends. */
float discord_energy(const DiscordForm *form, float x, float energy_before);

/* The distance of the newest stretch; 0 with too little past.  ret_distances (lags) are those from
 * now on, and may be past->distances.  ret_matches, if not NULL, are the best neighbours, each of
 * another 256 lags (from the second one on, half of these are known), the best one first. */
double discord_nearest(const DiscordPast *past, const DiscordForm *form, float x, float energy,
                       float *ret_distances, DiscordMatch ret_matches[DISCORD_MATCHES]);

#endif
