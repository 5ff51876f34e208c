/* SPDX-License-Identifier: Apache-2.0
 *
 * incident_alert.h - an incident as Alertmanager knows it: by its labels, which never change.
 *
 * Those that it is told (serve/form_alertmanager.c) and those that this server lists itself
 * (alertmanager.c) are the same alert to whoever sees both.
 */
#ifndef API_INCIDENT_ALERT_H
#define API_INCIDENT_ALERT_H
#include "api/put.h"

#define INCIDENT_ALERT_LABELS 4

/* source: of its first finding; "": it has none.  Gives how many there are. */
size_t incident_alert_labels(const char *id, const char *source,
                             const char *names[INCIDENT_ALERT_LABELS],
                             const char *values[INCIDENT_ALERT_LABELS]);

/* "labels":{...} into the object that is open. */
void incident_alert_labels_put(Put *put, const char *id, const char *source);

#endif
