/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_file.h"

#include "cli/complain.h"
#include "input/clock.h"
#include "settings/rules.h"

odd_events *rules_file_open(const Options *options, const char *path)
{
    char problem[RULES_PROBLEM_SIZE];
    odd_events *events;
    odd_time now = clock_now();
    if (odd_events_open(NULL, now, &events) != ODD_OK) {
        complain("no memory for the rules");
        return NULL;
    }
    if (rules_read_file(path, now, options->zone_s, events, problem))
        return events;
    complain("%s", problem);
    odd_events_close(events);
    return NULL;
}
