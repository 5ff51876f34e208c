/* SPDX-License-Identifier: Apache-2.0
 *
 * ranks.h - how often past scores were so high: ranks where there is a past, a tail beyond it.
 *
 * For scores that are in units of their own usual size, so that one grid fits all.  Beside the
 * smooth tail every past score that reached as far may count itself, with a weight: a series that
 * has its spikes has them without surprise.
 *
 * ALGORITHM  Conformal rank (V. Vovk, A. Gammerman, G. Shafer, 2005) on a histogram of four cells
 *            an octave; from the upper eighth on a generalised Pareto tail from quantiles (J.
 *            Pickands, Annals of Statistics 3(1), 1975), shrunk towards exponential, plus
 *            `weight` times the share of past scores beyond.
 * SHAPE      State is flat, 96 bytes.  O(cells); the tail is fitted anew every RANKS_FIT_EVERY
 *            scores.
 * UNITS      A score of 1 is usual; what is below 1/8 counts as none, above 128 as 128.
 * ERRORS     NaN and negative scores count as 0.
 */
#ifndef STATS_RANKS_H
#define STATS_RANKS_H
#include <stdint.h>

#define RANKS_CELL_COUNT 40
#define RANKS_FIT_EVERY 16

typedef struct {
    uint16_t cells[RANKS_CELL_COUNT];
    uint32_t count; /* All; halved at times, so that the past fades. */
    float    eighth; /* From this score on the tail is modelled; 0: it is not yet. */
    float    scale, shape;
} Ranks; /* All zero is the empty state. */

double ranks_chance(const Ranks *ranks, double score, double weight); /* 1e-32 to 1. */
/* By how much its surprise, -log10 of the chance, is above `usual`; 0: it is not.  From 0.9 on, if
 * a tail is known. */
double ranks_excess(const Ranks *ranks, double score, double weight, double usual);
/* The least score of that chance, about. */
double ranks_score(const Ranks *ranks, double chance, double weight);
void   ranks_learn(Ranks *ranks, double score);

#endif
