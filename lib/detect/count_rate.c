/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/count_rate.h"

#include <math.h>
#include <string.h>

#include "base/real.h"
#include "base/time.h"
#include "detect/shared.h"
#include "stats/count_tail.h"

#define COUNT_MAX 1e12        /* More in one window is no count that we believe.        */
#define MEMORY 128.0          /* Windows.                                               */
#define SEASON_DAYS 8.0       /* Memory of an hour's factor.                            */
#define SEASON_DAYS_MIN 2
#define SEASON_PRIOR 3.0      /* Counts that pull an hour's factor to 1.                */
#define SEASON_GAIN_MIN 3.0   /* exp(3) times likelier with a season than without.      */
#define DISPERSION_PRIOR 0.05 /* Of squared means: an over-dispersion of 5 % to start with. */
#define PRIOR_WEIGHT 4.0      /* Windows that the prior is worth.                       */
#define RESIDUAL_MAX 4.0      /* Standard deviations; what is beyond counts as this.    */
#define ODD_SURPRISE 3.0
#define SURPRISE_MAX 300.0    /* Beyond it a forecast is wrong, not the count odder.    */
#define ODD_RUN_MAX 8
#define CALIBRATION_COUNT_MIN 48
#define SILENCE_MEAN_MIN 0.6  /* Fewer a window: none is what is likeliest.             */
#define LOG10_2 0.30102999566398119521
#define BOUND_DEVIATIONS 3.29 /* Two-sided 1 in 1000 of the normal distribution.        */

typedef struct {
    double mean;  /* Expected count of the window.                           */
    double size;  /* Of the negative binomial forecast, uncertainty included. */
} Forecast;

static int is_count(double count)
{
    return count >= 0 && count <= COUNT_MAX;
}

static int hour_of(odd_time time)
{
    int64_t hours = time / (3600 * NS_PER_S) - (time % (3600 * NS_PER_S) < 0);
    return (int)(((hours % 24) + 24) % 24);
}

static double season_factor(const CountRate *rate, odd_time time)
{
    if (time == ODD_TIME_NONE)
        return 1;
    int hour = hour_of(time);
    return (rate->seen[hour] + SEASON_PRIOR) / (rate->hoped[hour] + SEASON_PRIOR);
}

static int season_is_used(const CountRate *rate, odd_time time)
{
    return rate->timed && time != ODD_TIME_NONE && rate->season_gain > SEASON_GAIN_MIN &&
           time >= rate->first_time &&
           (uint64_t)time - (uint64_t)rate->first_time >=
               SEASON_DAYS_MIN * (uint64_t)(S_PER_DAY * NS_PER_S);
}

static double level_of(const CountRate *rate)
{
    return (rate->sum + 0.5) / (rate->weight + 0.5);
}

/* 1/size of the counts themselves: variance = mean + dispersion mean^2. */
static double dispersion_of(const CountRate *rate)
{
    double prior = PRIOR_WEIGHT * level_of(rate) * level_of(rate);
    double excess = rate->residual_sum + DISPERSION_PRIOR * prior;
    double least = 1e-6;
    double dispersion = excess / (rate->square_sum + prior + least);
    return dispersion > least ? dispersion : least;
}

static Forecast forecast(const CountRate *rate, odd_time time)
{
    double factor = season_is_used(rate, time) ? season_factor(rate, time) : 1;
    Forecast f = {.mean = level_of(rate) * factor};
    f.size = 1 / (dispersion_of(rate) + 1 / (rate->sum + 0.5));
    return f;
}

static double deviation_of(Forecast f)
{
    return sqrt(f.mean + f.mean * f.mean / f.size);
}

/* -log10 of the two-sided chance by the forecast alone. */
static double raw_surprise(Forecast f, double count)
{
    if (count == 0 && f.mean < SILENCE_MEAN_MIN)
        return 0;
    double tail =
        count > f.mean ? negbin_upper(count, f.mean, f.size) : negbin_lower(count, f.mean, f.size);
    double raw = -tail - LOG10_2;
    if (!(raw > 0))
        return 0;
    return raw < SURPRISE_MAX ? raw : SURPRISE_MAX;
}

static double calibrated(const CountRate *rate, double raw)
{
    if (rate->tail.count < CALIBRATION_COUNT_MIN || !(raw > 0))
        return raw;
    double own = tail_surprise(&rate->tail, raw);
    return own < raw ? own : raw;
}

static void fill_bounds(Forecast f, Judgement *ret_judgement)
{
    double width = BOUND_DEVIATIONS * deviation_of(f);
    ret_judgement->expected = f.mean;
    ret_judgement->lower = f.mean > width ? f.mean - width : 0;
    ret_judgement->upper = f.mean + width;
}

