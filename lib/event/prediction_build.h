/* SPDX-License-Identifier: Apache-2.0
 *
 * prediction_build.h - rows that come one by one become batches of predictions or outcomes.
 *
 * A column is one of texts once one of its cells is a text; numbers in it are written out then.  A
 * row that does not have a column misses it.
 *
 * SHAPE      24 bytes a cell until the batch is written.
 * OWNERSHIP  Texts are copied; build_close gives all back.
 * ERRORS     False: no memory, or one batch cannot hold it.
 */
#ifndef EVENT_PREDICTION_BUILD_H
#define EVENT_PREDICTION_BUILD_H
#include "base/names.h"
#include "event/events.h"
#include "event/prediction_batch.h"

typedef enum { CELL_NONE = 0, CELL_NUMBER, CELL_WORD } BuildCellKind;

typedef struct {
    double   number;
    uint64_t text_from;
    uint32_t text_size;
    BuildCellKind kind;
} BuildCell;

typedef struct {
    BuildCell *cells; /* Of the rows up to the last one that has any. */
    size_t     cell_count, cell_capacity;
    odd_time  *times; /* Of BATCH_TIME instead. */
    size_t     time_capacity;
    bool       has_text;
} BuildColumn;

typedef struct {
    Mem         *mem;
    BatchWhat    what;
    bool         is_reference;
    char         model[BATCH_NAME_BYTES_MAX], version[BATCH_NAME_BYTES_MAX];
    uint32_t     model_size, version_size;
    Names        names; /* Of columns, behind a byte for the role. */
    BuildColumn *columns;
    size_t       column_capacity, hint;
    char        *pool; /* Texts of cells. */
    size_t       pool_size, pool_capacity;
    uint32_t     rows; /* The last one is being filled. */
    char        *out;
    size_t       out_size, out_capacity;
} PredictionBuild; /* build_begin makes it; build_close unmakes it. */

/* model and version: at most BATCH_NAME_BYTES_MAX bytes. */
void build_begin(PredictionBuild *build, Mem *mem, BatchWhat what, Str model, Str version,
                 bool is_reference);
void build_close(PredictionBuild *build);
/* It is full: build_write it before the next row. */
bool build_is_full(const PredictionBuild *build);

void build_row(PredictionBuild *build); /* The next row; its cells follow. */
bool build_number(PredictionBuild *build, BatchRole role, Str name, double value);
bool build_text(PredictionBuild *build, BatchRole role, Str name, Str text);
bool build_time(PredictionBuild *build, odd_time time);

/* The rows as an event, if there are any; it is empty then. */
bool build_write(PredictionBuild *build, odd_events *events);

#endif
