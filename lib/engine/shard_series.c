/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_series.c - samples of a shard: which series, once each, as rows for the lake. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "engine/shard.h"
#include "event/utf8.h"
#include "incident/change_words.h"

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
    if (is_new)
        grown[number].target =
            shard_target(shard, shard_place(names_text(names, number), STR("")), number, 0);
    *ret_number = number;
    return &grown[number];
}

Str shard_series_name(const Shard *shard, uint32_t number)
{
    Str name = names_text(&shard->series_names, number);
    return str_part(name, SERIES_SOURCE_BYTES, name.size);
}

Str shard_target_series(const Shard *shard, const Target *target)
{
    return target->series < shard->series_names.count ? shard_series_name(shard, target->series)
                                                      : STR("");
}

static Str series_key(uint32_t source, Str name, char key[SERIES_KEY_SIZE])
{
    size_t size = name.size < EVENT_SERIES_BYTES_MAX ? name.size : EVENT_SERIES_BYTES_MAX;
    bytes_put_u32(key, source);
    if (size > 0)
        memcpy(key + SERIES_SOURCE_BYTES, name.text, size);
    return (Str){.text = key, .size = SERIES_SOURCE_BYTES + size};
}

static void series_place(Shard *shard, Series *series)
{
    Str source = names_text(&shard->metric_source_names, series->source);
    series->place = shard_place(source, shard_series_name(shard, series->number));
    series->target = shard_target(shard, series->place, series->source, series->number);
}

/* NULL: the source has too many series already, or there is no memory. */
static Series *series_find(Shard *shard, MetricSource *source, uint32_t source_number, Str name,
                           odd_time time)
{
    char key[SERIES_KEY_SIZE];
    Names *names = &shard->series_names;
    name = series_key(source_number, name, key);
    uint32_t number = names_find(names, name);
    if (number != NAME_NONE) {
        block_table_touch(&shard->series, number);
        return block_table_at(&shard->series, number);
    }
    if (source->series >= shard->series_max || shard_bytes(shard) >= shard->series_bytes_max)
        return NULL;
    Series *made = block_table_add(&shard->series);
    if (made == NULL)
        return NULL;
    bool is_new;
    number = names_add(names, name, &is_new);
    if (number == NAME_NONE) {
        block_table_drop(&shard->series);
        return NULL;
    }
    assert(number + 1 == shard->series.count);
    *made = (Series){.number = number,
                     .source = source_number,
                     .watch = WATCH_NONE,
                     .first_time = time,
                     .last_time = ODD_TIME_NONE,
                     .told = ODD_TIME_NONE};
    source->series++;
    shard->names_changed = true;
    series_place(shard, made);
    shard_see_series(shard, source, made, time);
    return made;
}

static void row_begin(Table *rows, Str source, Str series, Sample sample)
{
    char room[UTF8_SHOWN_BYTES * EVENT_SERIES_BYTES_MAX];
    table_time(rows, sample.time);
    table_text(rows, utf8_shown(source, room));
    table_text(rows, utf8_shown(series, room));
    table_real(rows, sample.value);
}

/* Of a sample that is not judged. */
static void row_plain(Shard *shard, Str source, Str series, Sample sample)
{
    Table *rows = &shard->samples;
    row_begin(rows, source, series, sample);
    for (int i = 0; i < 5; i++)
        table_missing(rows);
    table_int(rows, (int64_t)shard->position);
}

/* Of the newest sample of its series. */
static void row_judged(Shard *shard, Str source, const Series *series, Sample sample)
{
    Table *rows = &shard->samples;
    Str name = shard_series_name(shard, series->number);
    if (series->watch == WATCH_NONE || isnan(series->surprise)) {
        row_plain(shard, source, name, sample);
        return;
    }
    const SeriesWatch *watch = watch_table_at(&shard->watches, series->watch);
    row_begin(rows, source, name, sample);
    table_real(rows, series->band.expected);
    table_real(rows, series->band.lower);
    table_real(rows, series->band.upper);
    table_real(rows, band_surprise((double)series->surprise));
    table_text(rows, str_of(series_class_name(series_class(&watch->kind))));
    table_int(rows, (int64_t)shard->position);
}

