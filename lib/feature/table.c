/* SPDX-License-Identifier: Apache-2.0
 *
 * table.c - the table of features: definitions change, facts come. */
#include "feature/table.h"

#include <assert.h>

void feature_table_open(FeatureTable *table, uint64_t seed, uint64_t bytes_max)
{
    *table = (FeatureTable){.mem = {.bytes_max = bytes_max}, .seed = seed, .now = ODD_TIME_NONE};
}

static void kind_close(FeatureTable *table, EntityKind *kind)
{
    names_close(&kind->names);
    for (size_t i = 0; i < kind->block_count; i++)
        mem_free(&table->mem, kind->blocks[i], (size_t)kind->record_bytes * TABLE_RECORDS_OF_BLOCK);
    mem_free(&table->mem, kind->blocks, kind->block_capacity * sizeof *kind->blocks);
}

static void set_close(FeatureTable *table, FeatureSet *set)
{
    if (set == NULL)
        return;
    feature_set_close(set);
    mem_free(&table->mem, set, sizeof *set);
}

void feature_table_close(FeatureTable *table)
{
    for (size_t i = 0; table->set != NULL && i < table->set->count; i++)
        if (table->places[i].state != NULL)
            mem_free(&table->mem, table->places[i].state,
                     table->set->features[i].imputer->state_bytes);
    for (size_t i = 0; i < table->kind_count; i++)
        kind_close(table, &table->kinds[i]);
    set_close(table, table->set);
    *table = (FeatureTable){0};
}

/* -- definitions ------------------------------------------------------------------------------- */

static bool has_ring(const Feature *feature)
{
    return feature->from != FROM_FEATURES;
}

static uint32_t ring_bytes(const Feature *feature)
{
    return (uint32_t)sizeof(Ring) + feature_panes(feature) * feature->aggregate->cell_bytes;
}

static EntityKind *kind_for(FeatureTable *table, const char *field)
{
    for (size_t i = 0; i < table->kind_count; i++)
        if (strcmp(table->kinds[i].field, field) == 0)
            return &table->kinds[i];
    assert(table->kind_count < FEATURE_ENTITIES_MAX);
    EntityKind *kind = &table->kinds[table->kind_count++];
    *kind = (EntityKind){.names = {.mem = &table->mem, .seed = table->seed}};
    memcpy(kind->field, field, strlen(field) + 1);
    return kind;
}

/* Places of a set; false: no memory. */
static bool lay_out(FeatureTable *table, FeatureSet *set)
{
    table->set = set;
    for (size_t i = 0; i < set->count; i++) {
        const Feature *feature = &set->features[i];
        EntityKind *kind = kind_for(table, feature->entity);
        FeaturePlace *place = &table->places[i];
        *place = (FeaturePlace){.kind = (uint32_t)(kind - table->kinds)};
        if (!has_ring(feature))
            continue;
        place->at = kind->record_bytes;
        place->panes = feature_panes(feature);
        kind->record_bytes += ring_bytes(feature);
        uint32_t bytes = feature->imputer != NULL ? feature->imputer->state_bytes : 0;
        place->state = bytes > 0 ? mem_take(&table->mem, bytes) : NULL;
        if (bytes > 0 && place->state == NULL)
            return false;
    }
    return true;
}

/* NULL: no memory. */
static char *entity_record(FeatureTable *table, EntityKind *kind, Str entity)
{
    uint32_t number = names_find(&kind->names, entity);
    if (number != NAME_NONE)
        return table_record(kind, number);
    if (kind->names.count >= kind->block_count * TABLE_RECORDS_OF_BLOCK) {
        char **grown = mem_grow(&table->mem, kind->blocks, &kind->block_capacity,
                                kind->block_count + 1, sizeof *grown);
        if (grown == NULL)
            return NULL;
        kind->blocks = grown;
        char *block = mem_take(&table->mem, (size_t)kind->record_bytes * TABLE_RECORDS_OF_BLOCK);
        if (block == NULL)
            return NULL;
        grown[kind->block_count++] = block;
    }
    bool is_new;
    number = names_add(&kind->names, entity, &is_new);
    return number != NAME_NONE ? table_record(kind, number) : NULL;
}

static void copy_entities(FeatureTable *table, const FeatureTable *old, size_t to, size_t from)
{
    const FeaturePlace *place = &table->places[to], *before = &old->places[from];
    const EntityKind *kind = &old->kinds[before->kind];
    uint32_t bytes = ring_bytes(&table->set->features[to]);
    for (uint32_t i = 0; i < kind->names.count; i++) {
        const char *source = table_record(kind, i) + before->at;
        Ring ring;
        memcpy(&ring, source, sizeof ring);
        if (ring.facts == 0)
            continue;
        char *record =
            entity_record(table, &table->kinds[place->kind], names_text(&kind->names, i));
        if (record != NULL)
            memcpy(record + place->at, source, bytes);
        else
            table->refused++;
    }
}

