/* SPDX-License-Identifier: Apache-2.0
 *
 * served_truths.c - outcomes meet their predictions: errors, delays, and what probabilities are
 * worth, first as a reference, then judged.
 *
 * The truths of a model are an odd_model of their own, whose rows are joined ones in the order in
 * which they were joined, and whose columns are TRUTH_DELAY and so on. */
#include <assert.h>
#include <math.h>

#include "base/time.h"
#include "engine/served.h"

#define SAID_LEAST 0.5   /* Probability of a positive prediction that is not told. */
#define WRONG_LEAST 5    /* Errors, and rows without, of a reference of errors.    */
#define DISTINCT_MAX 16  /* More kinds of numbers are no classes. */
#define LABELLED_TIMES 2 /* So many rows more are waited for, where errors are rare. */
#define TRUTH_ROW_BYTES 128
#define LOOK_ROWS 100    /* Behind each so many rows a reference may be whole. */
#define TRUTH_FREEZE_BYTES (2u << 20)

static uint64_t key_of(const RowsCell *cell)
{
    return cell->kind == PREDICTION_NUMBER ? rows_number_hash(cell->number) : cell->hash;
}

/* Whether what was said came true: 1 it did not, 0 it did; NaN: not known. */
static double error_of(const RowsCell *output, double probability, const RowsCell *outcome)
{
    if (outcome->kind == PREDICTION_MISSING)
        return NAN;
    if (output->kind != PREDICTION_MISSING)
        return key_of(output) != key_of(outcome);
    if (isnan(probability) || outcome->kind != PREDICTION_NUMBER)
        return NAN;
    return (probability >= SAID_LEAST) != (outcome->number > 0);
}

/* -- the estimate of one prediction -------------------------------------------------------- */

static bool said_positive(const Served *served, const RowsCell *output, double probability)
{
    const ModelQuality *quality = served->truths->quality;
    return output->kind != PREDICTION_MISSING ? key_of(output) == quality->positive
                                              : probability >= SAID_LEAST;
}

static size_t group_of(const ModelQuality *quality, double probability)
{
    return realised_group(calibration_cell(&quality->cells, probability), quality->cells.count);
}

static void estimate(Served *served, const RowsFact *fact)
{
    const ModelQuality *quality = served->truths->quality;
    uint32_t place;
    ServedStep *step = served_step(served, fact->time, &place);
    if (quality == NULL || step == NULL || !isfinite(fact->probability))
        return;
    size_t group = group_of(quality, fact->probability);
    bool said = said_positive(served, &fact->output, fact->probability);
    double q = calibration_share(&quality->cells, &quality->curve, fact->probability);
    estimated_learn(&step->estimated, group, said, q);
    estimated_learn(&served->plain.chunk, group, said, q);
}

/* -- the reference of truths --------------------------------------------------------------- */

static bool keep_cell(odd_model *model, size_t number, const RowsCell *cell)
{
    ReferenceColumn *column = &model->columns[number];
    size_t row = model->row_count;
    if (!model_reference_grow(&model->mem, column, row + 1))
        return false;
    column->numbers[row] = cell->number;
    column->hashes[row] = cell->hash;
    column->kinds[row] = cell->kind;
    return true;
}

static RowsCell number_cell(double number)
{
    return (RowsCell){.number = number,
                      .kind = (uint8_t)(isnan(number) ? PREDICTION_MISSING : PREDICTION_NUMBER)};
}

/* How far off a number was; NaN: they are not both numbers. */
static double size_of(const RowsCell *output, const RowsCell *outcome)
{
    bool both = output->kind == PREDICTION_NUMBER && outcome->kind == PREDICTION_NUMBER;
    return both ? fabs(output->number - outcome->number) : NAN;
}

typedef struct { /* A joined row. */
    const RowsCell *output, *outcome;
    double          probability, delay;
    odd_time        time; /* Of the prediction. */
} Joined;

static bool keep_row(Served *served, const Joined *row)
{
    odd_model *model = served->truths;
    const RowsCell cells[TRUTH_COLUMNS] = {
        [TRUTH_DELAY] = number_cell(row->delay),
        [TRUTH_SIZE] = number_cell(size_of(row->output, row->outcome)),
        [TRUTH_OUTPUT] = *row->output,
        [TRUTH_PROBABILITY] = number_cell(row->probability),
        [TRUTH_OUTCOME] = *row->outcome};
    for (size_t i = 0; i < TRUTH_COLUMNS; i++)
        if (!keep_cell(model, i, &cells[i]))
            return false;
    model->row_count++;
    return true;
}

static uint64_t key_at(const ReferenceColumn *column, size_t row)
{
    return column->kinds[row] == PREDICTION_NUMBER ? rows_number_hash(column->numbers[row])
                                                   : column->hashes[row];
}

