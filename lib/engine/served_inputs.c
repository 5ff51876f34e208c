/* SPDX-License-Identifier: Apache-2.0
 *
 * served_inputs.c - what comes into a model and what it says: first the reference, then rows that
 * are judged against it. */
#include <assert.h>
#include <math.h>

#include "engine/served.h"

#define HOUR_NS (3600 * NS_PER_S)
#define DAY_NS (S_PER_DAY * NS_PER_S)

static PredictionRole role_of(BatchRole role)
{
    return role == BATCH_OUTPUT        ? PREDICTION_OUTPUT
           : role == BATCH_PROBABILITY ? PREDICTION_PROBABILITY
                                       : PREDICTION_INPUT;
}

static bool is_watched(BatchRole role)
{
    return role == BATCH_FEATURE || role == BATCH_SEGMENT || role == BATCH_OUTPUT ||
           role == BATCH_PROBABILITY;
}

/* -- columns of the reference -------------------------------------------------------------- */

static uint32_t find_column(const odd_model *model, BatchRole role, Str name, uint32_t likely)
{
    const PredictionTable *table = &model->table;
    PredictionRole wanted = role_of(role);
    for (uint32_t i = likely; i < table->column_count; i++)
        if (table->columns[i].role == wanted && str_equal(prediction_name(table, i), name))
            return i;
    for (uint32_t i = 0; i < likely && i < table->column_count; i++)
        if (table->columns[i].role == wanted && str_equal(prediction_name(table, i), name))
            return i;
    return UINT32_MAX;
}

/* Rows before it miss it. */
static bool fill_missing(Mem *mem, ReferenceColumn *column, size_t from, size_t to)
{
    if (!model_reference_grow(mem, column, to))
        return false;
    for (size_t row = from; row < to; row++) {
        column->numbers[row] = NAN;
        column->hashes[row] = 0;
        column->kinds[row] = PREDICTION_MISSING;
    }
    return true;
}

/* Names stand one behind the other, each with a NUL. */
static size_t names_end(const PredictionTable *table)
{
    if (table->column_count == 0)
        return 0;
    const PredictionColumn *last = &table->columns[table->column_count - 1];
    return (size_t)last->name_from + last->name_size + 1;
}

static uint32_t add_column(odd_model *model, BatchRole role, Str name)
{
    PredictionTable *table = &model->table;
    Mem *mem = &model->mem;
    size_t count = table->column_count + 1, from = names_end(table);
    if (count > SERVED_COLUMNS_MAX)
        return UINT32_MAX;
    char *names = mem_grow(mem, table->names, &table->names_bytes, from + name.size + 1, 1);
    table->names = names != NULL ? names : table->names;
    PredictionColumn *columns =
        mem_grow(mem, table->columns, &table->columns_bytes, count * sizeof *columns, 1);
    table->columns = columns != NULL ? columns : table->columns;
    ReferenceColumn *references =
        mem_grow(mem, model->columns, &model->columns_bytes, count * sizeof *references, 1);
    model->columns = references != NULL ? references : model->columns;
    if (names == NULL || columns == NULL || references == NULL)
        return UINT32_MAX;
    memcpy(names + from, name.text, name.size);
    columns[count - 1] = (PredictionColumn){.name_from = (uint32_t)from,
                                            .name_size = (uint32_t)name.size,
                                            .role = (uint8_t)role_of(role),
                                            .is_segment = role == BATCH_SEGMENT};
    return table->column_count++;
}

static void keep_words(odd_model *model, const RowsColumn *column)
{
    size_t at = 2; /* Behind their count. */
    bool is_new;
    for (uint32_t i = 0; i < column->column.text_count; i++)
        names_add(&model->categories, batch_text(column->column.data, &at), &is_new);
}

