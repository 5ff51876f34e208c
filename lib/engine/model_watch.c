/* SPDX-License-Identifier: Apache-2.0
 *
 * model_watch.c - what of a model is watched: made from the reference, then each batch judged. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/real.h"
#include "engine/model.h"
#include "model/harm.h"
#include "model/temper.h"
#include "stats/order.h"

#define SHARE_NUMBERS 0.95 /* Of a column's filled cells, if it is one of numbers. */
#define WEIGHT_ERRORS 10.0 /* Each outcome is dear: a false alarm in a tenth of the rows is fine. */
#define SURPRISE_ALARM 3.0
#define SURPRISE_OVER 1.0 /* Below it an episode is over. */

/* -- from the reference ---------------------------------------------------------------------- */

static int order_of_hashes(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static int order_of_categories(const void *left, const void *right)
{
    const BinsCategory *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static bool is_numeric(const ReferenceColumn *column, size_t rows)
{
    size_t numbers = 0, filled = 0;
    for (size_t row = 0; row < rows; row++) {
        filled += column->kinds[row] != PREDICTION_MISSING;
        numbers += column->kinds[row] == PREDICTION_NUMBER && isfinite(column->numbers[row]);
    }
    return numbers > 0 && (double)numbers >= SHARE_NUMBERS * (double)filled;
}

/* A column that only counts the rows, or is never filled, tells nothing. */
static bool is_index(const ReferenceColumn *column, size_t rows)
{
    double step = rows > 1 ? column->numbers[1] - column->numbers[0] : 0;
    bool rises = rows > 2 && step > 0, filled = false;
    for (size_t row = 0; row < rows; row++) {
        filled |= column->kinds[row] != PREDICTION_MISSING;
        if (row > 0)
            rises &= column->numbers[row] - column->numbers[row - 1] == step;
    }
    return rises || !filled;
}

/* scratch: room for as many words as there are rows, twice. */
static void number_bins(const ReferenceColumn *column, size_t rows, double *scratch, Bins *ret)
{
    size_t n = 0;
    for (size_t row = 0; row < rows; row++)
        if (column->kinds[row] == PREDICTION_NUMBER && isfinite(column->numbers[row]))
            scratch[n++] = column->numbers[row];
    order_sort(scratch, n);
    bins_of_numbers(scratch, n, ret);
}

/* Gives how many categories came once. */
static uint64_t category_bins(const ReferenceColumn *column, size_t rows, uint64_t *scratch,
                              BinsCategory *categories, Bins *ret)
{
    size_t n = 0, count = 0;
    uint64_t single = 0;
    for (size_t row = 0; row < rows; row++)
        if (column->kinds[row] != PREDICTION_MISSING)
            scratch[n++] = column->hashes[row];
    qsort(scratch, n, sizeof *scratch, order_of_hashes);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || scratch[i] != scratch[i - 1])
            categories[count++] = (BinsCategory){.hash = scratch[i]};
        categories[count - 1].count++;
    }
    qsort(categories, count, sizeof *categories, order_of_categories);
    for (size_t i = 0; i < count; i++)
        single += categories[i].count == 1;
    bins_of_categories(categories, count, ret);
    return single;
}

typedef struct {
    uint64_t     *words;      /* Twice the rows. */
    BinsCategory *categories; /* The rows.       */
    double       *numbers, *errors;
    uint8_t      *cells;
} Scratch;

static bool take_scratch(Mem *mem, size_t rows, Scratch *ret)
{
    *ret = (Scratch){.words = mem_take(mem, rows * sizeof *ret->words),
                     .categories = mem_take(mem, rows * sizeof *ret->categories),
                     .numbers = mem_take(mem, rows * sizeof *ret->numbers),
                     .errors = mem_take(mem, rows * sizeof *ret->errors),
                     .cells = mem_take(mem, rows)};
    return ret->errors && ret->words && ret->categories && ret->numbers && ret->cells;
}

