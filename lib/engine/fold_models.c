/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_models.c - models in production as rows: what there is, how columns drift, how good they
 * are. */
#include <math.h>

#include "base/time.h"
#include "engine/fold_models.h"

void models_put(const ModelsTelling *t, const Served *served)
{
    rows_text(t->rows, served_model(served));
    rows_text(t->rows, served_version(served));
}

bool models_in_span(const odd_question *question, odd_time from, odd_time to)
{
    return (question->since == 0 || to > question->since) &&
           (question->until == 0 || from < question->until);
}

/* -- models -------------------------------------------------------------------------------- */

static size_t drifting(const odd_model *model)
{
    size_t count = 0;
    for (size_t w = 0; w < model->watch_count; w++)
        count += model->watches[w].is_in_episode;
    return count;
}

static void tell_model(const ModelsTelling *t, const Served *served)
{
    static const char *const tasks[] = {"", "binary", "classes", "regression"};
    const ServedPlain *plain = &served->plain;
    const Pending *pending = &served->pending;
    models_put(t, served);
    rows_constant(t->rows, plain->is_frozen ? "watched" : "learning");
    rows_constant(t->rows, tasks[plain->task]);
    rows_int(t->rows, (int64_t)plain->predictions);
    rows_int(t->rows, (int64_t)served->inputs->row_count);
    rows_int(t->rows, plain->is_frozen ? (int64_t)served->inputs->watch_count
                                       : (int64_t)served->inputs->table.column_count);
    rows_int(t->rows, (int64_t)drifting(served->inputs));
    rows_int(t->rows, (int64_t)plain->outcomes);
    rows_int(t->rows, (int64_t)plain->joined);
    rows_int(t->rows, (int64_t)pending->predictions);
    rows_int(t->rows, (int64_t)pending->outcomes);
    rows_int(t->rows, (int64_t)plain->repeated);
    rows_int(t->rows, (int64_t)plain->doubled);
    rows_int(t->rows, (int64_t)plain->without_id);
    rows_int(t->rows, (int64_t)pending->expired_predictions);
    rows_int(t->rows, (int64_t)pending->expired_outcomes);
    rows_int(t->rows, (int64_t)pending->sampled_out);
    rows_int(t->rows, (int64_t)plain->unlearnt);
    rows_double(t->rows, lateness_median(&plain->lateness));
    rows_int(t->rows, plain->first_time);
    rows_int(t->rows, plain->last_time);
    rows_int(t->rows, plain->known);
    Cause cause = served_cause(served);
    rows_constant(t->rows, plain->is_frozen ? cause_name(cause) : "");
    rows_constant(t->rows, plain->is_frozen ? cause_sentence(cause) : "");
    rows_text(t->rows, str_of(t->verdict != NULL ? t->verdict->id : ""));
}

/* -- features ------------------------------------------------------------------------------ */

static const char *role_name(const odd_model *model, const Watch *watch)
{
    uint8_t role = model->table.columns[watch->column].role;
    return role == PREDICTION_OUTPUT                             ? "prediction"
           : role == PREDICTION_PROBABILITY                      ? "probability"
           : model->table.columns[watch->column].is_segment ? "segment"
                                                            : "feature";
}

static double money_now(const Watch *watch)
{
    double money = 0;
    for (size_t i = 0; i < BET_COUNT; i++)
        money += (double)watch->evidence.money[i];
    return money;
}

/* The column by which it is told, while it is. */
static Str together(const Served *served, size_t w)
{
    const ServedTold *told = &served->told[w];
    const odd_model *model = served->inputs;
    return told->told != ODD_TIME_NONE ? model_watch_name(model, &model->watches[told->leader])
                                       : STR("");
}

static void tell_features(const ModelsTelling *t, const Served *served)
{
    const odd_model *model = served->inputs;
    for (size_t w = 0; w < model->watch_count && served->plain.is_frozen; w++) {
        const Watch *watch = &model->watches[w];
        ServedView view = served_view(served, model, w);
        models_put(t, served);
        rows_text(t->rows, model_watch_name(model, watch));
        rows_constant(t->rows, role_name(model, watch));
        rows_constant(t->rows, watch->bins.kind == BINS_NUMBER ? "number" : "category");
        rows_constant(t->rows, watch->is_in_episode ? "drifting"
                               : view.is_negligible ? "negligible"
                                                    : "steady");
        rows_double(t->rows, (double)model_surprise(model, watch, (float)money_now(watch)));
        rows_int(t->rows, (int64_t)profile_count(&watch->now));
        rows_double(t->rows, view.drift.effect.size);
        rows_double(t->rows, view.harm);
        rows_bool(t->rows, view.is_harmful);
        rows_int(t->rows, watch->is_in_episode ? view.since : ODD_TIME_NONE);
        rows_text(t->rows, together(served, w));
    }
}

/* -- drift over time ----------------------------------------------------------------------- */

static void tell_step(const ModelsTelling *t, const Served *served, const Watch *watch, size_t w,
                      uint32_t step)
{
    const Calendar *calendar = &served->plain.calendar;
    const uint32_t *cells =
        served->cells +
        (calendar->steps[step].place * served->inputs->watch_count + w) * CELL_COUNT;
    double counts[CELL_COUNT], n = 0;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        counts[c] = cells[c];
        n += counts[c];
    }
    odd_time time = calendar_time(calendar, step);
    if (!(n > 0) || !models_in_span(t->question, time, time + calendar->length_ns))
        return;
    const Hours *hours = served->inputs->hours != NULL ? &served->inputs->hours[w] : NULL;
    Effect effect = effect_of(hours_whole(hours, &watch->expected), counts);
    models_put(t, served);
    rows_text(t->rows, model_watch_name(served->inputs, watch));
    rows_int(t->rows, time);
    rows_int(t->rows, calendar->length_ns / NS_PER_S);
    rows_int(t->rows, (int64_t)n);
    rows_double(t->rows, effect.size);
    rows_double(t->rows, effect.lower);
    rows_double(t->rows, effect.upper);
    rows_double(t->rows, effect.shift);
    rows_double(t->rows, counts[CELL_MISSING] / n);
}

