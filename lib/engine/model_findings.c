/* SPDX-License-Identifier: Apache-2.0
 *
 * model_findings.c - looking back at all rows: what drifted, since when, how harmful. */
#include <math.h>
#include <stdio.h>

#include "base/real.h"
#include "engine/model_finding.h"
#include "engine/rows.h"
#include "model/harm.h"
#include "stats/normal.h"

#define TOGETHER_ROWS 2.5 /* Stretches. */

/* -- words ----------------------------------------------------------------------------------- */

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
static Str number_name(const Watch *watch, size_t cell, char text[FINDING_NAME_BYTES])
{
    double value = cell == 0                        ? watch->reference.least
                   : cell + 1u == watch->bins.count ? watch->reference.most
                                                    : watch->bins.edges[cell - 1];
    return (Str){.text = text, .size = (size_t)snprintf(text, FINDING_NAME_BYTES, "%.5g", value)};
}

Str model_cell_name(const odd_model *model, const Watch *watch, size_t cell,
                    char number[FINDING_NAME_BYTES])
{
    return watch->bins.kind == BINS_NUMBER && cell < BINS_MAX ? number_name(watch, cell, number)
                                                              : category_name(model, watch, cell);
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

static const double *before_of(const Watch *watch, double *counts)
{
    for (size_t c = 0; c < CELL_COUNT; c++)
        counts[c] = (double)watch->reference.cells[c];
    return counts;
}

/* As if all values of a bin were in its middle. */
static double mean_of(const Watch *watch, const double *counts)
{
    double n = 0, sum = 0;
    for (size_t c = 0; c < watch->bins.count; c++) {
        double from = c > 0 ? watch->bins.edges[c - 1] : watch->reference.least;
        double to = c + 1u < watch->bins.count ? watch->bins.edges[c] : watch->reference.most;
        n += counts[c];
        sum += counts[c] * (from / 2 + to / 2);
    }
    return sum / n;
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
    char number[FINDING_NAME_BYTES];
    Str name = model_cell_name(model, watch, cell, number);
    double now = 100 * counts[cell] / n, before = 100 * watch->expected.share[cell];
    f->now = now;
    f->before = before;
    snprintf(f->seen, FINDING_TEXT_BYTES, "%.*s %.*g %%", finding_size(name), name.text,
             percent_figures(now), now);
    snprintf(f->expected, FINDING_TEXT_BYTES, "%.*s %.*g %%", finding_size(name), name.text,
             percent_figures(before), before);
}

void model_say_column(const odd_model *model, const Watch *watch, const Drift *drift,
                      const double *counts, double n, ModelFinding *f)
{
    const char *how = "is distributed otherwise";
    bool is_number = watch->bins.kind == BINS_NUMBER && watch->bins.count > 2;
    double scale = watch->column == WATCH_ERRORS ? model->error_scale : 1;
    if (drift->what >= DRIFT_MISSING) {
        how = drift->what == DRIFT_MISSING ? "is missing more often"
              : drift->what == DRIFT_FAULT ? "holds what is no number"
                                           : "has values never seen before";
        say_share(model, watch, counts, n, cell_of_what(drift->what), f);
    } else if (watch->column == WATCH_ERRORS && model->task != MODEL_NUMBERS) {
        how = drift->effect.shift > 0 ? "are more" : "are fewer";
        f->now = 100 * counts[1] / n;
        f->before = 100 * watch->expected.share[1];
        snprintf(f->seen, FINDING_TEXT_BYTES, "%.3g %%", f->now);
        snprintf(f->expected, FINDING_TEXT_BYTES, "%.3g %%", f->before);
    } else if (watch->column == WATCH_RESIDUAL) {
        double before[CELL_COUNT];
        how = drift->effect.shift > 0 ? "fit each other less" : "fit each other otherwise";
        f->now = middle(watch, counts);
        f->before = middle(watch, before_of(watch, before));
        snprintf(f->seen, FINDING_TEXT_BYTES, "median residual %.3g", f->now);
        snprintf(f->expected, FINDING_TEXT_BYTES, "median residual %.3g", f->before);
    } else if (is_number) {
        bool are = watch->column == WATCH_ERRORS;
        if (drift->what == DRIFT_SPREAD)
            how = drift->spread > 0 ? are ? "spread wider" : "spreads wider"
                  : are             ? "spread less"
                                    : "spreads less";
        else if (drift->what == DRIFT_SHIFT && are)
            how = drift->effect.shift > 0 ? "are larger" : "are smaller";
        else if (are)
            how = "are distributed otherwise";
        else if (drift->what == DRIFT_SHIFT)
            how = drift->effect.shift > 0 ? "is higher" : "is lower";
        double before[CELL_COUNT];
        f->now = scale * middle(watch, counts);
        f->before = scale * middle(watch, before_of(watch, before));
        snprintf(f->seen, FINDING_TEXT_BYTES, "median %.5g", f->now);
        snprintf(f->expected, FINDING_TEXT_BYTES, "median %.5g", f->before);
    } else {
        say_share(model, watch, counts, n, most_changed(watch, counts, n), f);
    }
    snprintf(f->sentence, FINDING_TEXT_BYTES, "%.*s %s: %.110s, was %.110s",
             finding_size(f->signal), f->signal.text, how, f->seen, f->expected);
}

/* -- columns --------------------------------------------------------------------------------- */

static double harm_least(const odd_model *model)
{
    return model->task == MODEL_NUMBERS ? HARM_LEAST_NUMBERS : HARM_LEAST;
}

double model_harm(const odd_model *model, const Watch *watch, const double *counts, double n)
{
    double before[CELL_COUNT];
    if (watch->column == WATCH_ERRORS && model->task == MODEL_NUMBERS)
        return mean_of(watch, counts) / mean_of(watch, before_of(watch, before)) - 1;
    if (watch->column == WATCH_ERRORS)
        return counts[1] / n - watch->expected.share[1];
    return isnan(model->error_share) ? (double)NAN
                                     : harm_of(&watch->expected, counts, n, watch->error_share);
}

static double sequential_surprise(const odd_model *model, const Watch *watch)
{
    double chances = (double)watch->money_most * watch->weight / (double)(model->row + 1);
    double surprise = chances > 1 ? real_log10(chances) : 0;
    return surprise < FINDING_CERTAIN ? surprise : FINDING_CERTAIN;
}

static double total(const double *counts)
{
    double n = 0;
    for (size_t c = 0; c < CELL_COUNT; c++)
        n += counts[c];
    return n;
}

/* The row from which the run's rows are likelier than the reference's, near the beginning of its
 * first stretch: the change that fits best (likelihood ratio; E. Page, 1955). */
static uint64_t onset(const Watch *watch, const double *counts, uint64_t first, uint64_t stretch)
{
    double n = total(counts), gain[CELL_COUNT], sum = 0, least = 0;
    uint64_t from = first > 2 * stretch ? first - 2 * stretch : 1, to = first + 2 * stretch;
    uint64_t best = from;
    if (watch->history == NULL || to > watch->history_capacity || first <= 1)
        return first;
    for (size_t c = 0; c < CELL_COUNT; c++) {
        double share = (counts[c] + watch->expected.share[c]) / (n + 1);
        gain[c] = real_log(share * watch->expected.inverse[c]);
    }
    for (uint64_t row = from; row <= to; row++) {
        uint8_t cell = watch->history[row - 1];
        sum += cell < CELL_COUNT ? gain[cell] : 0;
        if (sum < least) {
            least = sum;
            best = row + 1;
        }
    }
    return best;
}

/* The chance of a false alarm is shared: half of it is that of the inputs together, where they are
 * watched, and the other half that of all single columns. */
static double chances_of(const odd_model *model, const Watch *watch)
{
    bool is_shared = model->residual != NULL;
    return watch->column == WATCH_RESIDUAL ? 2
           : is_shared                     ? 2 * ((double)model->watch_count - 1)
                                           : (double)model->watch_count;
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
    double step = sequential_surprise(model, watch);
    if (part.what == DRIFT_NONE && step >= FINDING_ODD) { /* Too short to show in all rows. */
        since = stretches_burst(stretches, &watch->expected);
        stretches_sum(stretches, since, counts);
        part = drift_of(&watch->expected, counts, tolerance, run);
    }
    double surprise = whole.surprise - real_log10(chances_of(model, watch));
    f->is_negligible = whole.what == DRIFT_NONE || whole.is_negligible || surprise < FINDING_ODD;
    if (f->is_negligible && step >= FINDING_ODD && part.what != DRIFT_NONE && !part.is_negligible) {
        f->is_negligible = false;
        surprise = step;
    } else if (step > surprise) {
        surprise = step;
    }
    if (surprise < FINDING_ODD || part.what == DRIFT_NONE)
        return false;
    double n = total(counts);
    f->kind = "drift";
    f->signal = model_watch_name(model, watch);
    f->what = watch->column == WATCH_ERRORS ? "errors" : what_name(part.what);
    f->cause = part.what >= DRIFT_MISSING ? "pipeline" : "covariate";
    f->surprise = surprise;
    if (part.what >= DRIFT_MISSING)
        f->share = counts[cell_of_what(part.what)] / (double)(model->row + 1);
    f->effect = part.effect.size;
    f->lower = part.effect.lower;
    f->upper = part.effect.upper;
    f->harm = model_harm(model, watch, counts, n);
    f->is_harmful = !f->is_negligible && f->harm > harm_least(model);
    f->first_row = onset(watch, counts, stretches->first_row[since.first], stretches->length);
    f->last_row = stretches->last_row[since.last];
    f->time = stretches->time[since.first];
    f->stretch = stretches->length;
    model_say_column(model, watch, &part, counts, n, f);
    return true;
}

/* Rows that are usual as a whole, but not for the hours that they are of. */
static bool find_in_blocks(const odd_model *model, const Watch *watch, ModelFinding *f)
{
    const SeasonEpisode *episode = &watch->episode;
    double surprise = watch->season_counts ? model_season_surprise(model, watch) : 0;
    const char *rung = weekly_rung_name(episode->last.rung);
    bool is_category = watch->bins.kind == BINS_CATEGORY;
    if (surprise < FINDING_ODD)
        return false;
    memset(f, 0, sizeof *f);
    f->kind = "drift";
    f->signal = model_watch_name(model, watch);
    f->what = "season";
    f->cause = "covariate";
    f->surprise = surprise < FINDING_CERTAIN ? surprise : FINDING_CERTAIN;
    f->effect = fabs(episode->most_effect);
    f->lower = f->upper = NAN;
    f->harm = NAN;
    f->first_row = episode->first.block.first_row;
    f->last_row = episode->last.block.last_row;
    f->time = episode->first.block.time;
    f->stretch = f->last_row - f->first_row + 1;
    const char *than = episode->last.rung == RUNG_ALL ? "time" : rung;
    const char *how = is_category                ? episode->most_effect > 0 ? "rarer" : "commoner"
                      : episode->most_effect > 0 ? "higher"
                                                 : "lower";
    snprintf(f->seen, FINDING_TEXT_BYTES, "%.2g %s", f->effect,
             is_category ? "nats" : "deviations");
    snprintf(f->expected, FINDING_TEXT_BYTES, "as usual for the %s", than);
    snprintf(f->sentence, FINDING_TEXT_BYTES, "%.*s is %.100s %s than usual for the %s",
             finding_size(f->signal), f->signal.text, f->seen, how, than);
    return true;
}

static size_t find_columns(const odd_model *model, ModelFinding *findings)
{
    size_t count = 0;
    for (size_t w = 0; w < model->watch_count && count < FINDINGS_MAX; w++) {
        const Watch *watch = &model->watches[w];
        ModelFinding *f = &findings[count];
        memset(f, 0, sizeof *f);
        if (watch->current == UINT32_MAX && watch->column != WATCH_ERRORS)
            continue;
        bool is_found = find_in_column(model, watch, f);
        if (!is_found || f->is_negligible)
            is_found |= find_in_blocks(model, watch, f);
        count += is_found;
    }
    return count;
}

/* -- quality --------------------------------------------------------------------------------- */

/* What is told of a model's quality as a whole. */
static QualityMetric main_metric(const odd_model *model)
{
    return model->task == MODEL_NUMBERS ? QUALITY_MAE : QUALITY_ACCURACY;
}

static bool quality_finding(const odd_model *model, double now, double before, double error,
                            const char *what, const char *cause, ModelFinding *f)
{
    QualityMetric metric = main_metric(model);
    bool is_number = model->task == MODEL_NUMBERS;
    double unit = is_number ? before : 1, change = (now - before) / unit, size = fabs(change);
    error /= unit;
    double surprise = error > 0 ? normal_surprise(size / error) - 0.30103 : FINDING_CERTAIN;
    bool is_small = size - 1.645 * error < harm_least(model);
    if (!(surprise >= FINDING_ODD) || is_small)
        return false;
    memset(f, 0, sizeof *f);
    f->kind = "quality";
    f->what = what;
    f->cause = cause;
    f->signal = str_of(quality_name(metric));
    f->surprise = surprise < FINDING_CERTAIN ? surprise : FINDING_CERTAIN;
    f->effect = size;
    f->lower = size - 1.96 * error;
    f->upper = size + 1.96 * error;
    f->harm = is_number ? change : -change;
    f->is_harmful = f->harm > 0;
    f->first_row = 1;
    f->last_row = model->row;
    f->time = ODD_TIME_NONE;
    snprintf(f->seen, FINDING_TEXT_BYTES, is_number ? "%.4g" : "%.3f", now);
    snprintf(f->expected, FINDING_TEXT_BYTES, is_number ? "%.4g" : "%.3f", before);
    return true;
}

/* The estimate against the reference; and what came true against the estimate. */
static size_t find_quality(const odd_model *model, ModelFinding *findings, size_t count)
{
    const ModelQuality *quality = model->quality;
    QualityMetric metric = main_metric(model);
    if (quality == NULL || !(model_quality_rows(&quality->all_estimate) > 0))
        return count;
    QualityFigure before = model_quality_figure(quality, &quality->reference, metric);
    QualityFigure now = model_quality_figure(quality, &quality->all_estimate, metric);
    double error = sqrt(now.variance + doubt_variance(&quality->doubts[metric]));
    const char *name = quality_name(metric);
    ModelFinding *f = &findings[count];
    if (count < FINDINGS_MAX &&
        quality_finding(model, now.value, before.value, error, "estimate", "covariate", f)) {
        snprintf(f->sentence, FINDING_TEXT_BYTES,
                 "%s is estimated at %.100s (%.4g to %.4g), was %.100s: %s", name, f->seen,
                 now.value - 1.96 * error, now.value + 1.96 * error, f->expected,
                 f->is_harmful ? "the model is less sure on these rows"
                               : "the model is surer on these rows");
        count++;
    }
    if (model_quality_rows(&quality->all_truth) < model_quality_rows(&quality->all_estimate) ||
        count >= FINDINGS_MAX)
        return count;
    QualityFigure truth = model_quality_figure(quality, &quality->all_truth, metric);
    f = &findings[count];
    if (quality_finding(model, truth.value, now.value, error, "realised", "concept", f)) {
        snprintf(f->sentence, FINDING_TEXT_BYTES,
                 "%s came true as %.100s where %.100s was to be expected: %s", name, f->seen,
                 f->expected, "what the inputs mean has changed");
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

static void row_write(const odd_model *model, odd_rows *rows, const ModelFinding *f)
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
    rows_constant(rows, model->task == MODEL_NUMBERS ? "%" : "points");
}

size_t model_find_all(const odd_model *model, ModelFinding *findings)
{
    size_t count = find_columns(model, findings);
    count = model_find_faults(model, findings, count);
    count = find_quality(model, findings, count);
    count = model_find_segments(model, findings, count);
    arrange(findings, count);
    model_verdict_of(model, findings, count);
    return count;
}

odd_rc model_findings(const odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {
        "kind",     "signal", "state",    "surprise", "effect",   "lower", "upper",
        "what",     "cause",  "harm",     "harmful",  "first_row", "last_row", "time",
        "together", "seen",   "expected", "sentence", "unit",     NULL};
    Mem mem = {0};
    ModelFinding *findings = mem_take(&mem, FINDINGS_MAX * sizeof *findings);
    odd_rows *rows = findings != NULL ? rows_open(columns) : NULL;
    if (rows != NULL) {
        size_t count = model_find_all(model, findings);
        for (size_t i = 0; i < count; i++)
            row_write(model, rows, &findings[i]);
    }
    mem_free(&mem, findings, FINDINGS_MAX * sizeof *findings);
    return rows != NULL ? rows_finish(rows, ret) : ODD_NOMEM;
}
