/* SPDX-License-Identifier: Apache-2.0
 *
 * group.h - findings that belong together are told once, by the oddest of them.
 *
 * ALGORITHM  Odd lines of one source, in their order, join the group before them if they begin at
 *            most GROUP_GAP_MAX lines after its last one and the group stays within GROUP_LINES_MAX
 *            lines.  Rates that rise, or fall, from the same moment on are one group; so are
 *            sessions whose strongest trait is the same, and series of one source that change at
 *            most GROUP_GAP_MAX of its moments one after the other.
 * OWNERSHIP  Works in the caller's array.
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