static size_t distinct_outcomes(const ReferenceColumn *column, size_t rows)
{
    uint64_t known[DISTINCT_MAX + 1];
    size_t count = 0;
    for (size_t row = 0; row < rows && count <= DISTINCT_MAX; row++) {
        uint64_t key = key_at(column, row);
        size_t i = 0;
        while (i < count && known[i] != key)
            i++;
        if (i == count)
            known[count++] = key;
    }
    return count;
}

static ServedTask task_of(const odd_model *model)
{
    const ReferenceColumn *outcome = &model->columns[TRUTH_OUTCOME];
    size_t distinct = distinct_outcomes(outcome, model->row_count), sized = 0;
    for (size_t row = 0; row < model->row_count; row++)
        sized += model->columns[TRUTH_SIZE].kinds[row] == PREDICTION_NUMBER;
    if (distinct > DISTINCT_MAX && 2 * sized > model->row_count)
        return TASK_REGRESSION;
    return distinct <= 2 ? TASK_BINARY : TASK_CLASSES;
}

static RowsCell cell_at(const ReferenceColumn *column, size_t row)
{
    return (RowsCell){column->numbers[row], column->hashes[row], column->kinds[row]};
}

/* Enough errors to tell more of them from less. */
static bool has_enough(const Served *served, odd_time known)
{
    const odd_model *model = served->truths;
    size_t wrong = 0, right = 0, rows = model->row_count;
    bool is_slow = rows >= SERVED_LABELLED_ROWS &&
                   time_minus(known, served->plain.joined_time) >= SERVED_REFERENCE_NS;
    if ((rows < served->plain.labelled_wanted && !is_slow) || rows % LOOK_ROWS != 0)
        return false;
    for (size_t row = 0; row < rows; row++) {
        RowsCell output = cell_at(&model->columns[TRUTH_OUTPUT], row);
        RowsCell outcome = cell_at(&model->columns[TRUTH_OUTCOME], row);
        double error = error_of(&output, model->columns[TRUTH_PROBABILITY].numbers[row], &outcome);
        wrong += error > 0;
        right += error <= 0;
    }
    return (wrong >= WRONG_LEAST && right >= WRONG_LEAST) ||
           rows >= LABELLED_TIMES * served->plain.labelled_wanted ||
           task_of(model) == TASK_REGRESSION;
}

/* The outputs and probabilities are watched where all rows are, and not only joined ones. */
static void drop_doubles(odd_model *model)
{
    size_t kept = 0;
    for (size_t w = 0; w < model->watch_count; w++) {
        uint32_t column = model->watches[w].column;
        if (column == TRUTH_OUTPUT || column == TRUTH_PROBABILITY)
            continue;
        if (kept != w)
            model->watches[kept] = model->watches[w];
        kept++;
    }
    model->watch_count = kept;
    for (size_t w = 0; w < kept; w++)
        if (model->watches[w].column != WATCH_ERRORS)
            model->watches[w].weight = 1;
}

static void give_roles(odd_model *model, ServedTask task)
{
    PredictionColumn *columns = model->table.columns;
    bool is_regression = task == TASK_REGRESSION;
    columns[TRUTH_SIZE].role = is_regression ? PREDICTION_INPUT : PREDICTION_LEFT_OUT;
    for (size_t i = TRUTH_OUTPUT; is_regression && i < TRUTH_COLUMNS; i++)
        columns[i].role = PREDICTION_LEFT_OUT;
}

/* What freezing needs, at most. */
static bool has_room(const odd_model *model)
{
    uint64_t rows = model->row_count, needed = rows * TRUTH_ROW_BYTES + TRUTH_FREEZE_BYTES;
    return model->mem.bytes + needed <= model->mem.bytes_max;
}

/* What probabilities are worth is learnt of them alone; anew, when more rows are known. */
static odd_rc begin_quality(odd_model *model)
{
    PredictionColumn *columns = model->table.columns;
    size_t watches = model->watch_count;
    mem_free(&model->mem, model->quality, sizeof *model->quality);
    model->quality = NULL;
    columns[TRUTH_DELAY].role = columns[TRUTH_SIZE].role = PREDICTION_LEFT_OUT;
    model->watch_count = 0;
    model_find_task(model);
    odd_rc rc = model_quality_begin(model);
    model->watch_count = watches;
    columns[TRUTH_DELAY].role = PREDICTION_INPUT;
    return rc;
}

/* The first rows tell what they are, and are enough for an estimate. */
static odd_rc begin(Served *served)
{
    odd_model *model = served->truths;
    if (!has_room(model))
        return ODD_OK;
    served->plain.task = (uint8_t)task_of(model);
    return served->plain.task == TASK_BINARY ? begin_quality(model) : ODD_OK;
}

