/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "source/host.h"

#define MODE_COUNT 8

static const char *const modes[MODE_COUNT] = {"user",   "nice", "system",  "idle",
                                              "iowait", "irq",  "softirq", "steal"};

static void cpu_add(Samples *samples, const char *cpu, const ProcLine *line)
{
    double ticks = (double)sysconf(_SC_CLK_TCK);
    for (size_t i = 0; i < MODE_COUNT && i + 1 < line->count; i++) {
        SampleLabel labels[] = {{"cpu", cpu}, {"mode", modes[i]}};
        samples_add(samples, "node_cpu_seconds_total", labels, 2,
                    proc_number(line->words[i + 1]) / ticks);
    }
}

static const struct {
    const char *word, *name;
} totals[] = {
    {"intr", "node_intr_total"},
    {"ctxt", "node_context_switches_total"},
    {"btime", "node_boot_time_seconds"},
    {"processes", "node_forks_total"},
    {"procs_running", "node_procs_running"},
    {"procs_blocked", "node_procs_blocked"},
};

static void total_add(Samples *samples, const ProcLine *line)
{
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++)
        if (line->count > 1 && strcmp(line->words[0], totals[i].word) == 0)
            samples_plain(samples, totals[i].name, proc_number(line->words[1]));
}

static size_t cpus_of(const char *text)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, "\ncpu")) != NULL; at++)
        count++;
    return count;
}

static void stat_add(Host *host, Samples *samples)
{
    ProcLine line;
    if (!proc_read(&host->text, host->proc, "stat"))
        return;
    bool summed = cpus_of(host->text.bytes) > HOST_CPUS_MAX;
    while (proc_line(&host->text, '\0', &line)) {
        if (line.count == 0)
            continue;
        bool sum = strcmp(line.words[0], "cpu") == 0;
        if (strncmp(line.words[0], "cpu", 3) != 0)
            total_add(samples, &line);
        else if (sum == summed)
            cpu_add(samples, sum ? "all" : line.words[0] + 3, &line);
    }
}

static void load_add(Host *host, Samples *samples)
{
    static const char *const names[] = {"node_load1", "node_load5", "node_load15"};
    ProcLine                 line;
    if (!proc_read(&host->text, host->proc, "loadavg") || !proc_line(&host->text, '/', &line) ||
        line.count < 5)
        return;
    for (size_t i = 0; i < 3; i++)
        samples_plain(samples, names[i], proc_number(line.words[i]));
    samples_plain(samples, "node_processes_threads", proc_number(line.words[4]));
}

/* Processes are the folders of /proc that are numbers. */
static void processes_add(Host *host, Samples *samples)
{
    DIR *entries = opendir(host->proc);
    if (entries == NULL)
        return;
    const struct dirent *entry;
    size_t               count = 0;
    while ((entry = readdir(entries)) != NULL)
        count += isdigit((unsigned char)entry->d_name[0]) != 0;
    closedir(entries);
    samples_plain(samples, "node_processes_pids", (double)count);
}

void host_cpu(Host *host, Samples *samples)
{
    stat_add(host, samples);
    load_add(host, samples);
    processes_add(host, samples);
}
