/* SPDX-License-Identifier: Apache-2.0
 *
 * shared.h - what several detectors need: an empty judgement, and the alarm's envelope.
 *
 * UNITS      Surprise, as everywhere.
 */
#ifndef DETECT_SHARED_H
#define DETECT_SHARED_H
#include <math.h>

#include "detect/detector.h"

#define DETECT_ENVELOPE_DECAY (1.0 / 64)

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

#endif
