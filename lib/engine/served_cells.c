/* SPDX-License-Identifier: Apache-2.0
 *
 * served_cells.c - where the inputs of a prediction fall, kept until its outcome is there: what
 * errors a cell comes with, and what inputs tell of errors.
 *
 * While the reference of inputs is learnt there are no cells yet, and a row that waits keeps its
 * number in it instead; so does a joined row of the reference of truths. */
#include <assert.h>
#include <math.h>

#include "engine/served.h"

/* -- which columns ------------------------------------------------------------------------- */

/* Columns that tell groups apart first, then those that come first. */
static void choose_columns(Served *served)
{
    const odd_model *model = served->inputs;
    ServedPlain *plain = &served->plain;
    plain->kept_count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t w = 0; w < model->watch_count && plain->kept_count < SERVED_KEPT_MAX; w++)
            if (model->table.columns[model->watches[w].column].is_segment == (pass == 0))
                plain->kept[plain->kept_count++] = (uint16_t)w;
}

static void cells_of_row(const Served *served, uint32_t row, uint8_t *ret)
{
    const odd_model *model = served->inputs;
    for (size_t k = 0; k < served->plain.kept_count; k++) {
        const Watch *watch = &model->watches[served->plain.kept[k]];
        ret[k] = model_cell_of(watch, &model->columns[watch->column], row - 1);
    }
}

void served_cells_read(const Served *served, uint32_t row, RowsFact *fact)
{
    const uint8_t *cells = served->inputs->batch_cells + row;
    for (size_t k = 0; k < served->plain.kept_count; k++)
        fact->cells[k] = cells[(size_t)served->plain.kept[k] * MODEL_BATCH_ROWS];
    fact->has_cells = served->plain.kept_count > 0;
}

/* -- rows that wait, and joined ones --------------------------------------------------------- */

static void begin_waiting(Served *served)
{
    Pending *pending = &served->pending;
    bool has_room = pending_tails(pending, served->plain.kept_count);
    for (size_t i = 0; i < pending->capacity; i++) {
        PendingRow *row = &pending->rows[i];
        if (has_room && row->state == PENDING_PREDICTION && row->reference_row != 0) {
            cells_of_row(served, row->reference_row, pending_tail(pending, row));
            row->has_tail = true;
        }
        row->reference_row = 0;
    }
}

/* Rows of truths that are of no known row of inputs miss all of them. */
static bool begin_truths(Served *served)
{
    size_t rows = served->truths->row_count, kept = served->plain.kept_count, capacity = 0;
    Mem *mem = &served->truths->mem;
    uint8_t *cells = rows > 0 ? mem_grow(mem, NULL, &capacity, rows * kept, 1) : NULL;
    if (rows > 0 && cells == NULL)
        return false;
    for (size_t row = 0; row < rows; row++) {
        uint32_t number;
        memcpy(&number, served->truth_cells + row * sizeof number, sizeof number);
        memset(cells + row * kept, CELL_MISSING, kept);
        if (number != 0)
            cells_of_row(served, number, cells + row * kept);
    }
    mem_free(mem, served->truth_cells, served->truth_cells_capacity);
    served->truth_cells = cells;
    served->truth_cells_capacity = capacity;
    return true;
}

bool served_cells_begin(Served *served, Mem *mem)
{
    choose_columns(served);
    size_t kept = served->plain.kept_count;
    if (kept == 0)
        return true;
    if (served->losses == NULL)
        served->losses = mem_take(mem, kept * sizeof *served->losses);
    served->losses_bytes = served->losses != NULL ? kept * sizeof *served->losses : 0;
    if (served->losses == NULL || (!served->plain.truths_frozen && !begin_truths(served)))
        return false;
    begin_waiting(served);
    return true;
}

/* What trees have learnt was of cells that there are no more. */
static void forget_inputs(ModelQuality *quality)
{
    quality->trees.count = quality->square_trees.count = 0;
    quality->has_unsaid = false;
}

void served_cells_drop(Served *served, Mem *mem)
{
    Pending *pending = &served->pending;
    size_t rows = served->truths->row_count;
    mem_free(mem, served->losses, served->losses_bytes);
    served->losses = NULL;
    served->losses_bytes = 0;
    mem_free(&served->truths->mem, served->truth_cells, served->truth_cells_capacity);
    served->truth_cells = NULL;
    served->truth_cells_capacity = 0;
    served->plain.kept_count = 0;
    if (pending->tail_bytes > 0)
        pending_tails(pending, 0);
    for (size_t i = 0; i < pending->capacity; i++)
        pending->rows[i].reference_row = 0;
    if (served->truths->quality != NULL)
        forget_inputs(served->truths->quality);
    if (served->plain.truths_frozen || rows == 0)
        return;
    served->truth_cells = mem_grow(&served->truths->mem, NULL, &served->truth_cells_capacity,
                                   rows * sizeof(uint32_t), 1);
    if (served->truth_cells == NULL) /* Then they are learnt anew as well. */
        served->truths->row_count = 0;
}

bool served_cells_keep(Served *served, uint32_t reference_row, const uint8_t *cells)
{
    bool is_frozen = served->plain.is_frozen;
    size_t bytes = is_frozen ? served->plain.kept_count : sizeof reference_row;
    size_t at = served->truths->row_count * bytes;
    if (bytes == 0)
        return true;
    uint8_t *grown = mem_grow(&served->truths->mem, served->truth_cells,
                              &served->truth_cells_capacity, at + bytes, 1);
    if (grown == NULL)
        return false;
    served->truth_cells = grown;
    if (!is_frozen)
        memcpy(grown + at, &reference_row, sizeof reference_row);
    else if (cells != NULL)
        memcpy(grown + at, cells, bytes);
    else
        memset(grown + at, CELL_MISSING, bytes);
    return true;
}

/* -- errors by cell ------------------------------------------------------------------------ */

void served_cells_learn(Served *served, const uint8_t *cells, double loss)
{
    for (size_t k = 0; cells != NULL && k < served->plain.kept_count; k++) {
        served->losses[k].rows[cells[k]]++;
        served->losses[k].losses[cells[k]] += loss;
    }
}

const double *served_error_shares(const Served *served, size_t watch, double ret_shares[CELL_COUNT])
{
    size_t k = 0;
    double rows = 0, losses = 0, scaled[CELL_COUNT];
    while (k < served->plain.kept_count && served->plain.kept[k] != watch)
        k++;
    if (k == served->plain.kept_count)
        return NULL;
    const ServedLosses *of = &served->losses[k];
    for (size_t c = 0; c < CELL_COUNT; c++) {
        rows += of->rows[c];
        losses += of->losses[c];
    }
    if (rows < SERVED_LABELLED_ROWS || !(losses > 0))
        return NULL;
    double all = losses / rows, unit = served_of_numbers(served) ? all : 1;
    for (size_t c = 0; c < CELL_COUNT; c++)
        scaled[c] = of->losses[c] / unit;
    harm_shares(of->rows, scaled, all / unit, ret_shares);
    return of->rows;
}
