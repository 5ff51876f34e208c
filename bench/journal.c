/* SPDX-License-Identifier: Apache-2.0
 *
 * How fast commits become durable: commits and MB a second, and how long one takes.
 *
 *     journal FOLDER [SECONDS]    new stores below FOLDER, on the disk that is to be measured */
#include <oddball.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TIMES_MAX 1000000
#define LINE_BYTES 120

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Lines of a server as they come: words, and numbers that differ. */
static odd_events *lines_of(size_t bytes)
{
    odd_events *events;
    if (odd_events_open(NULL, 1, &events) != ODD_OK)
        return NULL;
    unsigned random = 1;
    for (size_t size = 0; size < bytes; size += LINE_BYTES) {
        char line[LINE_BYTES + 64];
        random = random * 1664525 + 1013904223;
        int length = snprintf(line, sizeof line,
                              "2026-01-01T00:00:00 INFO http.server GET /item/%08x/view answered "
                              "200 in %u us, %u bytes, from 10.%u.%u.%u\n",
                              random, random >> 12 & 0xffff, random >> 7 & 0xfffff,
                              random >> 3 & 255, random >> 11 & 255, random >> 19 & 255);
        odd_events_lines(events, "bench", 0, line, (size_t)length);
    }
    return events;
}

static int measure(const char *folder, size_t bytes, double seconds)
{
    static double times[TIMES_MAX];
    char place[4096], problem[512];
    snprintf(place, sizeof place, "%s/journal-bench-%zu-%ld", folder, bytes, (long)time(NULL));
    odd_store *store;
    if (odd_store_open(place, NULL, &store, problem, sizeof problem) != ODD_OK) {
        fprintf(stderr, "journal: %s\n", problem);
        return 2;
    }
    odd_events *events = lines_of(bytes);
    double begun = now_s(), before = begun, total = 0;
    size_t count = 0;
    while (before - begun < seconds && count < TIMES_MAX) {
        uint64_t position;
        if (odd_store_commit(store, &events, 1, NULL, &position) != ODD_OK) {
            fprintf(stderr, "journal: %s\n", odd_store_errmsg(store));
            return 2;
        }
        double after = now_s();
        times[count++] = after - before;
        before = after;
        total += (double)odd_events_count(events).encoded_bytes;
    }
    double took = before - begun;
    qsort(times, count, sizeof *times, ascending);
    printf("%9zu %10.0f %10.1f %10.2f %10.2f %10.2f\n", bytes, (double)count / took,
           total / took / 1e6, times[count / 2] * 1e3, times[count - 1 - count / 100] * 1e3,
           times[count - 1] * 1e3);
    odd_events_close(events);
    odd_store_close(store);
    return 0;
}

int main(int count, char **arguments)
{
    if (count < 2) {
        fprintf(stderr, "usage: journal FOLDER [SECONDS]\n");
        return 2;
    }
    double seconds = count > 2 ? strtod(arguments[2], NULL) : 5;
    static const size_t sizes[] = {200, 4096, 65536, 1 << 20, 8 << 20};
    printf("   bytes   commits/s       MB/s  median ms     p99 ms     max ms\n");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (measure(arguments[1], sizes[i], seconds) != 0)
            return 2;
    return 0;
}
