/* SPDX-License-Identifier: Apache-2.0
 *
 * hardness.h - at which phases of a long cycle scores are usually high: the jump at eight o'clock.
 *
 * ALGORITHM  The cycle is cut in 64 parts, each with a fading mean of the highest score of each
 *            visit.  A score counts as many times less as its part (or a neighbour, since the clock
 *            is not exact) is harder than most.
 * SHAPE      Flat, 272 bytes; O(1) a sample but at the beginning of a part, O(parts).
 * UNITS      Scores of any unit, >= 0; the phase in cycles.
 * EXACTNESS  An odd visit counts at most half more than is usual, so that it hides little of the
 *            next; what is always hard is so after some visits.
 */
#ifndef DETECT_HARDNESS_H
#define DETECT_HARDNESS_H
#include <stdint.h>

#define HARDNESS_PARTS 64

typedef struct {
    float    peaks[HARDNESS_PARTS]; /* 0: not visited. */
    float    visit;                 /* The highest score of this visit.      */
    float    ratio;                 /* Of this part; below 1: not known yet. */
    uint32_t part;
    uint32_t unused;
} Hardness; /* All zero is the empty past. */

/* How many times less a score here counts: at least 1. */
double hardness_ratio(const Hardness *hardness);

/* phase: 0 up to 1. */
void hardness_learn(Hardness *hardness, double phase, double score);

#endif
