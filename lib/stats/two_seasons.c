/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/two_seasons.h"

#include <math.h>
#include <string.h>

#include "base/real.h"
#include "stats/order.h"
#include "stats/student.h"

#define HOURS 24
#define HOURS_OF_DAY_MIN 18 /* With values, of a day that counts. */
#define RUNS_DIFFER 0.7     /* Usual deviations from day to day that two runs differ by. */
#define LEVEL_SHARE 0.02    /* A difference by less than so much of the level is none. */
#define FREEDOM 8.0 /* Tails of real days are heavier than normal ones. */
#define NORMAL_SCALE 1.4826 /* A median distance, as a standard deviation. */

typedef struct { /* What the days of a run say of one hour. */
    double sum;
    size_t days, first, last;
} HourSum;

typedef struct {
    HourSum hours[HOURS];
    double *cells; /* (days, HOURS); NaN: no values. */
    size_t  days;
} Profile;

static double median_of(const double *values, size_t n, double *scratch)
{
    memcpy(scratch, values, n * sizeof *values);
    order_sort(scratch, n);
    return order_median(scratch, n);
}

static int hour_of_day(int64_t hour)
{
    return (int)((hour % HOURS + HOURS) % HOURS);
}

static int64_t day_of(int64_t hour)
{
    return (hour - hour_of_day(hour)) / HOURS;
}

static void add_cell(Profile *profile, int hour, double cell, size_t first, size_t last)
{
    HourSum *sum = &profile->hours[hour];
    if (sum->days++ == 0) {
        sum->first = first;
        sum->last = last;
    }
    sum->sum += cell;
    profile->cells[profile->days * HOURS + (size_t)hour] = cell;
}

/* Hours with values of one day, [from, to) of the run. */
static size_t hours_of(HourRun run, size_t from, size_t to)
{
    size_t count = 1;
    for (size_t at = from + 1; at < to; at++)
        count += run.hours[at] != run.hours[at - 1];
    return count;
}

/* It counts if enough of its hours have values. */
static void add_day(Profile *profile, HourRun run, size_t from, size_t to, double *scratch)
{
    if (hours_of(run, from, to) < HOURS_OF_DAY_MIN || to - from < HOURS)
        return;
    for (size_t h = 0; h < HOURS; h++)
        profile->cells[profile->days * HOURS + h] = NAN;
    for (size_t at = from; at < to;) {
        size_t next = at + 1;
        while (next < to && run.hours[next] == run.hours[at])
            next++;
        add_cell(profile, hour_of_day(run.hours[at]),
                 median_of(run.values + at, next - at, scratch), at, next - 1);
        at = next;
    }
    profile->days++;
}

/* A day that counts has at least as many samples as cells: there is room for them. */
static Profile profile_of(HourRun run, double *cells, double *scratch)
{
    Profile profile = {.cells = cells};
    for (size_t at = 0; at < run.count;) {
        size_t next = at + 1;
        while (next < run.count && day_of(run.hours[next]) == day_of(run.hours[at]))
            next++;
        add_day(&profile, run, at, next, scratch);
        at = next;
    }
    return profile;
}

static double mean_at(const Profile *profile, int hour)
{
    return profile->hours[hour].sum / (double)profile->hours[hour].days;
}

/* What the hours that have a number have in common. */
static double common_of(const double values[HOURS])
{
    double known[HOURS];
    size_t n = 0;
    for (int h = 0; h < HOURS; h++)
        if (!isnan(values[h]))
            known[n++] = values[h];
    order_sort(known, n);
    return n > 0 ? order_median(known, n) : 0;
}

/* How much an hour differs from day to day, beside what its day does as a whole. */
static double deviation_of(const Profile *profile, double *scratch)
{
    size_t n = 0;
    for (size_t day = 0; day < profile->days; day++) {
        double off[HOURS];
        for (int h = 0; h < HOURS; h++)
            off[h] = profile->cells[day * HOURS + (size_t)h] - mean_at(profile, h);
        const double common = common_of(off);
        for (int h = 0; h < HOURS; h++)
            if (!isnan(off[h]))
                scratch[n++] = fabs(off[h] - common);
    }
    order_sort(scratch, n);
    /* A mean of few days lies near each of them. */
    return NORMAL_SCALE * order_median(scratch, n) *
           sqrt((double)profile->days / ((double)profile->days - 1));
}

/* NaN: not known in both. */
static double difference_at(const Profile *a, const Profile *b, int hour)
{
    if (a->hours[hour].days < TWO_SEASONS_DAYS_MIN || b->hours[hour].days < 1)
        return NAN;
    return mean_at(b, hour) - mean_at(a, hour);
}

static double surprise_of(double difference, double deviation, size_t a, size_t b, double floor)
{
    const double differ = RUNS_DIFFER * deviation + floor;
    const double variance =
        deviation * deviation * (1 / (double)a + 1 / (double)b) + differ * differ;
    if (!(variance > 0))
        return 0;
    const double surprise =
        -student_both(fabs(difference) / sqrt(variance), FREEDOM) - real_log10(HOURS);
    return surprise > 0 ? surprise : 0;
}

SeasonChange two_seasons(HourRun first, HourRun second, double *scratch)
{
    SeasonChange most = {0};
    double *rest = scratch + first.count + second.count, differences[HOURS];
    const Profile a = profile_of(first, scratch, rest);
    const Profile b = profile_of(second, scratch + a.days * HOURS, rest);
    if (a.days < TWO_SEASONS_DAYS_MIN || b.days < 1)
        return most;
    for (int h = 0; h < HOURS; h++)
        differences[h] = difference_at(&a, &b, h);
    const double deviation = deviation_of(&a, rest), common = common_of(differences);
    for (int h = 0; h < HOURS; h++) {
        const double difference = differences[h] - common;
        if (isnan(difference) || difference * differences[h] <= 0)
            continue; /* Where the level has gone the other way, that is told. */
        const double seen = mean_at(&b, h), expected = mean_at(&a, h);
        const double floor = LEVEL_SHARE * fmax(fabs(seen), fabs(expected));
        const double surprise =
            surprise_of(difference, deviation, a.hours[h].days, b.hours[h].days, floor);
        if (surprise <= most.surprise)
            continue;
        most = (SeasonChange){.surprise = surprise,
                              .hour = h,
                              .seen = seen,
                              .expected = expected,
                              .effect = difference / (deviation + floor),
                              .first = b.hours[h].first,
                              .last = b.hours[h].last};
    }
    return most;
}
