/* SPDX-License-Identifier: Apache-2.0
 *
 * pattern_rates.c - rates of simulated log patterns: alarms where nothing is wrong, and how many of
 * bursts, shortfalls and lasting changes are told.
 *
 *     pattern_rates [COUNT]      COUNT patterns of each kind (20)
 *
 * Eight kinds, from one line in twenty minutes to five a second, each steady, with a season of a day
 * and scattering more than chance would have it.  A week is learnt, minute by minute.  Prints for
 * each kind: alarms of 3 on the first day, and a day of the others; then, behind one day and behind
 * seven, the shares that are told of one minute with three times and with ten times as many, with a
 * quarter, and of half an hour with half as many again.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "detect/detectors.h"
#include "detect/series.h"

#include "../tests/lib/stats/draw.h"

#define MINUTES_OF_DAY 1440
#define DAYS 7
#define FIRST_MOMENT (1763856000 * NS_PER_S) /* A Sunday, 0:00. */
#define ALARM 3.0
#define LOOKS 24 /* Hours of the day behind, each with one look. */
#define LASTING 30

typedef enum { STEADY, DAILY, SCATTERING, WANDERING, HOURLY, NIGHTLY, SHAPES } Shape;
static const char *const shape_names[] = {"steady", "daily", "scattering", "wandering", "hourly", "nightly"};
static const double rates[] = {0.05, 0.2, 1, 4, 10, 30, 100, 300};
#define RATES 8

enum { FIRST_DAY, SECOND_DAY, EIGHTH_DAY, WHENS };

typedef enum { TRIPLE, TENFOLD, QUARTER, HALF_MORE, FAULTS } Fault;
static const double fault_factors[FAULTS] = {3, 10, 0.25, 1.5};

typedef struct {
    double first_day, other_days;
    double told[WHENS][FAULTS];
    int    looks[WHENS];
} Result;

typedef struct {
    const odd_detector *detector;
    void  *state, *copy;
    Shape  shape;
    double rate, phase, wander;
    Rng    rng;
    int    minute;
    bool   seen;
} Run;

static double mean_at(const Run *run, int minute)
{
    if (run->shape == HOURLY)
        return minute % 60 == 5 ? run->rate : 0;
    if (run->shape == NIGHTLY)
        return minute % MINUTES_OF_DAY == 180 ? run->rate : 0;
    if (run->shape == WANDERING)
        return run->rate * exp(run->wander);
    if (run->shape != DAILY)
        return run->rate;
    return run->rate * (1 + 0.8 * sin(6.283185307179586 * ((double)minute / MINUTES_OF_DAY + run->phase)));
}

static double draw(Run *run, double mean)
{
    return run->shape == SCATTERING ? draw_negbin(&run->rng, mean, 4) : draw_poisson(&run->rng, mean);
}

static Observation observed(int minute, double value)
{
    return (Observation){.time = FIRST_MOMENT + minute * 60 * NS_PER_S, .value = value};
}

static Judgement j_; static Observation o_;
static int next(Run *run)
{
    Observation o = observed(run->minute, draw(run, mean_at(run, run->minute)));
    Judgement j = {0};
    run->seen |= o.value > 0; /* A pattern begins with its first line. */
    if (run->seen) {
        run->detector->score(run->state, &o, &j);
        run->detector->learn(run->state, &o);
    }
    run->wander = 0.99 * run->wander + 0.07 * draw_normal(&run->rng);
    run->minute++; j_=j; o_=o;
    return j.alarm >= ALARM;
}

static int is_told(Run *run, Fault fault)
{
    memcpy(run->copy, run->state, run->detector->state_bytes());
    for (int i = 0; i < (fault == HALF_MORE ? LASTING : 1); i++) {
        double mean = fault_factors[fault] * mean_at(run, run->minute + i);
        Observation o = observed(run->minute + i, draw(run, mean));
        Judgement j;
        run->detector->score(run->copy, &o, &j);
        if (j.alarm >= ALARM)
            return 1;
        run->detector->learn(run->copy, &o);
    }
    return 0;
}

/* The looks of the day that comes; their patterns go on as if nothing had been. */
static void look(Run *run, Result *result, int when)
{
    for (int i = 0; i < FAULTS; i++)
        result->told[when][i] += is_told(run, (Fault)i);
    result->looks[when]++;
}

static void run_one(Run *run, Result *result)
{
    memset(run->state, 0, run->detector->state_bytes());
    run->detector->init(run->state, 1);
    if (strcmp(run->detector->name, "series") == 0)
        series_begin_counts(run->state, 60, &(CountStart){0});
    run->wander = 0;
    run->seen = false;
    for (run->minute = 0; run->minute < (DAYS + 1) * MINUTES_OF_DAY;) {
        int day = run->minute / MINUTES_OF_DAY;
        bool looks = run->minute % (MINUTES_OF_DAY / LOOKS) == 30 && (day <= 1 || day == DAYS);
        if (looks)
            look(run, result, day == DAYS ? EIGHTH_DAY : day);
        double alarms = next(run);
        if (alarms && getenv("WHEN")) fprintf(stderr, "%d %g %d %s %g %.2f %.1f\n", run->shape, run->rate, run->minute, j_.reason, o_.value, j_.expected, j_.alarm);
        if (day == 0)
            result->first_day += alarms;
        else
            result->other_days += alarms / DAYS;
    }
}

static void print(const char *name, Shape shape, double rate, const Result *r, int count)
{
    printf("%-10s %-10s %6g %9.2f %9.2f", name, shape_names[shape], rate, r->first_day / count,
           r->other_days / count);
    for (int when = 0; when < WHENS; when++)
        for (int i = 0; i < FAULTS; i++)
            printf(" %6.2f", r->told[when][i] / r->looks[when]);
    printf("\n");
}

static void try_detector(const odd_detector *detector, int count)
{
    Run run = {.detector = detector,
               .state = malloc(detector->state_bytes()),
               .copy = malloc(detector->state_bytes())};
    for (int shape = 0; shape < SHAPES; shape++) {
        Result all = {0};
        for (int i = 0; i < RATES; i++) {
            Result result = {0};
            for (int k = 0; k < count; k++) {
                run.shape = (Shape)shape;
                run.rate = rates[i];
                run.phase = k / (double)count;
                run.rng = rng_seeded((uint64_t)(k * RATES + i) * SHAPES + (uint64_t)shape);
                run_one(&run, &result);
            }
            print(detector->name, (Shape)shape, rates[i], &result, count);
            all.first_day += result.first_day;
            all.other_days += result.other_days;
            for (int when = 0; when < WHENS; when++) {
                all.looks[when] += result.looks[when];
                for (int f = 0; f < FAULTS; f++)
                    all.told[when][f] += result.told[when][f];
            }
        }
        print(detector->name, (Shape)shape, 0, &all, count * RATES);
    }
    free(run.state);
    free(run.copy);
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 20;
    printf("%-10s %-10s %6s %9s %9s   after a day: x3, x10, /4, x1.5 lasting; after a week\n", "", "", "rate",
           "first day", "a day");
    for (size_t i = 0; i < detector_count; i++)
        if (strcmp(detectors[i]->name, "count_rate") == 0 || strcmp(detectors[i]->name, "series") == 0)
            try_detector(detectors[i], count);
    return 0;
}