odd_rc served_reference(Served *served, Rows *rows, uint32_t from, uint32_t n)
{
    odd_model *model = served->inputs;
    size_t first = model->row_count;
    for (uint32_t c = 0; c < model->table.column_count; c++)
        if (!fill_missing(&model->mem, &model->columns[c], first, first + n))
            return ODD_NOMEM;
    for (uint32_t i = 0; i < rows->column_count; i++) {
        const BatchColumn *column = &rows->columns[i].column;
        if (!is_watched(column->role))
            continue;
        uint32_t number = find_column(model, column->role, column->name, i);
        if (number == UINT32_MAX) {
            number = add_column(model, column->role, column->name);
            if (number == UINT32_MAX ||
                !fill_missing(&model->mem, &model->columns[number], first, first + n))
                return ODD_NOMEM;
        }
        if (from == 0 && column->form == BATCH_CATEGORY_FORM)
            keep_words(model, &rows->columns[i]);
        rows_block(rows, i, from, n, true);
        ReferenceColumn *to = &model->columns[number];
        for (uint32_t k = 0; k < n; k++) {
            to->numbers[first + k] = rows->block[k].number;
            to->hashes[first + k] = rows->block[k].hash;
            to->kinds[first + k] = rows->block[k].kind;
        }
    }
    model->row_count += n;
    model->rows_read += n;
    return ODD_OK;
}

/* -- the reference is whole ---------------------------------------------------------------- */

static bool take_told(Served *served, Mem *mem, size_t count)
{
    ServedTold *grown = mem_grow(mem, served->told, &served->told_capacity, count, sizeof *grown);
    if (grown == NULL)
        return false;
    served->told = grown;
    for (size_t i = 0; i < served->told_capacity; i++)
        grown[i] = (ServedTold){.told = ODD_TIME_NONE, .since = ODD_TIME_NONE};
    return true;
}

odd_rc served_freeze(Served *served, Mem *mem)
{
    odd_model *model = served->inputs;
    odd_rc rc = model_freeze(model);
    if (rc != ODD_OK)
        return rc;
    size_t bytes = CALENDAR_STEPS * model->watch_count * CELL_COUNT * sizeof *served->cells;
    if (served->cells == NULL && model->watch_count > 0) {
        served->cells = mem_take(mem, bytes);
        served->cells_bytes = served->cells != NULL ? bytes : 0;
    }
    if (served->steps == NULL)
        served->steps = mem_take(mem, CALENDAR_STEPS * sizeof *served->steps);
    if ((served->cells == NULL && model->watch_count > 0) || served->steps == NULL ||
        !take_told(served, mem, model->watch_count + TRUTH_COLUMNS + 1) ||
        !served_cells_begin(served, mem) || !served_groups_begin(served, mem) ||
        model_hours_begin(model) != ODD_OK)
        return ODD_NOMEM;
    for (size_t w = 0; w < model->watch_count; w++)
        model->watches[w].current = 0; /* There; where it is each batch tells. */
    model_reference_drop(model);
    served->plain.is_frozen = true;
    served->plain.reference_time = served->plain.last_time;
    return ODD_OK;
}

/* -- rows to judge ------------------------------------------------------------------------- */

static uint32_t *step_cells(const Served *served, uint32_t place, size_t watch)
{
    return served->cells + (place * served->inputs->watch_count + watch) * CELL_COUNT;
}

static void merge_steps(void *context, uint32_t into, uint32_t from)
{
    Served *served = context;
    ServedStep *to = &served->steps[into], *step = &served->steps[from];
    realised_add(&to->realised, &step->realised);
    estimated_add(&to->estimated, &step->estimated);
    loss_add(&to->expected, &step->expected);
    to->error_sum += step->error_sum;
    to->square_sum += step->square_sum;
    to->rows += step->rows;
    to->size_rows += step->size_rows;
    to->labelled += step->labelled;
    to->wrong += step->wrong;
    for (size_t w = 0; w < served->inputs->watch_count; w++) {
        uint32_t *a = step_cells(served, into, w);
        const uint32_t *b = step_cells(served, from, w);
        for (size_t c = 0; c < CELL_COUNT; c++)
            a[c] += b[c];
    }
}

static void clear_step(Served *served, uint32_t place)
{
    memset(&served->steps[place], 0, sizeof served->steps[place]);
    if (served->inputs->watch_count > 0)
        memset(step_cells(served, place, 0), 0,
               served->inputs->watch_count * CELL_COUNT * sizeof *served->cells);
}

ServedStep *served_step(Served *served, odd_time time)
{
    Calendar *calendar = &served->plain.calendar;
    if (served->steps == NULL)
        return NULL;
    uint32_t place = calendar_find(calendar, time);
    while (place == CALENDAR_NONE && calendar_is_full(calendar)) {
        calendar_double(calendar, merge_steps, served);
        place = calendar_find(calendar, time);
    }
    if (place == CALENDAR_NONE) {
        place = calendar_add(calendar, time);
        clear_step(served, place);
    }
    return &served->steps[place];
}

