/* SPDX-License-Identifier: Apache-2.0
 *
 * judge.h - a tale against the truth: which faults were found, how soon, in how many incidents, and
 * whether the first suspect is right.
 *
 * A finding is of a fault if it was told while that was or soon behind it, and is of its place or
 * of a service that depends on it.  An incident is of the fault that most of its findings are of.
 * What is of none is false.  A fault is found if a finding of it was told before it ended.  How
 * often that comes by chance is told by the other days: false findings of the same places at the
 * same time.
 *
 * Beside it: incidents by time alone (each finding within five minutes of the one before), and the
 * first finding as the suspect.
 */
#ifndef SIM_JUDGE_H
#define SIM_JUDGE_H
#include "stage.h"

typedef struct {
    int  incidents, findings; /* Findings of those incidents. */
    int  right;               /* Of them, whose first suspect is; ... */
    int  named;               /* ... or whose sentence names it; ... */
    int  right_by_time;       /* ... and whose first finding is.     */
} Share;

typedef struct {
    FaultSort sort;
    bool      is_found;
    int       chances, found_by_chance; /* Days, and those of them with such a finding. */
    int       minutes; /* Until it was told, if it is found. */
    Share     ours, by_time;
} FaultJudged;

typedef struct {
    FaultJudged faults[FAULT_COUNT];
    int         false_incidents, false_by_time;
    int         early_incidents; /* Of the false ones, those of the calm days at the beginning. */
    int         mixed, mixed_by_time; /* Incidents of two faults, or of one and of none. */
    int         findings, false_findings;
} Judged;

Judged judge(const Play *play, const Tale *tale);

/* The fault that a finding is of; NULL: none. */
const Fault *judge_finding(const Play *play, const Told *told);
/* The fault that an incident is of. */
const Fault *judge_incident(const Play *play, const Tale *tale, const ToldIncident *incident);
bool judge_suspect(const Play *play, const Tale *tale, const Fault *fault, const char *cause);

#endif
