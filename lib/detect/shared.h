/* SPDX-License-Identifier: Apache-2.0
 *
 * shared.h - what several detectors need: an empty judgement, the alarm's envelope, and what
 * evidence in units of its own is worth as a surprise.
 *
 * UNITS      Surprise, as everywhere.
 */
#ifndef DETECT_SHARED_H
#define DETECT_SHARED_H
#include <math.h>

#include "detect/detector.h"

#define DETECT_ENVELOPE_DECAY (1.0 / 64)
#define DETECT_RECORD 1.1
#define DETECT_EVIDENCE_ODD 4.0 /* Of clean samples, 2 in 10,000 begin so odd: an alarm of 3. */
#define DETECT_ALARM_ODD 3.0
#define DETECT_ALARM_SLOPE 0.4  /* Beyond it, decades a unit of evidence. */

static inline Judgement detect_no_judgement(void)
{
    return (Judgement){.expected = NAN, .lower = NAN, .upper = NAN, .reason = ""};
}

/* Alarm is evidence minus a decaying envelope of the evidence before: a long episode rings once.
 * An envelope below 1 is the everyday noise, and takes nothing away. */
static inline double detect_alarm(double surprise, double envelope)
{
    double before = envelope > 1 ? envelope - 1 : 0;
    return surprise > before ? surprise - before : 0;
}

static inline double detect_envelope(double surprise, double envelope)
{
    double faded = envelope - envelope * DETECT_ENVELOPE_DECAY;
    return surprise > faded ? surprise : faded;
}

/* The other kind of alarm: above what is left of all evidence before it by a factor. */
static inline int detect_is_record(double evidence, double envelope)
{
    return evidence > envelope * DETECT_RECORD;
}

/* What small chances of several looks add up to, in the unit of an alarm: as rare as that, or
 * rarer, on clean series; and back. */
static inline double detect_alarm_of(double evidence)
{
    if (evidence <= DETECT_EVIDENCE_ODD)
        return evidence * (DETECT_ALARM_ODD / DETECT_EVIDENCE_ODD);
    return DETECT_ALARM_ODD + DETECT_ALARM_SLOPE * (evidence - DETECT_EVIDENCE_ODD);
}

static inline double detect_evidence_of(double alarm)
{
    if (alarm <= DETECT_ALARM_ODD)
        return alarm * (DETECT_EVIDENCE_ODD / DETECT_ALARM_ODD);
    return DETECT_EVIDENCE_ODD + (alarm - DETECT_ALARM_ODD) / DETECT_ALARM_SLOPE;
}

#endif
