/* SPDX-License-Identifier: Apache-2.0
 *
 * form_pagerduty.c - PagerDuty, Events API v2: what triggers an incident and what resolves it have
 * one key. */
#include <string.h>

#include "api/put.h"
#include "serve/form.h"

#define SUMMARY_BYTES_MAX 1000 /* It takes 1,024 characters. */

static const char *severity(double surprise)
{
    return surprise >= 6 ? "critical" : surprise >= 4 ? "error" : "warning";
}

/* Not in the middle of a character. */
static size_t cut(const char *text, size_t most)
{
    size_t size = strlen(text);
    if (size <= most)
        return size;
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return most;
}

static void payload(Put *put, const Message *message)
{
    const OpenIncident *incident = message->incident;
    put_name(put, "payload");
    put_open(put, '{');
    put_name(put, "summary");
    put_text(put, incident->sentence, cut(incident->sentence, SUMMARY_BYTES_MAX));
    put_named(put, "source", incident->source[0] != '\0' ? incident->source : "oddball");
    put_named(put, "severity", severity(incident->surprise));
    put_name(put, "timestamp");
    put_time(put, incident->time);
    put_name(put, "custom_details");
    put_open(put, '{');
    put_name(put, "surprise");
    put_real(put, incident->surprise);
    put_name(put, "findings");
    put_count(put, incident->findings);
    put_close(put, '}');
    put_close(put, '}');
}

static void write_event(const Message *message, HttpResponse *body)
{
    Put put = {.response = body};
    put_open(&put, '{');
    put_named(&put, "routing_key", message->key);
    put_named(&put, "event_action", message->news == INCIDENT_OVER ? "resolve" : "trigger");
    put_named(&put, "dedup_key", message->incident->id);
    put_named(&put, "client", "oddball");
    payload(&put, message);
    put_close(&put, '}');
}

const Form form_pagerduty = {.url = "https://events.pagerduty.com/v2/enqueue",
                             .path = "",
                             .wants_all = true,
                             .write = write_event};
