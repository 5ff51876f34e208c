/* SPDX-License-Identifier: Apache-2.0
 *
 * model.c - a model in production, from the public side: options, lines in, rows out. */
#include "engine/model.h"

#include <assert.h>
#include <math.h>

#include "engine/rows.h"

#define MEMORY_BYTES_MAX (512ull << 20)
#define RUN_LENGTH_MIN 1000.0
#define MODEL_CHUNK_ROWS 2000
#define MODEL_CHUNK_ROWS_MIN 50

/* -- open and close -------------------------------------------------------------------------- */

static Str keep(odd_model *model, const char *text, char **at)
{
    if (text == NULL)
        return (Str){.text = ""};
    Str kept = {.text = *at, .size = strlen(text)};
    memcpy(*at, text, kept.size);
    *at += kept.size;
    assert(*at <= model->texts + model->texts_bytes);
    return kept;
}

static bool keep_names(odd_model *model, const odd_model_options *options)
{
    const char *const texts[] = {options->time,    options->id,       options->prediction,
                                 options->probability, options->outcome,  options->segments,
                                 options->left_out};
    model->texts_bytes = 1;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        model->texts_bytes += texts[i] != NULL ? strlen(texts[i]) : 0;
    model->texts = mem_take(&model->mem, model->texts_bytes);
    char *at = model->texts;
    if (at == NULL)
        return false;
    model->names = (PredictionNames){.time = keep(model, options->time, &at),
                                     .id = keep(model, options->id, &at),
                                     .output = keep(model, options->prediction, &at),
                                     .probability = keep(model, options->probability, &at),
                                     .outcome = keep(model, options->outcome, &at),
                                     .segments = keep(model, options->segments, &at),
                                     .left_out = keep(model, options->left_out, &at)};
    return true;
}

odd_rc odd_model_open(const odd_model_options *given, odd_model **model)
{
    odd_model_options options = given != NULL ? *given : (odd_model_options){.run_length = 0};
    if (options.run_length == 0)
        options.run_length = MODEL_RUN_LENGTH;
    if (options.chunk_rows == 0)
        options.chunk_rows = MODEL_CHUNK_ROWS;
    if (options.tolerance == 0)
        options.tolerance = MODEL_TOLERANCE;
    if (!(options.run_length >= RUN_LENGTH_MIN) || !(options.tolerance > 0) ||
        options.chunk_rows < MODEL_CHUNK_ROWS_MIN)
        return ODD_RANGE;
    Mem mem = {.bytes_max =
                   options.memory_bytes_max != 0 ? options.memory_bytes_max : MEMORY_BYTES_MAX};
    odd_model *opened = mem_take(&mem, sizeof *opened);
    if (opened == NULL)
        return ODD_NOMEM;
    opened->mem = mem;
    opened->options = options;
    opened->row_stride = 1;
    opened->categories = (Names){.mem = &opened->mem, .count_max = MODEL_CATEGORIES_MAX};
    if (!keep_names(opened, &options)) {
        odd_model_close(opened);
        return ODD_NOMEM;
    }
    *model = opened;
    return ODD_OK;
}

void odd_model_close(odd_model *model)
{
    if (model == NULL)
        return;
    Mem *mem = &model->mem;
    model_reference_drop(model);
    mem_free(mem, model->columns, model->columns_bytes);
    model_ask_close(model);
    model_segments_close(model);
    model_residual_close(model);
    model_season_close(model);
    for (size_t w = 0; model->watches != NULL && w < model->watch_count; w++)
        mem_free(mem, model->watches[w].history, model->watches[w].history_capacity);
    model_ids_close(mem, &model->reference_ids);
    model_ids_close(mem, &model->ids);
    mem_free(mem, model->cells, model->cells_bytes);
    mem_free(mem, model->watches, model->watches_bytes);
    mem_free(mem, model->hours, model->hours_count * sizeof *model->hours);
    mem_free(mem, model->batch_numbers, model->batch_bytes * sizeof *model->batch_numbers);
    mem_free(mem, model->batch_cells, model->batch_bytes);
    mem_free(mem, model->batch_there, model->batch_bytes);
    if (model->quality != NULL)
        mem_free(mem, model->quality->figures,
                 model->quality->figure_capacity * sizeof *model->quality->figures);
    mem_free(mem, model->quality, sizeof *model->quality);
    mem_free(mem, model->scores, model->score_capacity * sizeof *model->scores);
    mem_free(mem, model->texts, model->texts_bytes);
    names_close(&model->categories);
    prediction_close(&model->table, mem);
    prediction_close(&model->current, mem);
    Mem last = *mem;
    mem_free(&last, model, sizeof *model);
}

