/* SPDX-License-Identifier: Apache-2.0
 *
 * served_reference.c - the first joined rows: what the task of a model is, what probabilities and
 * inputs are worth, and the reference of errors and delays. */
#include <math.h>

#include "base/time.h"
#include "engine/served.h"
#include "stats/order.h"

#define WRONG_LEAST 5    /* Errors, and rows without, of a reference of errors.    */
#define DISTINCT_MAX 16  /* More kinds of numbers are no classes. */
#define LABELLED_TIMES 2 /* So many rows more are waited for, where errors are rare. */
#define TRUTH_ROW_BYTES 256
#define LOOK_ROWS 100    /* Behind each so many rows a reference may be whole. */
#define TRUTH_FREEZE_BYTES (4u << 20)

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

static bool keep_row(Served *served, const Joined *row)
{
    odd_model *model = served->truths;
    const RowsCell cells[TRUTH_COLUMNS] = {
        [TRUTH_DELAY] = number_cell(row->delay),
        [TRUTH_SIZE] = number_cell(served_size(row->output, row->outcome)),
        [TRUTH_OUTPUT] = *row->output,
        [TRUTH_PROBABILITY] = number_cell(row->probability),
        [TRUTH_OUTCOME] = *row->outcome};
    for (size_t i = 0; i < TRUTH_COLUMNS; i++)
        if (!keep_cell(model, i, &cells[i]))
            return false;
    if (!served_cells_keep(served, row->reference_row, row->cells))
        return false;
    model->row_count++;
    return true;
}

