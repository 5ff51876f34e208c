/* SPDX-License-Identifier: Apache-2.0
 *
 * nature.h - what a signal tells of: of what a machine has to give, of what goes wrong, or of what
 * users feel of it.
 *
 * What users feel (they wait, they come in other numbers, a model is worse) follows from something
 * and causes nothing: it is an impact, never a cause.
 *
 * SHAPE      Words of the names that metrics usually have (Prometheus, OpenTelemetry, clouds).
 */
#ifndef INCIDENT_NATURE_H
#define INCIDENT_NATURE_H
#include "incident/finding.h"

typedef enum {
    NATURE_OTHER = 0,
    NATURE_CHANGE,   /* Somebody changed something, or it began anew. */
    NATURE_RESOURCE, /* Processor, memory, disk, connections ...      */
    NATURE_ERROR,    /* It says that something fails.                 */
    NATURE_SILENCE,  /* It says nothing any more.                     */
    NATURE_INPUT,    /* What comes into a model.                      */
    NATURE_LATENCY,  /* Users wait.                                   */
    NATURE_LOAD,     /* Users come more often, or less.               */
    NATURE_QUALITY,  /* A model is wrong more often.                  */
    NATURE_COUNT
} Nature;

/* name: of a series, with its labels, or the text of a pattern. */
Nature nature_of(FindingKind kind, bool is_metric, Level level, Str name);
bool   nature_is_impact(Nature nature);

#endif
