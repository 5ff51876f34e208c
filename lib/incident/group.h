/* SPDX-License-Identifier: Apache-2.0
 *
 * group.h - findings that stand side by side in one source are told once.
 *
 * ALGORITHM  In the order of the lines, a finding joins the group before it if it begins at most
 *            GROUP_GAP_MAX lines after that one's last line, and the group stays within
 *            GROUP_LINES_MAX lines.  Rates and sessions stand alone: they have no one place.
 * EXACTNESS  The result does not depend on the order of the input.
 */
#ifndef INCIDENT_GROUP_H
#define INCIDENT_GROUP_H
#include "incident/finding.h"

#define GROUP_GAP_MAX 4
#define GROUP_LINES_MAX 60

/* Numbers the groups, marks who is told, and sorts: those that are told first, oddest first (of
 * equals the earliest), then the others.  Gives how many are told. */
size_t findings_group(Finding *findings, size_t count);

#endif