static size_t distinct_outcomes(const ReferenceColumn *column, size_t rows)
{
    uint64_t known[DISTINCT_MAX + 1];
    size_t count = 0;
    for (size_t row = 0; row < rows && count <= DISTINCT_MAX; row++) {
        uint64_t key = model_key_at(column, row);
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

typedef struct {
    RowsCell output, outcome;
    double   probability;
} TruthRow;

static TruthRow truth_row(const odd_model *model, size_t row)
{
    const ReferenceColumn *columns = model->columns;
    return (TruthRow){.output = cell_at(&columns[TRUTH_OUTPUT], row),
                      .outcome = cell_at(&columns[TRUTH_OUTCOME], row),
                      .probability = columns[TRUTH_PROBABILITY].numbers[row]};
}

/* Enough errors to tell more of them from less. */
static bool tells_errors(const Served *served)
{
    const odd_model *model = served->truths;
    size_t wrong = 0, right = 0, rows = model->row_count;
    for (size_t row = 0; row < rows; row++) {
        TruthRow one = truth_row(model, row);
        double error = served_error(&one.output, one.probability, &one.outcome);
        wrong += error > 0;
        right += error <= 0;
    }
    return (wrong >= WRONG_LEAST && right >= WRONG_LEAST) ||
           rows >= LABELLED_TIMES * served->plain.labelled_wanted ||
           task_of(model) == TASK_REGRESSION;
}

static bool has_enough(const Served *served, odd_time known)
{
    size_t rows = served->truths->row_count;
    bool is_slow = rows >= SERVED_LABELLED_ROWS &&
                   time_minus(known, served->plain.joined_time) >= served->plain.reference_ns;
    return (rows >= served->plain.labelled_wanted || is_slow) && rows % LOOK_ROWS == 0 &&
           tells_errors(served);
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

static bool has_probabilities(const odd_model *model)
{
    const ReferenceColumn *column = &model->columns[TRUTH_PROBABILITY];
    for (size_t row = 0; row < model->row_count; row++)
        if (column->kinds[row] == PREDICTION_NUMBER)
            return true;
    return false;
}

static ModelTask model_task(const Served *served)
{
    if (served->plain.task == TASK_REGRESSION)
        return MODEL_NUMBERS;
    bool two = served->plain.task == TASK_BINARY && has_probabilities(served->truths);
    return two ? MODEL_TWO_CLASSES : MODEL_CLASSES;
}

/* What trees look at, where it is known.  Of two classes probabilities say nearly all. */
static ModelInputs inputs_of(const Served *served)
{
    const ServedPlain *plain = &served->plain;
    ModelInputs inputs = {.columns = 0};
    if (!plain->is_frozen || model_task(served) == MODEL_TWO_CLASSES)
        return inputs;
    inputs.cells = served->truth_cells;
    inputs.columns = plain->kept_count;
    for (size_t k = 0; k < plain->kept_count; k++)
        inputs.is_category[k] = served->inputs->watches[plain->kept[k]].bins.kind == BINS_CATEGORY;
    return inputs;
}

/* Anew, when more rows are known. */
static odd_rc begin_quality(Served *served)
{
    odd_model *model = served->truths;
    PredictionColumn *columns = model->table.columns;
    uint8_t roles[TRUTH_COLUMNS];
    ModelInputs inputs = inputs_of(served);
    mem_free(&model->mem, model->quality, sizeof *model->quality);
    model->quality = NULL;
    for (size_t i = 0; i < TRUTH_COLUMNS; i++)
        roles[i] = columns[i].role;
    columns[TRUTH_DELAY].role = columns[TRUTH_SIZE].role = PREDICTION_LEFT_OUT;
    columns[TRUTH_OUTPUT].role = PREDICTION_OUTPUT;
    columns[TRUTH_PROBABILITY].role =
        has_probabilities(model) ? PREDICTION_PROBABILITY : PREDICTION_LEFT_OUT;
    columns[TRUTH_OUTCOME].role = PREDICTION_OUTCOME;
    model->task = model_task(served);
    model->sure_count = model_sure_columns(&model->table, model->sure);
    odd_rc rc = model_quality_begin(model, &inputs);
    for (size_t i = 0; i < TRUTH_COLUMNS; i++)
        columns[i].role = roles[i];
    return rc;
}

/* The cut above which there are as many scores as there are high outcomes.  False: no memory. */
static bool find_cut(Served *served)
{
    odd_model *model = served->truths;
    ServedPlain *plain = &served->plain;
    const double *outcomes = model->columns[TRUTH_OUTCOME].numbers;
    size_t rows = model->row_count, lows = 0, bytes = rows * sizeof(double);
    double *sorted = mem_take(&model->mem, bytes);
    if (sorted == NULL)
        return false;
    memcpy(sorted, model->columns[TRUTH_OUTPUT].numbers, bytes);
    order_sort(sorted, rows);
    plain->score_low = plain->score_high = outcomes[0];
    for (size_t row = 0; row < rows; row++) {
        plain->score_low = fmin(plain->score_low, outcomes[row]);
        plain->score_high = fmax(plain->score_high, outcomes[row]);
    }
    for (size_t row = 0; row < rows; row++)
        lows += outcomes[row] < plain->score_high;
    plain->score_cut = sorted[lows < rows ? lows : rows - 1];
    mem_free(&model->mem, sorted, bytes);
    return true;
}

static bool all_numbers(const ReferenceColumn *column, size_t rows)
{
    for (size_t row = 0; row < rows; row++)
        if (column->kinds[row] != PREDICTION_NUMBER || !isfinite(column->numbers[row]))
            return false;
    return true;
}

/* Many numbers where there are two outcomes are no classes: they rank. */
static void find_scores(Served *served)
{
    odd_model *model = served->truths;
    ReferenceColumn *columns = model->columns;
    size_t rows = model->row_count;
    if (served->plain.is_score || served->plain.task != TASK_BINARY || has_probabilities(model) ||
        distinct_outcomes(&columns[TRUTH_OUTPUT], rows) <= DISTINCT_MAX ||
        !all_numbers(&columns[TRUTH_OUTPUT], rows) || !all_numbers(&columns[TRUTH_OUTCOME], rows) ||
        !find_cut(served))
        return;
    served->plain.is_score = true;
    for (size_t row = 0; row < rows; row++) {
        RowsCell output = cell_at(&columns[TRUTH_OUTPUT], row);
        double probability = NAN;
        served_mean(served, &output, &probability);
        columns[TRUTH_OUTPUT].numbers[row] = output.number;
        columns[TRUTH_PROBABILITY].numbers[row] = probability;
        columns[TRUTH_PROBABILITY].kinds[row] = PREDICTION_NUMBER;
    }
}

static void set_task(Served *served)
{
    bool was_of_numbers = served_of_numbers(served);
    served->plain.task = (uint8_t)task_of(served->truths);
    find_scores(served);
    if (served_of_numbers(served) == was_of_numbers)
        return;
    memset(&served->plain.promise, 0, sizeof served->plain.promise);
    if (served->losses != NULL)
        memset(served->losses, 0, served->losses_bytes);
}

/* The first rows tell what they are, and are enough for an estimate. */
static odd_rc begin(Served *served)
{
    if (!has_room(served->truths))
        return ODD_OK;
    set_task(served);
    return begin_quality(served);
}

/* Of each row the error, where its inputs are known. */
static void learn_groups(Served *served)
{
    const odd_model *model = served->truths;
    for (size_t row = 0; served->groups != NULL && row < model->row_count; row++) {
        TruthRow one = truth_row(model, row);
        served_groups_reference(served, served->truth_cells + row * served->plain.kept_count,
                                served_loss(served, &one.output, one.probability, &one.outcome));
    }
}

/* Without memory it is tried again with later outcomes. */
static odd_rc freeze(Served *served)
{
    odd_model *model = served->truths;
    if (!has_room(model))
        return ODD_OK;
    set_task(served);
    give_roles(model, (ServedTask)served->plain.task);
    odd_rc rc = model_freeze(model);
    if (rc == ODD_OK)
        rc = begin_quality(served);
    if (rc != ODD_OK)
        return rc;
    learn_groups(served);
    drop_doubles(model);
    model_reference_drop(model);
    mem_free(&model->mem, served->truth_cells, served->truth_cells_capacity);
    served->truth_cells = NULL;
    served->truth_cells_capacity = 0;
    served->plain.truths_frozen = true;
    return ODD_OK;
}

odd_rc served_truths_whole(Served *served)
{
    bool is_whole = served->plain.truths_given && served->plain.is_frozen &&
                    !served->plain.truths_frozen &&
                    served->truths->row_count >= SERVED_LABELLED_ROWS && tells_errors(served);
    return is_whole ? freeze(served) : ODD_OK;
}

odd_rc served_truths_learn(Served *served, const Joined *row, odd_time known)
{
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
