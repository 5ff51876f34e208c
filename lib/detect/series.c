/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/series.h"

#include <math.h>
#include <string.h>

#include "base/real.h"
#include "base/time.h"
#include "detect/shared.h"

#define VALUE_MAX 1e300
#define MEMORY 160.0       /* Samples, of the slow level and of all scatters. */
#define FAST_MEMORY 4.0
#define RANKED_COUNT_MIN 10 /* Samples before their oddness is worth ranking. */
#define JUDGED_COUNT_MIN 30 /* Samples before anything is judged. */
#define SEASON_COUNT_MIN 100
#define SEASON_GAIN 0.97   /* A season is used once its errors are below this share. */
#define STEP_CLIP 4.0      /* In scatters: a sample moves no level by more. */
#define FAST_CLIP 8.0
#define MEAN_CLIP 6.0
#define VARYING_CLIP 8.0
#define VARYING_MEMORY 16.0
#define VARYING_LEAST 0.05
#define OFF_SCATTERS 4.0   /* So far off, for OFF_RUN samples: this is the new level. */
#define OFF_RUN 30
#define STEP_RATE 0.02     /* By which the usual interval follows the intervals. */
#define LATE_STEPS 1.5     /* Usual intervals from which on a sample is late. */
#define SHIFT_MEMORY 36.0
#define SHIFT_GAIN 0.4
#define WIDTH_EVERY 32     /* Samples between two looks at how wide the bounds are. */
#define BOUND_CHANCE 1e-3
#define EXCESS_WEIGHT 1.5   /* Of past samples that were as odd. */
#define EVIDENCE_WEIGHT 0.2 /* The same of past evidence. */
#define CHANGE_UNIT 16.0    /* Makes a score of a share. */
#define CHANGE_LEAST 1e-9   /* Of a value that is near 0. */
#define USUAL_SURPRISE 1.25 /* Of one channel; what is above it adds up. */
#define SHORT_PAST 32       /* Scores from which on there may be a tail. */
#define SPREAD_WEIGHT 0.5   /* How much values vary follows from the other channels. */
#define EVIDENCE_ODD 4.0    /* Of clean samples, 2 in 10,000 begin so odd: an alarm of 3. */
#define ALARM_ODD 3.0
#define ALARM_SLOPE 0.4     /* Beyond it, decades a unit of evidence. */
#define RECORD 1.1         /* An alarm is above what is left of all before it by this factor. */

static const double mean_memories[3] = {10, 48, 400};
static const double mean_units[3] = {4.4, 9.8, 28.3}; /* Times a mean of white noise: about 1. */
#define SPREAD_UNIT 4.0                               /* The same for SERIES_SPREAD. */

typedef struct { /* All that is known of one sample before it is learnt. */
    Measure    measure;
    double     gap_s;  /* Since the last sample; 0: not known. */
    SeasonPart part, shifted[3];
    double     season; /* What is taken of it. */
    double     slow, forecast; /* What they expect, season included. */
    double     off, slow_off;  /* The value from them ... */
    double     scores[SERIES_CHANNELS]; /* ... as scores to be ranked; the signed ones with sign. */
    double     spread;         /* Of the season, at this hour. */
    double     evidence;       /* What is rare in all channels, added up. */
} Look;

static bool is_value(double value)
{
    return value >= -VALUE_MAX && value <= VALUE_MAX;
}

static double clipped(double x, double most)
{
    return x > most ? most : x < -most ? -most : x;
}

/* So small that anything else is far off, and no division by 0. */
static double least_scatter(const SeriesWatch *watch)
{
    return 1e-9 * fabs(watch->slow) + 1e-12;
}

static odd_time season_time(const SeriesWatch *watch, odd_time time, int hours)
{
    if (time == ODD_TIME_NONE)
        return time;
    return time_plus(time, (watch->clock_shift + hours) * 3600 * NS_PER_S);
}

/* -- looking ----------------------------------------------------------------------------------- */

/* Of the day, of the week, or none: which one has paid so far. */
static double season_of(const SeriesWatch *watch, SeasonPart part, int *ret_forecaster)
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

static double weight_of(double error)
{
    return 1 / (error * error + 1e-30);
}

static void look_forward(const SeriesWatch *watch, odd_time time, Look *look)
{
    int forecaster;
    look->part = season_at(&watch->season, season_time(watch, time, 0));
    look->season = season_of(watch, look->part, &forecaster);
    look->slow = watch->slow + look->season;
    double fast = watch->fast + look->season;
    double fast_weight = weight_of(watch->errors[1]);
    double slow_weight = weight_of(watch->errors[forecaster]);
    look->forecast = (fast * fast_weight + look->slow * slow_weight) / (fast_weight + slow_weight);
}