static void free_scratch(Mem *mem, size_t rows, Scratch *scratch)
{
    mem_free(mem, scratch->words, rows * sizeof *scratch->words);
    mem_free(mem, scratch->categories, rows * sizeof *scratch->categories);
    mem_free(mem, scratch->numbers, rows * sizeof *scratch->numbers);
    mem_free(mem, scratch->errors, rows * sizeof *scratch->errors);
    mem_free(mem, scratch->cells, rows);
}

static PredictionCell cell_of(const odd_model *model, uint32_t column, size_t row, Str *text)
{
    const ReferenceColumn *from = &model->columns[column];
    *text = (Str){.text = (const char *)&from->hashes[row], .size = sizeof from->hashes[row]};
    return (PredictionCell){.kind = from->kinds[row], .number = from->numbers[row], .text = *text};
}

double model_error_at(const odd_model *model, size_t row)
{
    uint32_t columns[3] = {prediction_role(&model->table, PREDICTION_OUTPUT),
                           prediction_role(&model->table, PREDICTION_PROBABILITY),
                           prediction_role(&model->table, PREDICTION_OUTCOME)};
    PredictionCell cells[3];
    Str text;
    for (int i = 0; i < 3; i++)
        if (columns[i] != UINT32_MAX)
            cells[i] = cell_of(model, columns[i], row, &text);
    return model_error(model->task, columns[0] != UINT32_MAX ? &cells[0] : NULL,
                       columns[1] != UINT32_MAX ? &cells[1] : NULL,
                       columns[2] != UINT32_MAX ? &cells[2] : NULL);
}

void model_watch_make(const odd_model *model, Watch *watch, const double *numbers, size_t n,
                      const uint8_t *cells, uint64_t single)
{
    bool is_error = watch->column == WATCH_ERRORS && model->task != MODEL_NUMBERS;
    expected_make(&watch->bins, cells, n, single, &watch->expected);
    Bets bets;
    temper_bets(&watch->bins, &watch->expected, is_error ? BETS_UP : BETS_BOTH_WAYS,
                is_error ? 0 : model->options.tolerance, cells, n, &bets);
    evidence_begin(&watch->evidence, &bets);
    profile_begin(&watch->reference);
    profile_begin(&watch->now);
    stretches_begin(&watch->stretches);
    profile_learn(&watch->reference, &watch->bins, numbers, cells, n);
}

/* How many errors a cell comes with, as far as it is known. */
static void learn_error_shares(Watch *watch, const Scratch *scratch, size_t rows, double all)
{
    double counts[CELL_COUNT] = {0}, wrong[CELL_COUNT] = {0};
    for (size_t row = 0; row < rows; row++) {
        if (isnan(scratch->errors[row]))
            continue;
        counts[scratch->cells[row]]++;
        wrong[scratch->cells[row]] += scratch->errors[row];
    }
    harm_shares(counts, wrong, all, watch->error_share);
}

static void learn_errors(odd_model *model, Scratch *scratch)
{
    double known = 0, wrong = 0;
    for (size_t row = 0; row < model->row_count; row++) {
        scratch->errors[row] = model_error_at(model, row);
        if (isnan(scratch->errors[row]))
            continue;
        known++;
        wrong += scratch->errors[row];
    }
    model->error_share = known > 0 ? wrong / known : NAN;
    for (size_t row = 0; model->task == MODEL_NUMBERS && row < model->row_count; row++)
        scratch->errors[row] /= model->error_share > 0 ? model->error_share : 1;
    if (model->task == MODEL_NUMBERS && known > 0)
        model->error_scale = model->error_share > 0 ? model->error_share : 1;
    if (model->task == MODEL_NUMBERS && known > 0)
        model->error_share = 1;
}

uint8_t model_cell_of(const Watch *watch, const ReferenceColumn *column, size_t row)
{
    if (column->kinds[row] == PREDICTION_MISSING)
        return CELL_MISSING;
    if (watch->bins.kind == BINS_CATEGORY)
        return bins_category_cell(&watch->bins, column->hashes[row]);
    return column->kinds[row] == PREDICTION_NUMBER
               ? bins_number_cell(&watch->bins, column->numbers[row])
               : CELL_FAULT;
}

