/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_notes.c - what a person should know of a fold: what was left out, and why. */
#include <inttypes.h>
#include <stdio.h>

#include "engine/fold.h"
#include "engine/label_flood.h"
#include "engine/rows.h"

typedef struct {
    uint64_t lost, refused; /* Candidates; batches of sources. */
    uint64_t doubles, series, watched, series_refused;
} Shortages;

static void add_metrics(const Shard *shard, Shortages *sum)
{
    for (size_t i = 0; i < shard->metric_source_names.count; i++) {
        const MetricSource *source = &shard->metric_sources[i];
        sum->doubles += source->doubles;
        sum->series += source->series;
        sum->watched += source->watched;
        sum->series_refused += source->refused;
    }
}

static Shortages shortages_of(const odd_fold *fold)
{
    Shortages sum = {0};
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        sum.lost += shard->candidates_lost;
        sum.refused += shard->sources_refused;
        add_metrics(shard, &sum);
    }
    return sum;
}

/* format: of two counts. */
static void note(odd_rows *rows, const char *topic, const char *format, uint64_t a, uint64_t b)
{
    char text[256];
    /* cppcheck-suppress wrongPrintfScanfArgNum ; it takes the literal's pieces for the whole */
    snprintf(text, sizeof text, format, a, b);
    rows_constant(rows, topic);
    rows_text(rows, str_of(text));
}

/* Patterns that are coarser than they should be: since when, and until when. */
static void note_coarse(const odd_fold *fold, odd_rows *rows)
{
    char text[400], since_text[TIME_TEXT_SIZE], last_text[TIME_TEXT_SIZE];
    odd_time since = ODD_TIME_NONE, last = ODD_TIME_NONE;
    uint64_t lines = 0;
    int shards = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &fold->shards[i];
        if (shard->coarse_since == ODD_TIME_NONE)
            continue;
        shards++;
        lines += shard->coarse_seen - shard->coarse_before;
        since = since == ODD_TIME_NONE || shard->coarse_since < since ? shard->coarse_since : since;
        last = shard->coarse_last > last ? shard->coarse_last : last;
    }
    if (shards == 0)
        return;
    snprintf(text, sizeof text,
             "memory is short: since %s, and last at %s, %" PRIu64 " lines in %d of %d shards got "
             "a coarser pattern than they should; a larger memory limit would help",
             time_text(since, 0, since_text), time_text(last, 0, last_text), lines, shards,
             ODD_SHARD_COUNT);
    rows_constant(rows, "memory");
    rows_text(rows, str_of(text));
}

/* Further series are one; who sends them can do something about it, knowing where. */
static void note_series(const odd_fold *fold, odd_rows *rows, uint64_t refused)
{
    char text[512], source[LABEL_FLOOD_SIZE], label[LABEL_FLOOD_SIZE], where[320] = "";
    if (label_flood(fold, source, label) && label[0] != '\0')
        snprintf(where, sizeof where, "; most are of %s, whose label \"%s\" has the most values",
                 source, label);
    snprintf(text, sizeof text,
             "there are too many series: %" PRIu64
             " samples of further ones are kept as the series __other__%s; a larger memory limit, "
             "or a larger limit of series, allows more",
             refused, where);
    rows_constant(rows, "series");
    rows_text(rows, str_of(text));
}

static void note_models(const odd_fold *fold, odd_rows *rows)
{
    uint64_t refused = 0, dropped = 0, unkept = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        refused += fold->shards[i].models_refused;
        dropped += fold->shards[i].models_dropped;
        unkept += fold->shards[i].rows_unkept;
    }
    if (fold->skeleton.batches_left_out > 0)
        note(rows, "models",
             "%" PRIu64
             " batches of predictions came faster than the lake is written: they were learnt, and "
             "are kept in the journal alone, as long as that is",
             fold->skeleton.batches_left_out, 0);
    if (unkept > 0)
        note(rows, "models",
             "%" PRIu64
             " predictions and outcomes came faster than they are written as rows: they were "
             "learnt, and SQL does not show them",
             unkept, 0);
    if (refused > 0)
        note(rows, "models",
             "memory is short: %" PRIu64 " predictions and outcomes of further models are kept and "
             "not learnt; a larger memory limit would help",
             refused, 0);
    if (dropped > 0)
        note(rows, "models",
             "there are too many models and versions: %" PRIu64
             " of them, silent longest, were forgotten",
             dropped, 0);
}

odd_rc fold_notes(const odd_fold *fold, odd_rows **ret_rows)
{
    static const char *const columns[] = {"topic", "sentence", NULL};
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return ODD_NOMEM;
    Shortages sum = shortages_of(fold);
    note_coarse(fold, rows);
    if (sum.watched < sum.series)
        note(rows, "memory",
             "memory is short: %" PRIu64 " of %" PRIu64
             " series are not watched, their samples are kept and not judged; a larger memory "
             "limit would help",
             sum.series - sum.watched, sum.series);
    if (sum.series_refused > 0)
        note_series(fold, rows, sum.series_refused);
    if (sum.lost > 0)
        note(rows, "flood",
             "%" PRIu64
             " odd lines and samples came in a flood of odder ones and were not looked at",
             sum.lost, 0);
    if (sum.refused > 0)
        note(rows, "sources",
             "there are too many sources: %" PRIu64 " batches of further ones count as the "
             "source " SOURCE_OTHER "; a larger memory limit allows more",
             sum.refused, 0);
    if (sum.doubles > 0)
        note(rows, "samples",
             "%" PRIu64
             " samples came again, of the same series, time and value; each is kept once",
             sum.doubles, 0);
    note_models(fold, rows);
    if (fold->torn > 0)
        note(rows, "journal", "%" PRIu64 " commits of the journal were torn", fold->torn, 0);
    return rows_finish(rows, ret_rows);
}
