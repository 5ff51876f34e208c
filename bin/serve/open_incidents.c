/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/open_incidents.h"

#include <stdio.h>
#include <string.h>

static OpenIncident *find(OpenIncidents *incidents, const char *id)
{
    for (int i = 0; i < incidents->count; i++)
        if (strcmp(incidents->incidents[i].id, id) == 0)
            return &incidents->incidents[i];
    return NULL;
}

static void end(OpenIncidents *incidents, OpenIncident *incident)
{
    incidents->over = *incident;
    *incident = incidents->incidents[--incidents->count];
}

/* Where there is no room, that of the one that nothing was heard of for longest. */
static OpenIncident *add(OpenIncidents *incidents)
{
    if (incidents->count == OPEN_INCIDENTS_MAX) {
        OpenIncident *oldest = incidents->incidents;
        for (int i = 1; i < incidents->count; i++)
            if (incidents->incidents[i].heard < oldest->heard)
                oldest = &incidents->incidents[i];
        *oldest = incidents->incidents[--incidents->count];
    }
    return &incidents->incidents[incidents->count++];
}

static OpenIncident *begin(OpenIncident *incident, const FindingNews *finding)
{
    *incident = (OpenIncident){.time = finding->time, .surprise = -1};
    snprintf(incident->id, sizeof incident->id, "%s", finding->incident);
    snprintf(incident->source, sizeof incident->source, "%s", finding->source);
    return incident;
}

static void finding_add(OpenIncident *incident, const char *id)
{
    for (int i = 0; i < incident->open_count; i++)
        if (strcmp(incident->open[i], id) == 0)
            return;
    incident->findings++;
    if (incident->open_count < OPEN_FINDINGS_MAX)
        snprintf(incident->open[incident->open_count++], INCIDENT_ID_SIZE, "%s", id);
}

static void finding_remove(OpenIncident *incident, const char *id)
{
    for (int i = 0; i < incident->open_count; i++)
        if (strcmp(incident->open[i], id) == 0) {
            memcpy(incident->open[i], incident->open[--incident->open_count], INCIDENT_ID_SIZE);
            return;
        }
}

static void follow(OpenIncident *incident, const FindingNews *finding)
{
    if (finding->last_time > incident->last_time)
        incident->last_time = finding->last_time;
    bool has_title = finding->title != NULL && finding->title[0] != '\0';
    if (has_title)
        snprintf(incident->sentence, sizeof incident->sentence, "%s", finding->title);
    if (finding->surprise <= incident->surprise)
        return;
    incident->surprise = finding->surprise;
    if (!has_title)
        snprintf(incident->sentence, sizeof incident->sentence, "%s", finding->sentence);
}

static IncidentNews ends(OpenIncidents *incidents, OpenIncident *incident,
                         const FindingNews *finding, const OpenIncident **ret_incident)
{
    *ret_incident = &incidents->over;
    if (incident == NULL) {
        follow(begin(&incidents->over, finding), finding);
        return INCIDENT_OVER_UNSEEN;
    }
    follow(incident, finding);
    finding_remove(incident, finding->id);
    if (incident->open_count > 0)
        return INCIDENT_AS_BEFORE;
    end(incidents, incident);
    return INCIDENT_OVER;
}

static bool has_open(const OpenIncident *incident, const char *id)
{
    for (int i = 0; i < incident->open_count; i++)
        if (strcmp(incident->open[i], id) == 0)
            return true;
    return false;
}

IncidentNews open_incidents_leave(OpenIncidents *incidents, const FindingNews *finding,
                                  const OpenIncident **ret_incident)
{
    for (int i = 0; i < incidents->count; i++) {
        OpenIncident *incident = &incidents->incidents[i];
        if (strcmp(incident->id, finding->incident) == 0 || !has_open(incident, finding->id))
            continue;
        finding_remove(incident, finding->id);
        if (incident->open_count > 0)
            return INCIDENT_AS_BEFORE;
        end(incidents, incident);
        *ret_incident = &incidents->over;
        return INCIDENT_OVER;
    }
    return INCIDENT_AS_BEFORE;
}

IncidentNews open_incidents_hear(OpenIncidents *incidents, const FindingNews *finding,
                                 const OpenIncident **ret_incident)
{
    OpenIncident *incident = find(incidents, finding->incident);
    if (finding->is_over)
        return ends(incidents, incident, finding, ret_incident);
    bool began = incident == NULL;
    if (began)
        incident = begin(add(incidents), finding);
    incident->heard = ++incidents->turn;
    finding_add(incident, finding->id);
    follow(incident, finding);
    if (!began && incident->surprise < incident->told_surprise + WORSE_BY)
        return INCIDENT_AS_BEFORE;
    incident->told_surprise = incident->surprise;
    *ret_incident = incident;
    return began ? INCIDENT_BEGAN : INCIDENT_WORSE;
}
