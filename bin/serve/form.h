/* SPDX-License-Identifier: Apache-2.0
 *
 * form.h - how one kind of receiver wants to be told of an incident: each in a file of its own.
 *
 * Log lines come from anywhere: each form escapes what its receiver would take for more than text.
 */
#ifndef SERVE_FORM_H
#define SERVE_FORM_H
#include "http/http.h"
#include "serve/open_incidents.h"

typedef struct {
    const OpenIncident *incident;
    IncidentNews        news;
    const char         *key; /* What the receiver knows the sender by; "": it needs none. */
    const char         *mail_from, *mail_to; /* Of mail: addresses, with commas between them. */
    odd_time            now;
} Message;

typedef struct {
    const char *url;       /* What is told goes there by itself; NULL: the address is given. */
    bool        is_mail;   /* Beside the address there are who sends it and who is sent it.   */
    const char *path;      /* Behind the address that is given. */
    double      again_s;   /* An open incident is told again so often; 0: it is not. */
    bool        wants_all; /* Its getting worse too. */
    void      (*write)(const Message *message, HttpResponse *body);
} Form;

extern const Form form_alertmanager, form_mail, form_pagerduty, form_slack, form_teams;

/* A line of text, the same in all of them: "odd on web: `x` is new ...". */
#define FORM_LINE_SIZE (INCIDENT_SENTENCE_SIZE + INCIDENT_SOURCE_SIZE + 64)
void form_line(const Message *message, char line[FORM_LINE_SIZE]);

#endif
