/* SPDX-License-Identifier: Apache-2.0
 *
 * notify_target.h - a line of `notify`: who is to be told, where, and of what.
 *
 *     alertmanager=http://127.0.0.1:9093
 *     slack=/etc/oddball/slack source=web* surprise=5
 *
 * An address that is a secret stands in a file.
 */
#ifndef SETTINGS_NOTIFY_TARGET_H
#define SETTINGS_NOTIFY_TARGET_H
#include <stdbool.h>

#define NOTIFY_ADDRESS_SIZE 1024
#define NOTIFY_GLOB_SIZE 256

typedef enum {
    NOTIFY_ALERTMANAGER,
    NOTIFY_MAIL,
    NOTIFY_PAGERDUTY,
    NOTIFY_SLACK,
    NOTIFY_TEAMS,
    NOTIFY_KIND_COUNT
} NotifyKind;

typedef struct {
    NotifyKind kind;
    char       address[NOTIFY_ADDRESS_SIZE]; /* Of http or https; else the path of a file. */
    char       source[NOTIFY_GLOB_SIZE];     /* Only of sources like this; "": of all.     */
    double     surprise;                     /* Only if so odd.                            */
} NotifyTarget; /* All of its bytes are set: the same line is the same bytes. */

const char *notify_kind_name(NotifyKind kind);

/* problem: a sentence, of SETTINGS_PROBLEM_SIZE. */
bool notify_target_read(const char *line, NotifyTarget *ret_target, char *problem);

#endif
