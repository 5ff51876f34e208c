/* SPDX-License-Identifier: Apache-2.0
 *
 * prediction.h - a table of predictions in text: which column is what, and its rows as cells.
 *
 * A row is one prediction of a model: when, which one (id), the inputs, what the model said, how
 * sure it was, and, if it is known by now, what came true.
 *
 * ALGORITHM  The first line holds the names.  The separator is the one that gives the most columns,
 *            as many on (nearly) every line of the sample.  A column is what the caller says, else
 *            what its name usually means (time, y_pred, y_pred_proba, target ...); the time must
 *            be readable as one.  There may be a probability for each class (y_pred_proba_red).  A
 *            column that only counts the rows is left out.
 * SHAPE      The table has a block for its columns and one for their names.
 * OWNERSHIP  prediction_learn takes memory, prediction_close gives it back; mem is the same one.
 *            Cells point into the line.
 * ERRORS     prediction_learn: false, nothing taken and a sentence, if it is no such table.
 */
#ifndef EVENT_PREDICTION_H
#define EVENT_PREDICTION_H
#include <oddball.h>

#include "base/mem.h"
#include "base/str.h"
#include "event/timestamp.h"

#define PREDICTION_COLUMNS_MAX 4096
#define PREDICTION_REFERENCE_ROWS_MIN 50
#define PREDICTION_REFERENCE_ROWS_MAX 262144 /* Of a table from when the model was well. */
#define PREDICTION_PROBLEM_BYTES 240

typedef enum {
    PREDICTION_INPUT = 0,
    PREDICTION_TIME,
    PREDICTION_ID,
    PREDICTION_OUTPUT,      /* What the model said.                     */
    PREDICTION_PROBABILITY, /* How likely it held the positive outcome. */
    PREDICTION_OUTCOME,     /* What came true.                          */
    PREDICTION_LEFT_OUT,
    PREDICTION_ROLE_COUNT
} PredictionRole;

typedef struct { /* Names of columns that were said; "" as the names usually mean. */
    Str time, id, output, probability, outcome;
    Str segments, left_out; /* Several, separated by commas. */
} PredictionNames;

typedef struct {
    uint32_t name_from, name_size; /* In names. */
    uint8_t  role;                 /* PredictionRole */
    bool     is_segment;           /* An input that tells groups of rows apart. */
    uint8_t  unused[2];
} PredictionColumn;

typedef enum { PREDICTION_MISSING = 0, PREDICTION_NUMBER, PREDICTION_TEXT } PredictionKind;

typedef struct {
    PredictionKind kind;
    double         number; /* Finite, or infinite. */
    Str            text;   /* As it stands between its quotes, if it has some. */
} PredictionCell;

typedef struct {
    TimeFrame         frame;
    TimeFormat        time_format;
    char              separator;
    uint32_t          head_lines;
    uint32_t          column_count;
    PredictionColumn *columns;
    char             *names;
    size_t            columns_bytes, names_bytes;
} PredictionTable;

/* The first line of the bytes, without its end; they begin behind it then.  False: no more. */
bool prediction_next_line(Str *bytes, Str *ret);
/* Whole lines from the beginning: those that fit, and of wide tables a few nevertheless. */
Str  prediction_sample(Str bytes);

PredictionCell prediction_cell(Str text);

/* The first line names an output or a probability as they are usually called. */
bool prediction_is_table(Str sample);

/* sample: whole lines from the beginning. */
bool prediction_learn(Str sample, TimeFrame frame, const PredictionNames *names, Mem *mem,
                      PredictionTable *ret, char problem[PREDICTION_PROBLEM_BYTES]);
void prediction_close(PredictionTable *table, Mem *mem); /* All zero is closed already. */

/* The outcome, the segments and what is left out are columns of one of two tables: outcomes may not
 * be known yet.  Segments are columns of the first, which says what groups there are. */
bool prediction_names_fit(const PredictionNames *names, const PredictionTable *reference,
                          const PredictionTable *current, char problem[PREDICTION_PROBLEM_BYTES]);

/* line: without its line end.  cells is (column_count); what the line does not have is missing.
 * True: it has as many cells as the table has columns. */
bool prediction_read(const PredictionTable *table, Str line, PredictionCell *cells,
                     odd_time *ret_time);

Str prediction_name(const PredictionTable *table, uint32_t column);
/* The first column with this role, or this name; UINT32_MAX: none. */
uint32_t prediction_role(const PredictionTable *table, PredictionRole role);
uint32_t prediction_find(const PredictionTable *table, Str name);

#endif
