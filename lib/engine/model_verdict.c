/* SPDX-License-Identifier: Apache-2.0
 *
 * model_verdict.c - what is the matter with a table (model/cause.h), from all that was found. */
#include <math.h>
#include <string.h>

#include "engine/model_finding.h"
#include "engine/rows.h"

/* More errors than were to be expected of just these rows. */
static bool is_beyond_promise(const odd_model *model)
{
    const ModelQuality *quality = model->quality;
    if (quality == NULL ||
        model_quality_rows(&quality->all_truth) < model_quality_rows(&quality->all_estimate))
        return false;
    bool of_numbers = model->task == MODEL_NUMBERS;
    QualityMetric metric = of_numbers ? QUALITY_MAE : QUALITY_ACCURACY;
    QualityFigure now = model_quality_figure(quality, &quality->all_estimate, metric);
    QualityFigure truth = model_quality_figure(quality, &quality->all_truth, metric);
    double variance = now.variance + doubt_variance(&quality->doubts[metric]);
    return of_numbers ? cause_is_beyond(truth.value, now.value, variance, true)
                      : cause_is_beyond(1 - truth.value, 1 - now.value, variance, false);
}

static bool is_fault(const ModelFinding *f)
{
    if (f->is_negligible || strcmp(f->cause, "pipeline") != 0 || strcmp(f->kind, "new") == 0)
        return false;
    if (strcmp(f->kind, "drift") == 0) /* Cells that are missing, faulty or unseen. */
        return f->share >= CAUSE_FAULT_SHARE;
    return strcmp(f->kind, "gone") == 0 || f->effect >= CAUSE_FAULT_SHARE;
}

Cause model_verdict_of(const odd_model *model, ModelFinding *findings, size_t count)
{
    CauseSigns signs = {.beyond = is_beyond_promise(model)};
    for (size_t i = 0; i < count; i++) {
        const ModelFinding *f = &findings[i];
        if (strcmp(f->what, "segment") == 0 || strcmp(f->what, "gap") == 0)
            continue; /* Of some rows only. */
        bool is_odd = !f->is_negligible, is_errors = strcmp(f->what, "errors") == 0;
        bool is_quality = strcmp(f->kind, "quality") == 0;
        signs.fault |= is_fault(f);
        signs.inputs |= is_odd && !is_errors && !is_quality && strcmp(f->cause, "covariate") == 0;
        signs.worse |= is_odd && is_errors && f->is_harmful;
        signs.promised |= is_quality && f->is_harmful && strcmp(f->what, "estimate") == 0;
    }
    for (size_t i = 0; i < count; i++) {
        ModelFinding *f = &findings[i];
        if (strcmp(f->what, "errors") == 0)
            f->cause = signs.beyond ? "concept" : "covariate";
    }
    return cause_of(signs);
}

odd_rc model_verdict(const odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"verdict", "sentence", NULL};
    Mem mem = {0};
    ModelFinding *findings = mem_take(&mem, FINDINGS_MAX * sizeof *findings);
    odd_rows *rows = findings != NULL ? rows_open(columns) : NULL;
    if (rows != NULL) {
        size_t count = model_find_all(model, findings);
        Cause cause = model_verdict_of(model, findings, count);
        rows_constant(rows, cause_name(cause));
        rows_constant(rows, cause_sentence(cause));
    }
    mem_free(&mem, findings, FINDINGS_MAX * sizeof *findings);
    return rows != NULL ? rows_finish(rows, ret) : ODD_NOMEM;
}
