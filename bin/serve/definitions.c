/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/definitions.h"

#include "input/clock.h"
#include "settings/features.h"

#define NS_PER_DAY 86400e9

static bool give(Intake *intake, FeatureFiles *files, int64_t retention_ns)
{
    odd_events *events;
    if (odd_events_open(NULL, clock_now(), &events) != ODD_OK)
        return false;
    if (!feature_files_events(files, retention_ns, events)) {
        odd_events_close(events);
        return false;
    }
    return intake_wait(intake, events).status == INTAKE_STORED;
}

/* A folder that is not there says nothing; but where there were definitions, it says that there are
 * none any more. */
bool definitions_give(Intake *intake, Live *live, const Settings *settings, DefinitionsSay say,
                      void *context)
{
    FeatureFiles files;
    char folder[FEATURE_FOLDER_SIZE];
    if (!feature_files_open(&files, say, context))
        return false;
    bool is_there = feature_files_read_folder(&files, feature_files_folder(settings, folder));
    bool good = !files.is_wrong;
    if (good && (is_there || live_feature_counts(live).features > 0))
        good = give(intake, &files, (int64_t)(settings->retention_days * NS_PER_DAY));
    if (!good)
        say(context, "the features stay as they were");
    feature_files_close(&files);
    return good;
}
