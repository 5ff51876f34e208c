/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "source/host.h"

#define US_PER_S 1e6

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=12345": the total is in microseconds. */
static bool total_of(const ProcLine *line, double *ret)
{
    for (size_t i = 1; i < line->count; i++)
        if (strncmp(line->words[i], "total=", 6) == 0) {
            *ret = proc_number(line->words[i] + 6) / US_PER_S;
            return true;
        }
    return false;
}

void host_pressure(Host *host, Samples *samples)
{
    static const struct {
        const char *path, *some, *full;
    } kinds[] = {
        {"pressure/cpu", "node_pressure_cpu_waiting_seconds_total", NULL},
        {"pressure/memory", "node_pressure_memory_waiting_seconds_total",
         "node_pressure_memory_stalled_seconds_total"},
        {"pressure/io", "node_pressure_io_waiting_seconds_total",
         "node_pressure_io_stalled_seconds_total"},
    };
    ProcLine line;
    double   total;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!proc_read(&host->text, host->proc, kinds[i].path))
            continue;
        while (proc_line(&host->text, '\0', &line)) {
            if (line.count == 0 || !total_of(&line, &total))
                continue;
            bool        some = strcmp(line.words[0], "some") == 0;
            const char *name = some ? kinds[i].some : kinds[i].full;
            if (name != NULL)
                samples_plain(samples, name, total);
        }
    }
}
