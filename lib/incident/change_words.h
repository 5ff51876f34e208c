/* SPDX-License-Identifier: Apache-2.0
 *
 * change_words.h - what a line or a metric says by its name: that something was deployed,
 * restarted, configured or migrated.
 *
 * SHAPE      Static words, as programs, service managers and packagers write them.
 */
#ifndef INCIDENT_CHANGE_WORDS_H
#define INCIDENT_CHANGE_WORDS_H
#include "base/str.h"

/* "deploy", "restart", "config", "migration"; NULL: the pattern says nothing of that sort. */
const char *change_of_pattern(Str pattern);

/* Of a metric, by its name.  What its value says: */
typedef enum {
    CHANGE_METRIC_NONE = 0,
    CHANGE_METRIC_START,  /* When it started: another value is a restart. */
    CHANGE_METRIC_COUNT,  /* How often it restarted.                      */
    CHANGE_METRIC_VERSION /* Nothing; a new series is another version.    */
} ChangeMetric;
ChangeMetric change_of_metric(Str series);

#endif
