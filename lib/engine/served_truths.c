/* SPDX-License-Identifier: Apache-2.0
 *
 * served_truths.c - outcomes meet their predictions: errors, delays, quality as it came true.
 *
 * The truths of a model are an odd_model of their own, whose rows are joined ones in the order in
 * which they were joined, and whose columns are TRUTH_DELAY and so on. */
#include <assert.h>
#include <math.h>

#include "engine/served.h"

uint64_t served_key(const RowsCell *cell)
{
    return model_key(cell->kind, cell->number, cell->hash);
}

double served_error(const RowsCell *output, double probability, const RowsCell *outcome)
{
    if (outcome->kind == PREDICTION_MISSING)
        return NAN;
    if (output->kind != PREDICTION_MISSING)
        return served_key(output) != served_key(outcome);
    if (isnan(probability) || outcome->kind != PREDICTION_NUMBER)
        return NAN;
    return (probability >= MODEL_SAID_LEAST) != (outcome->number > 0);
}

double served_size(const RowsCell *output, const RowsCell *outcome)
{
    bool both = output->kind == PREDICTION_NUMBER && outcome->kind == PREDICTION_NUMBER;
    return both ? fabs(output->number - outcome->number) : NAN;
}

double served_loss(const Served *served, const RowsCell *output, double probability,
                   const RowsCell *outcome)
{
    return served_of_numbers(served) ? served_size(output, outcome)
                                     : served_error(output, probability, outcome);
}

/* -- rows to judge ------------------------------------------------------------------------- */

static double number_of(const Joined *row, uint32_t column)
{
    if (column == TRUTH_DELAY)
        return row->delay;
    return column == TRUTH_SIZE ? served_size(row->output, row->outcome)
                                : served_error(row->output, row->probability, row->outcome);
}

static odd_rc judge_row(Served *served, const Joined *row)
{
    odd_model *model = served->truths;
    size_t at = model->batch_count++;
    model->batch_row[at] = ++model->row;
    model->batch_time[at] = row->time;
    for (size_t w = 0; w < model->watch_count; w++) {
        const Watch *watch = &model->watches[w];
        double number = number_of(row, watch->column);
        size_t place = w * MODEL_BATCH_ROWS + at;
        model->batch_there[place] = !isnan(number);
        model->batch_numbers[place] = number;
        model->batch_cells[place] = bins_number_cell(&watch->bins, number);
    }
    return model->batch_count == MODEL_BATCH_ROWS ? model_judge(model) : ODD_OK;
}

/* Errors of late beside what was promised, and by cell as long as nothing is odd of them. */
static void learn_errors(Served *served, const Joined *row, double error)
{
    bool goes_on = served_errors_drift(served);
    if (served->plain.task == TASK_UNKNOWN || isnan(error))
        return;
    if (!goes_on)
        served_cells_learn(served, row->cells, error);
    served_groups_know(served, row->cells, error);
    ServedGuess guess = served_guess(served, row->output, row->probability, row->cells);
    if (guess.is_known)
        promise_learn(&served->plain.promise, error, guess.loss, guess.doubt, goes_on);
}

static void count_size(ServedStep *step, double size)
{
    if (isnan(size) || step == NULL)
        return;
    step->error_sum += size;
    step->square_sum += size * size;
    step->size_rows++;
}

/* Gives the kind of outcome, for its delay. */
static size_t count_class(Served *served, const Joined *row, ServedStep *step, double error)
{
    const ModelQuality *quality = served->truths->quality;
    if (step != NULL && !isnan(error)) {
        step->labelled++;
        step->wrong += error > 0;
    }
    if (quality == NULL || isnan(error))
        return error > 0;
    bool is_two = quality->task == MODEL_TWO_CLASSES;
    bool truth = is_two ? served_key(row->outcome) == quality->positive : error <= 0;
    size_t group = isfinite(row->probability) ? served_group(quality, row->probability) : 0;
    if (step != NULL)
        realised_learn(&step->realised, group, served_said(served, row->output, row->probability),
                       truth);
    return is_two ? truth : error > 0;
}

/* What came true, at the time of its prediction. */
static void count_truth(Served *served, const Joined *row)
{
    ServedStep *step = served_step(served, row->time);
    double error = served_loss(served, row->output, row->probability, row->outcome);
    size_t kind = 0;
    if (served_of_numbers(served))
        count_size(step, error);
    else
        kind = count_class(served, row, step, error);
    if (!isnan(row->delay))
        lateness_learn(&served->plain.lateness, kind, row->delay);
    served_answered(served, row->id, error);
    learn_errors(served, row, error);
}

