/* SPDX-License-Identifier: Apache-2.0
 *
 * prediction_batch.h - many predictions of one model, or outcomes of such, column by column.
 *
 * What clients may send as it is, what JSON becomes, and what the journal keeps.  All numbers are
 * little-endian; nothing is aligned.
 *
 *     "ODDP", version 1 (1 byte), what (1 byte; 1: predictions, 2: outcomes), flags (2 bytes; 1:
 *     reference), bytes of the whole batch (4), rows (4), columns (4), text model, text version,
 *     columns
 *     text      its size (2 bytes), then its bytes
 *     column    role (1 byte, BatchRole), form (1 byte, BatchForm), text name, bytes of its data
 *               (4), data
 *     REAL      8 bytes a row, a double; NaN is missing
 *     SINGLE    4 bytes a row, a float; NaN is missing
 *     TIME      8 bytes a row, ns since 1970; INT64_MIN is missing
 *     TEXT      a text a row; an empty one is missing
 *     CATEGORY  count of texts (2), the texts, then 2 bytes a row: 0 missing, 1 the first text
 *
 * A batch has one column at most of each role but FEATURE and SEGMENT; of two of one name the first
 * counts.  The form TIME is for the column of times alone.
 *
 * OWNERSHIP  What is read points into the bytes.
 * ERRORS     batch_read says what is wrong with bytes that are no whole batch; what it has passed
 *            can be read without checks.
 */
#ifndef EVENT_PREDICTION_BATCH_H
#define EVENT_PREDICTION_BATCH_H
#include <oddball.h>
#include <stdbool.h>

#include "base/str.h"

#define BATCH_ROWS_MAX 65536
#define BATCH_COLUMNS_MAX 4096
#define BATCH_CELLS_MAX (16u << 20)
#define BATCH_TEXT_BYTES_MAX 65535
#define BATCH_NAME_BYTES_MAX 256 /* Of model, version and columns. */
#define BATCH_PROBLEM_BYTES 160
#define BATCH_HEAD_BYTES 20      /* Before the texts. */
#define BATCH_MAGIC "ODDP"

typedef enum { BATCH_PREDICTIONS = 1, BATCH_OUTCOMES } BatchWhat;

#define BATCH_IS_REFERENCE 1 /* Of flags: rows from when the model was well. */

typedef enum {
    BATCH_FEATURE = 0,
    BATCH_TIME,        /* Of the prediction, or of the outcome.        */
    BATCH_ID,
    BATCH_OUTPUT,      /* What the model said.                          */
    BATCH_PROBABILITY, /* How likely it held the positive outcome.      */
    BATCH_OUTCOME,     /* What came true.                               */
    BATCH_SEGMENT,     /* A feature that tells groups of rows apart.    */
    BATCH_ROLE_COUNT
} BatchRole;

typedef enum {
    BATCH_REAL_FORM = 1,
    BATCH_SINGLE_FORM,
    BATCH_TIME_FORM,
    BATCH_TEXT_FORM,
    BATCH_CATEGORY_FORM
} BatchForm;

typedef struct {
    BatchRole role;
    BatchForm form;
    Str       name;
    Str       data;
    uint32_t  text_count; /* CATEGORY: its texts ... */
    size_t    codes_at;   /* ... and where in data the rows begin. */
} BatchColumn;

typedef struct {
    BatchWhat what;
    bool      is_reference;
    Str       model, version;
    uint32_t  rows, column_count;
    Str       bytes;   /* Of all of it.              */
    size_t    next_at; /* Of the next column.        */
    uint32_t  next;
} PredictionBatch;

/* The batch that the bytes begin with; ret->bytes tells where it ends.  False: there is none, and
 * `problem` says why. */
bool batch_read(Str bytes, PredictionBatch *ret, char problem[BATCH_PROBLEM_BYTES]);

/* Columns in their order, from the first; false behind the last one. */
bool batch_column(PredictionBatch *batch, BatchColumn *ret);
void batch_rewind(PredictionBatch *batch);
/* The first column of a role; false: there is none. */
bool batch_find(const PredictionBatch *batch, BatchRole role, BatchColumn *ret);

/* The next text of data that is a run of them, from *at = 0. */
Str batch_text(Str data, size_t *at);

static inline bool batch_is_text(BatchForm form)
{
    return form == BATCH_TEXT_FORM || form == BATCH_CATEGORY_FORM;
}

/* CATEGORY: 0 missing, else the number of its text from 1. */
static inline uint32_t batch_code(const BatchColumn *column, uint32_t row)
{
    const unsigned char *at =
        (const unsigned char *)column->data.text + column->codes_at + 2 * (size_t)row;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

/* REAL, SINGLE. */
double batch_real(const BatchColumn *column, uint32_t row);
/* TIME. */
odd_time batch_time(const BatchColumn *column, uint32_t row);

#endif
