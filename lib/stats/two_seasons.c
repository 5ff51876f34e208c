/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/two_seasons.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/real.h"
#include "stats/order.h"
#include "stats/student.h"

#define HOURS 24
#define HOURS_OF_WEEK (7 * HOURS)
#define DAYS_ALIKE 5 /* Of a week: what they do at that hour is no matter of the weekday. */
#define RUNS_DIFFER 0.7     /* Usual deviations from day to day that two runs differ by. */
#define LEVEL_SHARE 0.02    /* A difference by less than so much of the level is none. */
#define FREEDOM 8.0 /* Tails of real days are heavier than normal ones. */
#define NORMAL_SCALE 1.4826 /* A median distance, as a standard deviation. */

typedef struct { /* What the days of a run say of one hour. */
    double sum;
    size_t days, first, last;
} HourSum;

typedef struct {
    int    hours;        /* Of a day, or of a week. */
    int    hours_min;    /* With values, of one that counts. */
    bool   from_first;   /* One begins with the run; else at midnight. */
    size_t first_min, second_min; /* So many of them are needed. */
} Cycle;

static const Cycle day_cycle = {HOURS, 18, false, TWO_SEASONS_DAYS_MIN, 1};
static const Cycle week_cycle = {HOURS_OF_WEEK, 126, true, TWO_SEASONS_WEEKS_MIN,
                                 TWO_SEASONS_WEEKS_MIN};

typedef struct {
    const Cycle *cycle;
    HourSum hours[HOURS_OF_WEEK];
    double *cells; /* (days, hours of the cycle); NaN: no values. */
    size_t  days;  /* Or weeks. */
} Profile;

static double median_of(const double *values, size_t n, double *scratch)
{
    memcpy(scratch, values, n * sizeof *values);
    order_sort(scratch, n);
    return order_median(scratch, n);
}

static int64_t remainder_of(int64_t x, int64_t by)
{
    return (x % by + by) % by;
}

/* Which of the run's days, or weeks, an hour is of. */
static int64_t turn_of(const Cycle *cycle, HourRun run, int64_t hour)
{
    int64_t since = hour - (cycle->from_first ? run.hours[0] : 0);
    return (since - remainder_of(since, cycle->hours)) / cycle->hours;
}

static double *cell_at(const Profile *profile, size_t day, int hour)
{
    return &profile->cells[day * (size_t)profile->cycle->hours + (size_t)hour];
}

static void add_cell(Profile *profile, int hour, double cell, size_t first, size_t last)
{
    HourSum *sum = &profile->hours[hour];
    if (sum->days++ == 0) {
        sum->first = first;
        sum->last = last;
    }
    sum->sum += cell;
    *cell_at(profile, profile->days, hour) = cell;
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
    const Cycle *cycle = profile->cycle;
    if (hours_of(run, from, to) < (size_t)cycle->hours_min || to - from < (size_t)cycle->hours)
        return;
    for (int h = 0; h < cycle->hours; h++)
        *cell_at(profile, profile->days, h) = NAN;
    for (size_t at = from; at < to;) {
        size_t next = at + 1;
        while (next < to && run.hours[next] == run.hours[at])
            next++;
        add_cell(profile, (int)remainder_of(run.hours[at], cycle->hours),
                 median_of(run.values + at, next - at, scratch), at, next - 1);
        at = next;
    }
    profile->days++;
}