static void copy_same(FeatureTable *table, const FeatureTable *old)
{
    for (size_t i = 0; i < table->set->count; i++) {
        const Feature *feature = &table->set->features[i];
        size_t from = old->set != NULL && has_ring(feature)
                          ? feature_set_find(old->set, str_of(feature->name))
                          : SIZE_MAX;
        if (from == SIZE_MAX || strcmp(feature->version, old->set->features[from].version) != 0)
            continue;
        if (table->places[i].state != NULL)
            memcpy(table->places[i].state, old->places[from].state, feature->imputer->state_bytes);
        copy_entities(table, old, i, from);
    }
}

/* What is left of a table whose place another one has taken. */
static void close_old(FeatureTable *table, FeatureTable *old)
{
    for (size_t i = 0; old->set != NULL && i < old->set->count; i++)
        if (old->places[i].state != NULL)
            mem_free(&table->mem, old->places[i].state, old->set->features[i].imputer->state_bytes);
    for (size_t i = 0; i < old->kind_count; i++)
        kind_close(table, &old->kinds[i]);
    set_close(table, old->set);
}

odd_rc feature_table_define(FeatureTable *table, Str json)
{
    FeatureTable old = *table;
    FeatureSet *set = mem_take(&table->mem, sizeof *set);
    if (set == NULL)
        return ODD_NOMEM;
    odd_rc rc = feature_set_read(set, json, 0, NULL, NULL);
    if (rc != ODD_OK) {
        mem_free(&table->mem, set, sizeof *set);
        return rc;
    }
    memset(table->places, 0, sizeof table->places);
    memset(table->kinds, 0, sizeof table->kinds);
    table->kind_count = 0;
    uint64_t bytes_max = table->mem.bytes_max;
    table->mem.bytes_max = 0; /* Old and new ones are there together for a moment. */
    bool good = lay_out(table, set);
    if (good)
        copy_same(table, &old);
    close_old(table, &old);
    table->mem.bytes_max = bytes_max;
    return good ? ODD_OK : ODD_NOMEM;
}

/* -- facts ------------------------------------------------------------------------------------- */

/* False: it is older than all that any window reaches. */
static bool ring_turn(Ring *ring, char *cells, uint32_t panes, uint32_t cell_bytes, int64_t pane)
{
    if (ring->facts == 0)
        ring->newest = pane;
    if (pane <= ring->newest)
        return ring->newest - pane < (int64_t)panes;
    int64_t turned = pane - ring->newest < (int64_t)panes ? pane - ring->newest : (int64_t)panes;
    for (int64_t i = 0; i < turned; i++)
        memset(cells + (size_t)pane_slot(pane - i, panes) * cell_bytes, 0, cell_bytes);
    ring->newest = pane;
    return true;
}

static void ring_keep_newest(Ring *ring, const Fact *fact)
{
    bool is_newest = ring->facts == 0 || fact->time > ring->last ||
                     (fact->time == ring->last && fact->value > ring->last_value);
    if (!is_newest)
        return;
    ring->last = fact->time;
    ring->last_value = fact->value + 0.0; /* -0 is 0: of equals none is the greater. */
}

void feature_table_take(FeatureTable *table, const Fact *fact, Str entity)
{
    if (table->set == NULL || fact->feature >= table->set->count)
        return;
    const Feature *feature = &table->set->features[fact->feature];
    const FeaturePlace *place = &table->places[fact->feature];
    char *record = entity_record(table, &table->kinds[place->kind], entity);
    table->facts++;
    if (record == NULL) {
        table->refused++;
        return;
    }
    Ring *ring = (Ring *)(void *)(record + place->at);
    char *cells = (char *)(ring + 1);
    const Aggregate *aggregate = feature->aggregate;
    if (place->panes > 0) {
        int64_t pane = pane_of(fact->time, feature->step_ns);
        if (ring_turn(ring, cells, place->panes, aggregate->cell_bytes, pane))
            aggregate->add(cells + (size_t)pane_slot(pane, place->panes) * aggregate->cell_bytes,
                           (FactValue){.value = fact->value, .hash = fact->hash});
        else
            table->late++;
    }
    ring_keep_newest(ring, fact);
    ring->facts++;
    if (place->state != NULL)
        feature->imputer->learn(place->state, fact->time, fact->value);
}

size_t feature_table_entities(const FeatureTable *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->kind_count; i++)
        count += table->kinds[i].names.count;
    return count;
}
