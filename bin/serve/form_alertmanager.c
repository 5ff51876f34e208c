/* SPDX-License-Identifier: Apache-2.0
 *
 * form_alertmanager.c - Prometheus' Alertmanager, POST /api/v2/alerts.
 *
 * It knows an alert by its labels, so these never change, and forgets what is not told again: an
 * alert is firing as long as it is, and resolved once it ends in the past. */
#include "api/incident_alert.h"
#include "serve/form.h"

static void write_alert(const Message *message, HttpResponse *body)
{
    const OpenIncident *incident = message->incident;
    Put put = {.response = body};
    put_open(&put, '[');
    put_open(&put, '{');
    incident_alert_labels_put(&put, incident->id, incident->source);
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
