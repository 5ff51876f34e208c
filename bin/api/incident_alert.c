/* SPDX-License-Identifier: Apache-2.0 */
#include "api/incident_alert.h"

size_t incident_alert_labels(const char *id, const char *source,
                             const char *names[INCIDENT_ALERT_LABELS],
                             const char *values[INCIDENT_ALERT_LABELS])
{
    names[0] = "alertname";
    values[0] = "Odd";
    names[1] = "incident";
    values[1] = id;
    names[2] = "severity";
    values[2] = "warning";
    names[3] = "source";
    values[3] = source;
    return source[0] != '\0' ? 4 : 3;
}

void incident_alert_labels_put(Put *put, const char *id, const char *source)
{
    const char *names[INCIDENT_ALERT_LABELS], *values[INCIDENT_ALERT_LABELS];
    size_t count = incident_alert_labels(id, source, names, values);
    put_name(put, "labels");
    put_open(put, '{');
    for (size_t i = 0; i < count; i++)
        put_named(put, names[i], values[i]);
    put_close(put, '}');
}
