/* SPDX-License-Identifier: Apache-2.0
 *
 * discord.h - how unlike anything in its past the newest stretch of a series is.
 *
 * ALGORITHM  The left discord (C.-C. M. Yeh et al., Matrix Profile I, ICDM 2016; Y. Lu et al., DAMP,
 *            KDD 2022): the distance of the newest stretch from its nearest neighbour in the past.
 *            Here a stretch has no border: it fades with a half-life, the newest sample weighs
 *            most, and so the distance to the stretch `lag` samples ago is one running mean per
 *            lag, `distance[lag] += share * ((x(t) - x(t - lag))^2 - distance[lag])`: exact, with
 *            no products of windows, and sharp in time.  Before, the series loses what is slower
 *            than the stretch (its running mean), and a neighbour may be louder or quieter by a
 *            gain between two bounds, the best one: otherwise amplitude is kept.
 * SHAPE      Flat, 24 kB.  A sample costs O(DISCORD_LAGS) with four float operations or so a lag
 *            and lane, made for the compiler's vectors.
 * UNITS      Distance in units of the value (root of the mean square).
 * ERRORS     None: the caller leaves out what is not finite.  Values beyond 1e15 of the running
 *            mean count as that; differences below 1e-15 are none.
 * EXACTNESS  Each lag by itself, in a stated order: vectors of any width give the same bits.
 */
#ifndef DETECT_DISCORD_H
#define DETECT_DISCORD_H
#include <stdint.h>

#define DISCORD_LAGS 2048
#define DISCORD_MATCHES 4

typedef struct {
    float    share;      /* Of the newest sample in the stretch: 1 - 2^(-1 / half-life).       */
    float    mean_share; /* The same of the running mean; 0: the level is kept but for the
                          * mean of all DISCORD_LAGS.                                          */
    float    gain_low, gain_high;
    uint32_t near;       /* Neighbours are at least so many samples away.                      */
    uint32_t full;       /* A stretch is complete, to a few in a hundred, after so many.       */
    int      is_matching; /* discord_expected is wanted.                                       */
} DiscordForm;

typedef struct {
    uint32_t lag; /* 0: none. */
    float    gain;
} DiscordMatch;

typedef struct {
    float        values[DISCORD_LAGS];   /* Less the running mean; that of `lag` ago is at ...  */
    float        energies[DISCORD_LAGS]; /* ... (head + lag) modulo DISCORD_LAGS.               */
    float        distances[DISCORD_LAGS]; /* By lag.                                            */
    double       mean;
    uint32_t     head, count;
    DiscordMatch matches[DISCORD_MATCHES]; /* The best neighbours, each of another quarter.     */
} Discord;                                 /* All zero is the empty past. */

/* The distance that `value` would have; 0 with too little past. */
double discord_score(const Discord *discord, const DiscordForm *form, double value);

/* Learns it, and gives the same. */
double discord_learn(Discord *discord, const DiscordForm *form, double value);

/* What the matches let expect of the next sample, and how far they differ; 0: no matches. */
int discord_expected(const Discord *discord, const DiscordForm *form, double *ret_mean,
                     double *ret_spread);

#endif
