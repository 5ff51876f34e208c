/* SPDX-License-Identifier: Apache-2.0
 *
 * series_speed.c - what it costs to watch many series, on one thread, through the public interface.
 *
 *     series_speed SERIES [plain]
 *
 * plain: not the library, but a mean and a deviation that fade, as the least that can be done.
 * All series get a sample in turn, every 10 s of their time.  First each learns for a while, then
 * the clock runs.  Prints names and values:
 *   series samples seconds   of what was measured; seconds of processor time
 *   ns_a_sample
 *   bytes_a_series           of memory, all that a handle takes
 *   snapshot_bytes           of one series: what was learnt
 *   alarms                   so that each judgement is looked at
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
#define PLAIN_MEMORY 128.0

typedef struct {
    double mean, square;
} Plain;

typedef struct {
    odd_series **series;
    Plain **plain; /* Instead, if not NULL. */
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
    FILE *file = fopen("/proc/self/smaps_rollup", "r"); /* Exact; status is not. */
    char line[256];
    size_t kilobytes = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "Rss:", 4) == 0)
            kilobytes = strtoul(line + 4, NULL, 10);
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

/* Whether the value is more than six deviations off. */
static int plain_put(Plain *plain, double value)
{
    double residual = value - plain->mean, square = residual * residual;
    int is_odd = square > 36 * plain->square;
    plain->mean += residual / PLAIN_MEMORY;
    plain->square += (square - plain->square) / PLAIN_MEMORY;
    return is_odd;
}

static void put_round(Fleet *fleet, size_t round)
{
    const odd_time now = FIRST_NS + (odd_time)round * INTERVAL_NS;
    const double season = sin((double)round / 8640 * 6.283185307179586);
    for (size_t i = 0; i < fleet->count; i++) {
        odd_judgement judgement;
        double noise = fleet->noise[(i * 7919 + round * 104729) % NOISE_COUNT];
        double value = (double)(i % 1000) + 10 * season + noise;
        if (fleet->plain != NULL) {
            fleet->alarms += (size_t)plain_put(fleet->plain[i], value);
            continue;
        }
        odd_series_put(fleet->series[i], now, value, &judgement);
        fleet->alarms += judgement.alarm >= ALARM;
    }
}

static odd_rc open_all(Fleet *fleet)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < fleet->count; i++) {
        if (fleet->plain == NULL)
            rc = odd_series_open(NULL, &fleet->series[i]);
        else if ((fleet->plain[i] = calloc(1, sizeof(Plain))) == NULL)
            rc = ODD_NOMEM;
    }
    return rc;
}

/* So that the code is in memory before that of series is counted. */
static odd_rc touch_code(const Fleet *fleet)
{
    Fleet one = {.count = 1};
    odd_series *series = NULL;
    odd_rc rc = odd_series_open(NULL, &series);
    if (rc != ODD_OK)
        return rc;
    memcpy(one.noise, fleet->noise, sizeof one.noise);
    one.series = &series;
    for (size_t round = 0; round < LEARN_ROUNDS_MAX; round++)
        put_round(&one, round);
    odd_series_close(series);
    return ODD_OK;
}

static odd_rc measure(Fleet *fleet)
{
    odd_rc rc = touch_code(fleet);
    size_t before = resident_bytes(), round = 0, snapshot_size = sizeof(Plain);
    const void *snapshot;
    if (rc == ODD_OK)
        rc = open_all(fleet);
    if (rc != ODD_OK)
        return rc;
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
    if (fleet->plain == NULL)
        rc = odd_series_snapshot(fleet->series[0], &snapshot, &snapshot_size);
    printf("series %zu\nsamples %.0f\nseconds %.6f\nns_a_sample %.1f\n", fleet->count, samples,
           seconds, seconds / samples * 1e9);
    printf("bytes_a_series %.0f\nsnapshot_bytes %zu\nalarms %zu\n",
           (double)bytes / (double)fleet->count, snapshot_size, fleet->alarms);
    return rc;
}

int main(int count, char **arguments)
{
    static Fleet fleet;
    const int is_plain = count == 3 && strcmp(arguments[2], "plain") == 0;
    fleet.count = count == 2 || is_plain ? strtoul(arguments[1], NULL, 10) : 0;
    if (fleet.count < 1 || fleet.count > SERIES_MAX) {
        fputs("usage: series_speed SERIES [plain]\n", stderr);
        return 2;
    }
    fleet.series = calloc(fleet.count, sizeof *fleet.series);
    fleet.plain = is_plain ? calloc(fleet.count, sizeof *fleet.plain) : NULL;
    if (fleet.series == NULL || (is_plain && fleet.plain == NULL))
        return 1;
    fill_noise(&fleet);
    odd_rc rc = measure(&fleet);
    if (rc != ODD_OK)
        fprintf(stderr, "series_speed: %s\n", odd_strerror(rc));
    for (size_t i = 0; i < fleet.count; i++) {
        odd_series_close(fleet.series[i]);
        free(is_plain ? fleet.plain[i] : NULL);
    }
    free(fleet.series), free(fleet.plain);
    return rc == ODD_OK ? 0 : 1;
}
