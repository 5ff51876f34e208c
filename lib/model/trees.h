/* SPDX-License-Identifier: Apache-2.0
 *
 * trees.h - what a row's cells say about a number: a sum of small trees, each mending the last.
 *
 * How large a loss is to be expected on such a row; what its outcome adds to what the model said.
 *
 * ALGORITHM  Gradient boosting of squared loss (J. Friedman, Annals of Statistics 29(5), 2001) on
 *            counts in cells, with leaves that lean on 0.  Categories are ordered by their mean.
 * SHAPE      Flat, 11 KB.  Learning: O(rows x columns x trees x TREES_DEPTH); a row: O(trees).
 * UNITS      Those of the number.
 * ERRORS     None.  Nothing to learn gives 0 trees, which say the mean.
 * EXACTNESS  The same rows give the same trees.
 */
#ifndef MODEL_TREES_H
#define MODEL_TREES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/bins.h"

#define TREES_MAX 40
#define TREES_DEPTH 4
#define TREES_NODES ((1 << TREES_DEPTH) - 1)
#define TREES_LEAVES (1 << TREES_DEPTH)
#define TREES_COLUMNS_MAX 64

typedef struct {
    uint16_t column[TREES_NODES];
    uint8_t  place[TREES_NODES]; /* Right if the cell's place is beyond it. */
    uint8_t  unused[3];
    float    leaf[TREES_LEAVES];
} Tree;

typedef struct {
    uint32_t count, columns;
    double   mean;
    uint8_t  place[TREES_COLUMNS_MAX][CELL_COUNT];
    Tree     trees[TREES_MAX];
} Trees;

typedef struct {
    const uint8_t *cells; /* (columns, stride): of each column all rows. */
    size_t         columns, stride;
    const double  *targets;
    const bool    *is_left_out; /* NULL: none. */
    size_t         rows;
    bool           is_category[TREES_COLUMNS_MAX];
} TreesLesson;

/* scratch is (2 rows) numbers, nodes (rows). */
void trees_learn(const TreesLesson *lesson, uint32_t count, double *scratch, uint8_t *nodes,
                 Trees *ret);

/* cells[c * stride] is the row's cell in column c; of the first `count` trees. */
double trees_value(const Trees *trees, const uint8_t *cells, size_t stride, uint32_t count);

#endif
