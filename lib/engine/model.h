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
#include "engine/model_segments.h"
#include "event/prediction.h"
#include "model/effect.h"
#include "model/evidence.h"
#include "model/hours.h"
#include "model/labels.h"
#include "model/profile.h"
#include "model/residual.h"
#include "model/stretches.h"
#include "model/weekly.h"

#define MODEL_BATCH_ROWS 256
#define MODEL_REFERENCE_ROWS_MAX \
    PREDICTION_REFERENCE_ROWS_MAX /* Beyond, every other row goes, again and again. */
#define MODEL_RUN_LENGTH 1e6
#define MODEL_TOLERANCE 0.04
#define MODEL_STRETCH_ROWS 1000.0 /* A surprise is of so much evidence in such a stretch. */
#define MODEL_CATEGORIES_MAX 4096 /* Texts that are kept, of all columns. */
#define MODEL_SAID_LEAST 0.5 /* Probability of a positive prediction that is not told. */
#define MODEL_SURE_MAX 32      /* Columns of probabilities. */
#define MODEL_HISTORY_ROWS_MAX (1u << 20) /* Of which cells are kept, for the exact onset. */
#define HISTORY_NONE UINT8_MAX
#define WATCH_ERRORS UINT32_MAX
#define WATCH_RESIDUAL (UINT32_MAX - 1) /* What inputs leave of each other. */

typedef struct { /* One column of the reference, while it is read. */
    double   *numbers;
    uint64_t *hashes;
    uint8_t  *kinds; /* PredictionKind */
    size_t    numbers_capacity, hashes_capacity, kinds_capacity;
} ReferenceColumn;

typedef struct { /* The run of blocks that says most. */
    double        money_most, effects, most_effect;
    uint64_t      blocks; /* Of all. */
    uint32_t      run_blocks, unused;
    WeeklyVerdict begin, first, last; /* begin: of the run that goes on now. */
} SeasonEpisode;

typedef struct {
    uint32_t column;  /* Of the reference's table; WATCH_ERRORS, WATCH_RESIDUAL. */
    uint32_t current; /* Of the current table; UINT32_MAX: not there. */
    double   weight;  /* Its share of the false alarms. */
    double   effect;  /* Of the last rows. */
    Bins     bins;
    Expected expected;
    Profile  reference, now;
    Evidence evidence;
    float    money_most;
    bool     is_in_episode;
    bool     season_counts; /* Its rows depend on each other: blocks are evidence too. */
    uint8_t  unused[2];
    Stretches stretches;
    double   error_share[CELL_COUNT]; /* Of the reference, by cell. */
    uint64_t beyond, first_beyond; /* Rows far out of the reference's range. */
    uint8_t *history; /* Cell of each row; HISTORY_NONE: it is not there.  NULL: not kept. */
    size_t   history_capacity;
    Weekly  *season; /* NULL: there are no times, or too few blocks of them. */
    SeasonEpisode episode;
    uint64_t unused_end;
} Watch;

static inline bool watch_is_column(const Watch *watch)
{
    return watch->column < WATCH_RESIDUAL;
}

typedef struct ModelResidual ModelResidual;

typedef struct {
    uint32_t      watch;
    double        alarm;
    WeeklyVerdict verdict;
} ModelBlock;

typedef struct { /* A row that a person may be asked about. */
    uint64_t row, key; /* key: of what the model said. */
    double   number;   /* What it said. */
    double   guess, doubt; /* Of its loss (model/labels.h). */
    bool     said, is_answered;
} ModelAsked;

