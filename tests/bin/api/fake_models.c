/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_models.h"

#include <math.h>
#include <string.h>

#include "engine/rows.h"

#define UNKNOWN ((double)NAN)

static const char *const model_columns[] = {
    "model",    "version",     "state",      "task",      "predictions", "reference_rows",
    "features", "drifting",    "outcomes",   "joined",    "waiting",     "early",
    "repeated", "doubled",     "without_id", "expired",   "unknown",     "sampled_out",
    "unlearnt", "delay_s",     "first_time", "last_time", "known",       "verdict",
    "reason",   "new_normal",  NULL};
static const char *const feature_columns[] = {"model",    "version", "feature",  "role",   "kind",
                                              "state",    "surprise", "rows",    "effect", "harm",
                                              "harmful",  "since",   "together", NULL};
static const char *const group_columns[] = {
    "model",    "version",        "segment",        "metric",    "rows", "labelled",
    "estimate", "lower",          "upper",          "realised",  "realised_lower",
    "realised_upper", "reference", "all",           "all_reference", "state", NULL};
static const char *const drift_columns[] = {"model",  "version", "feature", "time",
                                            "step_s", "rows",    "effect",  "lower",
                                            "upper",  "shift",   "missing", NULL};
static const char *const course_columns[] = {
    "model",    "version",  "metric",         "time",           "step_s", "rows", "labelled",
    "estimate", "lower",    "upper",          "realised",       "realised_lower",
    "realised_upper", "trust", NULL};
static const char *const curve_columns[] = {"model",          "version",        "probability",
                                            "rows",           "reference",      "realised",
                                            "realised_lower", "realised_upper", NULL};
static const char *const question_columns[] = {"model",       "version", "id", "time",
                                               "probability", "reason",  NULL};
static const char *const label_columns[] = {"model", "version", "metric",   "labels",
                                            "rows",  "from",    "until",    "estimate",
                                            "lower", "upper",   "plain",    NULL};
static const char *const names[] = {"age", "region"};

static void ints(odd_rows *rows, int from, int to)
{
    for (int k = from; k < to; k++)
        rows_int(rows, k);
}

/* So many, of which those from the fourth on are not known. */
static void reals(odd_rows *rows, int count, double step)
{
    for (int k = 0; k < count; k++)
        rows_double(rows, k < 3 ? step * k : UNKNOWN);
}

static void model_row(odd_rows *rows, int i)
{
    (void)i; /* There is but one. */
    rows_constant(rows, "watched");
    rows_constant(rows, "binary");
    ints(rows, 4, 19);
    rows_double(rows, 60.5);
    for (int k = 0; k < 3; k++)
        rows_int(rows, FAKE_START + k);
    rows_constant(rows, "harmless covariate");
    rows_constant(rows, "the inputs have moved");
    rows_constant(rows, "");
}

static void feature_row(odd_rows *rows, int i)
{
    rows_constant(rows, names[i]);
    rows_constant(rows, "feature");
    rows_constant(rows, i == 0 ? "number" : "category");
    rows_constant(rows, i == 0 ? "drifting" : "steady");
    rows_double(rows, i == 0 ? 5.5 : 0);
    rows_int(rows, 1000);
    rows_double(rows, i == 0 ? 0.5 : 0);
    rows_double(rows, i == 0 ? 0.02 : UNKNOWN);
    rows_bool(rows, i == 0);
    rows_int(rows, i == 0 ? FAKE_START : ODD_TIME_NONE);
    rows_constant(rows, i == 0 ? "age" : "");
}

static void group_row(odd_rows *rows, int i)
{
    rows_constant(rows, i == 0 ? "sex=f" : "sex=m");
    rows_constant(rows, "errors");
    rows_int(rows, 1000);
    rows_int(rows, 300);
    reals(rows, 9, 0.125);
    rows_constant(rows, i == 0 ? "worse" : "steady");
}

static void step_of_time(odd_rows *rows, const char *name, int i)
{
    rows_constant(rows, name);
    rows_int(rows, FAKE_START + i * FAKE_MINUTE);
    rows_int(rows, 60);
    rows_int(rows, 500);
}

static void drift_row(odd_rows *rows, int i)
{
    step_of_time(rows, names[i], i);
    reals(rows, 5, 0.25);
}

static void course_row(odd_rows *rows, int i)
{
    step_of_time(rows, i == 0 ? "accuracy" : "auc", i);
    rows_int(rows, 400);
    reals(rows, 6, 0.25);
    rows_constant(rows, "good");
}

static void curve_row(odd_rows *rows, int i)
{
    rows_double(rows, 0.25 + 0.5 * i);
    rows_int(rows, 100 * i);
    for (int k = 0; k < 4; k++)
        rows_double(rows, i > 0 || k == 0 ? 0.25 * k : UNKNOWN);
}

static void question_row(odd_rows *rows, int i)
{
    rows_constant(rows, i == 0 ? "p0" : "p1");
    rows_int(rows, FAKE_START + i * FAKE_MINUTE);
    rows_double(rows, 0.05);
    rows_constant(rows, i == 0 ? "unsure" : "any");
}

static void label_row(odd_rows *rows, int i)
{
    rows_constant(rows, i == 0 ? "accuracy" : "mae");
    rows_int(rows, 100);
    rows_int(rows, 2000);
    rows_int(rows, FAKE_START);
    rows_int(rows, FAKE_START + FAKE_MINUTE);
    for (int k = 0; k < 4; k++)
        rows_double(rows, 0.5 + 0.125 * k);
}

static const struct {
    odd_view           view;
    const char *const *columns;
    int                count;
    void (*row)(odd_rows *rows, int i); /* Without model and version. */
} views[] = {
    {ODD_MODELS, model_columns, 1, model_row},
    {ODD_MODEL_FEATURES, feature_columns, 2, feature_row},
    {ODD_MODEL_GROUPS, group_columns, 2, group_row},
    {ODD_MODEL_DRIFT, drift_columns, 2, drift_row},
    {ODD_MODEL_COURSE, course_columns, 2, course_row},
    {ODD_MODEL_CURVE, curve_columns, 2, curve_row},
    {ODD_MODEL_QUESTIONS, question_columns, 2, question_row},
    {ODD_MODEL_LABELS, label_columns, 2, label_row},
};

static bool is_asked(const odd_question *question)
{
    return (question->model == NULL || strcmp(question->model, "credit") == 0) &&
           (question->version == NULL || strcmp(question->version, "1") == 0);
}

odd_rows *fake_models(const odd_question *question)
{
    size_t at = 0;
    while (views[at].view != question->view)
        at++;
    odd_rows *rows = rows_open(views[at].columns);
    for (int i = 0; is_asked(question) && i < views[at].count; i++) {
        rows_constant(rows, "credit");
        rows_constant(rows, "1");
        views[at].row(rows, i);
    }
    return rows;
}
