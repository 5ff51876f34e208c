/* SPDX-License-Identifier: Apache-2.0
 *
 * form_alertmanager.c - Prometheus' Alertmanager, POST /api/v2/alerts.
 *
 * It knows an alert by its labels, so these never change, and forgets what is not told again: an
 * alert is firing as long as it is, and resolved once it ends in the past. */
#include "api/put.h"
#include "serve/form.h"

static void labels(Put *put, const OpenIncident *incident)
{
    put_name(put, "labels");
    put_open(put, '{');
    put_named(put, "alertname", "Odd");
    put_named(put, "incident", incident->id);
    put_named(put, "severity", "warning");
    if (incident->source[0] != '\0')
        put_named(put, "source", incident->source);
    put_close(put, '}');
}

static void write_alert(const Message *message, HttpResponse *body)
{
    const OpenIncident *incident = message->incident;
    Put put = {.response = body};
    put_open(&put, '[');
    put_open(&put, '{');
    labels(&put, incident);
    put_name(&put, "annotations");
    put_open(&put, '{');
    put_named(&put, "summary", incident->sentence);
    put_close(&put, '}');
    put_name(&put, "startsAt");
    put_time(&put, incident->time);
    if (message->news == INCIDENT_OVER) {
        put_name(&put, "endsAt");
        put_time(&put, incident->last_time);
    }
    put_close(&put, '}');
    put_close(&put, ']');
}

const Form form_alertmanager = {
    .path = "/api/v2/alerts", .again_s = 60, .wants_all = true, .write = write_alert};