static void watch_column(odd_model *model, uint32_t column, Scratch *scratch)
{
    Watch *watch = &model->watches[model->watch_count++];
    const ReferenceColumn *from = &model->columns[column];
    size_t rows = model->row_count;
    uint64_t single = 0;
    watch->column = column;
    if (is_numeric(from, rows))
        number_bins(from, rows, scratch->numbers, &watch->bins);
    else
        single = category_bins(from, rows, scratch->words, scratch->categories, &watch->bins);
    for (size_t row = 0; row < rows; row++)
        scratch->cells[row] = model_cell_of(watch, from, row);
    model_watch_make(model, watch, from->numbers, rows, scratch->cells, single);
    learn_error_shares(watch, scratch, rows, model->error_share);
}

/* Errors are yes or no; nothing is watched if the reference has both only rarely, or never.  Of
 * numbers they are how far off, in units of the mean. */
static void watch_errors(odd_model *model, Scratch *scratch)
{
    Watch *watch = &model->watches[model->watch_count];
    bool is_number = model->task == MODEL_NUMBERS;
    size_t n = 0, wrong = 0;
    for (size_t row = 0; row < model->row_count; row++) {
        double error = scratch->errors[row];
        if (isnan(error))
            continue;
        scratch->numbers[n++] = error;
        wrong += error > 0;
    }
    if (n < 100 || wrong < 5 || (!is_number && wrong > n - 5))
        return;
    const double both[2] = {0, 1};
    double *sorted = (void *)scratch->words;
    memcpy(sorted, scratch->numbers, n * sizeof *sorted);
    order_sort(sorted, n);
    if (is_number)
        bins_of_numbers(sorted, n, &watch->bins);
    else
        bins_of_numbers(both, 2, &watch->bins);
    for (size_t i = 0; i < n; i++)
        scratch->cells[i] = bins_number_cell(&watch->bins, scratch->numbers[i]);
    watch->column = WATCH_ERRORS;
    model_watch_make(model, watch, scratch->numbers, n, scratch->cells, 0);
    model->watch_count++;
}

/* All columns together have the run length that was asked for. */
void model_share_weights(odd_model *model)
{
    size_t count = model->watch_count, inputs = 0;
    for (size_t w = 0; w < count; w++)
        inputs += model->watches[w].column != WATCH_ERRORS;
    for (size_t w = 0; w < count; w++) {
        Watch *watch = &model->watches[w];
        watch->weight = watch->column == WATCH_ERRORS ? WEIGHT_ERRORS : 1 / (double)inputs;
    }
}

static bool take_watches(odd_model *model)
{
    size_t count = model->table.column_count + 2; /* Errors, and the inputs together. */
    model->watches_bytes = count * sizeof *model->watches;
    model->watches = mem_take(&model->mem, model->watches_bytes);
    model->batch_bytes = count * MODEL_BATCH_ROWS;
    model->batch_numbers = mem_take(&model->mem, model->batch_bytes * sizeof *model->batch_numbers);
    model->batch_cells = mem_take(&model->mem, model->batch_bytes);
    model->batch_there = mem_take(&model->mem, model->batch_bytes);
    return model->watches && model->batch_numbers && model->batch_cells && model->batch_there;
}

odd_rc model_freeze(odd_model *model)
{
    if (model->watches != NULL)
        return ODD_OK;
    if (model->row_count < 2)
        return problem_say(&model->problem, ODD_RANGE, "the reference has no rows to learn from");
    model_find_task(model);
    Scratch scratch;
    bool good = take_scratch(&model->mem, model->row_count, &scratch) && take_watches(model);
    if (good)
        learn_errors(model, &scratch);
    for (uint32_t c = 0; good && c < model->table.column_count; c++) {
        uint8_t role = model->table.columns[c].role;
        if ((role == PREDICTION_INPUT || role == PREDICTION_OUTPUT ||
             role == PREDICTION_PROBABILITY) &&
            !is_index(&model->columns[c], model->row_count))
            watch_column(model, c, &scratch);
    }
    if (good) {
        watch_errors(model, &scratch);
        model_share_weights(model);
    }
    free_scratch(&model->mem, model->row_count, &scratch);
    if (!good)
        return problem_say(&model->problem, ODD_NOMEM, "out of memory for %u columns",
                           model->table.column_count);
    return ODD_OK;
}