static double mean_of(const SeriesWatch *watch, int i, double z)
{
    return watch->means[i] + (clipped(z, MEAN_CLIP) - watch->means[i]) / mean_memories[i];
}

static double varying_of(const SeriesWatch *watch, double z)
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

static double gap_of(const SeriesWatch *watch, odd_time time)
{
    if (time == ODD_TIME_NONE || watch->kind.count == 0 || watch->last_time == ODD_TIME_NONE)
        return 0;
    return (double)time_minus(time, watch->last_time) / (double)NS_PER_S;
}

/* False: there is nothing to judge. */
static bool look_at(const SeriesWatch *watch, odd_time time, double value, Look *look)
{
    look->gap_s = gap_of(watch, time);
    look->measure = series_measure(&watch->kind, value, look->gap_s);
    if (look->measure.skip || watch->count == 0)
        return false;
    look_forward(watch, time, look);
    double least = least_scatter(watch), x = look->measure.value;
    look->off = x - look->forecast;
    look->slow_off = x - look->slow;
    look->spread = look->part.spread;
    double *scores = look->scores;
    scores[SERIES_POINT] = look->off / (watch->scatter * look->spread + least);
    scores[SERIES_VALUE] = look->slow_off / (watch->slow_scatter * look->spread + least);
    for (int i = 0; i < 3; i++)
        scores[SERIES_SHORT + i] = mean_units[i] * mean_of(watch, i, scores[SERIES_VALUE]);
    scores[SERIES_CHANGE] = change_score(watch, x);
    scores[SERIES_SPREAD] =
        spread_score(varying_of(watch, scores[SERIES_POINT]), watch->usual_varying);
    scores[SERIES_GAP] = gap_score(watch, look->gap_s);
    return true;
}

/* -- judging ----------------------------------------------------------------------------------- */

static const char *reason_of(SeriesChannel channel, double score)
{
    static const char *const above[] = {"high",     "high", "shift up", "shift up",
                                        "shift up", "up",   "noisy",    "gap"};
    static const char *const below[] = {"low",        "low",  "shift down", "shift down",
                                        "shift down", "down", "still",      "gap"};
    return score < 0 ? below[channel] : above[channel];
}

/* Every late sample so far counts, and the later the rarer. */
static double gap_chance(const SeriesWatch *watch, double steps)
{
    return (watch->late_count + 1.0) / (watch->count + 1.0) * LATE_STEPS / steps;
}

/* What is usual of a channel's surprise.  With so little past that no tail is known, half of what
 * it can bear out. */
static double usual_surprise(const Ranks *ranks)
{
    if (ranks->eighth > 0 || ranks->count >= SHORT_PAST)
        return USUAL_SURPRISE;
    return real_log10(ranks->count + 1.0) / 2;
}

static double channel_excess(const SeriesWatch *watch, int channel, double score, double usual)
{
    if (channel != SERIES_GAP) {
        const double excess =
            ranks_excess(&watch->ranks[channel], fabs(score), EXCESS_WEIGHT, usual);
        return channel == SERIES_SPREAD ? SPREAD_WEIGHT * excess : excess;
    }
    const double excess = score > 0 ? -real_log10(gap_chance(watch, score)) - usual : 0;
    return excess > 0 ? excess : 0;
}

/* The evidence in units of a surprise: as rare as that on clean series, or rarer.  All ways
 * together bear out a tenth of the chance of the rarest one at most, and nothing more where the
 * past hardly ever moved: there, all of them are one.  What is nothing most of the time has a bound
 * of its own. */
static double alarm_of(const SeriesWatch *watch, double value, double evidence, double most)
{
    double alarm = evidence * (ALARM_ODD / EVIDENCE_ODD);
    if (evidence > EVIDENCE_ODD)
        alarm = ALARM_ODD + ALARM_SLOPE * (evidence - EVIDENCE_ODD);
    double borne_out = most + (watch->ranks[SERIES_POINT].eighth > 0);
    const double late = watch->means[0] > 0 ? watch->means[0] * mean_memories[0] / MEAN_CLIP : 0;
    const double seldom = series_kind_most(&watch->kind, value, 1 + late);
    borne_out = seldom < borne_out ? seldom : borne_out;
    return alarm < borne_out ? alarm : borne_out;
}

static void judge(const SeriesWatch *watch, Look *look, Judgement *ret_judgement)
{
    double most = 0;
    SeriesChannel paid = SERIES_POINT;
    const double usual = usual_surprise(&watch->ranks[SERIES_POINT]);
    for (int i = 0; i < SERIES_CHANNELS; i++) {
        const double excess = channel_excess(watch, i, look->scores[i], usual);
        look->evidence += excess;
        if (excess > most) {
            most = excess;
            paid = (SeriesChannel)i;
        }
    }
    ret_judgement->reason = reason_of(paid, look->scores[paid]);
    if (look->evidence == 0)
        return;
    ret_judgement->surprise =
        -real_log10(ranks_chance(&watch->evidence, look->evidence, EVIDENCE_WEIGHT));
    if (look->evidence <= watch->envelope * RECORD)
        return;
    ret_judgement->alarm = alarm_of(watch, look->measure.value * look->measure.per,
                                  look->evidence, most + usual);
    if (ret_judgement->surprise < ret_judgement->alarm)
        ret_judgement->surprise = ret_judgement->alarm;
}

