/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "source/host.h"

#define DEPTH_MAX 6
#define GROUP_PATH_SIZE 1024
#define US_PER_S 1e6

typedef struct {
    Host    *host;
    Samples *samples;
    size_t   count;
} Units;

static bool ends_with(const char *name, const char *ending)
{
    size_t size = strlen(name), end = strlen(ending);
    return size > end && strcmp(name + size - end, ending) == 0;
}

static void cpu_add(Units *units, const char *group, const char *unit)
{
    char     path[GROUP_PATH_SIZE];
    ProcLine line;
    snprintf(path, sizeof path, "%.960s/cpu.stat", group);
    if (!proc_read(&units->host->text, units->host->sys, path))
        return;
    while (proc_line(&units->host->text, '\0', &line)) {
        if (line.count < 2)
            continue;
        if (strcmp(line.words[0], "usage_usec") == 0)
            samples_one(units->samples, "unit_cpu_seconds_total", "unit", unit,
                        proc_number(line.words[1]) / US_PER_S);
        else if (strcmp(line.words[0], "throttled_usec") == 0)
            samples_one(units->samples, "unit_cpu_throttled_seconds_total", "unit", unit,
                        proc_number(line.words[1]) / US_PER_S);
    }
}

/* "8:0 rbytes=1 wbytes=2 rios=3 wios=4 ...": one line a device. */
static void io_add(Units *units, const char *group, const char *unit)
{
    char     path[GROUP_PATH_SIZE];
    ProcLine line;
    double   read = 0, written = 0;
    bool     any = false;
    snprintf(path, sizeof path, "%.960s/io.stat", group);
    if (!proc_read(&units->host->text, units->host->sys, path))
        return;
    while (proc_line(&units->host->text, '\0', &line))
        for (size_t i = 1; i < line.count; i++) {
            if (strncmp(line.words[i], "rbytes=", 7) == 0)
                read += proc_number(line.words[i] + 7);
            else if (strncmp(line.words[i], "wbytes=", 7) == 0)
                written += proc_number(line.words[i] + 7);
            any = true;
        }
    if (!any)
        return;
    samples_one(units->samples, "unit_io_read_bytes_total", "unit", unit, read);
    samples_one(units->samples, "unit_io_written_bytes_total", "unit", unit, written);
}

static void oom_add(Units *units, const char *group, const char *unit)
{
    char     path[GROUP_PATH_SIZE];
    ProcLine line;
    snprintf(path, sizeof path, "%.960s/memory.events", group);
    if (!proc_read(&units->host->text, units->host->sys, path))
        return;
    while (proc_line(&units->host->text, '\0', &line))
        if (line.count == 2 && strcmp(line.words[0], "oom_kill") == 0)
            samples_one(units->samples, "unit_oom_kills_total", "unit", unit,
                        proc_number(line.words[1]));
}

static void value_add(Units *units, const char *group, const char *unit, const char *file,
                      const char *name)
{
    char   path[GROUP_PATH_SIZE];
    double value;
    snprintf(path, sizeof path, "%.960s/%s", group, file);
    if (proc_value(&units->host->text, units->host->sys, path, &value))
        samples_one(units->samples, name, "unit", unit, value);
}

static void unit_add(Units *units, const char *group, const char *unit)
{
    units->count++;
    cpu_add(units, group, unit);
    value_add(units, group, unit, "memory.current", "unit_memory_bytes");
    value_add(units, group, unit, "pids.current", "unit_tasks");
    io_add(units, group, unit);
    oom_add(units, group, unit);
}

/* Services are told, slices gone into.  Scopes are sessions and containers: they come and go. */
static void walk(Units *units, const char *group, int depth)
{
    char  path[GROUP_PATH_SIZE], way[GROUP_PATH_SIZE * 2];
    snprintf(way, sizeof way, "%s/%s", units->host->sys, group);
    DIR *entries = depth > DEPTH_MAX ? NULL : opendir(way);
    if (entries == NULL)
        return;
    const struct dirent *entry;
    while (units->count < HOST_UNITS_MAX && (entry = readdir(entries)) != NULL) {
        bool service = ends_with(entry->d_name, ".service");
        bool slice = ends_with(entry->d_name, ".slice");
        if (entry->d_name[0] == '.' || (!service && !slice) ||
            snprintf(path, sizeof path, "%s/%s", group, entry->d_name) >= (int)sizeof path)
            continue;
        if (service)
            unit_add(units, path, entry->d_name);
        else
            walk(units, path, depth + 1);
    }
    closedir(entries);
}

void host_units(Host *host, Samples *samples)
{
    Units  units = {.host = host, .samples = samples};
    double pid_max;
    if (proc_value(&host->text, host->proc, "sys/kernel/pid_max", &pid_max))
        samples_plain(samples, "node_processes_max_processes", pid_max);
    walk(&units, "fs/cgroup", 0);
}