const char *odd_model_errmsg(const odd_model *model)
{
    return model->problem.text;
}

int odd_model_recognise(const void *bytes, size_t size)
{
    return prediction_is_table(prediction_sample((Str){.text = bytes, .size = size}));
}

static odd_rc short_of_memory(odd_model *model)
{
    return problem_say(&model->problem, ODD_NOMEM, "out of memory for a reference of %zu rows",
                       model->row_count);
}

static odd_rc take_cells(odd_model *model, uint32_t count)
{
    mem_free(&model->mem, model->cells, model->cells_bytes);
    model->cells_bytes = count * sizeof *model->cells;
    model->cells = mem_take(&model->mem, model->cells_bytes);
    return model->cells != NULL ? ODD_OK : short_of_memory(model);
}

static odd_rc begin_reference(odd_model *model, Str bytes)
{
    char problem[PREDICTION_PROBLEM_BYTES];
    TimeFrame frame = time_frame(model->options.now, model->options.zone_s);
    if (!prediction_learn(prediction_sample(bytes), frame, &model->names, &model->mem,
                          &model->table, problem))
        return problem_say(&model->problem, ODD_SYNTAX, "the reference: %s", problem);
    model->columns_bytes = model->table.column_count * sizeof *model->columns;
    model->columns = mem_take(&model->mem, model->columns_bytes);
    if (model->columns == NULL)
        return short_of_memory(model);
    return take_cells(model, model->table.column_count);
}

/* The row's id, if the table has one: is it there already? */
static bool learn_id(odd_model *model, const PredictionTable *table, ModelIds *ids, uint64_t row)
{
    uint32_t column = prediction_role(table, PREDICTION_ID);
    if (column == UINT32_MAX || model->cells[column].kind == PREDICTION_MISSING)
        return true;
    return model_id_learn(&model->mem, ids, bins_hash(model->cells[column].text), row);
}

static bool keep_cell(odd_model *model, ReferenceColumn *column, const PredictionCell *cell)
{
    size_t row = model->row_count;
    if (!model_reference_grow(&model->mem, column, row + 1))
        return false;
    bool is_new;
    if (cell->kind == PREDICTION_TEXT)
        names_add(&model->categories, cell->text, &is_new);
    column->numbers[row] = cell->number;
    column->hashes[row] = bins_hash(cell->text);
    column->kinds[row] = (uint8_t)cell->kind;
    return true;
}

/* Every other row goes. */
static void thin(odd_model *model)
{
    for (uint32_t c = 0; c < model->table.column_count; c++) {
        ReferenceColumn *column = &model->columns[c];
        for (size_t row = 0; row < model->row_count / 2; row++) {
            column->numbers[row] = column->numbers[2 * row];
            column->hashes[row] = column->hashes[2 * row];
            column->kinds[row] = column->kinds[2 * row];
        }
    }
    for (size_t row = 0; row < model->row_count / 2; row++)
        model->times[row] = model->times[2 * row];
    model->row_count /= 2;
    model->row_stride *= 2;
}

static odd_rc keep_row(odd_model *model, odd_time time)
{
    if (model->rows_read++ % model->row_stride != 0)
        return ODD_OK;
    odd_time *times = mem_grow(&model->mem, model->times, &model->times_capacity,
                               model->row_count + 1, sizeof *times);
    if (times == NULL)
        return short_of_memory(model);
    model->times = times;
    times[model->row_count] = time;
    for (uint32_t c = 0; c < model->table.column_count; c++)
        if (!keep_cell(model, &model->columns[c], &model->cells[c]))
            return short_of_memory(model);
    if (++model->row_count == MODEL_REFERENCE_ROWS_MAX)
        thin(model);
    return ODD_OK;
}

