/* SPDX-License-Identifier: Apache-2.0
 *
 * table_read.c - values of an entity: panes put together, transformed, imputed. */
#include <assert.h>
#include <math.h>
#include <stdalign.h>

#include "base/time.h"
#include "feature/table.h"

#define CELL_BYTES_MAX 2048

typedef struct {
    const FeatureTable *table;
    Str                 entity;
    odd_time            as_of;
    bool                known[FEATURE_ENTITIES_MAX]; /* Its records were looked for.      */
    const char         *records[FEATURE_ENTITIES_MAX]; /* NULL: there is none. */
} Reading;

static const Ring *ring_of(Reading *r, size_t number)
{
    const FeaturePlace *place = &r->table->places[number];
    const EntityKind *kind = &r->table->kinds[place->kind];
    if (!r->known[place->kind]) {
        uint32_t entity = names_find(&kind->names, r->entity);
        r->records[place->kind] = entity != NAME_NONE ? table_record(kind, entity) : NULL;
        r->known[place->kind] = true;
    }
    if (r->records[place->kind] == NULL)
        return NULL;
    const Ring *ring = (const Ring *)(const void *)(r->records[place->kind] + place->at);
    return ring->facts > 0 ? ring : NULL;
}

/* Of the panes of the window that ends with as_of. */
static double window_value(const Reading *r, const Feature *f, uint32_t panes, const Ring *ring)
{
    alignas(8) char cell[CELL_BYTES_MAX];
    const Aggregate *aggregate = f->aggregate;
    assert(aggregate->cell_bytes <= sizeof cell);
    memset(cell, 0, aggregate->cell_bytes);
    int64_t newest = pane_of(time_minus(r->as_of, f->lag_ns), f->step_ns) - f->is_tumbling;
    int64_t oldest = newest - f->window_ns / f->step_ns + 1;
    const char *cells = (const char *)(ring + 1);
    if (oldest < ring->newest - (int64_t)panes + 1)
        oldest = ring->newest - (int64_t)panes + 1;
    if (newest > ring->newest)
        newest = ring->newest;
    uint32_t slot = pane_slot(oldest, panes);
    for (int64_t pane = oldest; pane <= newest; pane++) {
        aggregate->merge(cell, cells + (size_t)slot * aggregate->cell_bytes);
        slot = slot + 1 < panes ? slot + 1 : 0;
    }
    return aggregate->value(cell, &f->ask);
}

static double empty_value(const Feature *f)
{
    return f->aggregate->empty_is_zero ? 0 : NAN;
}

static double fact_value(const Reading *r, size_t number, const Ring *ring)
{
    const Feature *f = &r->table->set->features[number];
    if (ring == NULL)
        return empty_value(f);
    if (f->aggregate->cell_bytes > 0)
        return window_value(r, f, r->table->places[number].panes, ring);
    bool is_old = f->window_ns > 0 && time_minus(r->as_of, ring->last) > f->window_ns;
    return is_old ? NAN : ring->last_value;
}

static double made_of(const Feature *f, double left, double right)
{
    switch (f->made) {
    case MADE_RATIO:
        return right < 0 || right > 0 ? left / right : NAN;
    case MADE_DIFFERENCE:
        return left - right;
    case MADE_PRODUCT:
        return left * right;
    case MADE_TOTAL:
    case MADE_COUNT:
        break;
    }
    return left + right;
}

static double imputed(const Reading *r, size_t number, const Ring *ring)
{
    const Feature *f = &r->table->set->features[number];
    ImputeAsk ask = {.as_of = r->as_of,
                     .argument = f->impute_argument,
                     .state = r->table->places[number].state,
                     .last = ring != NULL ? ring->last : ODD_TIME_NONE,
                     .last_value = ring != NULL ? ring->last_value : NAN};
    return f->imputer->value(&ask);
}

static FeatureValue finished(const Reading *r, size_t number, const Ring *ring, FeatureValue v)
{
    const Feature *f = &r->table->set->features[number];
    v.was_missing = !isfinite(v.value);
    if (v.was_missing)
        v.value = f->imputer != NULL ? imputed(r, number, ring) : NAN;
    if (f->transform != NULL && !isnan(v.value))
        v.value = f->transform->apply(v.value, f->arguments, f->argument_count);
    return v;
}

/* Never deep: FEATURE_DEPTH_MAX. */
static FeatureValue value_of(Reading *r, size_t number, int depth)
{
    const Feature *f = &r->table->set->features[number];
    assert(depth <= FEATURE_DEPTH_MAX);
    if (f->from != FROM_FEATURES) {
        const Ring *ring = ring_of(r, number);
        FeatureValue value = {.value = fact_value(r, number, ring),
                              .time = ring != NULL ? ring->last : ODD_TIME_NONE};
        return finished(r, number, ring, value);
    }
    FeatureValue left = value_of(r, f->inputs[0], depth + 1);
    FeatureValue right = value_of(r, f->inputs[1], depth + 1);
    FeatureValue value = {.value = made_of(f, left.value, right.value),
                          .time = left.time > right.time ? left.time : right.time};
    return finished(r, number, NULL, value);
}

void feature_table_read(const FeatureTable *table, Str entity, const size_t *features, size_t count,
                        odd_time as_of, FeatureValue *ret)
{
    Reading r = {.table = table, .entity = entity, .as_of = as_of};
    for (size_t i = 0; i < count; i++) {
        assert(table->set != NULL && features[i] < table->set->count);
        ret[i] = value_of(&r, features[i], 0);
    }
}
