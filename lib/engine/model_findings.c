/* SPDX-License-Identifier: Apache-2.0
 *
 * model_findings.c - looking back at all rows: what drifted, since when, how harmful. */
#include <math.h>
#include <stdio.h>

#include "base/real.h"
#include "engine/model_finding.h"
#include "engine/rows.h"
#include "stats/normal.h"

#define FINDINGS_MAX 256
#define NAME_BYTES 80
#define ODD 3.0
#define HARM_LEAST 0.005  /* So many more errors of a hundred percent are harmful. */
#define TOGETHER_ROWS 2.5 /* Stretches. */
#define CERTAIN 50.0

/* -- words ----------------------------------------------------------------------------------- */

static int short_size(Str name)
{
    return (int)(name.size < NAME_BYTES ? name.size : NAME_BYTES);
}

static Str category_name(const odd_model *model, const Watch *watch, size_t cell)
{
    if (cell == CELL_MISSING)
        return STR("(missing)");
    if (cell == CELL_FAULT)
        return STR("(no number)");
    if (cell == CELL_UNSEEN)
        return STR("(never seen before)");
    for (uint32_t i = 0; cell < watch->bins.count && i < model->categories.count; i++) {
        Str text = names_text(&model->categories, i);
        if (bins_hash(text) == watch->bins.hashes[cell])
            return text;
    }
    return STR("(others)");
}

/* The least value of a bin; of two values each its own. */
static Str number_name(const Watch *watch, size_t cell, char text[NAME_BYTES])
{
    double value = cell == 0                        ? watch->reference.least
                   : cell + 1u == watch->bins.count ? watch->reference.most
                                                    : watch->bins.edges[cell - 1];
    return (Str){.text = text, .size = (size_t)snprintf(text, NAME_BYTES, "%.5g", value)};
}

static double middle(const Watch *watch, const double *counts)
{
    double all = 0, sum = 0;
    for (size_t c = 0; c < watch->bins.count; c++)
        all += counts[c];
    for (size_t c = 0; c < watch->bins.count; c++) {
        double from = c > 0 ? watch->bins.edges[c - 1] : watch->reference.least;
        double to = c + 1u < watch->bins.count ? watch->bins.edges[c] : watch->reference.most;
        if (counts[c] > 0 && sum + counts[c] >= all / 2)
            return from + (to - from) * ((all / 2 - sum) / counts[c]);
        sum += counts[c];
    }
    return NAN;
}

static size_t most_changed(const Watch *watch, const double *counts, double n)
{
    size_t best = 0;
    double most = -1;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double change = fabs(counts[c] / n - watch->expected.share[c]);
        if (change > most) {
            most = change;
            best = c;
        }
    }
    return best;
}

static const char *what_name(DriftWhat what)
{
    static const char *const names[] = {"none",    "shift", "spread", "shape",
                                        "missing", "fault", "unseen"};
    return names[what];
}

static size_t cell_of_what(DriftWhat what)
{
    return what == DRIFT_MISSING ? CELL_MISSING : what == DRIFT_FAULT ? CELL_FAULT : CELL_UNSEEN;
}

static void say_share(const odd_model *model, const Watch *watch, const double *counts, double n,
                      size_t cell, ModelFinding *f)
{
    Str name = category_name(model, watch, cell);
    double now = 100 * counts[cell] / n, before = 100 * watch->expected.share[cell];
    char number[NAME_BYTES];
    if (watch->bins.kind == BINS_NUMBER && cell < BINS_MAX)
        name = number_name(watch, cell, number);
    f->now = now;
    f->before = before;
    snprintf(f->seen, MODEL_TEXT_BYTES, "%.*s %.2g %%", short_size(name), name.text, now);
    snprintf(f->expected, MODEL_TEXT_BYTES, "%.*s %.2g %%", short_size(name), name.text, before);
}

