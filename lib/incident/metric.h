/* SPDX-License-Identifier: Apache-2.0
 *
 * metric.h - a finding of a metric series in plain words: "disk sda is 12x busier than usual: 84 %,
 * expected 3 to 9 %".
 *
 * OWNERSHIP  Text is written into the caller's Writer.
 */
#ifndef INCIDENT_METRIC_H
#define INCIDENT_METRIC_H
#include "incident/finding.h"
#include "incident/writer.h"

/* What a detector's reason is called as a finding. */
FindingKind metric_kind(const char *reason, double seen, double expected);

const char *metric_weekday(int day); /* "Thursdays": 0 is that of 1970-01-01. */

double metric_effect(const Finding *f);

void metric_write(Writer *w, const Finding *f);
/* pattern: who is silent; seen: for how many seconds; expected: how often it comes, in seconds. */
void metric_write_silence(Writer *w, const Finding *f);
void metric_how_rare(Writer *w, const Finding *f);

#endif
