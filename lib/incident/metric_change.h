/* SPDX-License-Identifier: Apache-2.0
 *
 * metric_change.h - a change of a metric between two runs in plain words: "`latency` is 3.1x higher
 * than in the good run: 61.6 instead of 19.9 (15.4 to 23.7)".
 *
 * OWNERSHIP  Text is written into the caller's Writer.
 */
#ifndef INCIDENT_METRIC_CHANGE_H
#define INCIDENT_METRIC_CHANGE_H
#include "incident/finding.h"
#include "incident/writer.h"

void change_write(Writer *w, const Finding *f);
void change_how_rare(Writer *w, const Finding *f);

/* How large it is, whatever its kind, in deviations, about. */
double change_weight(const Finding *f);

#endif
