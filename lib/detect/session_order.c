/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/session_order.h"

#include <assert.h>

#include "base/hash.h"

#define SLOTS_FIRST 256

typedef struct {
    uint32_t a, b;     /* Symbols, a < b.                                         */
    uint32_t sessions; /* That have both; 0: a free slot.                         */
    uint32_t begins[2]; /* Of them: the first event of a before that of b; the other way. */
    uint32_t ends[2];   /* The same of the last event.                                    */
} Pair;

struct OrderModel {
    Mem   *mem;
    Pair  *pairs; /* Open addressing. */
    size_t capacity, count;
};

OrderModel *order_model_open(Mem *mem)
{
    OrderModel *model = mem_take(mem, sizeof *model);
    if (model != NULL)
        model->mem = mem;
    return model;
}

void order_model_close(OrderModel *model)
{
    if (model == NULL)
        return;
    Mem *mem = model->mem;
    mem_free(mem, model->pairs, model->capacity * sizeof *model->pairs);
    mem_free(mem, model, sizeof *model);
}

static size_t pair_slot(const Pair *pairs, size_t capacity, uint32_t a, uint32_t b)
{
    size_t mask = capacity - 1, slot = hash_add(a, b) & mask;
    while (pairs[slot].sessions != 0 && (pairs[slot].a != a || pairs[slot].b != b))
        slot = (slot + 1) & mask;
    return slot;
}

static bool pairs_grow(OrderModel *model)
{
    if (model->pairs != NULL && model->count * 2 <= model->capacity)
        return true;
    size_t had = model->pairs == NULL ? 0 : model->capacity;
    size_t capacity = had == 0 ? SLOTS_FIRST : had * 2;
    Pair *pairs = mem_take(model->mem, capacity * sizeof *pairs);
    if (pairs == NULL)
        return false;
    for (size_t i = 0; i < had; i++)
        if (model->pairs[i].sessions != 0)
            pairs[pair_slot(pairs, capacity, model->pairs[i].a, model->pairs[i].b)] =
                model->pairs[i];
    mem_free(model->mem, model->pairs, had * sizeof *model->pairs);
    model->pairs = pairs;
    model->capacity = capacity;
    return true;
}

static bool pair_is_known(const ShapePart *a, const ShapePart *b)
{
    return a->last < SHAPE_PLACE_MAX && b->last < SHAPE_PLACE_MAX && b->symbol < SHAPE_SYMBOLS_MAX;
}

static void pair_learn(OrderModel *model, const ShapePart *a, const ShapePart *b)
{
    assert(a->symbol < b->symbol);
    if (!pair_is_known(a, b) || !pairs_grow(model))
        return;
    Pair *pair = &model->pairs[pair_slot(model->pairs, model->capacity, a->symbol, b->symbol)];
    if (pair->sessions == 0) {
        if (model->count == ORDER_PAIRS_MAX)
            return;
        model->count++;
        pair->a = a->symbol;
        pair->b = b->symbol;
    }
    pair->sessions++;
    if (a->first != b->first)
        pair->begins[a->first > b->first]++;
    if (a->last != b->last)
        pair->ends[a->last > b->last]++;
}

static size_t parts_looked_at(const Shape *shape)
{
    return shape->part_count < ORDER_PARTS_MAX ? shape->part_count : ORDER_PARTS_MAX;
}

void order_learn(OrderModel *model, const Shape *shape)
{
    const size_t count = parts_looked_at(shape);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            pair_learn(model, &shape->parts[i], &shape->parts[k]);
}

/* way: 0 if a comes first here.  others: how many sessions go either way. */
static ShapeTrait trait_of(const Pair *pair, const uint32_t *others, int way, uint32_t self)
{
    uint32_t same = others[way] > self ? others[way] - self : 0;
    return (ShapeTrait){.kind = TRAIT_ORDER,
                        .symbol = way == 0 ? pair->a : pair->b,
                        .other = way == 0 ? pair->b : pair->a,
                        .at_end = others == pair->ends,
                        .sessions = others[way],
                        .of = others[0] + others[1],
                        .evidence =
                            shape_rarity(same, (double)others[0] + others[1], ORDER_NORMAL_SHARE)};
}

void order_evidence(const OrderModel *model, const Shape *shape, bool learnt, bool begin_cut,
                    const bool *open, ShapeEvidence *evidence)
{
    const size_t count = model->pairs != NULL ? parts_looked_at(shape) : 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            const ShapePart *a = &shape->parts[i], *b = &shape->parts[k];
            const Pair *pair =
                &model->pairs[pair_slot(model->pairs, model->capacity, a->symbol, b->symbol)];
            if (pair->sessions == 0 || !pair_is_known(a, b))
                continue;
            ShapeTrait best = {.evidence = 0};
            if (!begin_cut && a->first != b->first)
                best = trait_of(pair, pair->begins, a->first > b->first, learnt);
            if (!open[i] && !open[k] && a->last != b->last) {
                ShapeTrait ends = trait_of(pair, pair->ends, a->last > b->last, learnt);
                if (ends.evidence > best.evidence)
                    best = ends;
            }
            shape_trait_add(evidence, &best);
        }
}
