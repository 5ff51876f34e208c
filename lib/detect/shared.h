/* SPDX-License-Identifier: Apache-2.0
 *
 * shared.h - what several detectors need: the alarm's envelope, the crowd of recent news.
 *
 * UNITS      Surprise, as everywhere; shares are 0 to 1.
 */
#ifndef DETECT_SHARED_H
#define DETECT_SHARED_H
#include <math.h>

#include "detect/detector.h"

#define DETECT_RECENT_SPAN 256
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

/* The chance of one more new thing while new things crowd: from eight in the last 256 on it is their
 * share, below it falls with the square, for one or two are no crowd yet. */
static inline double detect_crowd(double recent)
{
    double square = recent * recent * (DETECT_RECENT_SPAN / 8);
    return square < recent ? square : recent;
}

#endif
