/* SPDX-License-Identifier: Apache-2.0
 *
 * model_ask.c - which rows of a model a person should label, and what the answers tell. */
#include <math.h>

#include "engine/model.h"
#include "engine/rows.h"

#define DOUBT_LEAST 0.02 /* No row is beyond doubt. */
#define UNSURE 2.0       /* Times the mean chance: such a row was chosen. */
#define ANSWERS_MIN 10

void model_guess(const odd_model *model, const ModelRow *row, double *ret_guess, double *ret_doubt)
{
    const ModelQuality *quality = model->quality;
    const uint8_t *cells = model->batch_cells + (model->batch_count - 1);
    *ret_guess = 0;
    *ret_doubt = 1;
    if (quality == NULL || isnan(row->p))
        return;
    if (model->task == MODEL_NUMBERS) {
        ModelSums sums = {.loss = {0}};
        model_quality_expect(quality, row, cells, MODEL_BATCH_ROWS, &sums);
        *ret_guess = sums.loss.size;
        *ret_doubt = sqrt(sums.loss.size_doubt);
        return;
    }
    double q = model_quality_share(quality, row->p, cells, MODEL_BATCH_ROWS);
    *ret_guess = row->said ? 1 - q : q;
    *ret_doubt = sqrt(q * (1 - q));
}

bool model_ask_learn(odd_model *model, const PredictionCell *output, const ModelRow *row)
{
    ModelAsked *asked = mem_grow(&model->mem, model->asked, &model->asked_capacity,
                                 model->asked_count + 1, sizeof *asked);
    if (asked == NULL)
        return false;
    model->asked = asked;
    ModelAsked one = {.row = model->row, .said = row->said};
    if (output != NULL) {
        one.number = output->number;
        one.key = model_key_of_cell(output);
    }
    model_guess(model, row, &one.guess, &one.doubt);
    one.doubt += DOUBT_LEAST * (model->task == MODEL_NUMBERS ? model->error_scale : 1);
    asked[model->asked_count++] = one;
    return true;
}

void model_ask_close(odd_model *model)
{
    mem_free(&model->mem, model->asked, model->asked_capacity * sizeof *model->asked);
    mem_free(&model->mem, model->answers, model->answer_capacity * sizeof(Label));
}

/* -- asking ---------------------------------------------------------------------------------- */

static void write_asked(const odd_model *model, const double *chances, const uint32_t *rows,
                        size_t count, odd_rows *ret)
{
    double mean = (double)count / (double)model->asked_count;
    for (size_t i = 0; i < count; i++) {
        rows_int(ret, (int64_t)model->asked[rows[i]].row);
        rows_double(ret, chances[rows[i]]);
        rows_constant(ret, chances[rows[i]] > UNSURE * mean ? "unsure" : "any");
    }
}

odd_rc odd_model_ask(odd_model *model, uint64_t count, uint64_t seed, odd_rows **ret)
{
    static const char *const columns[] = {"row", "probability", "reason", NULL};
    size_t n = model->asked_count, bytes = n * sizeof(double);
    if (n == 0 || count == 0)
        return problem_say(&model->problem, ODD_MISUSE, "there are no rows to choose from");
    size_t room = (count < n ? (size_t)count : n) + 1;
    double *doubts = mem_take(&model->mem, bytes), *chances = mem_take(&model->mem, bytes);
    uint32_t *rows = mem_take(&model->mem, room * sizeof *rows);
    odd_rows *answer = doubts && chances && rows ? rows_open(columns) : NULL;
    if (answer != NULL) {
        Rng rng = rng_seeded(seed);
        for (size_t i = 0; i < n; i++)
            doubts[i] = model->asked[i].doubt;
        labels_chances(doubts, n, (size_t)count, chances);
        size_t drawn = labels_draw(chances, n, &rng, rows, room);
        write_asked(model, chances, rows, drawn, answer);
    }
    mem_free(&model->mem, doubts, bytes);
    mem_free(&model->mem, chances, bytes);
    mem_free(&model->mem, rows, room * sizeof *rows);
    if (answer == NULL)
        return problem_say(&model->problem, ODD_NOMEM, "out of memory for %zu rows", n);
    return rows_finish(answer, ret);
}

/* -- answers --------------------------------------------------------------------------------- */

static ModelAsked *find_row(odd_model *model, double row)
{
    size_t from = 0, to = model->asked_count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if ((double)model->asked[middle].row < row)
            from = middle + 1;
        else
            to = middle;
    }
    bool is_it = from < model->asked_count && (double)model->asked[from].row == row;
    return is_it ? &model->asked[from] : NULL;
}

static double loss_of(const odd_model *model, const ModelAsked *asked, const PredictionCell *truth)
{
    if (model->task == MODEL_NUMBERS)
        return fabs(asked->number - truth->number);
    uint64_t key = model_key_of_cell(truth);
    if (model->task == MODEL_TWO_CLASSES && model->quality != NULL)
        return (key == model->quality->positive) != asked->said;
    return key != asked->key;
}

odd_rc odd_model_answer(odd_model *model, uint64_t row, double probability, const char *outcome,
                        size_t size)
{
    PredictionCell truth = prediction_cell((Str){.text = outcome, .size = size});
    ModelAsked *asked = find_row(model, (double)row);
    if (asked == NULL || !(probability > 0 && probability <= 1))
        return problem_say(&model->problem, ODD_RANGE,
                           "row %llu is not one that was asked about with a probability",
                           (unsigned long long)row);
    double loss = loss_of(model, asked, &truth);
    if (truth.kind == PREDICTION_MISSING || isnan(loss))
        return ODD_OK; /* Nobody knows. */
    if (asked->is_answered)
        return problem_say(&model->problem, ODD_RANGE, "row %llu is answered twice",
                           (unsigned long long)row);
    Label *answers = mem_grow(&model->mem, model->answers, &model->answer_capacity,
                              model->answer_count + 1, sizeof *answers);
    if (answers == NULL)
        return problem_say(&model->problem, ODD_NOMEM, "out of memory for answers");
    model->answers = answers;
    asked->is_answered = true;
    answers[model->answer_count++] =
        (Label){.loss = loss, .guess = asked->guess, .chance = probability};
    return ODD_OK;
}

odd_rc model_answered(odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"metric", "labels", "estimate", "lower",
                                          "upper",  "plain",  NULL};
    if (model->answer_count < ANSWERS_MIN)
        return problem_say(&model->problem, ODD_RANGE, "fewer than %d answers say nothing",
                           ANSWERS_MIN);
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return ODD_NOMEM;
    double guess = 0, n = (double)model->asked_count;
    for (size_t i = 0; i < model->asked_count; i++)
        guess += model->asked[i].guess / n;
    LabelsEstimate told = labels_estimate(model->answers, model->answer_count, n, guess);
    bool is_number = model->task == MODEL_NUMBERS;
    rows_constant(rows, is_number ? "mae" : "accuracy");
    rows_int(rows, (int64_t)model->answer_count);
    rows_double(rows, is_number ? told.estimate : 1 - told.estimate);
    rows_double(rows, is_number ? told.lower : fmax(1 - told.upper, 0));
    rows_double(rows, is_number ? told.upper : fmin(1 - told.lower, 1));
    rows_double(rows, told.plain);
    return rows_finish(rows, ret);
}
