/* SPDX-License-Identifier: Apache-2.0
 *
 * served.h - models in production whose predictions come as events: one Served for each model and
 * version of a shard.
 *
 * The first rows are the reference; from then on each is judged against it (model_watch.c, as
 * `score --reference` does).  Outcomes are joined by the prediction's id; the first joined rows are
 * the reference of errors, delays and calibration, and later ones are judged likewise.
 *
 * SHAPE      About 90 KB for each column that is watched, 16 MiB at most for predictions that wait.
 * OWNERSHIP  served_open to served_close; memory is counted in the shard's served_mem, and in that
 *            of the two odd_models.
 * EXACTNESS  Depends on the events, their order and the ticks.
 */
#ifndef ENGINE_SERVED_H
#define ENGINE_SERVED_H
#include "base/time.h"
#include "engine/model.h"
#include "event/json_text.h"
#include "event/prediction_batch.h"
#include "event/verdict.h"
#include "model/calendar.h"
#include "model/cause.h"
#include "model/drift.h"
#include "model/gap.h"
#include "model/harm.h"
#include "model/lateness.h"
#include "model/pending.h"
#include "model/promise.h"
#include "model/questions.h"
#include "model/realised.h"

#define SERVED_MAX 64 /* Models and versions of one shard; that which is silent longest goes. */
#define SERVED_REFERENCE_MIN 500        /* Are enough after reference_ns, */
#define SERVED_MARKED_MIN \
    PREDICTION_REFERENCE_ROWS_MIN     /* and these if they are said to be the reference. */
#define SERVED_LABELLED_ROWS 1000       /* Joined rows: then probabilities are worth something. */
#define SERVED_CHUNK_ROWS 2000          /* Of an estimate that is compared with the reference. */
#define SERVED_BYTES_FIRST (1u << 20)     /* Whatever memory is left: to begin with. */
#define SERVED_STRETCH_ROWS 262144      /* Then stretches begin anew. */
#define SERVED_COLUMNS_MAX 2048 /* That are watched; further ones are counted. */
#define SERVED_ROUNDS 2
#define SERVED_KEPT_MAX TREES_COLUMNS_MAX /* Columns whose cells wait with a prediction. */

enum { TRUTH_DELAY, TRUTH_SIZE, TRUTH_OUTPUT, TRUTH_PROBABILITY, TRUTH_OUTCOME, TRUTH_COLUMNS };

typedef enum { TASK_UNKNOWN = 0, TASK_BINARY, TASK_CLASSES, TASK_REGRESSION } ServedTask;

typedef struct { /* Of a step of time. */
    Realised  realised;
    Estimated estimated;
    LossSums  expected;              /* Regression: without outcomes.               */
    double    error_sum, square_sum; /* Regression: of joined rows.                 */
    uint64_t  rows, size_rows;       /* Predictions; joined rows of regression.     */
    uint64_t  labelled, wrong;       /* Joined rows of classes, from the first on.  */
} ServedStep;

typedef struct {           /* Flat: what is saved as it is. */
    uint64_t hash;         /* Of the name, and of the baseline. */
    uint64_t baseline;     /* Of the verdict that its reference began with; 0: the first one. */
    uint16_t model_size, version_size, kept_count, unused_head;
    char     name[2 * BATCH_NAME_BYTES_MAX]; /* The model, then the version. */
    odd_time first_time, last_time, reference_time; /* The reference ends there; or NONE. */
    odd_time known, made;
    uint64_t predictions, outcomes, joined, repeated, doubled, without_id, early, unlearnt;
    odd_time joined_time;  /* When the first row was joined. */
    int64_t  reference_ns;
    uint64_t labelled_wanted; /* Joined rows of the reference of errors. */
    uint64_t day_rows;     /* Since day_from. */
    odd_time day_from;
    uint64_t day_before;   /* Rows of the day before. */
    uint8_t  is_marked;    /* The reference is what is said to be one. */
    uint8_t  is_frozen, truths_frozen;
    uint8_t  truths_given; /* Marked rows came with their outcomes. */
    uint8_t  unused_flags[7];
    uint8_t  task;         /* ServedTask */
    uint8_t  short_ticks;  /* Ticks in a row in which rows had no memory. */
    uint8_t  was_short;
    uint8_t  is_estimate_low;
    uint8_t  is_score;     /* What it says is a number that ranks, where outcomes are two. */
    double   score_cut, score_low, score_high; /* From the cut on the high outcome is meant. */
    odd_time estimate_told;
    Lateness lateness;
    Calendar   calendar;
    Estimated chunk;
    LossSums  chunk_loss;
    Promise   promise;
    uint16_t  kept[SERVED_KEPT_MAX]; /* Watches of inputs whose cells are kept. */
    uint16_t  group_first[SERVED_KEPT_MAX]; /* The first group that it tells; UINT16_MAX: none. */
    double    doubt_sum, doubt_rows; /* Of rows that could be asked about. */
    uint32_t  asked_thinned, unused_end; /* Of the sample that waited then. */
    GroupSums all_before, all_now; /* Of the rows of all groups; now: since there are groups. */
} ServedPlain;

