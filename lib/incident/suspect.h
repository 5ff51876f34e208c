/* SPDX-License-Identifier: Apache-2.0
 *
 * suspect.h - of the findings and changes of one incident: which is the cause, which fails, and
 * what users feel of it.
 *
 * ALGORITHM  Each gets points: for how far it is from usual (in surprise and in deviations, each
 *            with diminishing returns), for being among the first, for being new, for being named
 *            by others.  A change has more than all findings of its own place that follow it.
 *            Onsets that are SUSPECT_DELAY_NS apart are at once: a detector of one sort takes so
 *            much longer than another.  What users feel is ranked behind all others.
 * SOURCE     Distance in units of median and IQR and a tolerance of 60 s for the onset: Pham et
 *            al., "BARO: Robust Root Cause Analysis for Microservices", FSE 2024.
 * EXACTNESS  Equals keep the order in which they are given.
 */
#ifndef INCIDENT_SUSPECT_H
#define INCIDENT_SUSPECT_H
#include <oddball.h>

#include "incident/nature.h"

#define SUSPECT_DELAY_NS (60 * INT64_C(1000000000))

typedef enum { ROLE_CAUSE = 0, ROLE_FAILURE, ROLE_IMPACT, ROLE_CHANGE, ROLE_COUNT } Role;

typedef struct {
    odd_time onset;
    double   surprise;
    double   deviations; /* From usual, or times as much; NaN: unknown. */
    Nature   nature;
    bool     is_new;     /* Nothing like it was seen before.          */
    bool     is_hint;    /* Odd, but not so odd that it would be told. */
    unsigned named_by;   /* So many of the others name it ...         */
    unsigned names;      /* ... and so many of them it names.         */
    int      change;     /* The number, among them, of a change of its own place just before it;
                            -1: none. */
    bool     is_seen;    /* A change that nobody sent.               */
    double   points;     /* Out. */
} Suspect;

/* Points for each, and in `order` their numbers, the first suspect first. */
void suspects_rank(Suspect *suspects, size_t count, size_t *order);

/* rank: place in that order, from 0. */
Role suspect_role(const Suspect *suspect, size_t rank);

const char *role_word(Role role);

#endif
