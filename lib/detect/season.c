/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/season.h"

#include "base/time.h"

#define SHRINK 3.0        /* Samples of a bin that halve the shrinkage of what it adds. */
#define SPREAD_SHRINK 2.0 /* The same for its spread. */
#define SCATTER_MAX 6.0   /* Of one sample. */
#define DAYS_KEPT 16.0    /* Memory of a bin of the day ... */
#define WEEKS_KEPT 4.0    /* ... and of the week. */
#define S_PER_WEEK (7 * S_PER_DAY)

/* Where in its period a time lies, from 0 to `bins`. */
static double place_of(odd_time time, int64_t period_s, int bins)
{
    int64_t period = period_s * NS_PER_S, rest = time % period;
    if (rest < 0)
        rest += period;
    return (double)rest / (double)period * bins;
}

static int bin_of(double place, int bins)
{
    int bin = (int)place;
    return bin < bins ? bin : bins - 1;
}

static double shrunk(const float *table, const uint16_t *counts, int bin)
{
    double n = counts[bin];
    return table[bin] * n / (n + SHRINK);
}

/* On the line between the middles of the two bins that are nearest. */
static double table_at(const float *table, const uint16_t *counts, int bins, double place)
{
    double from = place - 0.5 + bins;
    int before = (int)from;
    double share = from - before;
    return shrunk(table, counts, before % bins) * (1 - share) +
           shrunk(table, counts, (before + 1) % bins) * share;
}

SeasonPart season_at(const Season *season, odd_time time)
{
    if (time == ODD_TIME_NONE)
        return (SeasonPart){.spread = 1};
    double day = place_of(time, S_PER_DAY, SEASON_DAY_BINS);
    double week = place_of(time, S_PER_WEEK, SEASON_WEEK_BINS);
    int bin = bin_of(day, SEASON_DAY_BINS);
    double n = season->day_count[bin];
    return (SeasonPart){
        .day = table_at(season->day, season->day_count, SEASON_DAY_BINS, day),
        .week = table_at(season->week, season->week_count, SEASON_WEEK_BINS, week),
        .spread = (season->spread[bin] * n + SPREAD_SHRINK) / (n + SPREAD_SHRINK),
    };
}

/* One more sample of a bin, which remembers so many of its turns. */
static double counted(uint16_t *count, double turn_s, double turns, double step_s)
{
    double per_turn = step_s > 0 && turn_s > step_s ? turn_s / step_s : 1;
    double most = turns * per_turn;
    if (*count < most && *count < UINT16_MAX)
        ++*count;
    return *count;
}

static double believed(double off, double most)
{
    return off > most ? most : off < -most ? -most : off;
}

void season_learn(Season *season, odd_time time, double off, double most, double scatter,
                  double step_s)
{
    if (time == ODD_TIME_NONE)
        return;
    double place = place_of(time, S_PER_DAY, SEASON_DAY_BINS);
    int hour = bin_of(place, SEASON_DAY_BINS);
    double n =
        counted(&season->day_count[hour], (double)S_PER_DAY / SEASON_DAY_BINS, DAYS_KEPT, step_s);
    double seen = scatter < SCATTER_MAX ? scatter : SCATTER_MAX;
    season->spread[hour] = (float)(season->spread[hour] + (seen - season->spread[hour]) / n);
    season->day[hour] = (float)(season->day[hour] + believed(off - season->day[hour], most) / n);

    double day = table_at(season->day, season->day_count, SEASON_DAY_BINS, place);
    int part = bin_of(place_of(time, S_PER_WEEK, SEASON_WEEK_BINS), SEASON_WEEK_BINS);
    double m = counted(&season->week_count[part], (double)S_PER_WEEK / SEASON_WEEK_BINS, WEEKS_KEPT,
                       step_s);
    double rest = believed(off - day - season->week[part], most);
    season->week[part] = (float)(season->week[part] + rest / m);
}
