/* SPDX-License-Identifier: Apache-2.0
 *
 * spell.h - a stretch of odd samples of one series, so that it is told once.
 *
 * A spell begins with an alarm, goes on as long as odd samples follow each other closely, and has
 * ended once as many usual ones have come as it may contain in a row.  The echo of odd values in
 * the shape of what follows is none of it.
 *
 * SHAPE      A flat value; O(1) a sample.
 * UNITS      Surprise, as everywhere; not corrected for how often one looks.
 * EXACTNESS  Depends on the samples and their judgements, in their order.
 */
#ifndef DETECT_SPELL_H
#define DETECT_SPELL_H
#include <stdbool.h>

#include "detect/detector.h"
#include "event/spot.h"

#define SPELL_ALARM 3.0     /* Begins one.         */
#define SPELL_SURPRISE 2.0  /* Goes on with it.    */
#define SPELL_QUIET_MAX 8   /* Usual samples in a row, within one. */

typedef struct {
    Spot        first, last;           /* Of its odd samples. */
    uint64_t    moment;                /* When it began, as the caller counts. */
    uint64_t    samples;               /* From the first to the last of them. */
    double      surprise;              /* Of the oddest sample, ... */
    odd_time    oddest;                /* ... whose time this is, ... */
    double      seen, expected, lower, upper; /* ... which these are of. */
    const char *reason;                /* Of the oddest. */
    uint32_t    quiet;                 /* Samples since `last`. */
    bool        is_open;
} Spell; /* All zero: none is open. */

/* One sample, judged.  True: a spell has ended, and *ret is it. */
bool spell_feed(Spell *spell, Spot spot, uint64_t moment, double value, const Judgement *judgement,
                Spell *ret);

#endif
