/* SPDX-License-Identifier: Apache-2.0
 *
 * series_look.c - what a sample says against all that was expected of it, as scores. */
#include "detect/series_look.h"

#include "base/clip.h"
#include "base/time.h"

#define SEASON_GAIN 0.97   /* A season is used once its errors are below this share. */
#define VARYING_CLIP 8.0
#define VARYING_MEMORY 16.0
#define VARYING_LEAST 0.05
#define CHANGE_UNIT 16.0    /* Makes a score of a share. */
#define CHANGE_LEAST 1e-9   /* Of a value that is near 0. */

static const double mean_memories[3] = {SHORT_MEMORY, 48, 400};
static const double mean_units[3] = {4.4, 9.8, 28.3}; /* Times a mean of white noise: about 1. */
#define SPREAD_UNIT 4.0                               /* The same for SERIES_SPREAD. */

odd_time look_season_time(const SeriesWatch *watch, odd_time time, int hours)
{
    if (time == ODD_TIME_NONE)
        return time;
    return time_plus(time, (watch->clock_shift + hours) * 3600 * NS_PER_S);
}

/* Of the day, of the week, or none: which one has paid so far. */
double look_season(const SeriesWatch *watch, SeasonPart part, int *ret_forecaster)
{
    double none = watch->errors[0] * SEASON_GAIN, day = watch->errors[2], week = watch->errors[3];
    *ret_forecaster = 0;
    if (watch->count <= SEASON_COUNT_MIN)
        return 0;
    if (day < none && day <= week) {
        *ret_forecaster = 2;
        return part.day;
    }
    if (week < none) {
        *ret_forecaster = 3;
        return part.day + part.week;
    }
    return 0;
}

/* Of counts errors are squares: most counts may be 0, and to say always 0 is no good forecast. */
double look_error(const SeriesWatch *watch, double off)
{
    return watch->kind.is_count ? off * off : fabs(off);
}

static double weight_of(const SeriesWatch *watch, double error)
{
    return 1 / ((watch->kind.is_count ? error : error * error) + 1e-30);
}

static void look_forward(const SeriesWatch *watch, odd_time time, Look *look)
{
    int forecaster;
    look->part = season_at(&watch->season, look_season_time(watch, time, 0));
    look->season = look_season(watch, look->part, &forecaster);
    look->slow = watch->slow + look->season;
    double fast = watch->fast + look->season;
    double fast_weight = weight_of(watch, watch->errors[1]);
    double slow_weight = weight_of(watch, watch->errors[forecaster]);
    look->forecast = (fast * fast_weight + look->slow * slow_weight) / (fast_weight + slow_weight);
}

double look_mean(const SeriesWatch *watch, int i, double z)
{
    return watch->means[i] + (clipped(z, MEAN_CLIP) - watch->means[i]) / mean_memories[i];
}

double look_varying(const SeriesWatch *watch, double z)
{
    return watch->varying + (fabs(clipped(z, VARYING_CLIP)) - watch->varying) / VARYING_MEMORY;
}

/* How many times more, or (negative) less, than usual; 0 is just as usual. */
static double spread_score(double varying, double usual)
{
    double ratio = (varying + VARYING_LEAST) / (usual + VARYING_LEAST);
    return SPREAD_UNIT * (ratio >= 1 ? ratio - 1 : 1 - 1 / ratio);
}

static double change_score(const SeriesWatch *watch, double x)
{
    return CHANGE_UNIT * (x - watch->last) / (fabs(x) + fabs(watch->last) + CHANGE_LEAST);
}

static double gap_score(const SeriesWatch *watch, double gap_s)
{
    double steps = watch->step_s > 0 ? gap_s / watch->step_s : 0;
    return steps > LATE_STEPS ? steps : 0;
}

double look_gap_s(const SeriesWatch *watch, odd_time time)
{
    if (time == ODD_TIME_NONE || watch->kind.count == 0 || watch->last_time == ODD_TIME_NONE)
        return 0;
    return (double)time_minus(time, watch->last_time) / (double)NS_PER_S;
}

CountForecast look_counts(const SeriesWatch *watch, const Look *look)
{
    CountLevel at = {.level = watch->slow,
                     .season = look->season,
                     .seen = look->part.seen,
                     .windows = watch->count};
    return count_forecast(&watch->counts, &at);
}

static double point_score(const Look *look, bool is_count)
{
    if (!is_count)
        return look->deviation;
    double score = COUNTS_SCORE * count_surprise(&look->counts, look->measure.value, 1, 0);
    return look->measure.value < look->counts.mean ? -score : score;
}

bool series_look(const SeriesWatch *watch, odd_time time, double value, Look *look)
{
    look->gap_s = watch->kind.is_count ? 0 : look_gap_s(watch, time);
    look->measure = series_measure(&watch->kind, value, look->gap_s);
    if (look->measure.skip || watch->count == 0)
        return false;
    look_forward(watch, time, look);
    look->may_count = series_kind_may_count(&watch->kind);
    if (look->may_count)
        look->counts = look_counts(watch, look);
    double least = look_least(watch), x = look->measure.value;
    look->off = x - look->forecast;
    look->slow_off = x - look->slow;
    look->spread = look->part.spread;
    look->deviation = look->off / (watch->scatter * look->spread + least);
    double *scores = look->scores;
    scores[SERIES_POINT] = point_score(look, watch->kind.is_count);
    scores[SERIES_VALUE] = look->slow_off / (watch->slow_scatter * look->spread + least);
    for (int i = 0; i < 3; i++)
        scores[SERIES_SHORT + i] = mean_units[i] * look_mean(watch, i, scores[SERIES_VALUE]);
    scores[SERIES_CHANGE] = change_score(watch, x);
    scores[SERIES_SPREAD] =
        spread_score(look_varying(watch, look->deviation), watch->usual_varying);
    scores[SERIES_GAP] = gap_score(watch, look->gap_s);
    return true;
}

double look_lasting(const SeriesWatch *watch, const Look *look, int i)
{
    double scatter = watch->slow_scatter * look->spread + look_least(watch);
    return scatter * look_mean(watch, i, look->scores[SERIES_VALUE]);
}

double look_windows(int i)
{
    return 2 * mean_memories[i] - 1;
}
