/* SPDX-License-Identifier: Apache-2.0
 *
 * entity_cells.h - rows of a model that are asked for by an entity: its features, looked up now and
 * put into the columns that are called like them.
 *
 * A column is that of a feature if it has its name, or that and ".was_missing" or ".age_s" behind
 * it, as `oddball dataset make` writes them.  What is still missing stays so: the model says what
 * stands for it.  A column that was given a value keeps it.
 *
 * OWNERSHIP  entity_cells_free frees all, and may be called of zeros.
 * ERRORS     false, after a sentence in `problem`; ret_status is that of HTTP.
 */
#ifndef API_ENTITY_CELLS_H
#define API_ENTITY_CELLS_H
#include <oddball.h>
#include <stdbool.h>

#include "api/put.h"
#include "http/json_tree.h"
#include "live/live.h"

typedef struct {
    size_t             rows, columns;
    size_t             count;  /* Features that the model wants.                            */
    char             (*names)[LIVE_FEATURE_NAME_SIZE];
    const char       **wanted; /* The same. */
    int               *feature; /* By column: which of them; -1: none.                      */
    char              *part;    /* By column: 'v' its value, 'm' was_missing, 'a' age_s.    */
    odd_feature_value *values;  /* (rows, count) */
    odd_time          *as_of;   /* By row; ODD_TIME_NONE: it names no entity.               */
} EntityCells;

/* Rows of the body, or the body itself, with a member "entity"; cells is (rows, columns of the
 * model), row-major.  Without any such row it stays of zeros. */
bool entity_cells_fill(EntityCells *told, Live *live, const odd_predictor *predictor,
                       const JsonTree *body, odd_predictor_cell *cells, int *ret_status,
                       char *problem, size_t problem_size);
void entity_cells_free(EntityCells *told);

/* "entity", "as_of" and "features" of a row, inside of its object; nothing if it names none. */
void entity_cells_put(const EntityCells *told, const JsonTree *body, size_t row, Put *put);
/* {"name":..,"value":..,"was_missing":..,"time":..,"age_s":..} */
void feature_value_put(Put *put, const char *name, const odd_feature_value *value, odd_time as_of);

/* The row itself: of "rows", or the body. */
const JsonTree *predict_row(const JsonTree *body, size_t row);

#endif
