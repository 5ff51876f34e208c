/* SPDX-License-Identifier: Apache-2.0
 *
 * render_csv.c - the findings as a table; columns may be added at the end, never renamed. */
#include <inttypes.h>

#include "cli/csv.h"
#include "cli/render.h"

static void spans_write(Csv *csv, const Finding *finding)
{
    Buffer text = {0};
    for (size_t i = 0; i < finding->span_count; i++) {
        const RowSpan *span = &finding->spans[i];
        buffer_format(&text, "%s%" PRId64, i > 0 ? " " : "", span->first);
        if (span->last > span->first)
            buffer_format(&text, "-%" PRId64, span->last);
    }
    csv_text(csv, buffer_text(&text), text.size);
    buffer_free(&text);
}

void render_csv(Buffer *out, const Report *report)
{
    Csv csv = {.out = out};
    buffer_puts(out, "rank,kind,signal,time,last_time,surprise,effect,source,row,last_row,repeats,"
                     "sentence,how_rare,sample,rows\n");
    for (size_t i = 0; i < report->finding_count; i++) {
        const Finding *finding = &report->findings[i];
        csv_integer(&csv, finding->rank);
        csv_piece(&csv, finding->kind);
        csv_piece(&csv, finding->signal);
        csv_time(&csv, finding->time);
        csv_time(&csv, finding->last_time);
        csv_real(&csv, finding->surprise);
        csv_real(&csv, finding->effect);
        csv_piece(&csv, finding->source);
        csv_integer(&csv, finding->row);
        csv_integer(&csv, finding->last_row);
        csv_integer(&csv, finding->repeats);
        csv_piece(&csv, finding->sentence);
        csv_piece(&csv, finding->how_rare);
        csv_piece(&csv, finding->sample);
        spans_write(&csv, finding);
        csv_end(&csv);
    }
}
