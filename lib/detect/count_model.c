/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/count_model.h"

#include <math.h>

#include "base/clip.h"
#include "base/real.h"
#include "detect/shared.h"
#include "stats/count_tail.h"

#define MEMORY 128.0          /* Windows, of the dispersion. */
#define DISPERSION_PRIOR 0.05 /* Of squared means: an over-dispersion of 5 % to start with. */
#define PRIOR_WEIGHT 4.0      /* Windows that the prior is worth. */
#define DISPERSION_LEAST 1e-6
#define DISPERSION_EARLY 3.0  /* Of few windows it is not known itself: so much more, ... */
#define LEVEL_PRIOR 0.5       /* Counts that nobody saw. */
#define RESIDUAL_MAX 4.0      /* Standard deviations; what is beyond counts as this. */
#define SILENCE_MEAN_MIN 0.6  /* Fewer a window: none is what is likeliest. */
#define SURPRISE_MAX 12.0     /* Beyond it a forecast is wrong, not the count odder. */
#define WANDER_MEMORY 500.0
#define SCATTER_LESS 0.4      /* By so much less than chance has it counts may scatter. */
#define ODD_SURPRISE 2.0
#define LOG10_2 0.30102999566398119521
#define BOUND_DEVIATIONS 3.29 /* Two-sided 1 in 1000 of the normal distribution. */

CountForecast count_forecast(const CountModel *model, const CountLevel *at)
{
    double windows = at->windows < COUNT_MEMORY ? at->windows : COUNT_MEMORY;
    double sum = (at->level > 0 ? at->level : 0) * windows + LEVEL_PRIOR;
    double level = sum / (windows + LEVEL_PRIOR), mean = level + at->season;
    /* Where an hour had none so far, there is no telling below one in all its windows. */
    double least = 1 / (at->seen + 1) < level ? 1 / (at->seen + 1) : level;
    double prior = PRIOR_WEIGHT * level * level;
    double dispersion =
        (model->excess + DISPERSION_PRIOR * prior) / (model->squares + prior + DISPERSION_LEAST);
    if (dispersion < DISPERSION_LEAST)
        dispersion = DISPERSION_LEAST;
    return (CountForecast){
        .mean = mean > least ? mean : least,
        .dispersion = dispersion + DISPERSION_EARLY / (windows * sqrt(windows) + 1),
        .own = 1 / sum,
    };
}

double count_deviation(const CountForecast *f)
{
    return sqrt(f->mean + (f->dispersion + f->own) * f->mean * f->mean);
}

double count_reach(const CountForecast *f)
{
    return RESIDUAL_MAX * count_deviation(f);
}

double count_surprise(const CountForecast *f, double count, double windows, double unknown)
{
    double mean = f->mean * windows, all = count * windows;
    if (all < 1 && mean < SILENCE_MEAN_MIN)
        return 0;
    double size = 1 / (f->dispersion / windows + f->own + unknown);
    double tail = all > mean ? negbin_upper(all, mean, size) : negbin_lower(all, mean, size);
    double surprise = -tail - LOG10_2;
    if (!(surprise > 0))
        return 0;
    return surprise < SURPRISE_MAX ? surprise : SURPRISE_MAX;
}

void count_model_learn(CountModel *model, const CountForecast *f, double count)
{
    double keep = 1 - 1 / MEMORY, residual = clipped(count - f->mean, count_reach(f));
    model->excess = (float)(model->excess * keep + residual * residual - f->mean);
    model->squares = (float)(model->squares * keep + f->mean * f->mean);
}

double count_wander(const CountModel *model, const CountForecast *f, double windows)
{
    double beyond = (double)model->wander - (f->dispersion + 1 / f->mean) / windows;
    return beyond > 0 ? beyond : 0;
}

void count_wander_learn(CountModel *model, const CountForecast *f, double off, uint32_t count)
{
    double share = clipped(off / f->mean, 1),
           memory = count < WANDER_MEMORY ? count : WANDER_MEMORY;
    model->wander = (float)(model->wander + (share * share - model->wander) / memory);
}

int count_scatters(const CountModel *model, double level, uint32_t count)
{
    double windows = count < MEMORY ? count : MEMORY;
    return (double)model->excess > -SCATTER_LESS * windows * (level > 0 ? level : 0);
}

static CountForecast forecast_of(const CountStart *start)
{
    CountLevel at = {.level = (double)start->level, .windows = start->windows};
    return count_forecast(&start->model, &at);
}

void count_bounds(const CountForecast *f, Judgement *judgement)
{
    double width = BOUND_DEVIATIONS * count_deviation(f);
    judgement->expected = f->mean;
    judgement->lower = f->mean > width ? f->mean - width : 0;
    judgement->upper = f->mean + width;
}

double count_judge(const CountForecast *f, double envelope, double count, Judgement *judgement)
{
    double surprise = count_surprise(f, count, 1, 0), evidence = detect_evidence_of(surprise);
    judgement->surprise = surprise;
    judgement->alarm = detect_is_record(evidence, envelope) ? surprise : 0;
    judgement->reason = count > f->mean ? "high" : "low";
    count_bounds(f, judgement);
    return evidence;
}

/* Where odd windows come again and again they count themselves: a rank of one cell. */
static double borne_out(const CountStart *start, double surprise)
{
    if (start->odd == 0 || surprise < ODD_SURPRISE)
        return surprise;
    double own = real_log10((start->windows + 1.0) / (start->odd + 1.0));
    return own < surprise ? own : surprise;
}

void count_start_score(const CountStart *start, double count, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    if (start->windows == 0)
        return;
    CountForecast f = forecast_of(start);
    count_judge(&f, (double)start->envelope, count, ret_judgement);
    ret_judgement->surprise = borne_out(start, ret_judgement->surprise);
    ret_judgement->alarm = borne_out(start, ret_judgement->alarm);
}

void count_start_learn(CountStart *start, double count)
{
    double off = count - (double)start->level;
    if (start->windows > 0) {
        CountForecast f = forecast_of(start);
        double surprise = count_surprise(&f, count, 1, 0);
        start->odd += surprise >= ODD_SURPRISE;
        start->envelope = (float)detect_envelope(detect_evidence_of(borne_out(start, surprise)),
                                                 (double)start->envelope);
        off = clipped(off, count_reach(&f));
        count_model_learn(&start->model, &f, count);
    }
    if (start->windows < UINT32_MAX)
        start->windows++;
    double memory = start->windows < COUNT_MEMORY ? start->windows : COUNT_MEMORY;
    start->level = (float)(start->level + off / memory);
}