/* Without memory it is tried again with later outcomes. */
static odd_rc freeze(Served *served)
{
    odd_model *model = served->truths;
    if (!has_room(model))
        return ODD_OK;
    served->plain.task = (uint8_t)task_of(model);
    give_roles(model, (ServedTask)served->plain.task);
    odd_rc rc = model_freeze(model);
    if (rc == ODD_OK && served->plain.task == TASK_BINARY)
        rc = begin_quality(model);
    if (rc != ODD_OK)
        return rc;
    drop_doubles(model);
    model_reference_drop(model);
    served->plain.truths_frozen = true;
    return ODD_OK;
}

/* -- rows to judge ------------------------------------------------------------------------- */

static double number_of(const Joined *row, uint32_t column)
{
    if (column == TRUTH_DELAY)
        return row->delay;
    return column == TRUTH_SIZE ? size_of(row->output, row->outcome)
                                : error_of(row->output, row->probability, row->outcome);
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

/* What came true, at the time of its prediction. */
static void count_truth(Served *served, const Joined *row)
{
    uint32_t place;
    ServedStep *step = served_step(served, row->time, &place);
    double error = error_of(row->output, row->probability, row->outcome), size;
    const ModelQuality *quality = served->truths->quality;
    size_t kind = 0;
    if (step != NULL && served->plain.task != TASK_REGRESSION && !isnan(error)) {
        step->labelled++;
        step->wrong += error > 0;
    }
    if (served->plain.task == TASK_REGRESSION) {
        size = size_of(row->output, row->outcome);
        if (!isnan(size) && step != NULL) {
            step->error_sum += size;
            step->square_sum += size * size;
            step->size_rows++;
        }
    } else if (quality != NULL) {
        bool truth = key_of(row->outcome) == quality->positive;
        bool has_probability = isfinite(row->probability);
        size_t group = has_probability ? group_of(quality, row->probability) : 0;
        kind = truth;
        if (step != NULL)
            realised_learn(&step->realised, group,
                           said_positive(served, row->output, row->probability), truth);
    } else if (!isnan(error)) {
        kind = error > 0;
    }
    lateness_learn(&served->plain.lateness, kind, row->delay);
}

static odd_rc take_joined(Served *served, const Joined *row, odd_time known)
{
    if (served->plain.joined++ == 0)
        served->plain.joined_time = known;
    count_truth(served, row);
    if (served->plain.truths_frozen)
        return judge_row(served, row);
    if (!keep_row(served, row)) {
        served->plain.unlearnt++;
        return ODD_OK;
    }
    size_t rows = served->truths->row_count;
    if (has_enough(served, known))
        return freeze(served);
    bool begins = served->plain.task == TASK_UNKNOWN && rows >= SERVED_LABELLED_ROWS;
    return begins && rows % LOOK_ROWS == 0 ? begin(served) : ODD_OK;
}

odd_rc served_truths_end(Served *served)
{
    return served->truths->batch_count > 0 ? model_judge(served->truths) : ODD_OK;
}

/* -- the join ------------------------------------------------------------------------------ */

static double seconds_between(odd_time from, odd_time to)
{
    return to > from ? (double)time_minus(to, from) / (double)NS_PER_S : 0;
}

static odd_rc join(Served *served, const RowsCell *output, double probability, odd_time predicted,
                   const RowsCell *outcome, odd_time told, odd_time known)
{
    Joined row = {.output = output,
                  .outcome = outcome,
                  .probability = probability,
                  .delay = seconds_between(predicted, told),
                  .time = predicted};
    return take_joined(served, &row, known);
}

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

odd_rc served_prediction(Served *served, const RowsFact *fact, odd_time known)
{
    Pending *pending = &served->pending;
    estimate(served, fact);
    if (fact->outcome.kind != PREDICTION_MISSING) {
        served->plain.outcomes++;
        return join(served, &fact->output, fact->probability, fact->time, &fact->outcome,
                    fact->time, known);
    }
    if (fact->id == 0) {
        served->plain.without_id++;
        return ODD_OK;
    }
    PendingRow row = pending_row(fact, &fact->output, PENDING_PREDICTION, known);
    PendingRow *there = pending_find(pending, fact->id);
    if (there == NULL) {
        pending_add(pending, &row);
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
    return join(served, &fact->output, fact->probability, fact->time, &outcome, told, known);
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
    odd_time predicted = there->time;
    double probability = there->probability;
    pending_state(pending, there, PENDING_JOINED);
    there->known = known;
    return join(served, &output, probability, predicted, &fact->outcome, fact->time, known);
}
