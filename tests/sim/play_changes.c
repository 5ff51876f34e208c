/* SPDX-License-Identifier: Apache-2.0
 *
 * play_changes.c - the changes that somebody sends, as a pipeline of deploys does. */
#include <stdio.h>

#include "play.h"

odd_rc play_changes(Play *play, odd_events *events)
{
    char json[256];
    for (int i = 0; i < play->start_count; i++) {
        const Start *start = &play->starts[i];
        if (start->minute != play->minute || !start->is_sent)
            continue;
        const Service *service = &company_services[start->service];
        snprintf(json, sizeof json,
                 "{\"what\":\"%s\",\"service\":\"%s\",\"version\":\"%s.%d\",\"author\":\"ci\"%s}",
                 start->sort == START_ROLLBACK ? "rollback" : "deploy", service->name,
                 service->version, start->build,
                 start->sort == START_SCHEMA ? ",\"title\":\"new schema of features\"" : "");
        odd_rc rc = odd_events_change(events, "ci", play_time(play, start->minute), json);
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}
