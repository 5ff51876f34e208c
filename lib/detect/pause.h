/* SPDX-License-Identifier: Apache-2.0
 *
 * pause.h - what comes regularly is missed as soon as its pause is longer than any that it made.
 *
 * ODD MEANS  A heartbeat has stopped, a sender sends no more.
 * ALGORITHM  The gaps' own past (interval.h).  A pause is looked at from three mean gaps on, and
 *            then each time that it is a quarter longer: at every tick would be too often.  When it
 *            comes more slowly than as a rule (at night), a pause counts for as much less.
 * PARAMS     None.
 * BLIND TO   What came for less than ten minutes.  A pause longer than an eighth of the whole past:
 *            that is a phase that is over.
 * SHAPE      Flat, O(1) a call but when a pause is looked at.
 * UNITS      expected: how many would have come in the pause; upper: the pause, in seconds, that 1
 *            in 1000 passes.
 * ERRORS     A time before the last one makes no gap, neither then nor on the way forward again.
 */
#ifndef DETECT_PAUSE_H
#define DETECT_PAUSE_H
#include <stdbool.h>

#include "detect/interval.h"

typedef struct {
    Interval interval;
    odd_time first_time;
    odd_time check_after; /* A pause that lasts so long is looked at. */
    uint32_t silent;      /* The pause that goes on has been told.    */
    uint32_t unused;
} Pause; /* All zero is the empty state. */

void pause_event(Pause *pause, odd_time time);

/* It came no more by `time`.  True, once in a pause: that is odd, by at least `least`.  pace: events a
 * second at this time of the day, as far as anybody knows; 0 or less: nobody does. */
bool pause_judge(Pause *pause, odd_time time, double pace, double least,
                 Judgement *ret_judgement);

/* Nobody looked until `time`: whatever came then is not known. */
void pause_begin_anew(Pause *pause, odd_time time);
void pause_merge(Pause *pause, const Pause *other);

#endif
