/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/season.h"

#include <math.h>

#include "base/clip.h"
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

static double shrunk(double addition, double n)
{
    return addition * n / (n + SHRINK);
}

/* On the line between the middles of the two bins that are nearest. */
static double between(double place, double before, double after)
{
    double share = place + 0.5 - floor(place + 0.5);
    return before * (1 - share) + after * share;
}

static double day_at(const Season *season, double place)
{
    int after = (int)(place + 0.5) % SEASON_DAY_BINS;
    int before = (after + SEASON_DAY_BINS - 1) % SEASON_DAY_BINS;
    return between(place, shrunk(season->day[before], season->day_count[before]),
                   shrunk(season->day[after], season->day_count[after]));
}

static double week_at(const Season *season, double place)
{
    int after = (int)(place + 0.5) % SEASON_WEEK_BINS;
    int before = (after + SEASON_WEEK_BINS - 1) % SEASON_WEEK_BINS;
    return between(place, shrunk(season->week[before], season->week_count[before]),
                   shrunk(season->week[after], season->week_count[after]));
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
        .day = day_at(season, day),
        .week = week_at(season, week),
        .spread = (season->spread[bin] * n + SPREAD_SHRINK) / (n + SPREAD_SHRINK),
        .seen = n,
    };
}

/* How many samples a bin counts from now on, if it remembers so many of its turns. */
static int counted(int count, int most, double turn_s, double turns, double step_s)
{
    double per_turn = step_s > 0 && turn_s > step_s ? turn_s / step_s : 1;
    return count < turns * per_turn && count < most ? count + 1 : count;
}

void season_learn(Season *season, odd_time time, double off, double most, double scatter,
                  double step_s)
{
    if (time == ODD_TIME_NONE)
        return;
    double place = place_of(time, S_PER_DAY, SEASON_DAY_BINS);
    int hour = bin_of(place, SEASON_DAY_BINS);
    int n = counted(season->day_count[hour], UINT16_MAX, (double)S_PER_DAY / SEASON_DAY_BINS,
                    DAYS_KEPT, step_s);
    season->day_count[hour] = (uint16_t)n;
    double seen = scatter < SCATTER_MAX ? scatter : SCATTER_MAX;
    season->spread[hour] = (float)(season->spread[hour] + (seen - season->spread[hour]) / n);
    season->day[hour] = (float)(season->day[hour] + clipped(off - season->day[hour], most) / n);

    int part = bin_of(place_of(time, S_PER_WEEK, SEASON_WEEK_BINS), SEASON_WEEK_BINS);
    int m = counted(season->week_count[part], UINT8_MAX, (double)S_PER_WEEK / SEASON_WEEK_BINS,
                    WEEKS_KEPT, step_s);
    season->week_count[part] = (uint8_t)m;
    double rest = clipped(off - day_at(season, place) - season->week[part], most);
    season->week[part] = (float)(season->week[part] + rest / m);
}
