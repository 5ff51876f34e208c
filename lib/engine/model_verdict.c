/* SPDX-License-Identifier: Apache-2.0
 *
 * model_verdict.c - what is the matter: the inputs of a model, what they mean, or the pipeline. */
#include <math.h>
#include <string.h>

#include "engine/model_finding.h"
#include "engine/rows.h"

#define BEYOND_PROMISE 3.0 /* Standard errors that errors are beyond what probabilities said. */
#define MATTERS 0.01       /* Of all rows, and of the mean error of numbers: */
#define MATTERS_NUMBERS 0.05
#define FAULT_SHARE 0.005  /* Of the rows: faults of fewer explain nothing. */

/* More errors than were to be expected, by more than chance and by so much that it matters. */
static bool is_beyond_promise(const odd_model *model)
{
    const ModelQuality *quality = model->quality;
    if (quality == NULL ||
        model_quality_rows(&quality->all_truth) < model_quality_rows(&quality->all_estimate))
        return false;
    QualityMetric metric = model->task == MODEL_NUMBERS ? QUALITY_MAE : QUALITY_ACCURACY;
    QualityFigure now = model_quality_figure(quality, &quality->all_estimate, metric);
    QualityFigure truth = model_quality_figure(quality, &quality->all_truth, metric);
    double error = sqrt(now.variance + doubt_variance(&quality->doubts[metric]));
    double beyond = metric == QUALITY_MAE ? truth.value - now.value : now.value - truth.value;
    double least = metric == QUALITY_MAE ? MATTERS_NUMBERS * now.value : MATTERS;
    return beyond > BEYOND_PROMISE * error && beyond > least;
}

static bool is_fault(const ModelFinding *f)
{
    if (f->is_negligible || strcmp(f->cause, "pipeline") != 0 || strcmp(f->kind, "new") == 0)
        return false;
    if (strcmp(f->kind, "drift") == 0) /* Cells that are missing, faulty or unseen. */
        return f->share >= FAULT_SHARE;
    return strcmp(f->kind, "gone") == 0 || f->effect >= FAULT_SHARE;
}

ModelVerdict model_verdict_of(const odd_model *model, ModelFinding *findings, size_t count)
{
    bool fault = false, input = false, worse = false, promised = false;
    bool is_concept = is_beyond_promise(model);
    for (size_t i = 0; i < count; i++) {
        const ModelFinding *f = &findings[i];
        if (strcmp(f->what, "segment") == 0 || strcmp(f->what, "gap") == 0)
            continue; /* Of some rows only. */
        bool is_odd = !f->is_negligible, is_errors = strcmp(f->what, "errors") == 0;
        bool is_quality = strcmp(f->kind, "quality") == 0;
        fault |= is_fault(f);
        input |= is_odd && !is_errors && !is_quality && strcmp(f->cause, "covariate") == 0;
        worse |= is_odd && is_errors && f->is_harmful;
        promised |= is_quality && f->is_harmful && strcmp(f->what, "estimate") == 0;
    }
    for (size_t i = 0; i < count; i++) {
        ModelFinding *f = &findings[i];
        if (strcmp(f->what, "errors") == 0)
            f->cause = is_concept ? "concept" : "covariate";
    }
    if (fault)
        return VERDICT_PIPELINE;
    if (is_concept)
        return VERDICT_CONCEPT;
    if (promised || (input && worse))
        return VERDICT_HARMFUL;
    return input ? VERDICT_HARMLESS : VERDICT_NONE;
}

odd_rc model_verdict(const odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"verdict", "sentence", NULL};
    static const char *const names[] = {"none", "pipeline", "concept", "harmful covariate",
                                        "harmless covariate"};
    static const char *const sentences[] = {
        "nothing has drifted by more than is tolerated",
        "the table itself is at fault: look at what feeds the model first",
        "what the inputs mean has changed, and the model errs more than it says: train it anew",
        "the inputs have moved to where the model is worse: train it on more rows like these",
        "the inputs have moved, and the model is about as good as before"};
    Mem mem = {0};
    ModelFinding *findings = mem_take(&mem, FINDINGS_MAX * sizeof *findings);
    odd_rows *rows = findings != NULL ? rows_open(columns) : NULL;
    if (rows != NULL) {
        size_t count = model_find_all(model, findings);
        ModelVerdict verdict = model_verdict_of(model, findings, count);
        rows_constant(rows, names[verdict]);
        rows_constant(rows, sentences[verdict]);
    }
    mem_free(&mem, findings, FINDINGS_MAX * sizeof *findings);
    return rows != NULL ? rows_finish(rows, ret) : ODD_NOMEM;
}