/* -- the current table ----------------------------------------------------------------------- */

odd_rc model_match(odd_model *model, Str sample)
{
    char problem[PREDICTION_PROBLEM_BYTES];
    if (!prediction_learn(sample, model->table.frame, &model->names, &model->mem, &model->current,
                          problem))
        return problem_say(&model->problem, ODD_SYNTAX, "the current table: %s", problem);
    if (!prediction_names_fit(&model->names, &model->table, &model->current, problem))
        return problem_say(&model->problem, ODD_SYNTAX, "%s", problem);
    model->output = prediction_role(&model->current, PREDICTION_OUTPUT);
    model->current_sure_count = model_sure_columns(&model->current, model->current_sure);
    model->outcome = prediction_role(&model->current, PREDICTION_OUTCOME);
    for (size_t w = 0; w < model->watch_count; w++) {
        Watch *watch = &model->watches[w];
        watch->current =
            watch_is_column(watch)
                ? prediction_find(&model->current, prediction_name(&model->table, watch->column))
            : watch->column == WATCH_RESIDUAL && model_residual_fits(model) ? 0
                                                                            : UINT32_MAX;
    }
    return ODD_OK;
}

Str model_watch_name(const odd_model *model, const Watch *watch)
{
    return watch->column == WATCH_ERRORS     ? STR("errors")
           : watch->column == WATCH_RESIDUAL ? STR("inputs together")
                                             : prediction_name(&model->table, watch->column);
}

/* -- a batch --------------------------------------------------------------------------------- */

static double effect_of_recent(const Watch *watch)
{
    return effect_of(&watch->expected, watch->evidence.recent[1]).size;
}

/* The rows of the batch that have this column, close together.  Gives their count. */
static size_t gather(odd_model *model, size_t w, size_t *ret_places)
{
    double *numbers = model->batch_numbers + w * MODEL_BATCH_ROWS;
    uint8_t *cells = model->batch_cells + w * MODEL_BATCH_ROWS;
    const bool *there = model->batch_there + w * MODEL_BATCH_ROWS;
    size_t n = 0;
    for (size_t i = 0; i < model->batch_count; i++) {
        if (!there[i])
            continue;
        numbers[n] = numbers[i];
        cells[n] = cells[i];
        ret_places[n++] = i;
    }
    return n;
}

float model_surprise(const odd_model *model, const Watch *watch, float money)
{
    double stretches = (double)money * watch->weight / MODEL_STRETCH_ROWS *
                       (MODEL_RUN_LENGTH / model->options.run_length);
    return stretches > 1 ? (float)real_log10(stretches) : 0;
}

static float alarm_of(Watch *watch, float surprise)
{
    bool begins = !watch->is_in_episode && (double)surprise >= SURPRISE_ALARM;
    if (begins)
        watch->is_in_episode = true;
    else if ((double)surprise < SURPRISE_OVER)
        watch->is_in_episode = false;
    return begins ? surprise : 0;
}

/* The money of blocks of time as it was at each row of the batch. */
static bool judge_blocks(odd_model *model, size_t w, float *ret_money)
{
    const bool *there = model->batch_there + w * MODEL_BATCH_ROWS;
    const Weekly *season = model->watches[w].season;
    for (size_t i = 0; season != NULL && i < model->batch_count; i++) {
        if (there[i] && !model_season_learn(model, w, i))
            return false;
        ret_money[i] = (float)season->money;
    }
    return true;
}

