/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.h - a YAML file of rules, for git to hold, as events.
 *
 *     mute:
 *       - source: /var/log/backup*
 *         until: 2026-12-24
 *         reason: the backup is being rewritten
 *     expect:
 *       - pattern: "cache miss *"
 *
 * Its lists are expect, mute, window, real, unsure, new-normal, link and unlink; the keys of a rule
 * are the members of a verdict (lib/event/verdict.h, doc/settings.md).  An id names one rule of a
 * file.
 *
 * ERRORS     False with a sentence that begins with "NAME:LINE: "; some events may be there then.
 */
#ifndef SETTINGS_RULES_H
#define SETTINGS_RULES_H
#include <oddball.h>
#include <stdbool.h>

#define RULES_PROBLEM_SIZE 1024

typedef struct {
    const char *list, *verdict;
} RuleList;

#define RULE_LIST_COUNT 8
extern const RuleList rule_lists[RULE_LIST_COUNT];

/* now and zone_s: of times that say only a part. */
bool rules_read(const char *name, const char *bytes, size_t size, odd_time now, int32_t zone_s,
                odd_events *events, char problem[RULES_PROBLEM_SIZE]);
bool rules_read_file(const char *path, odd_time now, int32_t zone_s, odd_events *events,
                     char problem[RULES_PROBLEM_SIZE]);

#endif