typedef struct { /* Of a watch: what was told of it. */
    odd_time told;   /* Last; ODD_TIME_NONE: nothing of this episode.   */
    odd_time since;  /* When it began, ...                              */
    uint64_t since_row; /* ... and with which row. */
    uint32_t leader; /* The watch that it is told with: itself, if it is the first. */
    float    surprise; /* The most since it was told. */
} ServedTold;

typedef struct { /* Of a column of inputs: joined rows by cell, and their errors. */
    double rows[CELL_COUNT], losses[CELL_COUNT];
} ServedLosses;

typedef struct { /* Rows of one value of a column that tells groups apart. */
    uint16_t  kept;
    uint8_t   cell;
    uint8_t   is_worse, is_better;
    uint8_t   unused[3];
    GroupSums before, now, last; /* last: the rows before `now`. */
    double    all_known, all_loss, all_rows, all_guess; /* all_now, when `now` began. */
    double    next_look;
    odd_time  told;
} ServedGroup;

typedef struct Served {
    ServedPlain plain;
    odd_model  *inputs, *truths;
    ServedTold *told;       /* By watch of inputs, then of truths. */
    size_t      told_capacity;
    ServedLosses *losses;   /* (kept_count) */
    size_t      losses_bytes;
    ServedGroup *groups;
    size_t      group_count;
    Questions  *questions; /* (SERVED_ROUNDS): of this round, and the one before; or NULL. */
    uint8_t    *truth_cells; /* Of the reference of truths: (rows, kept_count); while that of inputs
                                is learnt, where each row is in it (served_cells.c). */
    size_t      truth_cells_capacity;
    uint32_t   *cells;      /* (CALENDAR_STEPS, inputs' watches, CELL_COUNT); NULL: not frozen. */
    size_t      cells_bytes;
    ServedStep *steps;      /* (CALENDAR_STEPS) */
    Pending     pending;
} Served;

static inline Str served_model(const Served *served)
{
    return (Str){.text = served->plain.name, .size = served->plain.model_size};
}

static inline Str served_version(const Served *served)
{
    return (Str){.text = served->plain.name + served->plain.model_size,
                 .size = served->plain.version_size};
}

/* From a prediction on; 0 before it. */
static inline double served_seconds(odd_time from, odd_time to)
{
    return to > from ? (double)time_minus(to, from) / (double)NS_PER_S : 0;
}

static inline uint64_t served_bytes(const Served *served)
{
    return served->inputs->mem.bytes + served->truths->mem.bytes;
}

odd_rc served_open(Served *served, Mem *mem, Str model, Str version);
void   served_close(Served *served, Mem *mem);

/* -- rows of a batch, column by column (served_rows.c) ------------------------------------- */

#define SERVED_BLOCK MODEL_BATCH_ROWS

typedef struct { /* A column of a batch, read block by block. */
    BatchColumn column;
    size_t      at;     /* Of TEXT: where its row stands. */
    uint32_t    row;
    size_t      words;  /* Of CATEGORY: its first one. */
} RowsColumn;

typedef struct { /* A text, or a number, as it is compared. */
    double   number;
    uint64_t hash;
    uint8_t  kind; /* PredictionKind */
} RowsCell;

typedef struct Rows {
    Mem        *mem;
    RowsColumn *columns;
    size_t      column_count, column_capacity;
    RowsCell   *words; /* Of all columns of categories. */
    size_t      word_count, word_capacity;
    uint32_t    rows;
    RowsCell    block[SERVED_BLOCK];
} Rows; /* All zero but for mem is empty. */

bool     rows_begin(Rows *rows, PredictionBatch batch);
void     rows_end(Rows *rows);
uint32_t rows_find(const Rows *rows, Str name, uint32_t likely); /* A feature; UINT32_MAX: none. */
uint32_t rows_role(const Rows *rows, BatchRole role);
/* Cells of rows [from, from + n) of a column into rows->block; from never goes back.  wants_hash:
 * of numbers too. */