/* Numbers of a numeric column need no cells between. */
static void numbers_of(const Watch *watch, const BatchColumn *column, uint32_t from, uint32_t n,
                       double *numbers, uint8_t *cells)
{
    for (uint32_t i = 0; i < n; i++)
        numbers[i] = batch_real(column, from + i);
    for (uint32_t i = 0; i < n; i++)
        cells[i] = bins_number_cell(&watch->bins, numbers[i]);
}

static uint8_t cell_of(const Watch *watch, const RowsCell *cell)
{
    if (cell->kind == PREDICTION_MISSING)
        return CELL_MISSING;
    if (watch->bins.kind == BINS_CATEGORY)
        return bins_category_cell(&watch->bins, cell->hash);
    return cell->kind == PREDICTION_NUMBER ? bins_number_cell(&watch->bins, cell->number)
                                           : CELL_FAULT;
}

static void read_watch(const Watch *watch, Rows *rows, uint32_t column, uint32_t from, uint32_t n,
                       double *numbers, uint8_t *cells)
{
    if (column == UINT32_MAX) {
        for (uint32_t i = 0; i < n; i++) {
            numbers[i] = NAN;
            cells[i] = CELL_MISSING;
        }
        return;
    }
    const BatchColumn *batch = &rows->columns[column].column;
    bool is_category = watch->bins.kind == BINS_CATEGORY;
    if (!is_category && !batch_is_text(batch->form)) {
        numbers_of(watch, batch, from, n, numbers, cells);
        return;
    }
    rows_block(rows, column, from, n, is_category);
    for (uint32_t i = 0; i < n; i++) {
        numbers[i] = rows->block[i].number;
        cells[i] = cell_of(watch, &rows->block[i]);
    }
}

/* Where a watch is in this batch: its role's column, or the one of its name. */
static uint32_t column_of(const odd_model *model, const Watch *watch, const Rows *rows)
{
    switch ((PredictionRole)model->table.columns[watch->column].role) {
    case PREDICTION_OUTPUT:
        return rows_role(rows, BATCH_OUTPUT);
    case PREDICTION_PROBABILITY:
        return rows_role(rows, BATCH_PROBABILITY);
    default:
        return rows_find(rows, prediction_name(&model->table, watch->column), watch->current);
    }
}

/* The hour of the newest row: it goes on, and never back and forth. */
static void enter_hour(Served *served)
{
    odd_time newest = served->plain.last_time;
    if (newest >= 0)
        model_hours_enter(served->inputs, (size_t)(newest / HOUR_NS % HOURS_COUNT));
}

/* On the first day whatever comes is usual at its hour; for so long as a reference may take what
 * does not drift. */
static void learn_hour(Served *served, uint32_t n)
{
    const ServedPlain *plain = &served->plain;
    odd_time age = time_minus(plain->last_time, plain->reference_time);
    if (age < plain->reference_ns || age < DAY_NS)
        model_hours_learn(served->inputs, n, age < DAY_NS);
}

odd_rc served_judge(Served *served, Rows *rows, uint32_t from, uint32_t n, const RowsFact *facts)
{
    odd_model *model = served->inputs;
    uint32_t places[SERVED_BLOCK];
    assert(n <= MODEL_BATCH_ROWS && model->batch_count == 0);
    enter_hour(served);
    for (uint32_t i = 0; i < n; i++)
        served_step(served, facts[i].time);
    for (uint32_t i = 0; i < n; i++) { /* Steps may have been put together meanwhile. */
        places[i] = calendar_find(&served->plain.calendar, facts[i].time);
        served->steps[places[i]].rows++;
        model->batch_row[i] = ++model->row;
        model->batch_time[i] = facts[i].time;
    }
    for (size_t w = 0; w < model->watch_count; w++) {
        Watch *watch = &model->watches[w];
        size_t at = w * MODEL_BATCH_ROWS;
        uint32_t column = column_of(model, watch, rows);
        if (column != UINT32_MAX)
            watch->current = column;
        read_watch(watch, rows, column, from, n, model->batch_numbers + at,
                   model->batch_cells + at);
        memset(model->batch_there + at, true, n);
        for (uint32_t i = 0; i < n; i++)
            step_cells(served, places[i], w)[model->batch_cells[at + i]]++;
    }
    model->batch_count = n;
    odd_rc rc = model_judge(model);
    learn_hour(served, n);
    return rc;
}
