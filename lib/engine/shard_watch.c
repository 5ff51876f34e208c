/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_watch.c - the series of a shard are watched: each sample is judged by those before it, then
 * learnt; an odd one is a candidate.
 *
 * A candidate begins an episode where the detector's alarm says so.  As long as its series stays
 * odd it goes on, at most once a minute: that begins nothing and takes nothing of the budget. */
#include "base/hash.h"
#include "base/time.h"
#include "engine/shard.h"
#include "event/target.h"

#define GOES_ON_NS (3600 * NS_PER_S) /* As the board has it. */
#define RETOLD_NS (60 * NS_PER_S)
#define ENDED_NS (S_PER_DAY * NS_PER_S)
#define SWEEP_NS (600 * NS_PER_S) /* Looking at all series costs time. */
#define PLACE_SEED 0x706c616365ULL

void shard_watch_open(Shard *shard, Series *series)
{
    char target[TARGET_TEXT_SIZE];
    uint32_t number = (uint32_t)(series - shard->series);
    size_t size = target_text(shard_series_name(shard, number), target);
    Str name = names_text(&shard->metric_source_names, series->source);
    series->place = hash_bytes(target, size, hash_bytes(name.text, name.size, PLACE_SEED));
}

/* Where there was no memory for it before, there may be now. */
static SeriesWatch *watch_of(Shard *shard, MetricSource *source, Series *series)
{
    if (series->watch == WATCH_NONE) {
        series->watch = watch_table_add(&shard->watches);
        shard->watches_refused |= series->watch == WATCH_NONE;
        source->watched += series->watch != WATCH_NONE;
    }
    return series->watch != WATCH_NONE ? watch_table_at(&shard->watches, series->watch) : NULL;
}

/* Where memory is short, series that came no more for a day give back what was learnt of them. */
void shard_watch_tick(Shard *shard)
{
    bool is_due = shard->watches_swept == ODD_TIME_NONE ||
                  time_minus(shard->now, shard->watches_swept) > SWEEP_NS;
    if (!shard->watches_refused || !is_due)
        return;
    for (uint32_t i = 0; i < shard->series_names.count; i++) {
        Series *series = &shard->series[i];
        if (series->watch == WATCH_NONE || time_minus(shard->now, series->last_time) < ENDED_NS)
            continue;
        watch_table_give_back(&shard->watches, series->watch);
        series->watch = WATCH_NONE;
        shard->metric_sources[series->source].watched--;
    }
    shard->watches_refused = false;
    shard->watches_swept = shard->now;
}

/* It was told within the hour, and not just now. */
static bool goes_on(const Series *series, odd_time time)
{
    if (series->told == ODD_TIME_NONE)
        return false;
    int64_t since = time_minus(time, series->told);
    return since >= RETOLD_NS && since <= GOES_ON_NS;
}

void shard_watch(Shard *shard, MetricSource *source, Series *series, Sample sample)
{
    SeriesWatch *watch = watch_of(shard, source, series);
    if (watch == NULL)
        return;
    Judgement judgement;
    series_put(watch, sample.time, sample.value, &judgement);
    series->surprise = (float)judgement.surprise;
    source->judged++;
    shard->series_judged += series->judged != shard->ticks + 1;
    series->judged = shard->ticks + 1;
    bool begins = judgement.alarm >= shard->threshold_metrics;
    if (!begins && (judgement.surprise < shard->threshold_metrics || !goes_on(series, sample.time)))
        return;
    shard_series_candidate(shard, series, sample, &judgement, !begins);
    series->told = sample.time;
}