/* A time from the future is not believed: it would be the newest one of its series for years. */
static Sample sample_believed(Sample sample, odd_time known)
{
    if (time_minus(sample.time, known) > EARLY_NS_MAX)
        sample.time = known;
    return sample;
}

/* A sender that had no answer sends its last samples again, of each series in their order. */
static bool came_before(const Series *series, Sample sample, uint32_t hash)
{
    if (series->last_time == ODD_TIME_NONE || sample.time > series->last_time)
        return false;
    for (size_t i = 0; i < SERIES_RECENT && i < series->samples; i++)
        if (series->recent[i] == hash)
            return true;
    return false;
}

static uint32_t sample_hash(Sample sample)
{
    uint64_t value;
    memcpy(&value, &sample.value, sizeof value);
    return (uint32_t)(hash_add(hash_add(0, (uint64_t)sample.time), value) >> 32);
}

static odd_rc sample_learn(Shard *shard, MetricSource *source, Series *series, Str source_name,
                           Sample sample)
{
    uint32_t hash = sample_hash(sample);
    if (came_before(series, sample, hash)) {
        source->doubles++;
        return ODD_OK;
    }
    series->recent[series->samples++ % SERIES_RECENT] = hash;
    odd_rc rc = shard_feature_sample(shard, series, source_name, sample, source->known);
    if (rc != ODD_OK)
        return rc;
    if (series->last_time != ODD_TIME_NONE && sample.time <= series->last_time) {
        source->late++;
        row_plain(shard, source_name, shard_series_name(shard, series->number), sample);
        return ODD_OK;
    }
    if (series->change != CHANGE_METRIC_NONE)
        shard_see_sample(shard, series, sample);
    if (!shard->facts_alone)
        shard_watch(shard, source, series, sample);
    series->last_time = sample.time;
    series->last_value = sample.value;
    row_judged(shard, source_name, series, sample);
    return ODD_OK;
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

static int by_time(const void *left, const void *right)
{
    const Arrived *a = left, *b = right;
    if (a->sample.time != b->sample.time)
        return a->sample.time < b->sample.time ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* A request may hold the samples of a series in any order.  NULL: no memory. */
static const Arrived *samples_in_order(Shard *shard, const Event *event)
{
    Arrived *arrived = mem_grow(&shard->way_mem, shard->arrived, &shard->arrived_capacity,
                                event->sample_count, sizeof *arrived);
    if (arrived == NULL)
        return NULL;
    shard->arrived = arrived;
    bool in_order = true;
    for (size_t i = 0; i < event->sample_count; i++) {
        arrived[i] = (Arrived){.sample = sample_believed(event_sample(event, i), event->known),
                               .number = i};
        in_order = in_order && (i == 0 || arrived[i - 1].sample.time <= arrived[i].sample.time);
    }
    if (!in_order)
        qsort(arrived, event->sample_count, sizeof *arrived, by_time);
    return arrived;
}

odd_rc shard_samples(Shard *shard, const Event *event)
{
    uint32_t source_number = 0;
    MetricSource *source = metric_source(shard, event->source, &source_number);
    const Arrived *arrived = event->sample_count > 0 ? samples_in_order(shard, event) : NULL;
    if (source == NULL || (arrived == NULL && event->sample_count > 0))
        return ODD_NOMEM;
    source->known = event->known;
    Series *series = NULL;
    if (event->sample_count > 0)
        series = series_find(shard, source, source_number, event->series, arrived[0].sample.time);
    shard_hear(shard, source->target, event->known);
    if (series != NULL)
        shard_hear(shard, series->target, event->known);
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < event->sample_count; i++) {
        Sample sample = arrived[i].sample;
        source_span(source, sample.time);
        if (series == NULL) {
            source->refused++;
            row_plain(shard, event->source, STR(SERIES_OTHER), sample);
        } else {
            rc = sample_learn(shard, source, series, event->source, sample);
        }
    }
    return rc;
}