static void tell_drift(const ModelsTelling *t, const Served *served)
{
    for (size_t w = 0; w < served->inputs->watch_count && served->plain.is_frozen; w++)
        for (uint32_t step = 0; step < served->plain.calendar.count; step++)
            tell_step(t, served, &served->inputs->watches[w], w, step);
}

/* -- quality over time --------------------------------------------------------------------- */

static void put_figure(const ModelsTelling *t, const Served *served, const char *metric,
                       uint32_t step, const ServedFigure *figure)
{
    const Calendar *calendar = &served->plain.calendar;
    const ServedStep *at = &served->steps[calendar->steps[step].place];
    models_put(t, served);
    rows_constant(t->rows, metric);
    rows_int(t->rows, calendar_time(calendar, step));
    rows_int(t->rows, calendar->length_ns / NS_PER_S);
    rows_int(t->rows, (int64_t)at->rows);
    rows_int(t->rows, (int64_t)(at->labelled + at->size_rows));
    rows_double(t->rows, figure->estimate);
    rows_double(t->rows, figure->lower);
    rows_double(t->rows, figure->upper);
    rows_double(t->rows, figure->realised);
    rows_double(t->rows, figure->realised_lower);
    rows_double(t->rows, figure->realised_upper);
    rows_constant(t->rows, model_trust_name(figure->trust));
}

static void tell_metrics(const ModelsTelling *t, const Served *served, uint32_t step)
{
    const Calendar *calendar = &served->plain.calendar;
    const ServedStep *at = &served->steps[calendar->steps[step].place];
    odd_time time = calendar_time(calendar, step);
    size_t first = served_of_numbers(served) ? QUALITY_MAE : 0;
    for (size_t metric = first; metric < QUALITY_COUNT; metric++) {
        ServedFigure figure = served_figure(served, at, (QualityMetric)metric,
                                            time + calendar->length_ns / 2, t->now);
        if (!isnan(figure.estimate) || !isnan(figure.realised))
            put_figure(t, served, quality_name((QualityMetric)metric), step, &figure);
    }
}

static void tell_course(const ModelsTelling *t, const Served *served)
{
    const Calendar *calendar = &served->plain.calendar;
    for (uint32_t step = 0; served->steps != NULL && step < calendar->count; step++) {
        odd_time time = calendar_time(calendar, step);
        if (!models_in_span(t->question, time, time + calendar->length_ns))
            continue;
        tell_metrics(t, served, step);
    }
}

/* -- all of them --------------------------------------------------------------------------- */

static bool is_asked(const odd_question *question, const Served *served)
{
    return (question->model == NULL || str_equal(str_of(question->model), served_model(served))) &&
           (question->version == NULL ||
            str_equal(str_of(question->version), served_version(served)));
}

static const char *const model_columns[] = {
    "model",      "version",  "state",    "task",      "predictions", "reference_rows",
    "features",   "drifting", "outcomes", "joined",    "waiting",     "early",
    "repeated",   "doubled",  "without_id", "expired", "unknown",     "sampled_out",
    "unlearnt",   "delay_s",  "first_time", "last_time", "known",     "verdict",
    "reason",     "new_normal", NULL};
static const char *const feature_columns[] = {"model",    "version", "feature",  "role",   "kind",
                                              "state",    "surprise", "rows",    "effect", "harm",
                                              "harmful",  "since",   "together", NULL};
static const char *const drift_columns[] = {"model", "version", "feature", "time",  "step_s",
                                            "rows",  "effect",  "lower",   "upper", "shift",
                                            "missing", NULL};
static const char *const course_columns[] = {
    "model",    "version", "metric", "time",  "step_s",   "rows",           "labelled",
    "estimate", "lower",   "upper",  "realised", "realised_lower", "realised_upper",
    "trust",    NULL};

typedef struct {
    odd_view           view;
    const char *const *columns;
    void (*tell)(const ModelsTelling *t, const Served *served);
} ModelsView;

static const ModelsView views[] = {
    {ODD_MODEL_COURSE, course_columns, tell_course}, /* First: of any that is none of these. */
    {ODD_MODELS, model_columns, tell_model},
    {ODD_MODEL_FEATURES, feature_columns, tell_features},
    {ODD_MODEL_DRIFT, drift_columns, tell_drift},
    {ODD_MODEL_GROUPS, models_group_columns, models_tell_groups},
    {ODD_MODEL_CURVE, models_curve_columns, models_tell_curve},
    {ODD_MODEL_QUESTIONS, models_question_columns, models_tell_questions},
    {ODD_MODEL_LABELS, models_label_columns, models_tell_labels}};

odd_rc fold_models(const Shard *shards, odd_time now, const odd_question *question,
                   odd_rows **ret_rows)
{
    const ModelsView *view = &views[0];
    for (size_t i = 1; i < sizeof views / sizeof views[0]; i++)
        if (views[i].view == question->view)
            view = &views[i];
    ModelsTelling t = {.now = now, .question = question, .rows = rows_open(view->columns)};
    if (t.rows == NULL)
        return ODD_NOMEM;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        const Shard *shard = &shards[i];
        for (size_t k = 0; k < shard->served_count; k++)
            if (is_asked(question, &shard->served[k]))
                view->tell(&t, served_in_force(shard, &shard->served[k], &t.verdict));
    }
    return rows_finish(t.rows, ret_rows);
}
