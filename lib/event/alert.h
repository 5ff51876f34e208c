/* SPDX-License-Identifier: Apache-2.0
 *
 * alert.h - an alert that a rule of somebody's fired, as Prometheus or an Alertmanager sends it.
 *
 *     [{"labels":{"alertname":"HighLatency","instance":"web-1"},"annotations":{"summary":"slow"},
 *       "startsAt":"2026-11-27T10:00:00Z","endsAt":"2026-11-27T10:04:00Z"}]
 *
 * or an object whose "alerts" are such ones and have a "status" each: what an Alertmanager posts to
 * a webhook.  An alert is resolved if it says so, or if its end is over.  Ours, which an
 * Alertmanager hands on, are refused (ALERT_OWN_NAME and the label "incident").
 *
 * SHAPE      An Alert is flat; its texts are terminated and cut, unused bytes are zero.
 * EXACTNESS  The labels that find no room in `series` are left out, the longest first.
 */
#ifndef EVENT_ALERT_H
#define EVENT_ALERT_H
#include <oddball.h>
#include <stdbool.h>

#include "base/str.h"

#define ALERT_SERIES_SIZE 1024
#define ALERT_TEXT_SIZE 400
#define ALERT_OWN_NAME "Odd" /* As bin/serve/form_alertmanager.c names those of incidents. */

typedef struct {
    odd_time starts, ends; /* ODD_TIME_NONE: it says none. */
    bool     is_resolved;
    char     series[ALERT_SERIES_SIZE]; /* Its name and its labels, as series.h writes them. */
    char     summary[ALERT_TEXT_SIZE];
} Alert;

/* text: of an event, which the codec wrote.  False: it is none. */
bool alert_read(Str text, Alert *ret);

#endif
