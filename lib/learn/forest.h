/* SPDX-License-Identifier: Apache-2.0
 *
 * forest.h - decision trees that add up: built node by node or tree by tree, checked, walked.
 *
 * A row goes left where its number is less than the threshold; a missing one (NaN) goes where the
 * node says.  The leaves of a tree count for one output each.
 *
 * SHAPE      Nodes lie in one array, tree behind tree, parents before their children.  A row costs
 *            O(trees x depth).
 * OWNERSHIP  All zero but for mem is the empty forest; forest_close gives back its memory.
 * EXACTNESS  Sums of floats from `base` on, tree after tree: what XGBoost's own predictor gives.
 */
#ifndef LEARN_FOREST_H
#define LEARN_FOREST_H
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

#define FOREST_TREES_MAX 100000
#define FOREST_NODES_MAX (1u << 26)
#define FOREST_MISSING_LEFT 0x80000000u
#define FOREST_SLOTS_MAX 0x10000u

typedef struct {
    int32_t  left, right; /* In the forest's nodes; left < 0: a leaf. */
    uint32_t slot;        /* Of the row; with FOREST_MISSING_LEFT. */
    float    value;       /* The threshold, or what the leaf adds. */
} ForestNode;

typedef struct {
    uint32_t root, output;
} ForestTree;

typedef struct {
    Mem        *mem;
    ForestNode *nodes;
    ForestTree *trees;
    size_t      node_count, node_capacity, tree_count, tree_capacity;
    uint32_t    outputs;
    float       base;
} Forest;

void forest_close(Forest *forest);

/* Gives the node's number; FOREST_NODES_MAX: there is no room. */
uint32_t forest_add_node(Forest *forest, ForestNode node);
bool     forest_add_tree(Forest *forest, uint32_t root, uint32_t output);

/* Trees and nodes as they may be walked with rows of so many slots; else false. */
bool forest_is_sound(const Forest *forest, size_t slots);

/* ret is (outputs): the base and trees [0, trees) of it; SIZE_MAX for all. */
void forest_sum(const Forest *forest, const float *row, size_t trees, float *ret);
/* Adds trees [from, to). */
void forest_add(const Forest *forest, const float *row, size_t from, size_t to, float *sums);

/* The first `trees` stay. */
void forest_cut(Forest *forest, size_t trees);

#endif