static void fill_bounds(const SeriesWatch *watch, const Look *look, Judgement *ret_judgement)
{
    double width = watch->width * watch->scatter * look->spread;
    double from = look->measure.from, per = look->measure.per;
    double lower = look->forecast - width;
    if (watch->kind.low >= 0 && lower < 0)
        lower = look->forecast < 0 ? look->forecast : 0;
    ret_judgement->expected = from + look->forecast * per;
    ret_judgement->lower = from + lower * per;
    ret_judgement->upper = from + (look->forecast + width) * per;
}

static void answer(const SeriesWatch *watch, Look *look, Judgement *ret_judgement)
{
    if (watch->count < JUDGED_COUNT_MIN)
        return;
    judge(watch, look, ret_judgement);
    fill_bounds(watch, look, ret_judgement);
}

/* -- learning ---------------------------------------------------------------------------------- */

static void learn_time(SeriesWatch *watch, odd_time time, double gap_s)
{
    if (gap_s > 0) {
        double step = watch->step_s;
        if (step == 0)
            step = gap_s;
        else
            step += (gap_s > step ? STEP_RATE : -STEP_RATE) * step;
        watch->step_s = (float)step;
    }
    if (watch->last_time == ODD_TIME_NONE || time > watch->last_time)
        watch->last_time = time;
}

static void follow(float *mean, double x, double memory)
{
    *mean = (float)(*mean + (x - *mean) / memory);
}

static void learn_errors(SeriesWatch *watch, const Look *look, double memory, double most)
{
    double x = look->measure.value, day = watch->slow + look->part.day;
    double errors[4] = {x - watch->slow, x - watch->fast - look->season, x - day,
                        x - day - look->part.week};
    for (int i = 0; i < 4; i++)
        follow(&watch->errors[i], fabs(clipped(errors[i], most)), memory);
}

/* Summer time begins or ends: the season that fits is an hour off. */
static void learn_clock_shift(SeriesWatch *watch, odd_time time, const Look *look)
{
    if (time == ODD_TIME_NONE || watch->count <= SEASON_COUNT_MIN || look->season == 0)
        return;
    for (int i = 0; i < 3; i++) {
        SeasonPart part =
            i == 1 ? look->part : season_at(&watch->season, season_time(watch, time, i - 1));
        follow(&watch->shift_errors[i], fabs(look->measure.value - watch->slow - part.day),
               SHIFT_MEMORY);
    }
    int best = watch->shift_errors[0] < watch->shift_errors[2] ? 0 : 2;
    bool lasting = watch->shift_errors[1] > 2 * watch->errors[2];
    if (!lasting || watch->shift_errors[best] >= SHIFT_GAIN * watch->shift_errors[1])
        return;
    watch->clock_shift = (int8_t)((watch->clock_shift + best - 1) % SEASON_DAY_BINS);
    for (int i = 0; i < 3; i++)
        watch->shift_errors[i] = watch->errors[2];
}

/* Far off in a row, and all on one side.  True: the level starts anew from there. */
static bool learn_shift(SeriesWatch *watch, const Look *look)
{
    int side = look->slow_off > 0 ? 1 : -1;
    bool far = fabs(look->scores[SERIES_VALUE]) > OFF_SCATTERS && watch->count > JUDGED_COUNT_MIN;
    if (!far || side * watch->off_run < 0) {
        watch->off_run = 0;
        watch->off_mean = 0;
        return false;
    }
    watch->off_run = (int16_t)(watch->off_run + side);
    int run = watch->off_run * side;
    watch->off_mean += (look->slow_off - watch->off_mean) / run;
    if (run < OFF_RUN)
        return false;
    watch->slow += watch->off_mean;
    watch->fast = watch->slow;
    watch->off_run = 0;
    watch->off_mean = 0;
    for (int i = 0; i < 3; i++)
        watch->means[i] = (float)(watch->means[i] * 0.2);
    return true;
}

