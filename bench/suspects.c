/* SPDX-License-Identifier: Apache-2.0
 *
 * suspects.c - how long it takes to say which of many signals caused an incident.
 *
 *     suspects COUNT      "ms of the ranking, ms of sorting them by their distance alone"
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "incident/suspect.h"

#define RUNS 101
#define SEED 5

static double ms_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static double median_of(double *ms)
{
    qsort(ms, RUNS, sizeof *ms, by_size);
    return ms[RUNS / 2];
}

static void draw(Rng *rng, Suspect *suspects, size_t count)
{
    for (size_t i = 0; i < count; i++)
        suspects[i] =
            (Suspect){.onset = (odd_time)(rng_real(rng) * 600e9),
                      .surprise = 3 + 9 * rng_real(rng),
                      .deviations = 1 / rng_real(rng),
                      .is_new = rng_below(rng, 5) == 0,
                      .named_by = (unsigned)rng_below(rng, 3),
                      .change = i > 0 && rng_below(rng, 20) == 0 ? (int)rng_below(rng, i) : -1};
}

static int by_distance(const void *one, const void *other)
{
    const Suspect *a = one, *b = other;
    return (a->deviations < b->deviations) - (a->deviations > b->deviations);
}

int main(int argc, char **argv)
{
    size_t count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
    Suspect *suspects = calloc(count + 1, sizeof *suspects);
    size_t *order = calloc(count + 1, sizeof *order);
    if (count == 0 || suspects == NULL || order == NULL) {
        fprintf(stderr, "usage: suspects COUNT\n");
        return 1;
    }
    double ours[RUNS], simple[RUNS];
    Rng rng = rng_seeded(SEED);
    for (int run = 0; run < RUNS; run++) {
        draw(&rng, suspects, count);
        double begin = ms_now();
        suspects_rank(suspects, count, order);
        ours[run] = ms_now() - begin;
        begin = ms_now();
        qsort(suspects, count, sizeof *suspects, by_distance);
        simple[run] = ms_now() - begin;
    }
    printf("%.4f,%.4f\n", median_of(ours), median_of(simple));
    free(order);
    free(suspects);
    return 0;
}
