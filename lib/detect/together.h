/* SPDX-License-Identifier: Apache-2.0
 *
 * together.h - the series of one machine at one moment: are more of them odd than usual?
 *
 * Of each series only the surprise of its own detector is taken, from 1 on and to 5.  What they add
 * up to, over some four moments, is compared with what such a sum was before, and ranked among its
 * own past: series of one machine depend on each other, so no formula says how rare a sum is.
 * Nothing is kept of the single series.
 *
 * ALGORITHM  The truncated product of chances (D. Zaykin et al., Genetic Epidemiology 22, 2002), by
 *            its logarithm, each term clipped (P. Huber, 1964); ranked among its own past
 *            (stats/ranks.h), where past moments as odd count themselves.
 * ODD MEANS  Many series of one machine are a little odd at the same moment.
 * SHAPE      Flat, under 150 bytes for all series; O(1) a series.  Sums are whole numbers, so they
 *            are the same in any order, and moments are put together from parts.
 * UNITS      Surprise.
 * ERRORS     Fewer than TOGETHER_SERIES_MIN series have no judgement; nor has what was not seen for
 *            TOGETHER_COUNT_MIN moments.
 * BLIND TO   What happens to all the same every so often; one series alone, however odd it is.
 */
#ifndef DETECT_TOGETHER_H
#define DETECT_TOGETHER_H
#include "detect/detector.h"
#include "stats/ranks.h"

#define TOGETHER_SERIES_MIN 10
#define TOGETHER_ODD_MIN 4 /* So many series are to be odd at least. */
#define TOGETHER_COUNT_MIN 1000
#define TOGETHER_ODD_SURPRISE 1.0 /* From here on a series counts. */

typedef struct {
    int64_t  excess; /* Sum, in 2^-20. */
    uint32_t series; /* All that were judged. */
    uint32_t odd;    /* Of them, that count. */
} TogetherMoment;    /* All zero: nothing was added. */

typedef struct {
    uint32_t count; /* Moments. */
    float    level;    /* Of the excess of a series. */
    float    recent;   /* Distance of sums from it, over the root of how many series there are, of
                          the last four moments or so. */
    float    spread;   /* Mean size of that. */
    float    share;    /* Of series that are odd. */
    float    envelope; /* Of the evidence before. */
    Ranks    ranks;
} Together; /* All zero is the empty state. */

void together_add(TogetherMoment *moment, double surprise); /* One series. */
void together_join(TogetherMoment *moment, const TogetherMoment *part);
/* Judges, then learns.  expected: how many series would be odd. */
void together_put(Together *together, const TogetherMoment *moment, Judgement *ret_judgement);

#endif
