/* SPDX-License-Identifier: Apache-2.0
 *
 * series.c - what is learnt of a sample, and the doors. */
#include "detect/series.h"

#include <math.h>
#include <string.h>

#include "base/clip.h"
#include "base/time.h"
#include "detect/series_look.h"
#include "detect/shared.h"

#define VALUE_MAX 1e300
#define FAST_MEMORY 4.0
#define RANKED_COUNT_MIN 10 /* Samples before their oddness is worth ranking. */
#define STEP_CLIP 4.0      /* In scatters: a sample moves no level by more. */
#define FAST_CLIP 8.0
#define OFF_SCATTERS 4.0   /* So far off, for OFF_RUN samples: this is the new level. */
#define OFF_RUN 30
#define STEP_RATE 0.02     /* By which the usual interval follows the intervals. */
#define SHIFT_MEMORY 36.0
#define SHIFT_GAIN 0.4
#define WIDTH_EVERY 32     /* Samples between two looks at how wide the bounds are. */
#define BOUND_CHANCE 1e-3
#define MEAN_OF_DEVIATION 0.8 /* Mean distance of a normal value, in standard deviations. */

static bool is_value(double value)
{
    return value >= -VALUE_MAX && value <= VALUE_MAX;
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
        follow(&watch->errors[i], look_error(watch, clipped(errors[i], most)), memory);
}

/* Summer time begins or ends: the season that fits is an hour off. */
static void learn_clock_shift(SeriesWatch *watch, odd_time time, const Look *look)
{
    if (time == ODD_TIME_NONE || watch->count <= SEASON_COUNT_MIN || look->season == 0)
        return;
    for (int i = 0; i < 3; i++) {
        SeasonPart part =
            i == 1 ? look->part : season_at(&watch->season, look_season_time(watch, time, i - 1));
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
    if (watch->count >= JUDGED_COUNT_MIN && !series_is_early(watch))
        ranks_learn(&watch->evidence, look->evidence);
    for (int i = 0; i < SERIES_GAP; i++)
        ranks_learn(&watch->ranks[i], fabs(look->scores[i]));
    watch->late_count += look->scores[SERIES_GAP] > 0;
    if (watch->count % WIDTH_EVERY == JUDGED_COUNT_MIN - 1)
        watch->width = (float)ranks_score(&watch->ranks[SERIES_POINT], BOUND_CHANCE, EXCESS_WEIGHT);
}

static void learn_counts(SeriesWatch *watch, const Look *look)
{
    count_model_learn(&watch->counts, &look->counts, look->measure.value);
    count_wander_learn(&watch->counts, &look->counts, look_lasting(watch, look, 0), watch->count);
}

static void learn_levels(SeriesWatch *watch, odd_time time, const Look *look)
{
    double memory = watch->count < SERIES_MEMORY ? watch->count : SERIES_MEMORY;
    bool gated = watch->count > JUDGED_COUNT_MIN;
    double least = look_least(watch);
    double most = gated ? STEP_CLIP * (watch->slow_scatter + least) : VALUE_MAX;
    if (look->may_count)
        learn_counts(watch, look);
    if (watch->kind.is_count) {
        const double reach = count_reach(&look->counts);
        most = gated && most > reach ? most : reach;
    }
    double off = clipped(look->off, gated ? STEP_CLIP * (watch->scatter + least) : VALUE_MAX);
    double slow_off = clipped(look->slow_off, most);
    double scatter = watch->slow_scatter + least;
    for (int i = 0; i < 3; i++)
        watch->means[i] = (float)look_mean(watch, i, look->scores[SERIES_VALUE]);
    watch->varying = (float)look_varying(watch, look->deviation);
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
    season_learn(&watch->season, look_season_time(watch, time, 0),
                 look->measure.value - watch->slow, most, fabs(look->slow_off) / scatter,
                 watch->step_s);
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

void series_begin_counts(SeriesWatch *watch, double window_s, const CountStart *start)
{
    watch->kind.is_count = watch->kind.is_gauge = 1;
    watch->step_s = (float)window_s;
    if (start->windows == 0)
        return;
    watch->count = start->windows;
    watch->counts = start->model;
    watch->envelope = start->envelope;
    watch->slow = watch->fast = watch->last = (double)start->level;
    CountForecast f = look_counts(watch, &(Look){0});
    watch->scatter = watch->slow_scatter = MEAN_OF_DEVIATION * count_deviation(&f);
    watch->varying = watch->usual_varying = 1;
}

void series_score(const SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement)
{
    Look look = {0};
    *ret_judgement = detect_no_judgement();
    if (is_value(value) && series_look(watch, time, value, &look))
        series_judge(watch, &look, ret_judgement);
}

void series_put(SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement)
{
    Look look = {0};
    *ret_judgement = detect_no_judgement();
    if (!is_value(value))
        return;
    bool looked = series_look(watch, time, value, &look);
    if (looked)
        series_judge(watch, &look, ret_judgement);
    learn(watch, time, value, &look, looked);
}

void series_learn(SeriesWatch *watch, odd_time time, double value)
{
    Judgement judgement;
    series_put(watch, time, value, &judgement);
}

Measure series_measured(const SeriesWatch *watch, odd_time time, double value)
{
    return series_measure(&watch->kind, value, look_gap_s(watch, time));
}

int series_season(const SeriesWatch *watch)
{
    int forecaster;
    look_season(watch, (SeasonPart){0}, &forecaster);
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