void model_say_column(const odd_model *model, const Watch *watch, const Drift *drift,
                      const double *counts, double n, ModelFinding *f)
{
    const char *how = "is distributed otherwise";
    bool is_number = watch->bins.kind == BINS_NUMBER && watch->bins.count > 2;
    if (drift->what >= DRIFT_MISSING) {
        how = drift->what == DRIFT_MISSING ? "is missing more often"
              : drift->what == DRIFT_FAULT ? "holds what is no number"
                                           : "has values never seen before";
        say_share(model, watch, counts, n, cell_of_what(drift->what), f);
    } else if (watch->column == WATCH_ERRORS) {
        how = drift->effect.shift > 0 ? "are more" : "are fewer";
        f->now = 100 * counts[1] / n;
        f->before = 100 * watch->expected.share[1];
        snprintf(f->seen, MODEL_TEXT_BYTES, "%.3g %%", f->now);
        snprintf(f->expected, MODEL_TEXT_BYTES, "%.3g %%", f->before);
    } else if (is_number) {
        if (drift->what == DRIFT_SPREAD)
            how = drift->spread > 0 ? "spreads wider" : "spreads less";
        else if (drift->what == DRIFT_SHIFT)
            how = drift->effect.shift > 0 ? "is higher" : "is lower";
        f->now = middle(watch, counts);
        snprintf(f->seen, MODEL_TEXT_BYTES, "median %.5g", f->now);
        double before[CELL_COUNT];
        for (size_t c = 0; c < CELL_COUNT; c++)
            before[c] = (double)watch->reference.cells[c];
        f->before = middle(watch, before);
        snprintf(f->expected, MODEL_TEXT_BYTES, "median %.5g", f->before);
    } else {
        say_share(model, watch, counts, n, most_changed(watch, counts, n), f);
    }
    snprintf(f->sentence, MODEL_TEXT_BYTES, "%.*s %s: %.110s, was %.110s", short_size(f->signal),
             f->signal.text, how, f->seen, f->expected);
}

/* -- columns --------------------------------------------------------------------------------- */

static double harm_of(const odd_model *model, const Watch *watch, const double *counts, double n)
{
    double harm = 0;
    if (watch->column == WATCH_ERRORS)
        return counts[1] / n - watch->expected.share[1];
    for (size_t c = 0; c < CELL_COUNT; c++)
        harm += (counts[c] / n - watch->expected.share[c]) * watch->error_share[c];
    return isnan(model->error_share) ? NAN : harm;
}

static double sequential_surprise(const odd_model *model, const Watch *watch)
{
    double chances = (double)watch->money_most * watch->weight / (double)(model->row + 1);
    double surprise = chances > 1 ? real_log10(chances) : 0;
    return surprise < CERTAIN ? surprise : CERTAIN;
}

static double total(const double *counts)
{
    double n = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        n += counts[c];
    return n;
}

/* False: nothing to tell. */
static bool find_in_column(const odd_model *model, const Watch *watch, ModelFinding *f)
{
    const Stretches *stretches = &watch->stretches;
    double counts[CELL_COUNT], run = (double)(1u << watch->evidence.bets.roots);
    double tolerance =
        watch->column == WATCH_ERRORS ? 1 / sqrt(watch->expected.rows) : model->options.tolerance;
    if (stretches->count == 0)
        return false;
    stretches_sum(stretches, (StretchRun){0, stretches->count - 1}, counts);
    Drift whole = drift_of(&watch->expected, counts, tolerance, run);
    StretchRun since = stretches_oddest(stretches, &watch->expected);
    stretches_sum(stretches, since, counts);
    Drift part = drift_of(&watch->expected, counts, tolerance, run);
    double surprise = whole.surprise - real_log10((double)model->watch_count);
    double step = sequential_surprise(model, watch);
    f->is_negligible = whole.what == DRIFT_NONE || whole.is_negligible || surprise < ODD;
    if (f->is_negligible && step >= ODD && part.what != DRIFT_NONE && !part.is_negligible) {
        f->is_negligible = false;
        surprise = step;
    } else if (step > surprise) {
        surprise = step;
    }
    if (surprise < ODD || part.what == DRIFT_NONE)
        return false;
    double n = total(counts);
    f->kind = "drift";
    f->signal = model_watch_name(model, watch);
    f->what = watch->column == WATCH_ERRORS ? "errors" : what_name(part.what);
    f->cause = part.what >= DRIFT_MISSING ? "pipeline" : "covariate";
    f->surprise = surprise;
    f->effect = part.effect.size;
    f->lower = part.effect.lower;
    f->upper = part.effect.upper;
    f->harm = harm_of(model, watch, counts, n);
    f->is_harmful = !f->is_negligible && f->harm > HARM_LEAST;
    f->first_row = stretches->first_row[since.first];
    f->last_row = stretches->last_row[since.last];
    f->time = stretches->time[since.first];
    f->stretch = stretches->length;
    model_say_column(model, watch, &part, counts, n, f);
    return true;
}

