/* SPDX-License-Identifier: Apache-2.0
 *
 * model.h - the handle of a model in production: its reference, and what is watched against it.
 *
 * What is watched is a column of the table of predictions, or `errors`: whether what the model said
 * came true.  Rows are judged in batches, column by column, so that a column's tables stay near.
 *
 * OWNERSHIP  odd_model_open to odd_model_close; everything hangs on it.
 * EXACTNESS  What comes out does not depend on the split of the rows into calls.
 */
#ifndef ENGINE_MODEL_H
#define ENGINE_MODEL_H
#include <oddball.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/problem.h"
#include "engine/model_quality.h"
#include "event/prediction.h"
#include "model/effect.h"
#include "model/evidence.h"
#include "model/profile.h"
#include "model/stretches.h"

#define MODEL_BATCH_ROWS 256
#define MODEL_REFERENCE_ROWS_MAX 262144 /* Beyond, every other row goes, again and again. */
#define MODEL_RUN_LENGTH 1e6
#define MODEL_TOLERANCE 0.04
#define MODEL_STRETCH_ROWS 1000.0 /* A surprise is of so much evidence in such a stretch. */
#define MODEL_CATEGORIES_MAX 4096 /* Texts that are kept, of all columns. */
#define WATCH_ERRORS UINT32_MAX

typedef struct { /* One column of the reference, while it is read. */
    double   *numbers;
    uint64_t *hashes;
    uint8_t  *kinds; /* PredictionKind */
    size_t    numbers_capacity, hashes_capacity, kinds_capacity;
} ReferenceColumn;

typedef struct {
    uint32_t column;  /* Of the reference's table; WATCH_ERRORS. */
    uint32_t current; /* Of the current table; UINT32_MAX: not there. */
    double   weight;  /* Its share of the false alarms. */
    bool     is_in_episode;
    double   effect;  /* Of the last rows. */
    Bins     bins;
    Expected expected;
    Profile  reference, now;
    Evidence evidence;
    float    money_most;
    Stretches stretches;
    double   error_share[CELL_COUNT]; /* Of the reference, by cell. */
} Watch;

typedef struct {
    uint64_t row;
    odd_time time;
    uint32_t watch;
    float    surprise, effect, alarm;
} ModelScore;

struct odd_model {
    Mem               mem;
    Problem           problem;
    odd_model_options options; /* Defaults filled in; its texts are in `texts`. */
    char             *texts;
    size_t            texts_bytes;
    PredictionNames   names;

    PredictionTable   table; /* Of the reference. */
    ReferenceColumn  *columns;
    size_t            columns_bytes, row_count, row_stride;
    uint64_t          rows_read;

    PredictionTable   current;
    PredictionCell   *cells; /* Of one row, of the larger table. */
    size_t            cells_bytes;
    Watch            *watches;
    size_t            watch_count, watches_bytes;
    uint32_t          output, probability, outcome; /* Of the current table, or UINT32_MAX. */
    double           *batch_numbers; /* (watch_count, MODEL_BATCH_ROWS) */
    uint8_t          *batch_cells;
    bool             *batch_there; /* The row has the column at all. */
    size_t            batch_bytes;
    uint64_t          batch_row[MODEL_BATCH_ROWS];
    odd_time          batch_time[MODEL_BATCH_ROWS];
    size_t            batch_count;
    uint64_t          row;
    double            error_share; /* Of the reference; NaN: it has no outcomes. */
    Names             categories;  /* Texts of the reference, as far as there is room. */
    ModelQuality     *quality; /* NULL: there are no probabilities or outcomes to learn from. */
    const char       *no_quality; /* Why. */
    ModelScore       *scores;
    size_t            score_count, score_capacity;
};

/* What the reference's rows tell, once all are there.  ODD_OK at once the second time. */
odd_rc model_freeze(odd_model *model);

/* The current table's columns are found in the reference's. */
odd_rc model_match(odd_model *model, Str sample);

/* What probabilities are worth, from the reference. */
odd_rc model_quality_begin(odd_model *model);
/* One current row; cells may be NULL. */
odd_rc model_quality_put(odd_model *model, const PredictionCell *output,
                         const PredictionCell *probability, const PredictionCell *outcome);
odd_rc model_quality_end(odd_model *model); /* Of a chunk. */

/* Judges the rows of the batch, which is empty then. */
odd_rc model_judge(odd_model *model);

/* ODD_MODEL_FINDINGS. */
odd_rc model_findings(const odd_model *model, odd_rows **ret);

/* That a column has gained so much money. */
float model_surprise(const odd_model *model, const Watch *watch, float money);

Str model_watch_name(const odd_model *model, const Watch *watch);

/* Whether what the model said came true: 1 it did not, 0 it did, NaN not known. */
double model_error(const PredictionCell *output, const PredictionCell *probability,
                   const PredictionCell *outcome);

#endif