void rows_block(Rows *rows, uint32_t column_number, uint32_t from, uint32_t n, bool wants_hash);
/* The id of a row of the block that was read last, as it is written; room: for a number. */
Str      rows_id(const Rows *rows, uint32_t column_number, uint32_t row, char room[REAL_TEXT_SIZE]);

/* -- learning and judging ------------------------------------------------------------------ */

typedef struct { /* What the columns of a batch that are not features say of one row. */
    odd_time time;
    uint64_t id;  /* 0: none. */
    RowsCell output, outcome;
    double   probability; /* NaN: none. */
    uint32_t reference_row; /* 0: none; from 1, while the reference is learnt. */
    bool     has_cells;
    uint8_t  cells[SERVED_KEPT_MAX];
} RowsFact;

typedef struct { /* What a row's error is expected to be (served_estimate.c). */
    bool   is_known;
    bool   said;          /* Of classes: the positive one was. */
    double probability;   /* Of classes: how sure the model was. */
    double share;         /* Of classes: of such rows that are positive. */
    double square;        /* Of numbers: of the error. */
    double loss, doubt;   /* The error; standard deviation. */
} ServedGuess;

/* Features of rows [from, from + n) (served_inputs.c).  facts is (n). */
odd_rc served_reference(Served *served, Rows *rows, uint32_t from, uint32_t n);
odd_rc served_freeze(Served *served, Mem *mem); /* ODD_NOMEM: not now. */
odd_rc served_judge(Served *served, Rows *rows, uint32_t from, uint32_t n, const RowsFact *facts);
/* The reference is to be another one; of outcomes, too. */
odd_rc served_begin_again(Served *served, Mem *mem, bool of_truths);

/* The step that holds a time; NULL: not frozen. */
ServedStep *served_step(Served *served, odd_time time);

/* Cells that wait with a prediction (served_cells.c). */
bool served_cells_begin(Served *served, Mem *mem); /* Bins are made.  False: no memory. */
void served_cells_drop(Served *served, Mem *mem);  /* There will be others. */
void served_cells_read(const Served *served, uint32_t row, RowsFact *fact); /* Of the batch. */
/* Of the next row of the reference of truths. */
bool served_cells_keep(Served *served, uint32_t reference_row, const uint8_t *cells);
void served_cells_learn(Served *served, const uint8_t *cells, double loss);
/* Errors a row of each cell of a watch; the joined rows by cell, or NULL: too little is known. */
const double *served_error_shares(const Served *served, size_t watch,
                                  double ret_shares[CELL_COUNT]);

/* Groups of rows (served_groups.c). */
bool served_groups_begin(Served *served, Mem *mem); /* Bins are made.  False: no memory. */
void served_groups_drop(Served *served, Mem *mem);
void served_groups_predict(Served *served, const uint8_t *cells, double guess, double doubt);
void served_groups_know(Served *served, const uint8_t *cells, double loss); /* A joined row. */
void served_groups_reference(Served *served, const uint8_t *cells, double loss);
/* What all rows lost in the time of the group's `now`. */
GroupSums served_groups_all(const Served *served, const ServedGroup *group);
/* Rows of `now` and `last`. */
GroupSums served_group_recent(const ServedGroup *group);
Str served_group_name(const Served *served, const ServedGroup *group, char *room, size_t size);

/* A prediction, or an outcome, on its way to the other one (served_truths.c). */
odd_rc served_prediction(Served *served, const RowsFact *fact, const ServedGuess *guess,
                         odd_time known);
odd_rc served_outcome(Served *served, const RowsFact *fact, odd_time known);
odd_rc served_truths_end(Served *served); /* Of an event: rows are judged. */

/* -- what truths are, and what they tell of quality ----------------------------------------- */

typedef struct { /* A joined row. */
    const RowsCell *output, *outcome;
    double          probability, delay;
    odd_time        time;  /* Of the prediction. */
    uint64_t        id;    /* 0: none. */
    uint32_t        reference_row; /* As of RowsFact. */
    const uint8_t  *cells; /* NULL: not known. */
} Joined;

