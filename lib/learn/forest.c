/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/forest.h"

#include <math.h>

void forest_close(Forest *forest)
{
    mem_free(forest->mem, forest->nodes, forest->node_capacity * sizeof *forest->nodes);
    mem_free(forest->mem, forest->trees, forest->tree_capacity * sizeof *forest->trees);
    *forest = (Forest){.mem = forest->mem};
}

uint32_t forest_add_node(Forest *forest, ForestNode node)
{
    if (forest->node_count >= FOREST_NODES_MAX)
        return FOREST_NODES_MAX;
    ForestNode *grown = mem_grow(forest->mem, forest->nodes, &forest->node_capacity,
                                 forest->node_count + 1, sizeof *grown);
    if (grown == NULL)
        return FOREST_NODES_MAX;
    forest->nodes = grown;
    grown[forest->node_count] = node;
    return (uint32_t)forest->node_count++;
}

bool forest_add_tree(Forest *forest, uint32_t root, uint32_t output)
{
    ForestTree *grown = mem_grow(forest->mem, forest->trees, &forest->tree_capacity,
                                 forest->tree_count + 1, sizeof *grown);
    if (grown == NULL || forest->tree_count >= FOREST_TREES_MAX)
        return false;
    forest->trees = grown;
    grown[forest->tree_count++] = (ForestTree){.root = root, .output = output};
    return true;
}

/* Children stand behind their parents, so that every walk comes to an end; a leaf's slot is looked
 * at as well, while other trees are walked on. */
static bool node_is_sound(const Forest *forest, size_t n, size_t slots)
{
    const ForestNode *node = &forest->nodes[n];
    if ((node->slot & ~FOREST_MISSING_LEFT) >= slots)
        return false;
    if (node->left < 0)
        return isfinite(node->value);
    return (size_t)node->left > n && node->right > 0 && (size_t)node->right > n &&
           (size_t)node->left < forest->node_count && (size_t)node->right < forest->node_count &&
           !isnan(node->value);
}

bool forest_is_sound(const Forest *forest, size_t slots)
{
    if (forest->outputs == 0 || !isfinite(forest->base))
        return false;
    for (size_t n = 0; n < forest->node_count; n++)
        if (!node_is_sound(forest, n, slots))
            return false;
    for (size_t t = 0; t < forest->tree_count; t++)
        if (forest->trees[t].root >= forest->node_count ||
            forest->trees[t].output >= forest->outputs)
            return false;
    return true;
}

/* Where a row goes from a node; a leaf stays. */
static inline uint32_t step(const ForestNode *nodes, const float *row, uint32_t at, bool *is_inner)
{
    const ForestNode *node = &nodes[at];
    float value = row[node->slot & ~FOREST_MISSING_LEFT];
    bool goes_left = (value < node->value) | (isnan(value) & (node->slot >= FOREST_MISSING_LEFT));
    uint32_t next = (uint32_t)(goes_left ? node->left : node->right);
    bool inner = node->left >= 0;
    *is_inner |= inner;
    return inner ? next : at;
}

static float walk(const Forest *forest, const float *row, size_t tree)
{
    uint32_t at = forest->trees[tree].root;
    for (bool is_inner = true; is_inner;) {
        is_inner = false;
        at = step(forest->nodes, row, at, &is_inner);
    }
    return forest->nodes[at].value;
}

/* Several trees a step: while one waits for memory, others go on.  Leaves are added in their
 * order. */
#define TOGETHER 8

void forest_add(const Forest *forest, const float *row, size_t from, size_t to, float *sums)
{
    const ForestNode *nodes = forest->nodes;
    size_t t = from;
    for (; t + TOGETHER <= to; t += TOGETHER) {
        uint32_t at[TOGETHER];
        bool is_inner = true;
        for (size_t k = 0; k < TOGETHER; k++)
            at[k] = forest->trees[t + k].root;
        while (is_inner) {
            is_inner = false;
            for (size_t k = 0; k < TOGETHER; k++)
                at[k] = step(nodes, row, at[k], &is_inner);
        }
        for (size_t k = 0; k < TOGETHER; k++)
            sums[forest->trees[t + k].output] += nodes[at[k]].value;
    }
    for (; t < to; t++)
        sums[forest->trees[t].output] += walk(forest, row, t);
}

void forest_sum(const Forest *forest, const float *row, size_t trees, float *ret)
{
    for (uint32_t k = 0; k < forest->outputs; k++)
        ret[k] = forest->base;
    forest_add(forest, row, 0, trees < forest->tree_count ? trees : forest->tree_count, ret);
}

void forest_cut(Forest *forest, size_t trees)
{
    if (trees >= forest->tree_count)
        return;
    forest->tree_count = trees;
    size_t nodes = 0;
    for (size_t t = 0; t < trees; t++)
        nodes = forest->trees[t].root > nodes ? forest->trees[t].root : nodes;
    /* Trees lie one behind the other: the last one's nodes end where the next one's root was. */
    size_t end = trees == 0 ? 0 : forest->trees[trees].root;
    forest->node_count = end > nodes ? end : forest->node_count;
}
