/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/change_words.h"

#include <stddef.h>

#include "base/ascii.h"
#include "event/series.h"

#define WORDS_MAX 2

/* All words of one entry stand in the text, each from the beginning of a word on. */
static const struct {
    const char *words[WORDS_MAX];
    const char *what;
} says[] = {
    {{"deployed"}, "deploy"},           {{"deploying"}, "deploy"},
    {{"rolled out"}, "deploy"},         {{"rollout"}, "deploy"},
    {{"new version"}, "deploy"},        {{"upgraded"}, "deploy"},
    {{"upgrading"}, "deploy"},          {{"status installed"}, "deploy"},
    {{"migration", "applied"}, "migration"}, {{"migrated"}, "migration"},
    {{"migrating"}, "migration"},       {{"schema", "changed"}, "migration"},
    {{"schema", "version"}, "migration"},
    {{"config", "reload"}, "config"},   {{"config", "changed"}, "config"},
    {{"config", "updated"}, "config"},  {{"config", "applied"}, "config"},
    {{"restarted"}, "restart"},         {{"restarting"}, "restart"},
    {{"starting up"}, "restart"},       {{"startup complete"}, "restart"},
    {{"server started"}, "restart"},    {{"service started"}, "restart"},
    {{"ready to accept"}, "restart"},   {{"ready for connections"}, "restart"},
    {{"booting"}, "restart"},           {{"shutting down"}, "restart"},
    {{"started", "version"}, "restart"}, {{"starting", "version"}, "restart"},
};

static const struct {
    const char  *ending;
    ChangeMetric sort;
} endings[] = {{"start_time_seconds", CHANGE_METRIC_START},
               {"boot_time_seconds", CHANGE_METRIC_START},
               {"restarts_total", CHANGE_METRIC_COUNT},
               {"restart_count", CHANGE_METRIC_COUNT},
               {"restarts", CHANGE_METRIC_COUNT},
               {"build_info", CHANGE_METRIC_VERSION},
               {"version_info", CHANGE_METRIC_VERSION}};

/* From the beginning of a word on. */
static bool holds(Str text, const char *word)
{
    for (size_t at = 0; at < text.size; at++)
        if (ascii_stands_at(text, at, word) && (at == 0 || !ascii_is_letter(text.text[at - 1])))
            return true;
    return false;
}

const char *change_of_pattern(Str pattern)
{
    for (size_t i = 0; i < sizeof says / sizeof says[0]; i++) {
        bool all = true;
        for (int k = 0; all && k < WORDS_MAX && says[i].words[k] != NULL; k++)
            all = holds(pattern, says[i].words[k]);
        if (all)
            return says[i].what;
    }
    return NULL;
}

ChangeMetric change_of_metric(Str series)
{
    Str name = series_name(series);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t size = strlen(endings[i].ending);
        if (name.size >= size && memcmp(name.text + name.size - size, endings[i].ending, size) == 0)
            return endings[i].sort;
    }
    return CHANGE_METRIC_NONE;
}
