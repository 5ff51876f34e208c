/* SPDX-License-Identifier: Apache-2.0
 *
 * line_chart.h - the line of a metric series with what was expected of it, for a page: the finding
 * from near, then the whole; or a series of two runs, one over the other.
 *
 * SHAPE      At most LINE_POINT_MAX points a drawing; those of the first again as a table.
 * ERRORS     None: without two points there is no drawing.
 */
#ifndef CLI_LINE_CHART_H
#define CLI_LINE_CHART_H
#include "cli/buffer.h"
#include "cli/report.h"

void line_chart_add(Buffer *out, const Report *report, const Finding *finding);

#endif
