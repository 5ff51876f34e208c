/* SPDX-License-Identifier: Apache-2.0
 *
 * served_verdict.c - what drifts of a model in production, how it harms, and what is the matter. */
#include <math.h>

#include "base/real.h"
#include "engine/model_finding.h"
#include "engine/served.h"

#define HARM_SIDE 2.0 /* Standard errors by which harm is harm for sure. */

/* Of truths. */
static bool is_errors(const Watch *watch)
{
    return watch->column == WATCH_ERRORS || watch->column == TRUTH_SIZE;
}

bool served_errors_drift(const Served *served)
{
    const odd_model *model = served->truths;
    for (size_t w = 0; w < model->watch_count; w++)
        if (model->watches[w].is_in_episode && is_errors(&model->watches[w]))
            return true;
    return false;
}

/* Cells that a model has nothing to learn from, and numbers of another unit. */
static bool is_fault(const odd_model *model, const Watch *watch, const ServedView *view)
{
    static const uint8_t cells[] = {
        [DRIFT_MISSING] = CELL_MISSING, [DRIFT_FAULT] = CELL_FAULT, [DRIFT_UNSEEN] = CELL_UNSEEN};
    if (view->drift.what >= DRIFT_MISSING &&
        view->counts[cells[view->drift.what]] >= CAUSE_FAULT_SHARE * view->n)
        return true;
    return (double)watch->beyond >= CAUSE_FAULT_SHARE * view->n &&
           model_range_surprise(model, watch, view->n) >= FINDING_ODD;
}

static void learn_harm(const Served *served, size_t w, ServedView *view)
{
    double shares[CELL_COUNT];
    const Expected *expected = &served->inputs->watches[w].expected;
    const double *rows = served_error_shares(served, w, shares);
    bool of_numbers = served_of_numbers(served);
    if (rows == NULL)
        return;
    view->harm = harm_of(expected, view->counts, view->n, shares);
    view->harm_error = harm_error(expected, view->counts, view->n, shares, rows, of_numbers);
    double least = of_numbers ? HARM_LEAST_NUMBERS : HARM_LEAST;
    view->is_harmful = served->inputs->watches[w].is_in_episode &&
                       view->harm - HARM_SIDE * view->harm_error > least;
}

ServedView served_view(const Served *served, const odd_model *model, size_t w)
{
    const Watch *watch = &model->watches[w];
    const Stretches *stretches = &watch->stretches;
    ServedView view = {.since = ODD_TIME_NONE, .harm = NAN, .harm_error = NAN};
    if (stretches->count == 0)
        return view;
    StretchRun run = {0, stretches->count - 1};
    if (watch->is_in_episode)
        run = stretches_since(stretches, &watch->expected);
    stretches_sum(stretches, run, view.counts);
    for (size_t c = 0; c < CELL_COUNT; c++)
        view.n += view.counts[c];
    view.since = stretches->time[run.first];
    view.since_row = stretches->first_row[run.first];
    view.drift = drift_of(&watch->expected, view.counts, model->options.tolerance,
                          (double)(1u << watch->evidence.bets.roots));
    double surprise = view.drift.surprise - real_log10((double)model->watch_count);
    view.is_negligible = !watch->is_in_episode && view.drift.what != DRIFT_NONE &&
                         view.drift.is_negligible && surprise >= FINDING_ODD;
    if (model == served->inputs) {
        learn_harm(served, w, &view);
        view.is_fault = is_fault(model, watch, &view);
    }
    return view;
}

static bool is_beyond(const Served *served)
{
    const ModelQuality *quality = served->truths->quality;
    bool of_numbers = served_of_numbers(served);
    QualityMetric metric = of_numbers ? QUALITY_MAE : QUALITY_ACCURACY;
    if (quality == NULL)
        return false;
    double usual = served_reference_figure(served, metric);
    return promise_is_broken(&served->plain.promise, doubt_variance(&quality->doubts[metric]),
                             of_numbers ? usual : 1 - usual, of_numbers);
}

Cause served_cause(const Served *served)
{
    CauseSigns signs = {.promised = served->plain.is_estimate_low};
    bool is_late = false;
    for (size_t w = 0; w < served->inputs->watch_count; w++) {
        if (!served->inputs->watches[w].is_in_episode)
            continue;
        ServedView view = served_view(served, served->inputs, w);
        signs.fault |= view.is_fault;
        signs.inputs |= !view.is_fault;
        signs.promised |= view.is_harmful;
    }
    for (size_t w = 0; w < served->truths->watch_count; w++) {
        const Watch *watch = &served->truths->watches[w];
        if (!watch->is_in_episode)
            continue;
        if (is_errors(watch))
            signs.worse |= served_view(served, served->truths, w).drift.effect.shift > 0;
        else
            is_late |= watch->column == TRUTH_DELAY;
    }
    signs.beyond = signs.worse && is_beyond(served);
    Cause cause = cause_of(signs);
    return cause == CAUSE_NONE && is_late ? CAUSE_PIPELINE : cause;
}
