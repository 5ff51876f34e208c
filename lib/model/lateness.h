/* SPDX-License-Identifier: Apache-2.0
 *
 * lateness.h - how long outcomes take, and so which share of them is in by some age.
 *
 * Positive outcomes are often later than negative ones, or the other way round (fraud is found
 * late, a click at once): what is in by now is no fair sample.  Each kind is weighted by its own
 * delays.
 *
 * ALGORITHM  Counts of delays in steps of a quarter of an octave, from a second on; weights are
 *            inverse shares (D. Horvitz, D. Thompson, JASA 47, 1952).
 * SHAPE      Flat; O(1) a delay.
 * BLIND TO   Delays longer than any that came yet: outcomes are taken to be in too early, at first.
 */
#ifndef MODEL_LATENESS_H
#define MODEL_LATENESS_H
#include <stddef.h>
#include <stdint.h>

#define LATENESS_STEPS 112 /* Up to 2^28 s, eight years. */
#define LATENESS_KINDS 2   /* Of outcomes: negative, positive. */

typedef struct {
    uint64_t counts[LATENESS_KINDS][LATENESS_STEPS];
} Lateness; /* All zero is nothing known. */

void   lateness_learn(Lateness *lateness, size_t kind, double seconds);
/* Of outcomes of that kind, those that are in after so long; 1 if nothing is known of them. */
double lateness_share(const Lateness *lateness, size_t kind, double seconds);
/* By how much each row with such an outcome is to be weighted, from 1 to LATENESS_WEIGHT_MAX. */
#define LATENESS_WEIGHT_MAX 20.0
double lateness_weight(const Lateness *lateness, size_t kind, double seconds);
/* Seconds within which half of all outcomes are in; NaN: nothing is known. */
double lateness_median(const Lateness *lateness);

#endif
