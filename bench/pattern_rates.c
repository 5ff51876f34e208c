/* SPDX-License-Identifier: Apache-2.0
 *
 * pattern_rates.c - counts a minute of simulated log patterns: alarms where nothing is wrong, and
 * how many of bursts, shortfalls and lasting changes are told.
 *
 *     pattern_rates [COUNT]      COUNT patterns of each kind (20)
 *
 * Eight rates, from one line in twenty minutes to five a second, of six shapes: steady; with a
 * season of a day; scattering more than chance has it; wandering; all lines in a minute of each
 * hour, or of each night.  Eight days are learnt, minute by minute: as the rate of a pattern, which
 * is told that it counts, and as a metric, which is not.  Prints for each kind the alarms of 3 on
 * the first day, and a day of the others; then, on the first day, on the second and on the eighth,
 * the shares that are told of one minute with three times and with ten times as many, with a
 * quarter, and of half an hour with half as many again.  Rate 0: all of a shape.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/stats/draw.h"
#include "base/time.h"
#include "detect/series.h"

#define MINUTES_OF_DAY 1440
#define DAYS 8
#define FIRST_MOMENT (1763856000 * NS_PER_S) /* A Sunday, 0:00. */
#define ALARM 3.0
#define LOOKS 24 /* Hours of a day, each with one look. */
#define LASTING 30

typedef enum { STEADY, DAILY, SCATTERING, WANDERING, HOURLY, NIGHTLY, SHAPES } Shape;
static const char *const shape_names[] = {"steady",    "daily",  "scattering",
                                          "wandering", "hourly", "nightly"};
static const double      rates[] = {0.05, 0.2, 1, 4, 10, 30, 100, 300};
#define RATES 8

enum { FIRST_DAY, SECOND_DAY, LAST_DAY, WHENS };

typedef enum { TRIPLE, TENFOLD, QUARTER, HALF_MORE, FAULTS } Fault;
static const double fault_factors[FAULTS] = {3, 10, 0.25, 1.5};

typedef struct {
    double first_day, other_days;
    double told[WHENS][FAULTS];
    int    looks[WHENS];
} Result;

typedef struct {
    SeriesWatch watch;
    bool        is_count;
    Shape       shape;
    double      rate, phase, wander;
    Rng         rng;
    int         minute;
    bool        seen; /* A pattern begins with its first line. */
} Run;

static double mean_at(const Run *run, int minute)
{
    double day = (double)minute / MINUTES_OF_DAY + run->phase;
    switch (run->shape) {
    case DAILY:
        return run->rate * (1 + 0.8 * sin(6.283185307179586 * day));
    case WANDERING:
        return run->rate * exp(run->wander);
    case HOURLY:
        return minute % 60 == 5 ? run->rate : 0;
    case NIGHTLY:
        return minute % MINUTES_OF_DAY == 180 ? run->rate : 0;
    case STEADY:
    case SCATTERING:
    case SHAPES:
        break;
    }
    return run->rate;
}

static double draw(Run *run, double mean)
{
    return run->shape == SCATTERING ? draw_negbin(&run->rng, mean, 4)
                                    : draw_poisson(&run->rng, mean);
}

static bool put(SeriesWatch *watch, int minute, double count)
{
    Judgement judgement;
    series_put(watch, FIRST_MOMENT + minute * 60 * NS_PER_S, count, &judgement);
    return judgement.alarm >= ALARM;
}

static bool next(Run *run)
{
    double count = draw(run, mean_at(run, run->minute));
    run->seen |= count > 0;
    bool alarms = run->seen && put(&run->watch, run->minute, count);
    run->wander = 0.99 * run->wander + 0.07 * draw_normal(&run->rng);
    run->minute++;
    return alarms;
}

/* The pattern goes on as if nothing had been. */
static bool is_told(Run *run, Fault fault)
{
    SeriesWatch copy = run->watch;
    for (int i = 0; i < (fault == HALF_MORE ? LASTING : 1); i++) {
        double mean = fault_factors[fault] * mean_at(run, run->minute + i);
        if (put(&copy, run->minute + i, draw(run, mean)))
            return true;
    }
    return false;
}

static void look(Run *run, Result *result, int day)
{
    int when = day == DAYS - 1 ? LAST_DAY : day;
    for (int i = 0; i < FAULTS; i++)
        result->told[when][i] += is_told(run, (Fault)i);
    result->looks[when]++;
}

static void run_one(Run *run, Result *result)
{
    if (run->is_count)
        series_begin_counts(&run->watch, 60, &(CountStart){.windows = 0});
    while (run->minute < DAYS * MINUTES_OF_DAY) {
        int day = run->minute / MINUTES_OF_DAY;
        if (run->minute % (MINUTES_OF_DAY / LOOKS) == 30 && (day < 2 || day == DAYS - 1))
            look(run, result, day);
        double alarms = next(run);
        if (day == 0)
            result->first_day += alarms;
        else
            result->other_days += alarms / (DAYS - 1);
    }
}

static void add(Result *all, const Result *one)
{
    all->first_day += one->first_day;
    all->other_days += one->other_days;
    for (int when = 0; when < WHENS; when++) {
        all->looks[when] += one->looks[when];
        for (int i = 0; i < FAULTS; i++)
            all->told[when][i] += one->told[when][i];
    }
}

static void print(bool is_count, Shape shape, double rate, const Result *r, int count)
{
    printf("%-7s %-10s %6g %8.2f %8.2f", is_count ? "pattern" : "metric", shape_names[shape], rate,
           r->first_day / count, r->other_days / count);
    for (int when = 0; when < WHENS; when++) {
        printf("  ");
        for (int i = 0; i < FAULTS; i++)
            printf(" %4.2f", r->told[when][i] / r->looks[when]);
    }
    printf("\n");
}

static void try_shape(bool is_count, Shape shape, int count)
{
    Result all = {0};
    for (int i = 0; i < RATES; i++) {
        Result result = {0};
        for (int k = 0; k < count; k++) {
            Run run = {.is_count = is_count,
                       .shape = shape,
                       .rate = rates[i],
                       .phase = k / (double)count,
                       .rng = rng_seeded((uint64_t)(k * RATES + i) * SHAPES + (uint64_t)shape)};
            run_one(&run, &result);
        }
        print(is_count, shape, rates[i], &result, count);
        add(&all, &result);
    }
    print(is_count, shape, 0, &all, count * RATES);
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 20;
    if (count < 1) {
        fprintf(stderr, "usage: pattern_rates [COUNT]\n");
        return 1;
    }
    printf("%-7s %-10s %6s %8s %8s   first day: x3, x10, /4, x1.5; second; eighth\n", "", "",
           "rate", "day 1", "others");
    for (int is_count = 1; is_count >= 0; is_count--)
        for (int shape = 0; shape < SHAPES; shape++)
            try_shape(is_count, (Shape)shape, count);
    return 0;
}