static size_t find_columns(const odd_model *model, ModelFinding *findings)
{
    size_t count = 0;
    for (size_t w = 0; w < model->watch_count && count < FINDINGS_MAX; w++) {
        const Watch *watch = &model->watches[w];
        ModelFinding *f = &findings[count];
        memset(f, 0, sizeof *f);
        if (watch->current != UINT32_MAX || watch->column == WATCH_ERRORS) {
            count += find_in_column(model, watch, f);
            continue;
        }
        *f = (ModelFinding){.kind = "gone",
                            .what = "schema",
                            .cause = "pipeline",
                            .signal = model_watch_name(model, watch),
                            .surprise = CERTAIN,
                            .harm = NAN,
                            .is_harmful = true,
                            .effect = NAN,
                            .lower = NAN,
                            .upper = NAN,
                            .time = ODD_TIME_NONE};
        snprintf(f->sentence, MODEL_TEXT_BYTES, "the column %.*s is gone", short_size(f->signal),
                 f->signal.text);
        count++;
    }
    return count;
}

static size_t find_new(const odd_model *model, ModelFinding *findings, size_t count)
{
    for (uint32_t c = 0; c < model->current.column_count && count < FINDINGS_MAX; c++) {
        Str name = prediction_name(&model->current, c);
        if (model->current.columns[c].role != PREDICTION_INPUT ||
            prediction_find(&model->table, name) != UINT32_MAX)
            continue;
        ModelFinding *f = &findings[count++];
        *f = (ModelFinding){.kind = "new",
                            .what = "schema",
                            .cause = "pipeline",
                            .signal = name,
                            .surprise = CERTAIN,
                            .harm = NAN,
                            .effect = NAN,
                            .lower = NAN,
                            .upper = NAN,
                            .time = ODD_TIME_NONE};
        snprintf(f->sentence, MODEL_TEXT_BYTES, "the column %.*s is new: the reference has it not",
                 short_size(name), name.text);
    }
    return count;
}

/* -- quality --------------------------------------------------------------------------------- */

static bool quality_finding(const odd_model *model, double now, double before, double error,
                            const char *what, const char *cause, ModelFinding *f)
{
    double change = now - before, size = fabs(change);
    double surprise = error > 0 ? normal_surprise(size / error) - 0.30103 : CERTAIN;
    bool is_small = size - 1.645 * error < HARM_LEAST;
    if (!(surprise >= ODD) || is_small)
        return false;
    memset(f, 0, sizeof *f);
    f->kind = "quality";
    f->what = what;
    f->cause = cause;
    f->signal = STR("accuracy");
    f->surprise = surprise < CERTAIN ? surprise : CERTAIN;
    f->effect = size;
    f->lower = size - 1.96 * error;
    f->upper = size + 1.96 * error;
    f->harm = -change;
    f->is_harmful = change < 0;
    f->first_row = 1;
    f->last_row = model->row;
    f->time = ODD_TIME_NONE;
    snprintf(f->seen, MODEL_TEXT_BYTES, "%.3f", now);
    snprintf(f->expected, MODEL_TEXT_BYTES, "%.3f", before);
    return true;
}