static void learn_ranks(SeriesWatch *watch, const Look *look)
{
    for (int i = 0; i < SERIES_GAP; i++)
        ranks_learn(&watch->ranks[i], fabs(look->scores[i]));
    if (watch->count >= JUDGED_COUNT_MIN)
        ranks_learn(&watch->evidence, look->evidence);
    watch->late_count += look->scores[SERIES_GAP] > 0;
    if (watch->count % WIDTH_EVERY == JUDGED_COUNT_MIN - 1)
        watch->width = (float)ranks_score(&watch->ranks[SERIES_POINT], BOUND_CHANCE, EXCESS_WEIGHT);
}

static void learn_levels(SeriesWatch *watch, odd_time time, const Look *look)
{
    double memory = watch->count < MEMORY ? watch->count : MEMORY;
    bool gated = watch->count > JUDGED_COUNT_MIN;
    double least = least_scatter(watch);
    double most = gated ? STEP_CLIP * (watch->slow_scatter + least) : VALUE_MAX;
    double off = clipped(look->off, gated ? STEP_CLIP * (watch->scatter + least) : VALUE_MAX);
    double slow_off = clipped(look->slow_off, most);
    double scatter = watch->slow_scatter + least;
    for (int i = 0; i < 3; i++)
        watch->means[i] = (float)mean_of(watch, i, look->scores[SERIES_VALUE]);
    watch->varying = (float)varying_of(watch, look->scores[SERIES_POINT]);
    follow(&watch->usual_varying, watch->varying, memory);
    watch->scatter += (fabs(off) - watch->scatter) / memory;
    watch->slow_scatter += (fabs(slow_off) - watch->slow_scatter) / memory;
    learn_errors(watch, look, memory, most);
    learn_clock_shift(watch, time, look);
    if (!learn_shift(watch, look))
        watch->slow += slow_off / memory;
    double fast_memory = watch->count < FAST_MEMORY ? watch->count : FAST_MEMORY;
    double step = clipped(look->measure.value - look->season - watch->fast,
                          gated ? FAST_CLIP * (watch->scatter + least) : VALUE_MAX);
    watch->fast += step / fast_memory;
    season_learn(&watch->season, season_time(watch, time, 0), look->measure.value - watch->slow,
                 most, fabs(look->slow_off) / scatter, watch->step_s);
}

static void start_anew(SeriesWatch *watch)
{
    SeriesWatch kept = {.kind = watch->kind, .last_time = watch->last_time,
                        .step_s = watch->step_s};
    *watch = kept;
}

static void learn(SeriesWatch *watch, odd_time time, double value, const Look *look, bool looked)
{
    learn_time(watch, time, look->gap_s);
    if (series_kind_learn(&watch->kind, value)) {
        start_anew(watch);
        return;
    }
    if (look->measure.skip)
        return;
    watch->envelope = (float)detect_envelope(look->evidence, watch->envelope);
    if (!looked) {
        watch->slow = watch->fast = look->measure.value;
    } else {
        if (watch->count >= RANKED_COUNT_MIN)
            learn_ranks(watch, look);
        learn_levels(watch, time, look);
    }
    watch->last = look->measure.value;
    if (watch->count < UINT32_MAX)
        watch->count++;
}

/* -- the doors --------------------------------------------------------------------------------- */

void series_score(const SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement)
{
    Look look = {0};
    *ret_judgement = detect_no_judgement();
    if (is_value(value) && look_at(watch, time, value, &look))
        answer(watch, &look, ret_judgement);
}

void series_put(SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement)
{
    Look look = {0};
    *ret_judgement = detect_no_judgement();
    if (!is_value(value))
        return;
    bool looked = look_at(watch, time, value, &look);
    if (looked)
        answer(watch, &look, ret_judgement);
    learn(watch, time, value, &look, looked);
}

void series_learn(SeriesWatch *watch, odd_time time, double value)
{
    Judgement judgement;
    series_put(watch, time, value, &judgement);
}

Measure series_measured(const SeriesWatch *watch, odd_time time, double value)
{
    return series_measure(&watch->kind, value, gap_of(watch, time));
}

int series_season(const SeriesWatch *watch)
{
    int forecaster;
    season_of(watch, (SeasonPart){0}, &forecaster);
    return forecaster > 1 ? forecaster - 1 : 0;
}

static size_t state_bytes(void)
{
    return sizeof(SeriesWatch);
}

static void init(void *state, uint64_t seed)
{
    (void)seed; /* Nothing is drawn. */
    memset(state, 0, sizeof(SeriesWatch));
}

static void score(const void *state, const Observation *o, Judgement *ret_judgement)
{
    series_score(state, o->time, o->value, ret_judgement);
}

static void learn_observation(void *state, const Observation *o)
{
    series_learn(state, o->time, o->value);
}

const odd_detector detector_series = {
    .name = "series",
    .source = "Gelper et al., Journal of Forecasting 29, 2010; Zaykin et al., 2002",
    .version = 3,
    .state_bytes = state_bytes,
    .init = init,
    .score = score,
    .learn = learn_observation,
};