static odd_rc take_joined(Served *served, const Joined *joined, odd_time known)
{
    RowsCell output = *joined->output;
    Joined row = *joined;
    row.output = &output;
    served_mean(served, &output, &row.probability);
    served->plain.joined++;
    if (served->plain.joined_time == ODD_TIME_NONE)
        served->plain.joined_time = known;
    count_truth(served, &row);
    return served->plain.truths_frozen ? judge_row(served, &row)
                                       : served_truths_learn(served, &row, known);
}

odd_rc served_truths_end(Served *served)
{
    return served->truths->batch_count > 0 ? model_judge(served->truths) : ODD_OK;
}

/* -- the join ------------------------------------------------------------------------------ */

static PendingRow pending_row(const RowsFact *fact, const RowsCell *cell, PendingState state,
                              odd_time known)
{
    PendingRow row;
    memset(&row, 0, sizeof row);
    row.id = fact->id;
    row.time = fact->time;
    row.known = known;
    row.probability = fact->probability;
    row.number = cell->number;
    row.hash = cell->hash;
    row.state = (uint8_t)state;
    row.kind = cell->kind;
    return row;
}

static RowsCell pending_cell(const PendingRow *row)
{
    return (RowsCell){.number = row->number, .hash = row->hash, .kind = row->kind};
}

/* A prediction that has just come meets its outcome; delay NaN: nobody knows how late that was. */
static odd_rc join_at_once(Served *served, const RowsFact *fact, const RowsCell *outcome,
                           double delay, odd_time known)
{
    Joined row = {.output = &fact->output,
                  .outcome = outcome,
                  .probability = fact->probability,
                  .delay = delay,
                  .time = fact->time,
                  .id = fact->id,
                  .reference_row = fact->reference_row,
                  .cells = fact->has_cells ? fact->cells : NULL};
    return take_joined(served, &row, known);
}

static void let_wait(Served *served, const RowsFact *fact, odd_time known)
{
    PendingRow row = pending_row(fact, &fact->output, PENDING_PREDICTION, known);
    row.reference_row = fact->reference_row;
    row.has_tail = fact->has_cells && served->pending.tail_bytes == served->plain.kept_count;
    PendingRow *there = pending_add(&served->pending, &row);
    if (there != NULL && row.has_tail)
        memcpy(pending_tail(&served->pending, there), fact->cells, served->plain.kept_count);
}

odd_rc served_prediction(Served *served, const RowsFact *fact, const ServedGuess *guess,
                         odd_time known)
{
    Pending *pending = &served->pending;
    served_estimate(served, fact, guess);
    if (fact->outcome.kind != PREDICTION_MISSING) {
        served->plain.outcomes++;
        bool is_given = served->plain.is_marked && !served->plain.is_frozen;
        return join_at_once(served, fact, &fact->outcome, is_given ? (double)NAN : 0, known);
    }
    if (fact->id == 0) {
        served->plain.without_id++;
        return ODD_OK;
    }
    PendingRow *there = pending_find(pending, fact->id);
    if (there == NULL) {
        let_wait(served, fact, known);
        return ODD_OK;
    }
    if (there->state != PENDING_OUTCOME) {
        served->plain.doubled++;
        return ODD_OK;
    }
    RowsCell outcome = pending_cell(there);
    odd_time told = there->time;
    served->plain.early++;
    pending_state(pending, there, PENDING_JOINED);
    return join_at_once(served, fact, &outcome, served_seconds(fact->time, told), known);
}

odd_rc served_outcome(Served *served, const RowsFact *fact, odd_time known)
{
    Pending *pending = &served->pending;
    PendingRow *there = pending_find(pending, fact->id);
    served->plain.outcomes++;
    if (there == NULL) {
        PendingRow row = pending_row(fact, &fact->outcome, PENDING_OUTCOME, known);
        pending_add(pending, &row);
        return ODD_OK;
    }
    if (there->state != PENDING_PREDICTION) {
        served->plain.repeated++;
        return ODD_OK;
    }
    RowsCell output = pending_cell(there);
    Joined row = {.output = &output,
                  .outcome = &fact->outcome,
                  .probability = there->probability,
                  .delay = served_seconds(there->time, fact->time),
                  .time = there->time,
                  .id = fact->id,
                  .reference_row = there->reference_row,
                  .cells = there->has_tail ? pending_tail(pending, there) : NULL};
    pending_state(pending, there, PENDING_JOINED);
    there->known = known;
    return take_joined(served, &row, known);
}