void count_rate_score(const CountRate *rate, odd_time time, double count, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    if (!is_count(count) || rate->weight == 0)
        return;
    Forecast f = forecast(rate, time);
    double surprise = calibrated(rate, raw_surprise(f, count));
    ret_judgement->surprise = surprise;
    ret_judgement->alarm = detect_alarm(surprise, rate->envelope);
    ret_judgement->reason = count > f.mean ? "more" : count > 0 ? "less" : "silent";
    fill_bounds(f, ret_judgement);
}

/* Odd windows in a row are no outliers: the level starts anew from them. */
static int starts_anew(CountRate *rate, double surprise, double count)
{
    if (surprise < ODD_SURPRISE) {
        rate->odd_run = 0;
        rate->odd_sum = 0;
        return 0;
    }
    rate->odd_run++;
    rate->odd_sum = (float)(rate->odd_sum + count);
    if (rate->odd_run < ODD_RUN_MAX)
        return 0;
    double weight = rate->odd_run, mean = rate->odd_sum / weight;
    rate->square_sum = mean * mean * weight;
    rate->residual_sum = DISPERSION_PRIOR * rate->square_sum;
    rate->sum = mean * weight;
    rate->weight = weight;
    rate->odd_run = 0;
    rate->odd_sum = 0;
    return 1;
}

static double log_likelihood(double count, double mean, double size)
{
    double sum = mean + size, of_none = size * real_log(size / sum);
    return count > 0 ? count * real_log(mean / sum) + of_none : of_none;
}

static void learn_season(CountRate *rate, odd_time time, double count, double level, double size)
{
    if (time == ODD_TIME_NONE)
        return;
    if (!rate->timed) {
        rate->timed = 1;
        rate->first_time = time;
    }
    int hour = hour_of(time);
    double with = level * season_factor(rate, time);
    double gain = log_likelihood(count, with, size) - log_likelihood(count, level, size);
    rate->season_gain += gain - rate->season_gain / (4 * MEMORY);
    double seen = rate->seen[hour], hoped = rate->hoped[hour];
    double keep = hour == rate->hour ? 1 : 1 - 1 / SEASON_DAYS; /* Once a day. */
    rate->hour = (uint8_t)hour;
    rate->seen[hour] = (float)(seen * keep + count);
    rate->hoped[hour] = (float)(hoped * keep + level);
}

static void learn_count(CountRate *rate, double count, double factor, double mean)
{
    double keep = 1 - 1 / MEMORY;
    double residual = count - mean;
    rate->residual_sum = rate->residual_sum * keep + residual * residual - mean;
    rate->square_sum = rate->square_sum * keep + mean * mean;
    rate->sum = rate->sum * keep + count / factor;
    rate->weight = rate->weight * keep + 1;
}

void count_rate_learn(CountRate *rate, odd_time time, double count)
{
    if (!is_count(count))
        return;
    if (rate->weight == 0) {
        learn_season(rate, time, count, count + 0.5, 1);
        rate->sum = count;
        rate->weight = 1;
        return;
    }
    Forecast f = forecast(rate, time);
    double raw = raw_surprise(f, count), surprise = calibrated(rate, raw);
    rate->envelope = (float)detect_envelope(surprise, rate->envelope);
    tail_learn(&rate->tail, raw);
    if (starts_anew(rate, surprise, count))
        return;
    double level = level_of(rate), width = RESIDUAL_MAX * deviation_of(f);
    double clipped = count;
    if (clipped > f.mean + width)
        clipped = f.mean + width;
    if (clipped < f.mean - width)
        clipped = f.mean - width;
    learn_season(rate, time, clipped, level, f.size);
    learn_count(rate, clipped, f.mean / level, f.mean);
}

void count_rate_merge(CountRate *rate, const CountRate *other)
{
    if (other->tail.count > rate->tail.count)
        *rate = *other;
}

static size_t state_bytes(void)
{
    return sizeof(CountRate);
}

static void init(void *state, uint64_t seed)
{
    (void)seed; /* Nothing is drawn. */
    memset(state, 0, sizeof(CountRate));
}

static void score(const void *state, const Observation *o, Judgement *ret_judgement)
{
    count_rate_score(state, o->time, o->value, ret_judgement);
}

static void learn(void *state, const Observation *o)
{
    count_rate_learn(state, o->time, o->value);
}

static void merge(void *state, const void *other)
{
    count_rate_merge(state, other);
}

const odd_detector detector_count_rate = {
    .name = "count_rate",
    .source = "McCullagh, Nelder, Generalized Linear Models, 1989",
    .version = 1,
    .state_bytes = state_bytes,
    .init = init,
    .score = score,
    .learn = learn,
    .merge = merge,
};
