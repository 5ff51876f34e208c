/* SPDX-License-Identifier: Apache-2.0
 *
 * open_incidents.h - from findings that come and go, what of it is news of an incident: people want
 * one message when it begins, not one for each finding.
 *
 * An incident is over when all of its findings are.  It gets worse when one is odder, by WORSE_BY,
 * than any was when it was told last.
 *
 * SHAPE      OPEN_INCIDENTS_MAX incidents of OPEN_FINDINGS_MAX open findings each.  Beyond that the
 *            incident that was heard of longest ago is forgotten, and further findings of one are
 *            not waited for.
 * OWNERSHIP  Texts are copied; pointers live until the next call.
 */
#ifndef SERVE_OPEN_INCIDENTS_H
#define SERVE_OPEN_INCIDENTS_H
#include <oddball.h>
#include <stdbool.h>

#define OPEN_INCIDENTS_MAX 64
#define OPEN_FINDINGS_MAX 32
#define INCIDENT_ID_SIZE 24
#define INCIDENT_SENTENCE_SIZE 1024
#define INCIDENT_SOURCE_SIZE 264
#define WORSE_BY 1.0

typedef struct {
    char     id[INCIDENT_ID_SIZE];
    char     source[INCIDENT_SOURCE_SIZE];     /* Of its first finding. */
    char     sentence[INCIDENT_SENTENCE_SIZE]; /* What it is called; until that is known, of its
                                                  oddest finding.       */
    double   surprise, told_surprise;          /* Of the oddest; as it was told.  */
    odd_time time, last_time;
    uint64_t findings;                         /* In all. */
    char     open[OPEN_FINDINGS_MAX][INCIDENT_ID_SIZE];
    int      open_count;
    uint64_t heard; /* Turn in which it was heard of last. */
} OpenIncident;

typedef struct {
    OpenIncident incidents[OPEN_INCIDENTS_MAX];
    int          count;
    uint64_t     turn;
    OpenIncident over; /* The last one that ended. */
} OpenIncidents; /* All zero is empty. */

typedef struct {
    const char *id, *incident, *source, *sentence;
    const char *title; /* What its incident is called; "": not known. */
    odd_time    time, last_time;
    double      surprise;
    bool        is_over; /* Resolved, or not to be shown. */
} FindingNews;

typedef enum {
    INCIDENT_AS_BEFORE,
    INCIDENT_BEGAN,
    INCIDENT_WORSE,
    INCIDENT_OVER,
    INCIDENT_OVER_UNSEEN /* It began before a restart, or was forgotten: a finding of it is over. */
} IncidentNews;

/* Before it is heard: a finding that is of another incident now leaves the one that it was of.
 * That is over if it was the last one; else all is as before. */
IncidentNews open_incidents_leave(OpenIncidents *incidents, const FindingNews *finding,
                                  const OpenIncident **ret_incident);

/* ret_incident is set unless all is as before. */
IncidentNews open_incidents_hear(OpenIncidents *incidents, const FindingNews *finding,
                                 const OpenIncident **ret_incident);

#endif
