/* SPDX-License-Identifier: Apache-2.0
 *
 * play_metrics.c - the samples of a minute: of each service what its clients see and what it takes,
 * of each machine what the node exporter tells.
 *
 * Counters live in the play, each at the place where its series comes in a minute. */
#include <assert.h>
#include <stdio.h>

#include "play.h"

#define TOPIC_METRICS 3
#define MACHINE_MB 16000.0
#define HZ 60.0           /* Seconds of a minute, of one processor. */

typedef struct {
    Play         *play;
    const Strain *strain;
    odd_events   *events;
    Dice          dice;
    odd_time      time;
    double        load;
    const char   *source;
    char          labels[96]; /* Without braces. */
    bool          is_silent;  /* What it counts goes on. */
    odd_rc        rc;
} Round;

static void put(Round *r, const char *name, const char *more, double value)
{
    char series[192];
    snprintf(series, sizeof series, "%s{%s%s}", name, r->labels, more);
    if (r->rc == ODD_OK && !r->is_silent)
        r->rc = odd_events_sample(r->events, r->source, series, r->time, value);
}

static void gauge(Round *r, const char *name, const char *more, double value, double spread)
{
    put(r, name, more, value * (1 + spread * dice_noise(&r->dice)));
}

static void counter(Round *r, const char *name, const char *more, double grows)
{
    assert(r->play->series < PLAY_SERIES_MAX);
    double *count = &r->play->counters[r->play->series++];
    *count += grows;
    put(r, name, more, *count);
}

static double requests_of(Round *r, int service)
{
    if (r->strain->is_down[service])
        return 0;
    return company_services[service].requests * r->load * r->strain->requests[service];
}

static double memory_mb(const Round *r, int service)
{
    const Start *start = play_start(r->play, service, r->play->minute);
    double age = (double)(r->play->minute - start->minute);
    double warm = age / (age + 40); /* What it keeps grows in the first hours. */
    return company_services[service].memory_mb * (0.6 + 0.4 * warm) + r->strain->leaked_mb[service];
}

static void service_samples(Round *r, int number)
{
    const Service *service = &company_services[number];
    const Start *start = play_start(r->play, number, r->play->minute);
    double requests = dice_count(&r->dice, requests_of(r, number));
    double failed = dice_count(&r->dice, requests * r->strain->errors[number]);
    failed = failed < requests ? failed : requests;
    double latency_s = r->strain->latency_ms[number] / 1000 * (1 + 0.15 * r->load);
    snprintf(r->labels, sizeof r->labels, "service=\"%s\",instance=\"%s:%d\"", service->name,
             company_hosts[service->host], 8080 + number);
    counter(r, "http_requests_total", ",code=\"200\"", requests - failed);
    counter(r, "http_requests_total", ",code=\"500\"", failed);
    if (!r->strain->is_down[number]) {
        gauge(r, "http_request_duration_p95_seconds", "", 2.2 * latency_s, 0.08);
        gauge(r, "process_resident_memory_bytes", "", memory_mb(r, number) * 1e6, 0.01);
        put(r, "process_start_time_seconds", "",
            (double)(play_time(r->play, start->minute) / NS_PER_S + 7));
    }
    if (number == ORDERS_DB)
        put(r, "pg_stat_activity_count", "",
            12 + dice_count(&r->dice, requests / 60 * latency_s * 40));
}

static double used_mb(const Round *r, int host)
{
    double used = 1400;
    for (int i = 0; i < SERVICE_COUNT; i++)
        if ((int)company_services[i].host == host && !r->strain->is_down[i])
            used += memory_mb(r, i);
    return used;
}

static double busy_s(Round *r, int host)
{
    double busy = 1.5;
    for (int i = 0; i < SERVICE_COUNT; i++)
        if ((int)company_services[i].host == host)
            busy += 0.4 + requests_of(r, i) * 0.012;
    return busy * (1 + 0.08 * dice_noise(&r->dice));
}

static bool is_backup(const Round *r, int host)
{
    int of_day = (int)(r->time / MINUTE_NS % DAY_MINUTES);
    return host == DB_1 && of_day >= BACKUP_BEGINS && of_day < BACKUP_ENDS;
}

/* Of a disk of 100 GB; a little is written each day, and tidied on the next. */
static double free_share(const Round *r, int host)
{
    double day = (double)(r->play->minute % DAY_MINUTES) / DAY_MINUTES;
    double left = (host == DB_1 ? 0.46 : 0.62) - 0.01 * day;
    return left * (1 - r->strain->filled[host]);
}

static void disk_samples(Round *r, int host)
{
    double waits = r->strain->waits_for_disk[host], backup = is_backup(r, host) ? 1 : 0;
    double written =
        (host == DB_1 ? 9e6 : 2e6) * (0.3 + r->load) * (1 + 0.2 * dice_noise(&r->dice));
    written += r->strain->filled[host] > 0 && r->strain->filled[host] < 1 ? 2.5e8 : 0;
    gauge(r, "node_filesystem_avail_bytes", ",mountpoint=\"/\",device=\"/dev/sda1\"",
          100e9 * free_share(r, host), 0.0002);
    counter(r, "node_disk_written_bytes_total", ",device=\"sda\"", written);
    counter(r, "node_disk_io_time_seconds_total", ",device=\"sda\"",
            HZ * (0.02 * (1 + 0.3 * fabs(dice_noise(&r->dice))) + waits + 0.3 * backup));
}

static void host_samples(Round *r, int host)
{
    double busy = busy_s(r, host), waiting = r->strain->waits_for_disk[host] * HZ;
    double requests = 0;
    for (int i = 0; i < SERVICE_COUNT; i++)
        requests += (int)company_services[i].host == host ? requests_of(r, i) : 0;
    snprintf(r->labels, sizeof r->labels, "instance=\"%s:9100\",job=\"node\"", company_hosts[host]);
    gauge(r, "node_load1", "", busy / HZ + waiting / HZ * 4 + 0.05, 0.15);
    counter(r, "node_cpu_seconds_total", ",mode=\"user\"", busy);
    counter(r, "node_cpu_seconds_total", ",mode=\"iowait\"",
            waiting + 0.2 * fabs(dice_noise(&r->dice)) + (is_backup(r, host) ? 9 : 0));
    gauge(r, "node_memory_MemAvailable_bytes", "", (MACHINE_MB - used_mb(r, host)) * 1e6, 0.004);
    disk_samples(r, host);
    counter(r, "node_network_transmit_bytes_total", ",device=\"eth0\"",
            requests * 7800 * (1 + 0.1 * dice_noise(&r->dice)) + (is_backup(r, host) ? 4e8 : 0));
    put(r, "node_boot_time_seconds", "", 1763000000.0 + 3000 * host);
    put(r, "node_timex_offset_seconds", "", r->strain->clock_s[host] + 1e-4 * dice_noise(&r->dice));
}

odd_rc play_metrics(Play *play, const Strain *strain, odd_events *events)
{
    Round r = {.play = play,
               .strain = strain,
               .events = events,
               .dice = dice_of(play->seed, play->minute, TOPIC_METRICS),
               .time = play_time(play, play->minute) + 30 * NS_PER_S,
               .rc = ODD_OK};
    r.load = company_load(r.time) * (1 + 0.03 * dice_noise(&r.dice));
    play->series = 0;
    r.source = "prometheus";
    for (int i = 0; i < SERVICE_COUNT; i++)
        service_samples(&r, i);
    for (int i = 0; i < HOST_COUNT; i++) {
        r.is_silent = strain->samples_silent[i];
        host_samples(&r, i);
    }
    return r.rc;
}
