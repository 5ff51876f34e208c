/* SPDX-License-Identifier: Apache-2.0
 *
 * shape.h - the shape of one metric series: does its newest stretch look like anything before?
 *
 * ODD MEANS  The curve took a form that it never had: a changed cycle, a missing beat, a slip of
 *            phase, an inverted wave, a plateau; though each value may be usual.
 * ALGORITHM  Four experts, each ranked among its own past (stats/ranks.h), and the harmonic mean of
 *            their probabilities (D. Wilson, PNAS 116(4), 2019).  Three are distances from the
 *            nearest neighbour in the past (detect/discord.h): of a quick stretch and of one about
 *            as long as a feature of a cycle, both less the running mean, and of a slow one, at
 *            a rate where the period (stats/period.h) has 64 to 128 samples, level kept.  The
 *            fourth is how far the sample is from what followed the best neighbours.
 *            The distances of the first two are cut to what the last samples bear out, so that a
 *            spike is over when it is.
 * PARAMS     None to set.
 * BLIND TO   What happened before, within the memory: 2,560 samples, and 2,048 at the slow rate
 *            (16 periods and more); a lasting change, once it lasts; a slow trend.  Nothing is
 *            judged before 256 samples, nor in the first 36 after a gap.
 * SHAPE      Flat, 64 kB, fixed.  One sample costs O(memory), a few microseconds.
 * UNITS      time in ns, or ODD_TIME_NONE where the series has only an order; value any.
 * ERRORS     NaN and infinities have no judgement and are not learnt.  A time that is not later
 *            than the last one says nothing; its value counts as the next.
 * EXACTNESS  shape_watch_put is shape_watch_score, then shape_watch_learn, to the bit.
 */
#ifndef DETECT_SHAPE_H
#define DETECT_SHAPE_H
#include <stdbool.h>

#include "detect/detector.h"
#include "detect/discord.h"
#include "detect/hardness.h"
#include "stats/period.h"
#include "stats/ranks.h"

#define SHAPE_LAGS 2560
#define SHAPE_SLOW_LAGS 2048

enum { SHAPE_QUICK, SHAPE_CYCLE, SHAPE_SLOW, SHAPE_NEXT, SHAPE_EXPERTS };

typedef struct {
    double mean;
    double usual; /* Distance from it. */
} ShapeLevel;

typedef struct {
    double square; /* The last distance, squared.        */
    double fresh;  /* What the last samples added to it. */
} ShapeFresh;

typedef struct {
    float        values[SHAPE_LAGS];   /* Less the running mean. */
    float        energies[SHAPE_LAGS]; /* Of cycle's stretches.  */
    float        quick[SHAPE_LAGS];    /* Distances.             */
    float        cycle[SHAPE_LAGS];
    ShapeLevel   level;
    uint32_t     head, count;
    DiscordMatch matches[DISCORD_MATCHES]; /* Of cycle. */
    ShapeFresh   quick_fresh, cycle_fresh;
} ShapeFast;

typedef struct {
    float    values[SHAPE_SLOW_LAGS]; /* Means of `rate` samples, less the mean of all. */
    float    distances[SHAPE_SLOW_LAGS];
    ShapeLevel level;
    uint32_t head, count;
    double   sum; /* Of the `summed` samples that the next one will be made of. */
    uint32_t summed, rate;
    uint32_t rate_wanted, rate_votes;
    float    surprise; /* Of the last one; it holds until the next. */
    uint32_t unused;
} ShapeSlow;

typedef struct {
    Ranks  ranks; /* Of distances over the usual one. */
    double usual;
} ShapePast;

typedef struct {
    ShapeFast fast;
    ShapeSlow slow;
    Period    period;
    ShapePast pasts[SHAPE_EXPERTS];
    Hardness  hardness[SHAPE_EXPERTS]; /* Of a long cycle; not of slow. */
    double    cycle_length, cycle_phase; /* 0: no cycle, or a short one. */
    odd_time  last_time;
    double    interval_ns; /* 0: not known. */
    uint32_t  is_timed;    /* last_time is set. */
    uint32_t  unbroken;    /* Samples since the last gap. */
    float     envelope;
    float     width; /* From what is expected to a surprise of 3. */
    double    errors[2]; /* Usual distance from what this, and what the other, expects. */
    uint32_t  compared;
    uint32_t  unused;
} ShapeWatch; /* All zero is the empty state. */

/* `always` is what detect/series.h says of the same sample: it is joined to the surprise, and what
 * it expects stays unless the shape is odder.  NULL: the shape alone. */
void shape_watch_put(ShapeWatch *watch, odd_time time, double value, const Judgement *always,
                     Judgement *ret_judgement);
void shape_watch_score(const ShapeWatch *watch, odd_time time, double value,
                       const Judgement *always, Judgement *ret_judgement);
void shape_watch_learn(ShapeWatch *watch, odd_time time, double value, const Judgement *always);

/* What the shape expects is so much nearer that it is trusted wholly. */
bool shape_watch_is_clear(const ShapeWatch *watch);

#endif
