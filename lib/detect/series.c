/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/series.h"

#include <math.h>
#include <string.h>

#include "detect/shared.h"

#define MEMORY 128.0      /* Samples. */
#define COUNT_MIN 20      /* Samples before anything is judged. */
#define RESIDUAL_MAX 4.0  /* In scatters: what is beyond counts as this. */
#define VALUE_MAX 1e300

static int is_value(double value)
{
    return value >= -VALUE_MAX && value <= VALUE_MAX;
}

static double scatter_of(const SeriesWatch *watch)
{
    double least = 1e-12 + fabs(watch->level) * 1e-9;
    return watch->scatter > least ? watch->scatter : least;
}

void series_score(const SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement)
{
    (void)time;
    *ret_judgement = detect_no_judgement();
    if (!is_value(value) || watch->count < COUNT_MIN)
        return;
    double raw = fabs(value - watch->level) / scatter_of(watch);
    ret_judgement->surprise = tail_surprise(&watch->point, raw);
    ret_judgement->alarm = detect_alarm(ret_judgement->surprise, watch->envelope);
    double width = tail_value(&watch->point, 3) * scatter_of(watch);
    ret_judgement->expected = watch->level;
    ret_judgement->lower = watch->level - width;
    ret_judgement->upper = watch->level + width;
    ret_judgement->reason = value > watch->level ? "high" : "low";
}

void series_learn(SeriesWatch *watch, odd_time time, double value)
{
    if (!is_value(value))
        return;
    Judgement judgement;
    series_score(watch, time, value, &judgement);
    watch->envelope = (float)detect_envelope(judgement.surprise, watch->envelope);
    if (watch->count++ == 0) {
        watch->level = value;
        return;
    }
    double scatter = scatter_of(watch), residual = value - watch->level;
    if (watch->count > COUNT_MIN / 2)
        tail_learn(&watch->point, fabs(residual) / scatter);
    double memory = (double)watch->count < MEMORY ? (double)watch->count : MEMORY;
    if (watch->count > COUNT_MIN) {
        double most = RESIDUAL_MAX * scatter;
        residual = residual > most ? most : residual < -most ? -most : residual;
    }
    watch->level += residual / memory;
    watch->scatter += (fabs(residual) - watch->scatter) / memory;
}

void series_put(SeriesWatch *watch, odd_time time, double value, Judgement *ret_judgement)
{
    series_score(watch, time, value, ret_judgement);
    series_learn(watch, time, value);
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

static void learn(void *state, const Observation *o)
{
    series_learn(state, o->time, o->value);
}

const odd_detector detector_series = {
    .name = "series",
    .source = "Huber, Annals of Mathematical Statistics 35(1), 1964",
    .version = 1,
    .state_bytes = state_bytes,
    .init = init,
    .score = score,
    .learn = learn,
};