static bool keep_history(odd_model *model, size_t w)
{
    Watch *watch = &model->watches[w];
    uint64_t last = model->batch_row[model->batch_count - 1];
    if (!model->keeps_history || last > MODEL_HISTORY_ROWS_MAX)
        return true;
    size_t capacity = watch->history_capacity;
    uint8_t *history =
        mem_grow(&model->mem, watch->history, &watch->history_capacity, last, sizeof *history);
    if (history == NULL)
        return false;
    watch->history = history;
    memset(history + capacity, HISTORY_NONE, watch->history_capacity - capacity);
    for (size_t i = 0; i < model->batch_count; i++)
        if (model->batch_there[w * MODEL_BATCH_ROWS + i])
            history[model->batch_row[i] - 1] = model->batch_cells[w * MODEL_BATCH_ROWS + i];
    return true;
}

static bool judge_column(odd_model *model, size_t w, ModelScore *scores)
{
    Watch *watch = &model->watches[w];
    size_t places[MODEL_BATCH_ROWS];
    float money[MODEL_BATCH_ROWS], block_money[MODEL_BATCH_ROWS] = {0};
    if (!judge_blocks(model, w, block_money) || !keep_history(model, w))
        return false;
    size_t n = gather(model, w, places);
    const double *numbers = model->batch_numbers + w * MODEL_BATCH_ROWS;
    const uint8_t *cells = model->batch_cells + w * MODEL_BATCH_ROWS;
    profile_learn(&watch->now, &watch->bins, numbers, cells, n);
    for (size_t i = 0; i < n; i++)
        if (cells[i] < BINS_MAX && watch->bins.kind == BINS_NUMBER)
            model_range_learn(watch, numbers[i], model->batch_row[places[i]]);
    for (size_t i = 0; i < n; i++)
        stretches_learn(&watch->stretches, cells[i], model->batch_row[places[i]],
                        model->batch_time[places[i]]);
    for (size_t at = 0; at < n;) {
        size_t room = EVIDENCE_STEP_ROWS - watch->evidence.rows % EVIDENCE_STEP_ROWS;
        size_t count = n - at < room ? n - at : room;
        evidence_learn(&watch->evidence, &watch->expected, cells + at, count, money + at);
        for (size_t i = at; i < at + count; i++) {
            size_t place = places[i];
            if (watch->season != NULL && watch->season_counts)
                money[i] = (money[i] + block_money[place]) / 2;
            watch->money_most = money[i] > watch->money_most ? money[i] : watch->money_most;
            float surprise = model_surprise(model, watch, money[i]);
            float alarm = alarm_of(watch, surprise);
            if (scores != NULL)
                scores[place * model->watch_count + w] =
                    (ModelScore){.row = model->batch_row[place],
                                 .time = model->batch_time[place],
                                 .watch = (uint32_t)w,
                                 .surprise = surprise,
                                 .effect = (float)watch->effect,
                                 .alarm = alarm};
        }
        at += count;
        if (count == room && scores != NULL)
            watch->effect = effect_of_recent(watch);
    }
    return true;
}

/* Rows that a column was not in have no score. */
static void drop_empty(odd_model *model, size_t from)
{
    size_t kept = from;
    for (size_t i = from; i < model->score_count; i++)
        if (model->scores[i].row != 0)
            model->scores[kept++] = model->scores[i];
    model->score_count = kept;
}

odd_rc model_judge(odd_model *model)
{
    size_t count = model->batch_count * model->watch_count, from = model->score_count;
    ModelScore *scores = NULL;
    if (model->options.scores && count > 0) {
        scores = mem_grow(&model->mem, model->scores, &model->score_capacity, from + count,
                          sizeof *scores);
        if (scores == NULL)
            return problem_say(&model->problem, ODD_NOMEM, "out of memory for %zu scores",
                               from + count);
        model->scores = scores;
        memset(scores + from, 0, count * sizeof *scores);
        model->score_count += count;
    }
    for (size_t w = 0; model->batch_count > 0 && w < model->watch_count; w++)
        if (!judge_column(model, w, scores != NULL ? scores + from : NULL))
            return problem_say(&model->problem, ODD_NOMEM, "out of memory for blocks of time");
    if (scores != NULL)
        drop_empty(model, from);
    model->batch_count = 0;
    return ODD_OK;
}
