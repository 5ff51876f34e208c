/* SPDX-License-Identifier: Apache-2.0
 *
 * series_speed.c - what it costs to watch many series, on one thread, through the public interface.
 *
 *     series_speed SERIES
 *
 * All series get a sample in turn, every 10 s of their time.  First each learns for a while, then
 * the clock runs.  Prints names and values:
 *   series samples seconds   of what was measured; seconds of processor time
 *   ns_a_sample
 *   bytes_a_series           of memory, all that a handle takes
 *   snapshot_bytes           of one series: what was learnt
 *   alarms                   of 3 or more, so that each judgement is looked at
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <oddball.h>

#define SERIES_MAX 10000000
#define NOISE_COUNT 65536 /* A power of two. */
#define LEARN_SAMPLES 5000000
#define LEARN_ROUNDS_MIN 10
#define LEARN_ROUNDS_MAX 1000
#define TIMED_SAMPLES 2000000
#define TIMED_ROUNDS_MIN 3
#define INTERVAL_NS 10000000000
#define FIRST_NS 1700000000000000000
#define ALARM 3.0

typedef struct {
    odd_series **series;
    size_t count, alarms;
    double noise[NOISE_COUNT];
} Fleet;

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    size_t kilobytes = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmRSS:", 6) == 0)
            kilobytes = strtoul(line + 6, NULL, 10);
    if (file != NULL)
        fclose(file);
    return kilobytes * 1024;
}

/* Sums of uniform numbers: near enough to normal ones, of deviation 1. */
static void fill_noise(Fleet *fleet)
{
    uint64_t state = 88172645463325252;
    for (size_t i = 0; i < NOISE_COUNT; i++) {
        double sum = -6;
        for (size_t n = 0; n < 12; n++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            sum += (double)(state >> 11) / 9007199254740992.0;
        }
        fleet->noise[i] = sum;
    }
}

static void put_round(Fleet *fleet, size_t round)
{
    const odd_time now = FIRST_NS + (odd_time)round * INTERVAL_NS;
    const double season = sin((double)round / 8640 * 6.283185307179586);
    for (size_t i = 0; i < fleet->count; i++) {
        odd_judgement judgement;
        double noise = fleet->noise[(i * 7919 + round * 104729) % NOISE_COUNT];
        double value = (double)(i % 1000) + 10 * season + noise;
        odd_series_put(fleet->series[i], now, value, &judgement);
        fleet->alarms += judgement.alarm >= ALARM;
    }
}

static odd_rc measure(Fleet *fleet)
{
    size_t before = resident_bytes(), round = 0, snapshot_size = 0;
    const void *snapshot;
    for (size_t i = 0; i < fleet->count; i++) {
        odd_rc rc = odd_series_open(NULL, &fleet->series[i]);
        if (rc != ODD_OK)
            return rc;
    }
    size_t learn = LEARN_SAMPLES / fleet->count, timed = TIMED_SAMPLES / fleet->count;
    learn = learn < LEARN_ROUNDS_MIN ? LEARN_ROUNDS_MIN : learn;
    learn = learn > LEARN_ROUNDS_MAX ? LEARN_ROUNDS_MAX : learn;
    timed = timed < TIMED_ROUNDS_MIN ? TIMED_ROUNDS_MIN : timed;
    while (round < learn)
        put_round(fleet, round++);
    double begin = processor_seconds();
    while (round < learn + timed)
        put_round(fleet, round++);
    double seconds = processor_seconds() - begin, samples = (double)(timed * fleet->count);
    size_t bytes = resident_bytes() - before;
    odd_rc rc = odd_series_snapshot(fleet->series[0], &snapshot, &snapshot_size);
    printf("series %zu\nsamples %.0f\nseconds %.6f\nns_a_sample %.1f\n", fleet->count, samples,
           seconds, seconds / samples * 1e9);
    printf("bytes_a_series %.0f\nsnapshot_bytes %zu\nalarms %zu\n",
           (double)bytes / (double)fleet->count, snapshot_size, fleet->alarms);
    return rc;
}

int main(int count, char **arguments)
{
    static Fleet fleet;
    fleet.count = count == 2 ? strtoul(arguments[1], NULL, 10) : 0;
    if (fleet.count < 1 || fleet.count > SERIES_MAX) {
        fputs("usage: series_speed SERIES\n", stderr);
        return 2;
    }
    fleet.series = calloc(fleet.count, sizeof *fleet.series);
    if (fleet.series == NULL)
        return 1;
    fill_noise(&fleet);
    odd_rc rc = measure(&fleet);
    if (rc != ODD_OK)
        fprintf(stderr, "series_speed: %s\n", odd_strerror(rc));
    for (size_t i = 0; i < fleet.count; i++)
        odd_series_close(fleet.series[i]);
    free(fleet.series);
    return rc == ODD_OK ? 0 : 1;
}
