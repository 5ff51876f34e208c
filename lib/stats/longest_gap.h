/* SPDX-License-Identifier: Apache-2.0
 *
 * longest_gap.h - the longest pause between events, against all the others.
 *
 * Only of what comes regularly, such as a heartbeat, is a pause odd; of what comes in bursts the
 * counts tell more (stats/episode.h).  The longest gap is held back from the past that it is
 * compared with, so that it does not vouch for itself.
 *
 * ALGORITHM  Tail of the other gaps (stats/tail.h), corrected for the number of gaps (Bonferroni);
 *            regular is what never else paused for LONGEST_GAP_REGULAR_MAX times the mean gap.  Of
 *            events at random about n exp(-3) of n gaps would.
 * SHAPE      Flat, about 180 bytes; O(1) a gap.
 * UNITS      Gaps in any unit, but always the same.
 * ERRORS     Negative gaps and NaN are passed over.
 */
#ifndef STATS_LONGEST_GAP_H
#define STATS_LONGEST_GAP_H
#include <stdbool.h>
#include <stdint.h>

#include "stats/tail.h"

#define LONGEST_GAP_COUNT_MIN 16 /* Gaps, before the longest one says anything. */
#define LONGEST_GAP_REGULAR_MAX 3.0

typedef struct {
    Tail     others;
    double   longest, second; /* The two longest.                        */
    double   sum;             /* Of all gaps, the longest among them.    */
    uint32_t count;           /* All.                                    */
} LongestGap;              /* All zero is the empty state. */

bool   longest_gap_learn(LongestGap *gaps, double gap); /* True: it is the longest so far. */

/* span: of the whole log.  If the other gaps fill less than half of it, the events are but a phase,
 * and its end is no pause: 0. */
double longest_gap_surprise(const LongestGap *gaps, double span);

/* How many events a gap as long as the longest usually holds. */
double longest_gap_expected(const LongestGap *gaps);

#endif