typedef struct { /* Those that came before. */
    uint64_t *hashes;
    size_t    capacity, count; /* capacity: a power of 2, or 0. */
    uint64_t  rows, twice, first_row;
} ModelIds;

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
    odd_time         *times; /* Of the reference's rows. */
    size_t            times_capacity;

    ModelIds          reference_ids, ids;
    bool              keeps_history, is_ended;

    PredictionTable   current;
    PredictionCell   *cells; /* Of one row, of the larger table. */
    size_t            cells_bytes;
    Watch            *watches;
    size_t            watch_count, watches_bytes;
    ModelTask         task;
    uint32_t          output, outcome; /* Of the current table, or UINT32_MAX. */
    uint32_t          sure[MODEL_SURE_MAX]; /* Columns of probabilities of the reference. */
    uint32_t          current_sure[MODEL_SURE_MAX];
    size_t            sure_count, current_sure_count;
    double           *batch_numbers; /* (watch_count, MODEL_BATCH_ROWS) */
    uint8_t          *batch_cells;
    bool             *batch_there; /* The row has the column at all. */
    size_t            batch_bytes;
    uint64_t          batch_row[MODEL_BATCH_ROWS];
    odd_time          batch_time[MODEL_BATCH_ROWS];
    size_t            batch_count;
    uint64_t          row;
    double            error_share; /* Of the reference; NaN: it has no outcomes. */
    double            error_scale; /* Of a model of numbers: the mean error there; else 0. */
    Names             categories;  /* Texts of the reference, as far as there is room. */
    ModelQuality     *quality; /* NULL: there are no probabilities or outcomes to learn from. */
    const char       *no_quality; /* Why. */
    Hours            *hours; /* By watch; NULL: hours of the day are not told apart. */
    size_t            hours_count;
    uint64_t          hour;  /* That was entered last, from 1; 0: none. */
    ModelScore       *scores;
    size_t            score_count, score_capacity;
    ModelResidual    *residual; /* NULL: there are too few inputs that are numbers. */
    ModelSegments    *segments; /* NULL: no columns tell groups apart. */
    ModelAsked       *asked;
    size_t            asked_count, asked_capacity;
    Label            *answers;
    size_t            answer_count, answer_capacity;
    ModelBlock       *blocks;
    size_t            block_count, block_capacity;
};

/* What the reference's rows tell, once all are there.  ODD_OK at once the second time. */
odd_rc model_freeze(odd_model *model);

/* The current table's columns are found in the reference's. */
odd_rc model_match(odd_model *model, Str sample);

typedef struct { /* What trees look at, of each row of the reference. */
    const uint8_t *cells; /* (rows, columns) */
    size_t         columns;
    bool           is_category[TREES_COLUMNS_MAX];
} ModelInputs;

/* What probabilities are worth, from the reference.  inputs: NULL: those that are watched. */
odd_rc model_quality_begin(odd_model *model, const ModelInputs *inputs);
/* One current row; cells may be NULL. */
odd_rc model_quality_put(odd_model *model, const PredictionCell *output,
                         const PredictionCell *probability, const PredictionCell *outcome);
odd_rc model_quality_end(odd_model *model); /* Of a chunk. */

/* What is usual at an hour of the week, of each column, if the reference has times enough. */
odd_rc model_season_begin(odd_model *model);
void   model_season_close(odd_model *model);
/* Row i of the batch; false: out of memory for its block. */
bool   model_season_learn(odd_model *model, size_t w, size_t i);
odd_rc model_season_end(odd_model *model); /* No more rows. */
odd_rc model_blocks(odd_model *model, odd_rows **ret); /* ODD_MODEL_BLOCKS */
/* How sure it is that blocks of time held something else; 0: nothing to tell. */
double model_season_surprise(const odd_model *model, const Watch *watch);

/* Judges the rows of the batch, which is empty then. */
odd_rc model_judge(odd_model *model);

odd_rc model_findings(const odd_model *model, odd_rows **ret); /* ODD_MODEL_FINDINGS */
odd_rc model_verdict(const odd_model *model, odd_rows **ret);  /* ODD_MODEL_VERDICT  */

/* Hours of the day are told apart from now on; ODD_NOMEM. */
odd_rc model_hours_begin(odd_model *model);
/* The rows to be judged are of such an hour: what is expected of each watch is of that.  What is
 * learnt of it are those of watches that are as usual, or of all. */
void   model_hours_enter(odd_model *model, size_t hour);
void   model_hours_learn(odd_model *model, size_t rows, bool of_all);

