/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_models_more.c - models in production as rows: groups, calibration, questions and labels. */
#include <math.h>

#include "engine/fold_models.h"
#include "stats/normal.h"
#include "stats/wilson.h"

#define QUESTIONS_USUAL 100
#define UNSURE_WEIGHT 1.2 /* Of a row that is asked about since little is known of such. */

const char *const models_group_columns[] = {
    "model", "version",  "segment",        "metric",         "rows",      "labelled",
    "estimate", "lower", "upper",          "realised",       "realised_lower", "realised_upper",
    "reference", "all",  "all_reference",  "state",          NULL};
const char *const models_curve_columns[] = {"model",    "version",        "probability",
                                            "rows",     "reference",      "realised",
                                            "realised_lower", "realised_upper", NULL};
const char *const models_question_columns[] = {"model",       "version", "id", "time",
                                               "probability", "reason",  NULL};
const char *const models_label_columns[] = {"model",  "version",  "metric", "labels", "rows",
                                            "from",   "until",    "estimate", "lower", "upper",
                                            "plain",  NULL};

/* -- groups of rows ------------------------------------------------------------------------ */

static void put_loss(const ModelsTelling *t, double rows, GroupLoss loss)
{
    double reach = rows > 0 ? NORMAL_95 * sqrt(loss.variance) : (double)NAN;
    rows_double(t->rows, rows > 0 ? loss.loss : (double)NAN);
    rows_double(t->rows, rows > 0 ? fmax(loss.loss - reach, 0) : (double)NAN);
    rows_double(t->rows, loss.loss + reach);
}

void models_tell_groups(const ModelsTelling *t, const Served *served)
{
    for (size_t g = 0; g < served->group_count; g++) {
        const ServedGroup *group = &served->groups[g];
        const GroupSums *before = &served->plain.all_before;
        GroupSums recent = served_group_recent(group);
        GroupSums all = served_groups_all(served, group);
        char name[SERVED_NAME_BYTES];
        models_put(t, served);
        rows_text(t->rows, served_group_name(served, group, name, sizeof name));
        rows_constant(t->rows, served_of_numbers(served) ? "mae" : "errors");
        rows_int(t->rows, (int64_t)recent.rows);
        rows_int(t->rows, (int64_t)recent.known);
        put_loss(t, recent.rows, group_expected(&recent));
        put_loss(t, recent.known, group_known(&recent));
        rows_double(t->rows, group->before.loss / group->before.known);
        rows_double(t->rows, all.loss / all.known);
        rows_double(t->rows, before->loss / before->known);
        rows_constant(t->rows, group->is_worse ? "worse" : group->is_better ? "better" : "steady");
    }
}

/* -- what probabilities are worth ---------------------------------------------------------- */

typedef struct { /* Of a group of cells of probabilities. */
    double rows, positives, sum; /* Of the reference; sum: of probabilities. */
    double now, true_now;        /* Outcomes since. */
} CurvePoint;

static void learn_reference(const ModelQuality *quality, CurvePoint *points)
{
    for (size_t c = 0; c < quality->cells.count; c++) {
        CurvePoint *point = &points[realised_group(c, quality->cells.count)];
        double rows = (double)quality->counts.rows[c];
        point->rows += rows;
        point->positives += (double)quality->counts.positives[c];
        point->sum += rows * (quality->cells.first[c] + quality->cells.last[c]) / 2;
    }
}

static void learn_outcomes(const ModelsTelling *t, const Served *served, CurvePoint *points)
{
    const Calendar *calendar = &served->plain.calendar;
    for (uint32_t step = 0; served->steps != NULL && step < calendar->count; step++) {
        const Realised *realised = &served->steps[calendar->steps[step].place].realised;
        odd_time time = calendar_time(calendar, step);
        if (!models_in_span(t->question, time, time + calendar->length_ns))
            continue;
        for (size_t g = 0; g < REALISED_GROUPS; g++)
            for (size_t said = 0; said < 2; said++) {
                points[g].now += realised->rows[0][said][g] + (double)realised->rows[1][said][g];
                points[g].true_now += realised->rows[1][said][g];
            }
    }
}

static void put_share(const ModelsTelling *t, double part, double n)
{
    ShareInterval share = wilson_share(part, n);
    rows_double(t->rows, share.share);
    rows_double(t->rows, share.lower);
    rows_double(t->rows, share.upper);
}

void models_tell_curve(const ModelsTelling *t, const Served *served)
{
    const ModelQuality *quality = served->truths->quality;
    CurvePoint points[REALISED_GROUPS] = {{0}};
    if (quality == NULL || quality->task == MODEL_NUMBERS)
        return;
    learn_reference(quality, points);
    learn_outcomes(t, served, points);
    for (size_t g = 0; g < REALISED_GROUPS; g++) {
        const CurvePoint *point = &points[g];
        if (!(point->rows > 0))
            continue;
        models_put(t, served);
        rows_double(t->rows, point->sum / point->rows);
        rows_int(t->rows, (int64_t)point->now);
        rows_double(t->rows, point->positives / point->rows);
        put_share(t, point->true_now, point->now);
    }
}

/* -- questions, and what the answers tell -------------------------------------------------- */

void models_tell_questions(const ModelsTelling *t, const Served *served)
{
    const Questions *round = served_round(served, t->now);
    int wanted = t->question->row_count_max;
    Asked asked[QUESTIONS_MAX];
    if (round == NULL)
        return;
    size_t count =
        questions_ask(round, t->now, wanted > 0 ? (size_t)wanted : QUESTIONS_USUAL, asked);
    for (size_t i = 0; i < count; i++) {
        const Question *one = asked[i].question;
        models_put(t, served);
        rows_text(t->rows, (Str){.text = one->text, .size = one->size});
        rows_int(t->rows, one->time);
        rows_double(t->rows, asked[i].chance);
        rows_constant(t->rows, (double)one->weight >= UNSURE_WEIGHT ? "unsure" : "any");
    }
}

void models_tell_labels(const ModelsTelling *t, const Served *served)
{
    Label scratch[QUESTIONS_KEPT];
    bool of_numbers = served_of_numbers(served);
    for (size_t i = 0; served->questions != NULL && i < SERVED_ROUNDS; i++) {
        QuestionsEstimate told = questions_estimate(&served->questions[i], scratch);
        if (told.labels == 0 || served->plain.task == TASK_UNKNOWN)
            continue;
        const LabelsEstimate *mean = &told.mean;
        models_put(t, served);
        rows_constant(t->rows, of_numbers ? "mae" : "accuracy");
        rows_int(t->rows, (int64_t)told.labels);
        rows_int(t->rows, (int64_t)told.rows);
        rows_int(t->rows, told.from);
        rows_int(t->rows, told.until);
        rows_double(t->rows, of_numbers ? mean->estimate : 1 - mean->estimate);
        rows_double(t->rows, of_numbers ? fmax(mean->lower, 0) : fmax(1 - mean->upper, 0));
        rows_double(t->rows, of_numbers ? mean->upper : fmin(1 - mean->lower, 1));
        rows_double(t->rows, mean->plain);
    }
}
