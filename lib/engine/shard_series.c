/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_series.c - samples of a shard: which series, once each, as rows for the lake. */
#include "base/bytes.h"
#include "engine/shard.h"

#define SERIES_KEY_SIZE (SERIES_SOURCE_BYTES + EVENT_SERIES_BYTES_MAX)
#define SERIES_OTHER "__other__" /* Takes the samples of series beyond the limit. */

/* Room comes before names, so that each name has what belongs to it. */
static MetricSource *metric_source(Shard *shard, Str name, uint32_t *ret_number)
{
    Names *names = &shard->metric_source_names;
    MetricSource *grown = mem_grow(&shard->mem, shard->metric_sources,
                                   &shard->metric_source_capacity, names->count + 2, sizeof *grown);
    if (grown == NULL)
        return NULL;
    shard->metric_sources = grown;
    bool is_new;
    uint32_t number = shard_name(shard, names, name, &is_new);
    if (number == NAME_NONE)
        return NULL;
    *ret_number = number;
    return &grown[number];
}

Str shard_series_name(const Shard *shard, uint32_t number)
{
    Str name = names_text(&shard->series_names, number);
    return str_part(name, SERIES_SOURCE_BYTES, name.size);
}

static Str series_key(uint32_t source, Str name, char key[SERIES_KEY_SIZE])
{
    size_t size = name.size < EVENT_SERIES_BYTES_MAX ? name.size : EVENT_SERIES_BYTES_MAX;
    bytes_put_u32(key, source);
    if (size > 0)
        memcpy(key + SERIES_SOURCE_BYTES, name.text, size);
    return (Str){.text = key, .size = SERIES_SOURCE_BYTES + size};
}

/* NULL: the source has too many series already, or there is no memory. */
static Series *series_find(Shard *shard, MetricSource *source, uint32_t source_number, Str name,
                           odd_time time)
{
    char key[SERIES_KEY_SIZE];
    Names *names = &shard->series_names;
    name = series_key(source_number, name, key);
    uint32_t number = names_find(names, name);
    if (number != NAME_NONE)
        return &shard->series[number];
    if (source->series >= shard->series_max)
        return NULL;
    Series *grown = mem_grow(&shard->mem, shard->series, &shard->series_capacity, names->count + 1,
                             sizeof *grown);
    if (grown == NULL)
        return NULL;
    shard->series = grown;
    bool is_new;
    number = names_add(names, name, &is_new);
    if (number == NAME_NONE)
        return NULL;
    grown[number] = (Series){.source = source_number,
                             .watch = watch_table_add(&shard->watches),
                             .first_time = time,
                             .last_time = ODD_TIME_NONE};
    source->series++;
    return &grown[number];
}

static void sample_row(Shard *shard, Str source, Str series, Sample sample)
{
    Table *rows = &shard->samples;
    table_time(rows, sample.time);
    table_text(rows, source);
    table_text(rows, series);
    table_real(rows, sample.value);
    table_int(rows, (int64_t)shard->position);
}

static bool same_value(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* A time from the future is not believed: it would be the newest one of its series for years. */
static Sample sample_believed(Sample sample, odd_time known)
{
    if (time_minus(sample.time, known) > EARLY_NS_MAX)
        sample.time = known;
    return sample;
}

static void series_judge(Shard *shard, const Series *series, Sample sample)
{
    if (series->watch == WATCH_NONE)
        return;
    Judgement judgement;
    series_put(watch_table_at(&shard->watches, series->watch), sample.time, sample.value,
               &judgement);
    if (judgement.alarm >= shard->threshold)
        shard_series_candidate(shard, (uint32_t)(series - shard->series), &sample, &judgement);
}

/* False: it is the sample before, sent again. */
static bool sample_learn(Shard *shard, MetricSource *source, Series *series, Sample sample)
{
    if (series->samples > 0 && sample.time == series->last_time &&
        same_value(sample.value, series->last_value)) {
        source->doubles++;
        return false;
    }
    series->samples++;
    if (series->last_time != ODD_TIME_NONE && sample.time < series->last_time) {
        source->late++;
        return true;
    }
    series_judge(shard, series, sample);
    series->last_time = sample.time;
    series->last_value = sample.value;
    return true;
}

static void source_span(MetricSource *source, odd_time time)
{
    if (source->samples++ == 0)
        source->first_time = source->last_time = time;
    if (time < source->first_time)
        source->first_time = time;
    if (time > source->last_time)
        source->last_time = time;
}

odd_rc shard_samples(Shard *shard, const Event *event)
{
    uint32_t source_number = 0;
    MetricSource *source = metric_source(shard, event->source, &source_number);
    if (source == NULL)
        return ODD_NOMEM;
    source->known = event->known;
    Series *series = NULL;
    for (size_t i = 0; i < event->sample_count; i++) {
        Sample sample = sample_believed(event_sample(event, i), event->known);
        if (i == 0)
            series = series_find(shard, source, source_number, event->series, sample.time);
        source_span(source, sample.time);
        if (series == NULL) {
            source->refused++;
            sample_row(shard, event->source, STR(SERIES_OTHER), sample);
        } else if (sample_learn(shard, source, series, sample)) {
            sample_row(shard, event->source, event->series, sample);
        }
    }
    return ODD_OK;
}
