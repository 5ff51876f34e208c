/* SPDX-License-Identifier: Apache-2.0 */
#include "api/process.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void read_status(Process *process)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[256];
    unsigned long long value;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmRSS: %llu", &value) == 1)
            process->resident_bytes = value * 1024;
        else if (sscanf(line, "VmSize: %llu", &value) == 1)
            process->virtual_bytes = value * 1024;
        else if (sscanf(line, "Threads: %llu", &value) == 1)
            process->threads = value;
    }
    if (file != NULL)
        fclose(file);
}

static uint64_t open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    uint64_t count = 0;
    if (folder == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count > 0 ? count - 1 : 0; /* One of them was the folder. */
}

Process process_now(void)
{
    Process process = {.open_files = open_files()};
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) == 0)
        process.cpu_s = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        process.open_files_max = limit.rlim_cur;
    read_status(&process);
    return process;
}
