/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/change_words.h"

#include <stddef.h>

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

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool stands_at(Str text, size_t at, const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = text.text[at + i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != word[i])
            return false;
    }
    return at == 0 || !is_letter(text.text[at - 1]);
}

static bool holds(Str text, const char *word)
{
    size_t size = strlen(word);
    for (size_t at = 0; at + size <= text.size; at++)
        if (stands_at(text, at, word, size))
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
