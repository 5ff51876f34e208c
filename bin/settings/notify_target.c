/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/notify_target.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/nearest.h"
#include "settings/settings.h"

#define WORD_SIZE (NOTIFY_ADDRESS_SIZE + NEAREST_WORD_MAX + 2)

static const char *const kinds[NOTIFY_KIND_COUNT] = {
    [NOTIFY_ALERTMANAGER] = "alertmanager",
    [NOTIFY_MAIL] = "mail",
    [NOTIFY_PAGERDUTY] = "pagerduty",
    [NOTIFY_SLACK] = "slack",
    [NOTIFY_TEAMS] = "teams",
};
static const char *const options[] = {"source", "surprise"};

const char *notify_kind_name(NotifyKind kind)
{
    return kinds[kind];
}

static bool unknown(const char *line, const char *word, const char *what, const char *const *words,
                    size_t count, char *problem)
{
    const char *nearest = nearest_word(word, words, count);
    int size = snprintf(problem, SETTINGS_PROBLEM_SIZE, "notify: in `%.120s` %s `%.40s` is unknown",
                        line, what, word);
    if (nearest != NULL)
        snprintf(problem + size, SETTINGS_PROBLEM_SIZE - (size_t)size, "; did you mean %s?",
                 nearest);
    return false;
}

static bool is_secret(NotifyKind kind)
{
    return kind != NOTIFY_ALERTMANAGER;
}

static bool read_address(const char *line, const char *value, NotifyTarget *target, char *problem)
{
    bool is_address = strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0;
    if (is_secret(target->kind) ? value[0] == '/' : is_address) {
        snprintf(target->address, sizeof target->address, "%s", value);
        return true;
    }
    snprintf(problem, SETTINGS_PROBLEM_SIZE,
             is_secret(target->kind)
                 ? "notify: `%.120s` names no file from / on; what %s is told with is a secret and "
                   "stands in one: %s=/etc/oddball/%s"
                 : "notify: `%.120s` has no address of http or https; a good one of %s is "
                   "%s=http://127.0.0.1:9093",
             line, kinds[target->kind], kinds[target->kind], kinds[target->kind]);
    return false;
}

static bool read_first(const char *line, char *word, char *value, NotifyTarget *target,
                       char *problem)
{
    for (int kind = 0; kind < NOTIFY_KIND_COUNT; kind++)
        if (strcmp(word, kinds[kind]) == 0) {
            target->kind = (NotifyKind)kind;
            return read_address(line, value, target, problem);
        }
    return unknown(line, word, "the receiver", kinds, NOTIFY_KIND_COUNT, problem);
}

static bool read_option(const char *line, char *word, char *value, NotifyTarget *target,
                        char *problem)
{
    char *end;
    if (strcmp(word, "source") == 0 && strlen(value) < sizeof target->source) {
        snprintf(target->source, sizeof target->source, "%s", value);
        return true;
    }
    if (strcmp(word, "surprise") != 0)
        return unknown(line, word, "the option", options, sizeof options / sizeof options[0],
                       problem);
    target->surprise = strtod(value, &end);
    if (end != value && *end == '\0' && isfinite(target->surprise) && target->surprise >= 0)
        return true;
    snprintf(problem, SETTINGS_PROBLEM_SIZE,
             "notify: in `%.120s` the surprise is no number; a good one is surprise=5", line);
    return false;
}

bool notify_target_read(const char *line, NotifyTarget *ret_target, char *problem)
{
    bool is_first = true;
    memset(ret_target, 0, sizeof *ret_target);
    for (const char *at = line + strspn(line, " \t"); *at != '\0'; is_first = false) {
        char word[WORD_SIZE];
        size_t size = strcspn(at, " \t");
        char *equals = NULL;
        if (size < sizeof word) {
            memcpy(word, at, size);
            word[size] = '\0';
            equals = strchr(word, '=');
        }
        if (equals == NULL) {
            snprintf(problem, SETTINGS_PROBLEM_SIZE,
                     "notify: `%.120s` is no NAME=ADDRESS; a good one is "
                     "alertmanager=http://127.0.0.1:9093", line);
            return false;
        }
        *equals = '\0';
        if (!(is_first ? read_first : read_option)(line, word, equals + 1, ret_target, problem))
            return false;
        at += size + strspn(at + size, " \t");
    }
    return !is_first;
}