/* A day that counts has at least as many samples as cells: there is room for them. */
static Profile profile_of(const Cycle *cycle, HourRun run, double *cells, double *scratch)
{
    Profile profile = {.cycle = cycle, .cells = cells};
    for (size_t at = 0; at < run.count;) {
        size_t next = at + 1;
        int64_t turn = turn_of(cycle, run, run.hours[at]);
        while (next < run.count && turn_of(cycle, run, run.hours[next]) == turn)
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
static double common_of(const double *values, int hours)
{
    double known[HOURS_OF_WEEK];
    size_t n = 0;
    for (int h = 0; h < hours; h++)
        if (!isnan(values[h]))
            known[n++] = values[h];
    order_sort(known, n);
    return n > 0 ? order_median(known, n) : 0;
}

/* How much an hour differs from day to day, beside what its day does as a whole. */
static double deviation_of(const Profile *profile, double *scratch)
{
    const int hours = profile->cycle->hours;
    size_t n = 0;
    for (size_t day = 0; day < profile->days; day++) {
        double off[HOURS_OF_WEEK];
        for (int h = 0; h < hours; h++)
            off[h] = *cell_at(profile, day, h) - mean_at(profile, h);
        const double common = common_of(off, hours);
        for (int h = 0; h < hours; h++)
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
    if (a->hours[hour].days < a->cycle->first_min || b->hours[hour].days < a->cycle->second_min)
        return NAN;
    return mean_at(b, hour) - mean_at(a, hour);
}

static double surprise_of(double difference, double deviation, HourSum a, HourSum b, double floor,
                          double looks)
{
    const double differ = RUNS_DIFFER * deviation + floor;
    const double variance =
        deviation * deviation * (1 / (double)a.days + 1 / (double)b.days) + differ * differ;
    if (!(variance > 0))
        return 0;
    const double surprise =
        -student_both(fabs(difference) / sqrt(variance), FREEDOM) - real_log10(looks);
    return surprise > 0 ? surprise : 0;
}

/* Days of the week that do about the same at that hour. */
static int days_alike(const double *differences, double common, int hour)
{
    const double most = differences[hour] - common;
    int alike = 0;
    for (int h = hour % HOURS; h < HOURS_OF_WEEK; h += HOURS)
        alike += (differences[h] - common) * most > most * most / 2;
    return alike;
}

static SeasonChange compare(const Profile *a, const Profile *b, double looks, double *scratch)
{
    SeasonChange most = {.weekday = -1};
    double differences[HOURS_OF_WEEK];
    const int hours = a->cycle->hours;
    for (int h = 0; h < hours; h++)
        differences[h] = difference_at(a, b, h);
    const double deviation = deviation_of(a, scratch), common = common_of(differences, hours);
    for (int h = 0; h < hours; h++) {
        const double difference = differences[h] - common;
        if (isnan(difference) || difference * differences[h] <= 0)
            continue; /* Where the level has gone the other way, that is told. */
        const double seen = mean_at(b, h), expected = mean_at(a, h);
        const double floor = LEVEL_SHARE * fmax(fabs(seen), fabs(expected));
        const double surprise =
            surprise_of(difference, deviation, a->hours[h], b->hours[h], floor, looks);
        if (surprise <= most.surprise)
            continue;
        const bool is_of_weekday =
            hours == HOURS_OF_WEEK && days_alike(differences, common, h) < DAYS_ALIKE;
        most = (SeasonChange){.surprise = surprise,
                              .hour = h % HOURS,
                              .weekday = is_of_weekday ? h / HOURS : -1,
                              .seen = seen,
                              .expected = expected,
                              .effect = difference / (deviation + floor),
                              .first = b->hours[h].first,
                              .last = b->hours[h].last};
    }
    return most;
}

/* Nothing if one of the runs has too few days, or weeks. */
static SeasonChange compare_by(const Cycle *cycle, HourRun first, HourRun second, double looks,
                               double *scratch)
{
    double *rest = scratch + first.count + second.count;
    const Profile a = profile_of(cycle, first, scratch, rest);
    const Profile b = profile_of(cycle, second, scratch + a.days * (size_t)cycle->hours, rest);
    if (a.days < cycle->first_min || b.days < cycle->second_min)
        return (SeasonChange){.weekday = -1};
    return compare(&a, &b, looks, rest);
}

/* They may have gaps. */
static bool has_weeks(HourRun run)
{
    return run.count > 0 &&
           run.hours[run.count - 1] - run.hours[0] >= TWO_SEASONS_WEEKS_MIN * HOURS_OF_WEEK - 1;
}

SeasonChange two_seasons(HourRun first, HourRun second, double *scratch)
{
    const bool by_week = has_weeks(first) && has_weeks(second);
    const double looks = by_week ? HOURS + HOURS_OF_WEEK : HOURS;
    const SeasonChange day = compare_by(&day_cycle, first, second, looks, scratch);
    if (!by_week)
        return day;
    const SeasonChange week = compare_by(&week_cycle, first, second, looks, scratch);
    return day.surprise >= week.surprise ? day : week;
}
