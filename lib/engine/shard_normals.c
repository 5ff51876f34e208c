/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_normals.c - what a person called the new normal of metric series: another baseline of each.
 *
 * It is a whole SeriesWatch more, empty when the verdict begins to count, that learns and judges
 * each sample from then on beside the first one, which goes on as if nothing had been said.  Its
 * memory counts nowhere.  So an undo drops it, and that is all. */
#include <math.h>

#include "base/cut.h"
#include "engine/shard.h"
#include "event/series.h"

/* Of a shard; further series are held back until they get worse, and that is all. */
#define NORMALS_MAX 128

/* By series, then in the order in which they were said. */
struct Normal {
    uint64_t    baseline;
    uint32_t    series, unused;
    odd_time    told; /* Of its last candidate; ODD_TIME_NONE: none. */
    SeriesWatch watch;
};

/* The first one of that series, or where it would be. */
static size_t place_of(const Shard *shard, uint32_t series)
{
    size_t low = 0, high = shard->normal_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (shard->normals[middle].series < series)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_there(const Shard *shard, uint32_t series, uint64_t baseline, size_t *ret_at)
{
    size_t at = place_of(shard, series);
    bool is_found = false;
    for (; at < shard->normal_count && shard->normals[at].series == series; at++)
        is_found |= shard->normals[at].baseline == baseline;
    *ret_at = at;
    return is_found;
}

/* -- they come and go -------------------------------------------------------------------------- */

void shard_normals_close(Shard *shard)
{
    mem_free(&shard->normal_mem, shard->normals, shard->normal_capacity * sizeof *shard->normals);
    shard->normals = NULL;
    shard->normal_count = shard->normal_capacity = 0;
}

static void close_undone(Shard *shard)
{
    size_t kept = 0;
    for (size_t i = 0; i < shard->normal_count; i++)
        if (overlay_has_baseline(shard->overlay, shard->normals[i].baseline))
            shard->normals[kept++] = shard->normals[i];
    shard->changed |= kept < shard->normal_count;
    shard->normal_count = kept;
    if (kept == 0)
        shard_normals_close(shard);
}

static odd_rc open_one(Shard *shard, uint32_t series, uint64_t baseline)
{
    size_t at;
    if (is_there(shard, series, baseline, &at) || shard->normal_count == NORMALS_MAX)
        return ODD_OK;
    Normal *grown = mem_grow(&shard->normal_mem, shard->normals, &shard->normal_capacity,
                             shard->normal_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    shard->normals = grown;
    memmove(&grown[at + 1], &grown[at], (shard->normal_count++ - at) * sizeof *grown);
    memset(&grown[at], 0, sizeof *grown);
    grown[at].baseline = baseline;
    grown[at].series = series;
    grown[at].told = ODD_TIME_NONE;
    grown[at].watch.kind.is_named =
        series_name_counts(series_name(shard_series_name(shard, series)));
    shard->changed = true;
    return ODD_OK;
}

/* Its series, whatever is odd of it and when. */
static bool is_of(const Verdict *verdict, const Shard *shard, uint32_t number)
{
    const Series *series = shard_series(shard, number);
    char name[CANDIDATE_PATTERN_BYTES], source[CANDIDATE_SOURCE_BYTES];
    Verdict scope = *verdict;
    scope.from = scope.until = ODD_TIME_NONE;
    memset(scope.what, 0, sizeof scope.what);
    cut_into(name, sizeof name, shard_series_name(shard, number));
    cut_into(source, sizeof source, names_text(&shard->metric_source_names, series->source));
    OverlayFinding evidence = {.id = "",
                               .source = source,
                               .text = name,
                               .kind = "",
                               .sentence = STR(""),
                               .sample = STR(""),
                               .signal = shard_series_id(shard, series),
                               .is_metric = true};
    return overlay_fits(&scope, &evidence);
}

odd_rc shard_normals_hear(Shard *shard, const Verdict *verdicts, size_t count)
{
    odd_rc rc = ODD_OK;
    close_undone(shard);
    for (size_t i = 0; i < count; i++) {
        uint64_t baseline = overlay_baseline(&verdicts[i]);
        if (verdicts[i].kind != VERDICT_NEW_NORMAL ||
            !overlay_has_baseline(shard->overlay, baseline))
            continue;
        for (uint32_t k = 0; rc == ODD_OK && k < shard->series_names.count; k++)
            if (is_of(&verdicts[i], shard, k))
                rc = open_one(shard, k, baseline);
    }
    return rc;
}

/* -- each sample ------------------------------------------------------------------------------- */

static void tell(Shard *shard, const Series *series, Normal *normal, const Measured *measured)
{
    bool begins = measured->judgement.alarm >= shard->threshold_metrics;
    bool goes_on = measured->judgement.surprise >= shard->threshold_metrics &&
                   shard_goes_on(normal->told, measured->time);
    if (!begins && !goes_on)
        return;
    shard_normal_candidate(shard, series, measured, goes_on && !begins, normal->baseline);
    normal->told = measured->time;
}

/* The last new normal is the one that its series is judged by. */
void shard_normals_watch(Shard *shard, const Series *series, Sample sample, odd_time known)
{
    size_t at = shard->normal_count > 0 ? place_of(shard, series->number) : 0;
    for (; at < shard->normal_count && shard->normals[at].series == series->number; at++) {
        Normal *normal = &shard->normals[at];
        bool is_last =
            at + 1 == shard->normal_count || shard->normals[at + 1].series != series->number;
        Measured measured = shard_judge(&normal->watch, NULL, series, sample);
        shard->changed = true;
        if (is_last && !isnan(measured.judgement.expected) &&
            !shard_is_late_by_us(shard, known, &measured))
            tell(shard, series, normal, &measured);
    }
}

/* -- saving ------------------------------------------------------------------------------------ */

void shard_normals_save(const Shard *shard, ImageOut *out)
{
    image_put_array(out, shard->normals, shard->normal_count, shard->normal_count,
                    sizeof *shard->normals);
}

void shard_normals_load(Shard *shard, ImageIn *in)
{
    shard->normals = image_get_array(in, &shard->normal_mem, &shard->normal_count,
                                     &shard->normal_capacity, sizeof *shard->normals);
}
