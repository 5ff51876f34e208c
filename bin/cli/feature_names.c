/* SPDX-License-Identifier: Apache-2.0
 *
 * feature_names.c - names of the features that are defined. */
#include "cli/feature_names.h"

#include <stdio.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/house.h"
#include "cli/saying.h"
#include "input/clock.h"
#include "settings/features.h"

static void tell(void *context, const char *sentence)
{
    (void)context; /* It is said at once. */
    complain("%s", sentence);
}

/* A folder that is not there has none. */
static bool read_folder(FeatureNames *names, const Settings *settings, odd_events *events)
{
    char folder[HOUSE_PATH_SIZE], problem[200];
    FeatureFiles files;
    if (settings->feature_folder[0] != '\0')
        snprintf(folder, sizeof folder, "%s", settings->feature_folder);
    else
        snprintf(folder, sizeof folder, "%s/features", settings->data);
    bool good = feature_files_open(&files, tell, NULL);
    if (good && feature_files_read_folder(&files, folder) && files.count > 0) {
        good = feature_files_events(&files, 0, events);
        names->root = good ? json_tree_read(files.json, files.size, problem, sizeof problem) : NULL;
    }
    feature_files_close(&files);
    return good;
}

bool feature_names_open(FeatureNames *names, const Options *options)
{
    House house = {0};
    char problem[SETTINGS_PROBLEM_SIZE];
    odd_events *events = NULL;
    *names = (FeatureNames){0};
    bool good = settings_load(&house.settings, options->settings, options->setting_count, problem);
    if (!good)
        complain("%s", problem);
    good = good && odd_events_open(NULL, clock_now(), &events) == ODD_OK &&
           read_folder(names, &house.settings, events);
    odd_events_close(events);
    house_close(&house);
    return good;
}

void feature_names_close(FeatureNames *names)
{
    json_tree_free(names->root);
    names->root = NULL;
}

int feature_names_has(void *context, const char *name)
{
    const FeatureNames *names = context;
    const JsonTree *list = json_tree_member(names->root, "features");
    for (size_t i = 0; i < json_tree_count(list); i++)
        if (strcmp(tree_text(json_tree_item(list, i), "name"), name) == 0)
            return 1;
    return 0;
}
