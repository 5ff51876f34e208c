/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "source/host.h"

#define BYTES_PER_KB 1024

static const char *const memory_words[] = {
    "MemTotal", "MemFree",  "MemAvailable", "Buffers",   "Cached",     "SwapCached",
    "Active",   "Inactive", "SwapTotal",    "SwapFree",  "Dirty",      "Writeback",
    "AnonPages", "Mapped",  "Shmem",        "Slab",      "SReclaimable", "SUnreclaim",
    "KernelStack", "PageTables", "Committed_AS", "CommitLimit", "HugePages_Total", "HugePages_Free",
};

static const char *const paging_words[] = {"pgpgin",     "pgpgout",    "pswpin", "pswpout",
                                           "pgfault",    "pgmajfault", "oom_kill"};

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

void host_memory(Host *host, Samples *samples)
{
    ProcLine line;
    char     name[128];
    if (proc_read(&host->text, host->proc, "meminfo"))
        while (proc_line(&host->text, ':', &line)) {
            if (line.count < 2 || !is_one_of(line.words[0], memory_words,
                                             sizeof memory_words / sizeof memory_words[0]))
                continue;
            bool sized = line.count > 2;
            snprintf(name, sizeof name, "node_memory_%s%s", line.words[0], sized ? "_bytes" : "");
            samples_plain(samples, name, proc_number(line.words[1]) * (sized ? BYTES_PER_KB : 1));
        }
    if (proc_read(&host->text, host->proc, "vmstat"))
        while (proc_line(&host->text, '\0', &line)) {
            if (line.count < 2 || !is_one_of(line.words[0], paging_words,
                                             sizeof paging_words / sizeof paging_words[0]))
                continue;
            snprintf(name, sizeof name, "node_vmstat_%s", line.words[0]);
            samples_plain(samples, name, proc_number(line.words[1]));
        }
}
