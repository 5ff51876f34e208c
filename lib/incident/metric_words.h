/* SPDX-License-Identifier: Apache-2.0
 *
 * metric_words.h - what well-known metrics are called by people, and the units of all.
 *
 * SHAPE      A table of constants: node_exporter's names, which oddball's own look at its machine
 *            has too, and those of OpenTelemetry's host metrics.
 * UNITS      Of the value itself; of a counter, whose growth is told, a second later.
 */
#ifndef INCIDENT_METRIC_WORDS_H
#define INCIDENT_METRIC_WORDS_H
#include "base/str.h"

typedef enum {
    METRIC_PLAIN = 0,
    METRIC_BYTES,
    METRIC_SECONDS,
    METRIC_SHARE,   /* 1 is all. */
    METRIC_AT_ONCE, /* Seconds that many spent, side by side: a second, it is how many. */
    METRIC_PERCENT,
    METRIC_CELSIUS
} MetricUnit;

/* "SUBJECT VERB 12x MORE REST than usual": %LABEL stands for the value of that label. */
typedef struct {
    const char *name;
    const char *subject, *verb, *more, *less, *rest;
    MetricUnit  unit;
} MetricWords;

const MetricWords *metric_words(Str name); /* NULL: only its labels tell what it is. */
MetricUnit metric_unit(Str name);          /* As its ending says it. */

#endif
