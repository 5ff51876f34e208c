/* SPDX-License-Identifier: Apache-2.0
 *
 * chart.h - the timeline of a page: lines per span of time, errors in them, findings as marks.
 *
 * SHAPE      At most CHART_BAR_MAX bars of equal time; the same numbers again as a table.
 * ERRORS     None: without times, or with one bucket only, there is no chart.
 */
#ifndef CLI_CHART_H
#define CLI_CHART_H
#include "cli/buffer.h"
#include "cli/report.h"

#define CHART_BAR_MAX 120

void chart_add(Buffer *out, const Report *report);

#endif
