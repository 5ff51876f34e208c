/* SPDX-License-Identifier: Apache-2.0 */
#include "api/tally.h"

#include <assert.h>
#include <string.h>

const char *const tally_formats[TALLY_FORMATS] = {
    "lines", "alert", "change", "posted", "otlp_logs",
    "otlp_logs_json", "otlp_metrics", "otlp_metrics_json", "otlp_traces",
    "otlp_traces_json", "remote_write", "remote_write_2", "loki",
    "loki_json", "bulk", "journal_export", "predictions",
    "predictions_json", "outcomes_json", "reference_table"};

static Tally *tally_of(Tallies *tallies, const char *format)
{
    for (size_t i = 0; i < TALLY_FORMATS; i++) {
        if (strcmp(tally_formats[i], format) == 0)
            return &tallies->formats[i];
    }
    assert(!"every format that is received has a tally");
    return NULL;
}

static void add(_Atomic uint64_t *to, uint64_t number)
{
    atomic_fetch_add_explicit(to, number, memory_order_relaxed);
}

void tally_request(Tallies *tallies, const char *format, odd_rc rc, const odd_decoded *decoded,
                   odd_event_counts counts)
{
    Tally *tally = tally_of(tallies, format);
    add(&tally->requests, 1);
    add(&tally->malformed, rc == ODD_SYNTAX);
    if (rc != ODD_OK)
        return;
    add(&tally->events, counts.lines + counts.records + counts.samples + counts.changes +
                            counts.posted + counts.alerts + counts.predictions + counts.outcomes);
    add(&tally->rejected, decoded->rejected);
    add(&tally->cut, counts.cut);
    add(&tally->masked, counts.masked);
}
