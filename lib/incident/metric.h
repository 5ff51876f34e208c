/* SPDX-License-Identifier: Apache-2.0
 *
 * metric.h - a finding of a metric series in plain words.
 *
 * OWNERSHIP  Text is written into the caller's Writer.
 */
#ifndef INCIDENT_METRIC_H
#define INCIDENT_METRIC_H
#include "incident/finding.h"
#include "incident/writer.h"

/* What a detector's reason is called as a finding. */
FindingKind metric_kind(const char *reason, double seen, double expected);

/* How far a value is from what is expected, in usual deviations, by its bounds. */
double metric_effect(double seen, double expected, double lower, double upper);

/* How large a change between two runs is, whatever its kind, in deviations, about. */
double metric_weight(const Finding *f);

void metric_write(Writer *w, const Finding *f);
void metric_how_rare(Writer *w, const Finding *f);

#endif