/* Where a row of the reference falls in a column of it. */
uint8_t model_cell_of(const Watch *watch, const ReferenceColumn *column, size_t row);
/* That a column has gained so much money. */
float model_surprise(const odd_model *model, const Watch *watch, float money);

double model_error_at(const odd_model *model, size_t row); /* Of the reference. */

Str model_watch_name(const odd_model *model, const Watch *watch);

/* -- model_watch.c -- */

/* From n rows of the reference, whose cells are known; single: categories that came once. */
void model_watch_make(const odd_model *model, Watch *watch, const double *numbers, size_t n,
                      const uint8_t *cells, uint64_t single);
void model_share_weights(odd_model *model); /* Of the false alarms that are allowed. */

/* -- model_residual.c -- */

/* Watches the inputs together, if there are many numbers; last of all, as the table has no such
 * column. */
odd_rc model_residual_begin(odd_model *model);
void   model_residual_close(odd_model *model);
bool   model_residual_fits(const odd_model *model); /* The current table has all its columns. */
double model_residual_now(const odd_model *model);  /* Of the row in model->cells. */

/* -- model_reference.c -- */

bool model_reference_grow(Mem *mem, ReferenceColumn *column, size_t rows); /* False: no memory. */
void model_reference_drop(odd_model *model); /* What is in its columns. */

/* -- model_ask.c -- */

bool   model_ask_learn(odd_model *model, const PredictionCell *output, const ModelRow *row);
void   model_ask_close(odd_model *model);
odd_rc model_answered(odd_model *model, odd_rows **ret); /* ODD_MODEL_ANSWERED */

/* The loss that is to be expected of the current row, the last of the batch; and how unsure. */
void model_guess(const odd_model *model, const ModelRow *row, double *ret_guess, double *ret_doubt);

/* -- model_shapes.c -- */

odd_rc model_shapes(const odd_model *model, odd_rows **ret);      /* ODD_MODEL_SHAPES      */
odd_rc model_drifts(const odd_model *model, odd_rows **ret);      /* ODD_MODEL_DRIFTS      */
odd_rc model_calibration(const odd_model *model, odd_rows **ret); /* ODD_MODEL_CALIBRATION */

/* -- model_segments.c -- */

odd_rc model_segments_begin(odd_model *model);
void   model_segments_close(odd_model *model);
/* The current row; loss: NaN if it is not known. */
void   model_segments_learn(odd_model *model, const ModelRow *row, double loss);
odd_rc model_segments(const odd_model *model, odd_rows **ret); /* ODD_MODEL_SEGMENTS */

/* -- model_faults.c -- */

/* False: out of memory. */
bool model_id_learn(Mem *mem, ModelIds *ids, uint64_t hash, uint64_t row);
void model_ids_close(Mem *mem, ModelIds *ids);
void model_range_learn(Watch *watch, double number, uint64_t row);
/* Of the rows far out of the reference's range, among so many. */
double model_range_surprise(const odd_model *model, const Watch *watch, double rows);

/* -- model_task.c -- */

/* Classes or numbers, from the reference. */
void model_find_task(odd_model *model);

/* Whether what the model said came true: 1 it did not, 0 it did, NaN not known.  Of numbers how far
 * it was off. */
double model_error(ModelTask task, const PredictionCell *output, const PredictionCell *probability,
                   const PredictionCell *outcome);
ModelRow model_row_of(ModelTask task, uint64_t positive, const PredictionCell *output,
                      const PredictionCell *probability, const PredictionCell *outcome);

/* Columns of probabilities; gives how many. */
size_t model_sure_columns(const PredictionTable *table, uint32_t *ret);
/* The current row's probability, of more than two classes the highest; NULL: there is none. */
const PredictionCell *model_surest(const odd_model *model);

/* Equal numbers have equal keys however they are written, and so have equal texts. */
uint64_t model_key(uint8_t kind, double number, uint64_t text_hash);
uint64_t model_key_at(const ReferenceColumn *column, size_t row);
uint64_t model_key_of_cell(const PredictionCell *cell);

#endif
