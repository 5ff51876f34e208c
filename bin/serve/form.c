/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/form.h"

#include <stdio.h>

void form_line(const Message *message, char line[FORM_LINE_SIZE])
{
    const OpenIncident *incident = message->incident;
    const char *what = message->news == INCIDENT_OVER  ? "over"
                       : message->news == INCIDENT_WORSE ? "worse"
                                                         : "odd";
    snprintf(line, FORM_LINE_SIZE, "%s%s%s: %s", what, incident->source[0] != '\0' ? " on " : "",
             incident->source, incident->sentence);
}
