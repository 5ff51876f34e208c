/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_changes.c - restarts, deploys and configurations that nobody sent, seen in lines and
 * metrics.
 *
 * A line tells of one by the words of its pattern, if it is a rare one: what is said every minute
 * changes nothing. */
#include <math.h>
#include <stdio.h>

#include "base/cut.h"
#include "engine/shard.h"
#include "event/series.h"
#include "incident/change_words.h"

#define RARE_SURPRISE 2.0 /* One line in a hundred of its source is as rare. */
#define FIRST_LINES 3
#define RESTART_S 1.0     /* A time of start that moves by less is the same. */
#define KNOWN_NS (600 * NS_PER_S)
#define TITLE_BYTES 120

static void take(Shard *shard, Change *change)
{
    if (shard->change_count == CHANGES_OF_SHARD_MAX)
        return;
    Change *grown = mem_grow(&shard->way_mem, shard->changes, &shard->change_capacity,
                             shard->change_count + 1, sizeof *grown);
    if (grown == NULL)
        return;
    shard->changes = grown;
    change->is_seen = 1;
    change_set_id(change);
    grown[shard->change_count++] = *change;
}

static Change change_of(const char *what, Str source, odd_time time)
{
    Change change;
    memset(&change, 0, sizeof change);
    change.time = time;
    cut_into(change.what, sizeof change.what, str_of(what));
    cut_into(change.source, sizeof change.source, source);
    return change;
}

void shard_see_line(Shard *shard, const Line *line, Judgement judgement, Str whole)
{
    const Signal *signal = &shard->db->signals.signals[line->signal];
    if ((judgement.surprise < RARE_SURPRISE && signal_seen(signal) > FIRST_LINES) ||
        line->spot.time == ODD_TIME_NONE || line->level >= LEVEL_ERROR || line->is_frame)
        return;
    char room[CANDIDATE_PATTERN_BYTES];
    Str pattern = db_pattern_text(shard->db, line->signal, NULL, room, sizeof room);
    const char *what = change_of_pattern(pattern);
    if (what == NULL)
        return;
    Change change =
        change_of(what, names_text(&shard->sources, line->spot.source), line->spot.time);
    cut_into(change.title, TITLE_BYTES, whole);
    take(shard, &change);
}

static void label_copy(char *to, size_t size, Str series, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count && to[0] == '\0'; i++)
        cut_into(to, size, series_label(series, str_of(names[i])));
}

static void take_of_series(Shard *shard, const Series *series, const char *what, odd_time time)
{
    static const char *const services[] = {"service", "service.name", "service_name",
                                           "deployment", "app", "pod", "k8s.pod.name", "job"};
    static const char *const hosts[] = {"instance", "host", "host.name", "hostname", "node"};
    Str name = shard_series_name(shard, series->number);
    Change change = change_of(what, names_text(&shard->metric_source_names, series->source), time);
    label_copy(change.service, sizeof change.service, name, services,
               sizeof services / sizeof services[0]);
    label_copy(change.host, sizeof change.host, name, hosts, sizeof hosts / sizeof hosts[0]);
    cut_into(change.version, sizeof change.version, series_label(name, STR("version")));
    take(shard, &change);
}

void shard_see_series(Shard *shard, const MetricSource *source, Series *series, odd_time time)
{
    series->change = change_of_metric(shard_series_name(shard, series->number));
    if (series->change == CHANGE_METRIC_VERSION && source->samples > 0 &&
        time_minus(time, source->first_time) > KNOWN_NS)
        take_of_series(shard, series, "deploy", time);
}

void shard_see_sample(Shard *shard, const Series *series, Sample sample)
{
    double grown = sample.value - series->last_value;
    bool is_restart = series->change == CHANGE_METRIC_START   ? grown > RESTART_S
                      : series->change == CHANGE_METRIC_COUNT ? grown > 0
                                                              : false;
    if (is_restart && series->last_time != ODD_TIME_NONE)
        take_of_series(shard, series, "restart", sample.time);
}
