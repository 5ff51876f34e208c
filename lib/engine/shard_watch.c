/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_watch.c - the series of a shard are watched: each sample is judged by those before it, then
 * learnt; an odd one is a candidate.
 *
 * A candidate begins an episode where the detector's alarm says so.  As long as its series stays
 * odd it goes on, at most once a minute: that begins nothing and takes nothing of the budget. */
#include <math.h>

#include "base/time.h"
#include "detect/tiers.h"
#include "engine/shard.h"
#include "event/series.h"
#include "incident/change_words.h"

#define RETOLD_NS (60 * NS_PER_S)
#define ENDED_NS (S_PER_DAY * NS_PER_S)
#define SWEEP_NS (600 * NS_PER_S) /* Looking at all series costs time. */

/* Where there was no memory for it before, there may be now. */
static SeriesWatch *watch_of(Shard *shard, MetricSource *source, Series *series)
{
    if (series->watch != WATCH_NONE)
        return watch_table_change(&shard->watches, series->watch);
    series->watch = watch_table_add(&shard->watches);
    shard->watches_refused |= series->watch == WATCH_NONE;
    source->watched += series->watch != WATCH_NONE;
    if (series->watch == WATCH_NONE)
        return NULL;
    SeriesWatch *made = watch_table_change(&shard->watches, series->watch);
    made->kind.is_named = series_name_counts(series_name(shard_series_name(shard, series->number)));
    return made;
}

/* Where memory is short, series that came no more for a day give back what was learnt of them. */
void shard_watch_tick(Shard *shard)
{
    bool is_due = shard->watches_swept == ODD_TIME_NONE ||
                  time_minus(shard->now, shard->watches_swept) > SWEEP_NS;
    if (!shard->watches_refused || !is_due)
        return;
    for (uint32_t i = 0; i < shard->series_names.count; i++) {
        Series *series = block_table_at(&shard->series, i);
        if (series->watch == WATCH_NONE || time_minus(shard->now, series->last_time) < ENDED_NS)
            continue;
        block_table_touch(&shard->series, i);
        shape_desk_leave(&shard->shapes, i);
        watch_table_give_back(&shard->watches, series->watch);
        series->watch = WATCH_NONE;
        shard->metric_sources[series->source].watched--;
    }
    shard->changed = true;
    shard->watches_refused = false;
    shard->watches_swept = shard->now;
}

bool shard_goes_on(odd_time told, odd_time time)
{
    if (told == ODD_TIME_NONE)
        return false;
    int64_t since = time_minus(time, told);
    return since >= RETOLD_NS && since <= GOES_ON_NS;
}

static double seconds_between(odd_time before, odd_time time)
{
    return (double)time_minus(time, before) / (double)NS_PER_S;
}

/* Of a counter all is told as growth a second. */
static double rate_of(const Measure *as, double value)
{
    return (value - as->from) / as->per;
}

/* What has come twice may be called usual. */
static Usual usual_of(const SeriesWatch *watch, int64_t past_ns)
{
    int season = series_season(watch);
    if (season == 2 && past_ns >= 14 * S_PER_DAY * NS_PER_S)
        return USUAL_WEEKDAY;
    return season > 0 && past_ns >= 2 * S_PER_DAY * NS_PER_S ? USUAL_HOUR : USUAL_ALWAYS;
}

Measured shard_judge(SeriesWatch *watch, ShapeWatch *shape, const Series *series, Sample sample)
{
    Judgement judgement;
    Measured measured = {.time = sample.time, .before = series->last_time, .step_s = watch->step_s};
    double step_s =
        series->last_time != ODD_TIME_NONE ? seconds_between(series->last_time, sample.time) : 0;
    Measure as = series_measure(&watch->kind, sample.value, step_s);
    measured.is_rate = watch->kind.is_counter;
    measured.usual = usual_of(watch, time_minus(sample.time, series->first_time));
    tiers_put(watch, shape, sample.time, sample.value, &judgement);
    measured.value = measured.is_rate ? rate_of(&as, sample.value) : sample.value;
    if (measured.is_rate) {
        judgement.expected = rate_of(&as, judgement.expected);
        judgement.lower = rate_of(&as, judgement.lower);
        judgement.upper = rate_of(&as, judgement.upper);
    }
    measured.judgement = judgement;
    return measured;
}

static bool is_gap(const Measured *measured)
{
    return strcmp(measured->judgement.reason, "gap") == 0;
}

/* Nobody was here since the sample before.  What comes first then comes before the next tick. */
static bool was_absent(const Shard *shard, odd_time known, const Measured *measured)
{
    bool is_first = shard->now != ODD_TIME_NONE && time_minus(known, shard->now) > ABSENT_NS;
    return is_first || (shard->back != ODD_TIME_NONE && measured->before < shard->back);
}

bool shard_is_late_by_us(const Shard *shard, odd_time known, const Measured *measured)
{
    return is_gap(measured) && was_absent(shard, known, measured);
}

static void tell(Shard *shard, Series *series, odd_time known, const Measured *measured)
{
    if (series->change != CHANGE_METRIC_NONE)
        return; /* When something started is a change, and not odd. */
    const Judgement *judgement = &measured->judgement;
    double least = shard->threshold_metrics;
    bool begins = judgement->alarm >= least;
    bool goes_on = judgement->surprise >= least && shard_goes_on(series->told, measured->time);
    bool is_faint = !begins && !goes_on;
    if ((is_faint && !shard_may_raise(shard, judgement->alarm)) ||
        shard_is_late_by_us(shard, known, measured))
        return;
    shard_series_candidate(shard, series, measured, goes_on && !begins, is_faint);
    if (!is_faint)
        series->told = measured->time;
}

/* The first sample since the last tick speaks for its series.  That it came late says something of
 * who fetches it, or of us. */
static void hear(Shard *shard, Series *series, odd_time known, const Measured *measured)
{
    bool counts = !is_gap(measured) && !was_absent(shard, known, measured);
    shard->series_judged++;
    series->judged = shard->ticks + 1;
    shard_hear_odd(shard, series, counts ? measured->judgement.surprise : 0);
}

void shard_watch(Shard *shard, MetricSource *source, Series *series, Sample sample)
{
    series->surprise = NAN;
    SeriesWatch *watch = watch_of(shard, source, series);
    if (watch == NULL)
        return;
    ShapeWatch *shape = shape_desk_change(&shard->shapes, series->number);
    Measured measured = shard_judge(watch, shape, series, sample);
    shard_normals_watch(shard, series, sample, source->known);
    band_follow(&series->band, &measured.judgement);
    if (isnan(measured.judgement.expected))
        return;
    series->surprise = (float)measured.judgement.surprise;
    source->judged++;
    shard->samples_judged++;
    if (series->judged != shard->ticks + 1)
        hear(shard, series, source->known, &measured);
    tell(shard, series, source->known, &measured);
}
