/* SPDX-License-Identifier: Apache-2.0
 *
 * band.h - what a series was expected to be, rounded so that it costs next to nothing to keep.
 *
 * A band stays as it is as long as the judgement's own is within an eighth of its width; then it
 * becomes that one, rounded to a thirty-second.  Values that repeat are what files pack well.
 *
 * SHAPE      Flat, 32 bytes.
 * UNITS      Those of the judgement.
 * EXACTNESS  Once written beside a sample it never changes.
 */
#ifndef DETECT_BAND_H
#define DETECT_BAND_H
#include "detect/detector.h"

typedef struct {
    double   expected, lower, upper; /* NaN: not known. */
    uint64_t is_known;
} Band; /* All zero: nothing is known. */

void band_follow(Band *band, const Judgement *judgement);

/* Below 1 it is everyday, and 0; else to an eighth, and 30 at most. */
double band_surprise(double surprise);

#endif
