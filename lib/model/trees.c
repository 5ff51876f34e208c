/* SPDX-License-Identifier: Apache-2.0 */
#include "model/trees.h"

#include <assert.h>
#include <string.h>

#define PACE 0.12      /* Of what a tree would mend.               */
#define LEAN 40.0      /* Rows of 0 that a leaf counts.            */
#define LEAF_ROWS 30.0 /* The least.                               */
#define CATEGORY_LEAN 20.0

typedef struct {
    double sum, count;
} Part;

typedef struct {
    double   gain;
    uint16_t column;
    uint8_t  place;
} Split;

static bool is_in(const TreesLesson *lesson, size_t row)
{
    return lesson->is_left_out == NULL || !lesson->is_left_out[row];
}

/* -- places ---------------------------------------------------------------------------------- */

/* Cells of a category by their mean; of numbers as they are. */
static void order_cells(const TreesLesson *lesson, size_t column, double mean, uint8_t *place)
{
    double sums[CELL_COUNT] = {0}, counts[CELL_COUNT] = {0};
    uint8_t order[CELL_COUNT];
    for (size_t c = 0; c < CELL_COUNT; c++)
        place[c] = (uint8_t)c;
    if (!lesson->is_category[column])
        return;
    for (size_t row = 0; row < lesson->rows; row++) {
        uint8_t cell = lesson->cells[column * lesson->stride + row];
        sums[cell] += is_in(lesson, row) ? lesson->targets[row] - mean : 0;
        counts[cell] += is_in(lesson, row);
    }
    for (size_t c = 0; c < CELL_COUNT; c++) {
        size_t at = c;
        sums[c] /= counts[c] + CATEGORY_LEAN;
        for (; at > 0 && sums[order[at - 1]] > sums[c]; at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)c;
    }
    for (size_t c = 0; c < CELL_COUNT; c++)
        place[order[c]] = (uint8_t)c;
}

/* -- one tree -------------------------------------------------------------------------------- */

typedef struct {
    const TreesLesson *lesson;
    const Trees       *trees;
    double            *left; /* What the trees so far leave. */
    uint8_t           *nodes; /* Of each row, within its level. */
} Growth;

static double worth(Part part)
{
    return part.sum * part.sum / (part.count + LEAN);
}

static void consider(const Part *places, Part all, uint16_t column, Split *best)
{
    Part below = {0};
    for (size_t place = 0; place + 1 < CELL_COUNT; place++) {
        below.sum += places[place].sum;
        below.count += places[place].count;
        Part above = {all.sum - below.sum, all.count - below.count};
        if (!(places[place].count > 0) || below.count < LEAF_ROWS || above.count < LEAF_ROWS)
            continue;
        double gain = worth(below) + worth(above) - worth(all);
        if (gain > best->gain)
            *best = (Split){gain, column, (uint8_t)place};
    }
}

/* The best split of each node of a level. */
static void find_splits(const Growth *growth, size_t width, Split *best)
{
    const TreesLesson *lesson = growth->lesson;
    for (size_t node = 0; node < width; node++)
        best[node] = (Split){.place = UINT8_MAX};
    for (uint16_t c = 0; c < lesson->columns; c++) {
        static const Part none = {0};
        Part places[TREES_LEAVES / 2][CELL_COUNT], all[TREES_LEAVES / 2];
        for (size_t node = 0; node < width; node++) {
            memset(places[node], 0, sizeof places[node]);
            all[node] = none;
        }
        const uint8_t *cells = lesson->cells + c * lesson->stride;
        const uint8_t *place = growth->trees->place[c];
        for (size_t row = 0; row < lesson->rows; row++) {
            if (growth->nodes[row] == UINT8_MAX)
                continue;
            Part *part = &places[growth->nodes[row]][place[cells[row]]];
            part->sum += growth->left[row];
            part->count += 1;
        }
        for (size_t node = 0; node < width; node++) {
            for (size_t p = 0; p < CELL_COUNT; p++) {
                all[node].sum += places[node][p].sum;
                all[node].count += places[node][p].count;
            }
            consider(places[node], all[node], c, &best[node]);
        }
    }
}

static void grow(const Growth *growth, Tree *tree)
{
    const TreesLesson *lesson = growth->lesson;
    Split best[TREES_LEAVES / 2];
    Part leaves[TREES_LEAVES] = {0};
    for (size_t row = 0; row < lesson->rows; row++)
        growth->nodes[row] = is_in(lesson, row) ? 0 : UINT8_MAX;
    for (size_t depth = 0; depth < TREES_DEPTH; depth++) {
        size_t width = (size_t)1 << depth;
        find_splits(growth, width, best);
        for (size_t node = 0; node < width; node++) {
            tree->column[width - 1 + node] = best[node].column;
            tree->place[width - 1 + node] = best[node].place;
        }
        for (size_t row = 0; row < lesson->rows; row++) {
            uint8_t node = growth->nodes[row];
            if (node == UINT8_MAX)
                continue;
            const Split *split = &best[node];
            uint8_t cell = lesson->cells[split->column * lesson->stride + row];
            bool is_right = growth->trees->place[split->column][cell] > split->place;
            growth->nodes[row] = (uint8_t)(2 * node + is_right);
        }
    }
    for (size_t row = 0; row < lesson->rows; row++) {
        if (growth->nodes[row] == UINT8_MAX)
            continue;
        leaves[growth->nodes[row]].sum += growth->left[row];
        leaves[growth->nodes[row]].count += 1;
    }
    for (size_t leaf = 0; leaf < TREES_LEAVES; leaf++)
        tree->leaf[leaf] = (float)(PACE * leaves[leaf].sum / (leaves[leaf].count + LEAN));
    for (size_t row = 0; row < lesson->rows; row++)
        if (growth->nodes[row] != UINT8_MAX)
            growth->left[row] -= (double)tree->leaf[growth->nodes[row]];
}

/* -- all of them ----------------------------------------------------------------------------- */

void trees_learn(const TreesLesson *lesson, uint32_t count, double *scratch, uint8_t *nodes,
                 Trees *ret)
{
    double n = 0, sum = 0;
    assert(count <= TREES_MAX);
    assert(lesson->columns <= TREES_COLUMNS_MAX);
    memset(ret, 0, sizeof *ret);
    ret->columns = (uint32_t)lesson->columns;
    for (size_t row = 0; row < lesson->rows; row++) {
        n += is_in(lesson, row);
        sum += is_in(lesson, row) ? lesson->targets[row] : 0;
    }
    ret->mean = n > 0 ? sum / n : 0;
    for (size_t row = 0; row < lesson->rows; row++)
        scratch[row] = lesson->targets[row] - ret->mean;
    for (size_t c = 0; c < lesson->columns; c++)
        order_cells(lesson, c, ret->mean, ret->place[c]);
    Growth growth = {lesson, ret, scratch, nodes};
    for (; ret->count < count; ret->count++)
        grow(&growth, &ret->trees[ret->count]);
}

double trees_value(const Trees *trees, const uint8_t *cells, size_t stride, uint32_t count)
{
    double value = trees->mean;
    for (uint32_t t = 0; t < trees->count && t < count; t++) {
        const Tree *tree = &trees->trees[t];
        size_t node = 0;
        for (size_t depth = 0; depth < TREES_DEPTH; depth++) {
            size_t at = ((size_t)1 << depth) - 1 + node;
            uint16_t column = tree->column[at];
            bool is_right = trees->place[column][cells[column * stride]] > tree->place[at];
            node = 2 * node + is_right;
        }
        value += (double)tree->leaf[node];
    }
    return value;
}