odd_rc odd_model_reference(odd_model *model, const void *bytes, size_t size)
{
    Str rest = {.text = bytes, .size = size}, line;
    uint32_t skip = 0;
    odd_rc rc = ODD_OK;
    if (model->watches != NULL)
        return problem_say(&model->problem, ODD_MISUSE, "the reference is whole already");
    if (model->columns == NULL) {
        rc = begin_reference(model, rest);
        skip = model->table.head_lines;
    }
    while (rc == ODD_OK && prediction_next_line(&rest, &line)) {
        odd_time time;
        if (skip > 0) {
            skip--;
            continue;
        }
        if (line.size == 0)
            continue;
        prediction_read(&model->table, line, model->cells, &time);
        if (!learn_id(model, &model->table, &model->reference_ids, model->rows_read + 1))
            return short_of_memory(model);
        rc = keep_row(model, time);
    }
    return rc;
}

/* -- the rows to judge ----------------------------------------------------------------------- */

static odd_rc begin_current(odd_model *model, Str bytes)
{
    odd_rc rc = model_freeze(model);
    model->keeps_history = true;
    if (rc == ODD_OK)
        rc = model_season_begin(model);
    if (rc == ODD_OK)
        rc = model_quality_begin(model, NULL);
    if (rc == ODD_OK)
        rc = model_segments_begin(model);
    if (rc == ODD_OK)
        rc = model_residual_begin(model);
    if (rc == ODD_OK)
        rc = model_match(model, prediction_sample(bytes));
    if (rc == ODD_OK)
        rc = take_cells(model, model->current.column_count);
    return rc;
}

static const PredictionCell *cell_at(const odd_model *model, uint32_t column)
{
    return column != UINT32_MAX ? &model->cells[column] : NULL;
}

typedef struct { /* What is known of the model in a row; NULL: the table does not have it. */
    const PredictionCell *output, *sure, *outcome;
} RowCells;

static void put_row(odd_model *model, const RowCells *row, odd_time time)
{
    size_t at = model->batch_count++;
    model->batch_row[at] = model->row;
    model->batch_time[at] = time;
    for (size_t w = 0; w < model->watch_count; w++) {
        const Watch *watch = &model->watches[w];
        size_t place = w * MODEL_BATCH_ROWS + at;
        if (watch->column == WATCH_ERRORS) {
            double error = model_error(model->task, row->output, row->sure, row->outcome);
            if (model->error_scale > 0)
                error /= model->error_scale;
            model->batch_there[place] = !isnan(error);
            model->batch_numbers[place] = error;
            model->batch_cells[place] = bins_number_cell(&watch->bins, error);
            continue;
        }
        model->batch_there[place] = watch->current != UINT32_MAX;
        model->batch_cells[place] = CELL_MISSING;
        if (watch->current == UINT32_MAX)
            continue;
        if (watch->column == WATCH_RESIDUAL) {
            model->batch_numbers[place] = model_residual_now(model);
            model->batch_cells[place] = bins_number_cell(&watch->bins, model->batch_numbers[place]);
            continue;
        }
        const PredictionCell *cell = &model->cells[watch->current];
        model->batch_numbers[place] = cell->number;
        model->batch_cells[place] = bins_cell(&watch->bins, cell);
    }
}

/* For those who ask about rows, or about groups of them. */
static bool note_row(odd_model *model, const RowCells *cells)
{
    uint64_t positive = model->quality != NULL ? model->quality->positive : 0;
    if (!model->options.asks && model->segments == NULL)
        return true;
    ModelRow row = model_row_of(model->task, positive, cells->output, cells->sure, cells->outcome);
    model_segments_learn(model, &row,
                         model_error(model->task, cells->output, cells->sure, cells->outcome));
    return !model->options.asks || model_ask_learn(model, cells->output, &row);
}