uint64_t served_key(const RowsCell *cell);
/* Whether what was said came true: 1 it did not, 0 it did; NaN: not known. */
double served_error(const RowsCell *output, double probability, const RowsCell *outcome);
/* How far off a number was; NaN: they are not both numbers. */
double served_size(const RowsCell *output, const RowsCell *outcome);
/* Of these two the one that the model's task asks for. */
double served_loss(const Served *served, const RowsCell *output, double probability,
                   const RowsCell *outcome);

/* A score becomes how sure it is and what it means. */
void served_mean(const Served *served, RowsCell *output, double *probability);

/* While errors have no reference (served_reference.c). */
odd_rc served_truths_learn(Served *served, const Joined *row, odd_time known);
odd_rc served_truths_whole(Served *served); /* There are no more rows of a reference. */

/* The estimate without outcomes (served_estimate.c). */
void   served_estimate(Served *served, const RowsFact *fact, const ServedGuess *guess);
size_t served_group(const ModelQuality *quality, double probability);
bool   served_said(const Served *served, const RowsCell *output, double probability);
/* The error that is to be expected of a row; cells may be NULL. */
ServedGuess served_guess(const Served *served, const RowsCell *output, double probability,
                         const uint8_t *cells);
ServedGuess served_expect(const Served *served, const RowsFact *fact);

/* At a time: the estimate against the reference (served_figures.c). */
typedef struct {
    double estimate, lower, upper, realised, realised_lower, realised_upper;
    ModelTrust trust;
} ServedFigure;
ServedFigure served_figure(const Served *served, const ServedStep *step, QualityMetric metric,
                           odd_time step_time, odd_time now);
double served_reference_figure(const Served *served, QualityMetric metric); /* NaN: none. */

/* -- what is the matter (served_verdict.c) -------------------------------------------------- */

typedef struct { /* A column since it drifts; of one that does not, over all its stretches. */
    double   counts[CELL_COUNT], n;
    Drift    drift;
    odd_time since;
    uint64_t since_row;
    double   harm, harm_error; /* NaN: not known. */
    bool     is_fault, is_harmful;
    bool     is_negligible; /* Evidence of what does not matter. */
} ServedView;
ServedView served_view(const Served *served, const odd_model *model, size_t watch);

static inline bool served_of_numbers(const Served *served)
{
    return served->plain.task == TASK_REGRESSION;
}

Cause served_cause(const Served *served);
bool  served_errors_drift(const Served *served);

/* Questions for a person (served_questions.c). */
void served_questions_drop(Served *served, Mem *mem);
/* A prediction counts; true: it is one to ask about, once its text is filled in. */
bool served_asks(Served *served, Mem *mem, const RowsFact *fact, const ServedGuess *guess,
                 Question *ret);
void served_answered(Served *served, uint64_t id, double loss);
/* Whose rows are asked about at such a time; NULL: none. */
const Questions *served_round(const Served *served, odd_time now);

/* -- words (served_words.c) ----------------------------------------------------------------- */

#define SERVED_NAME_BYTES 200

/* "COLUMN of MODEL VERSION"; between: " of ". */
Str served_name(const Served *served, Str column, const char *between,
                char room[SERVED_NAME_BYTES]);
/* What a finding says: `words`, what is told with it, and what is the matter as far as it is known
 * yet.  harm: NaN: not known.  sentence is (SENTENCE_SIZE). */
void served_say(const Served *served, const char *words, const char *with, double harm,
                char *sentence);
/* Of a surprise: a fast model has a million rows in a minute, and may not have a false alarm in
 * each. */
double served_correction(const Served *served);
/* Of one that looks once in so many rows: for all looks of a week. */
double served_looks(const Served *served, double rows);

/* What is odd of it now (shard_models_tell.c). */
struct Shard;
void shard_models_tell(struct Shard *shard, Served *served, odd_time known);
void shard_models_tell_groups(struct Shard *shard, Served *served, odd_time known);

/* Those with another reference (shard_baselines.c): beside one of the shard, from the one at *at
 * on, behind which *at stands then; NULL: there is no more. */
Served *served_beside(const struct Shard *shard, const Served *served, size_t *at);
/* The one by whose reference it is judged now; *ret_verdict says since which verdict, NULL: as it
 * was from the beginning. */
const Served *served_in_force(const struct Shard *shard, const Served *served,
                              const Verdict **ret_verdict);
void   shard_models_forget(struct Shard *shard, const Served *served); /* All beside it. */

/* Bytes and back (served_save.c). */
void   served_save(const Served *served, ImageOut *out);
odd_rc served_load(Served *served, Mem *mem, ImageIn *in);

#endif
