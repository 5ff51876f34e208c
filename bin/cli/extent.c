/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/extent.h"

#include "cli/words.h"

void extent_rows(Buffer *out, const Report *report, uint64_t rows)
{
    if (report_is_of_series(report))
        words_counted(out, rows, "row", "rows");
    else
        words_counted(out, rows, "line", "lines");
}

void extent_signals(Buffer *out, const Report *report)
{
    bool has_series = report->series > 0 || report_is_of_series(report);
    if (report->patterns > 0 || !has_series)
        words_counted(out, report->patterns, "pattern", "patterns");
    if (report->patterns > 0 && has_series)
        buffer_puts(out, " and ");
    if (has_series)
        words_counted(out, report->series, "series", "series");
}