odd_rc odd_model_put(odd_model *model, const void *bytes, size_t size)
{
    Str rest = {.text = bytes, .size = size}, line;
    uint32_t skip = 0;
    odd_rc rc = ODD_OK;
    if (model->is_ended && model->quality != NULL)
        model->quality->figure_count = 0;
    model->is_ended = false;
    if (model->current.columns == NULL) {
        rc = begin_current(model, rest);
        skip = model->current.head_lines;
    }
    while (rc == ODD_OK && prediction_next_line(&rest, &line)) {
        odd_time time;
        if (skip > 0) {
            skip--;
            continue;
        }
        model->row++;
        if (line.size == 0)
            continue;
        prediction_read(&model->current, line, model->cells, &time);
        if (!learn_id(model, &model->current, &model->ids, model->row))
            return short_of_memory(model);
        RowCells row = {.output = cell_at(model, model->output),
                        .sure = model_surest(model),
                        .outcome = cell_at(model, model->outcome)};
        put_row(model, &row, time);
        if (!note_row(model, &row))
            return problem_say(&model->problem, ODD_NOMEM, "out of memory for rows to ask about");
        rc = model_quality_put(model, row.output, row.sure, row.outcome);
        if (rc == ODD_OK && model->batch_count == MODEL_BATCH_ROWS)
            rc = model_judge(model);
    }
    return rc;
}

/* -- the answers ----------------------------------------------------------------------------- */

static odd_rc scores(odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"row",    "time",  "signal", "surprise",
                                          "effect", "alarm", NULL};
    odd_rc rc = model_judge(model);
    odd_rows *rows = rc == ODD_OK ? rows_open(columns) : NULL;
    if (rows == NULL)
        return rc != ODD_OK ? rc : ODD_NOMEM;
    for (size_t i = 0; i < model->score_count; i++) {
        const ModelScore *score = &model->scores[i];
        rows_int(rows, (int64_t)score->row);
        rows_int(rows, score->time);
        rows_text(rows, model_watch_name(model, &model->watches[score->watch]));
        rows_double(rows, (double)score->surprise);
        rows_double(rows, (double)score->effect);
        rows_double(rows, (double)score->alarm);
    }
    model->score_count = 0;
    return rows_finish(rows, ret);
}

static odd_rc figures(odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"metric", "first_row", "last_row", "estimate", "lower",
                                          "upper",  "realised",  "trust",    NULL};
    if (model->quality == NULL)
        return problem_say(&model->problem, ODD_NOTFOUND, "%s", model->no_quality);
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return ODD_NOMEM;
    for (size_t i = 0; i < model->quality->figure_count; i++) {
        const ModelFigure *figure = &model->quality->figures[i];
        rows_constant(rows, quality_name(figure->metric));
        rows_int(rows, (int64_t)figure->first_row);
        rows_int(rows, (int64_t)figure->last_row);
        rows_double(rows, figure->estimate);
        rows_double(rows, figure->lower);
        rows_double(rows, figure->upper);
        rows_double(rows, figure->realised);
        rows_constant(rows, model_trust_name(figure->trust));
    }
    if (!model->is_ended)
        model->quality->figure_count = 0;
    return rows_finish(rows, ret);
}

odd_rc odd_model_end(odd_model *model)
{
    if (model->current.columns == NULL)
        return problem_say(&model->problem, ODD_MISUSE, "there are no rows to judge yet");
    odd_rc rc = model_judge(model);
    if (rc == ODD_OK)
        rc = model_season_end(model);
    model->is_ended = true;
    return rc == ODD_OK ? model_quality_end(model) : rc;
}

odd_rc odd_model_query(odd_model *model, odd_model_view view, odd_rows **rows)
{
    if (model->current.columns == NULL)
        return problem_say(&model->problem, ODD_MISUSE, "there are no rows to judge yet");
    if (view == ODD_MODEL_SCORES)
        return scores(model, rows);
    if (view == ODD_MODEL_FINDINGS)
        return model_findings(model, rows);
    if (view == ODD_MODEL_SHAPES)
        return model_shapes(model, rows);
    if (view == ODD_MODEL_DRIFTS)
        return model_drifts(model, rows);
    if (view == ODD_MODEL_CALIBRATION)
        return model_calibration(model, rows);
    if (view == ODD_MODEL_SEGMENTS)
        return model_segments(model, rows);
    if (view == ODD_MODEL_ANSWERED)
        return model_answered(model, rows);
    if (view == ODD_MODEL_VERDICT)
        return model_verdict(model, rows);
    if (view == ODD_MODEL_BLOCKS)
        return model_blocks(model, rows);
    if (view == ODD_MODEL_QUALITY)
        return figures(model, rows);
    return problem_say(&model->problem, ODD_NOTFOUND, "no such view");
}
