/* SPDX-License-Identifier: Apache-2.0
 *
 * shape.h - the shape of one metric series: does the newest stretch look like any before?
 *
 * SHAPE      Flat, fixed size.
 */
#ifndef DETECT_SHAPE_H
#define DETECT_SHAPE_H
#include "detect/detector.h"
#include "detect/discord.h"
#include "stats/period.h"
#include "stats/tail.h"

enum { SHAPE_QUICK, SHAPE_CYCLE, SHAPE_SLOW, SHAPE_NEXT, SHAPE_CHANNELS };

typedef struct {
    uint64_t count;
    Discord  quick, cycle, slow;
    Period   period;
    Tail     tails[SHAPE_CHANNELS];
    double   sum; /* Of the samples that will be one of slow. */
    uint32_t summed, rate;
    uint32_t wanted, wanted_count;
    float    slow_surprise;
    float    envelope;
} ShapeWatch; /* All zero is the empty state. */

/* Scores, then learns: the same as shape_score and shape_learn, in one go. */
void shape_put(ShapeWatch *watch, odd_time time, double value, Judgement *ret_judgement);
void shape_score(const ShapeWatch *watch, odd_time time, double value, Judgement *ret_judgement);
void shape_learn(ShapeWatch *watch, odd_time time, double value);

#endif