/* The estimate against the reference; and what came true against the estimate. */
static size_t find_quality(const odd_model *model, ModelFinding *findings, size_t count)
{
    const ModelQuality *quality = model->quality;
    if (quality == NULL || quality->all_estimate.rows == 0)
        return count;
    QualityFigure before = quality_figure(&quality->reference, QUALITY_ACCURACY);
    QualityFigure now = quality_figure(&quality->all_estimate, QUALITY_ACCURACY);
    double error = sqrt(now.variance + doubt_variance(&quality->doubts[QUALITY_ACCURACY]));
    ModelFinding *f = &findings[count];
    if (count < FINDINGS_MAX &&
        quality_finding(model, now.value, before.value, error, "estimate", "covariate", f)) {
        snprintf(f->sentence, MODEL_TEXT_BYTES,
                 "accuracy is estimated at %.100s (%.3f to %.3f), was "
                 "%.100s: the model is less sure on these rows",
                 f->seen, now.value - 1.96 * error, now.value + 1.96 * error, f->expected);
        count++;
    }
    if (quality->all_truth.rows != quality->all_estimate.rows || count >= FINDINGS_MAX)
        return count;
    QualityFigure truth = quality_figure(&quality->all_truth, QUALITY_ACCURACY);
    f = &findings[count];
    if (quality_finding(model, truth.value, now.value, error, "realised", "concept", f)) {
        snprintf(f->sentence, MODEL_TEXT_BYTES,
                 "accuracy came true as %.100s where probabilities said "
                 "%.100s: what they mean has changed",
                 f->seen, f->expected);
        count++;
    }
    return count;
}

/* -- together -------------------------------------------------------------------------------- */

/* What harms first; then what is odd; then by evidence, and by size. */
static double rank(const ModelFinding *f)
{
    double size = isnan(f->effect) ? 1 : f->effect;
    return (f->is_harmful ? 1e6 : 0) + (f->is_negligible ? 0 : 1e5) + 100 * f->surprise + size;
}

static void arrange(ModelFinding *findings, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        ModelFinding one = findings[i];
        size_t at = i;
        for (; at > 0 && rank(&findings[at - 1]) < rank(&one); at--)
            findings[at] = findings[at - 1];
        findings[at] = one;
    }
    for (size_t i = 0; i < count; i++) {
        findings[i].together = i;
        for (size_t k = 0; k < i && findings[i].together == i; k++) {
            double apart = fabs((double)findings[i].first_row - (double)findings[k].first_row);
            bool same = findings[i].first_row > 0 && findings[k].first_row > 0 &&
                        findings[i].stretch > 0 && findings[k].stretch > 0 &&
                        apart <= TOGETHER_ROWS * (double)findings[i].stretch;
            if (same && !findings[i].is_negligible && !findings[k].is_negligible)
                findings[i].together = findings[k].together;
        }
    }
}

static void row_write(odd_rows *rows, const ModelFinding *f)
{
    rows_constant(rows, f->kind);
    rows_text(rows, f->signal);
    rows_constant(rows, f->is_negligible ? "negligible" : "odd");
    rows_double(rows, f->surprise);
    rows_double(rows, f->effect);
    rows_double(rows, f->lower);
    rows_double(rows, f->upper);
    rows_constant(rows, f->what);
    rows_constant(rows, f->cause);
    rows_double(rows, f->harm);
    rows_bool(rows, f->is_harmful);
    rows_int(rows, (int64_t)f->first_row);
    rows_int(rows, (int64_t)f->last_row);
    rows_int(rows, f->time);
    rows_int(rows, (int64_t)f->together + 1);
    rows_text(rows, str_of(f->seen));
    rows_text(rows, str_of(f->expected));
    rows_text(rows, str_of(f->sentence));
}

odd_rc model_findings(const odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {
        "kind",      "signal",   "state", "surprise", "effect",   "lower",
        "upper",     "what",     "cause", "harm",     "harmful",  "first_row",
        "last_row",  "time",     "together", "seen",  "expected", "sentence", NULL};
    Mem mem = {0};
    ModelFinding *findings = mem_take(&mem, FINDINGS_MAX * sizeof *findings);
    odd_rows *rows = findings != NULL ? rows_open(columns) : NULL;
    if (rows != NULL) {
        size_t count = find_columns(model, findings);
        count = find_new(model, findings, count);
        count = find_quality(model, findings, count);
        arrange(findings, count);
        for (size_t i = 0; i < count; i++)
            row_write(rows, &findings[i]);
    }
    mem_free(&mem, findings, FINDINGS_MAX * sizeof *findings);
    return rows != NULL ? rows_finish(rows, ret) : ODD_NOMEM;
}
