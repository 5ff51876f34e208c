/* SPDX-License-Identifier: Apache-2.0 */
#include "feature/join.h"

#include <stdlib.h>

#include "base/hash.h"

void join_open(Join *join, Mem *mem, FeatureTable *table)
{
    *join = (Join){.mem = mem, .table = table};
    for (size_t i = 0; i < table->kind_count; i++)
        join->wanted[i] = (Names){.mem = mem, .seed = table->seed};
}

void join_close(Join *join)
{
    for (size_t i = 0; i < FEATURE_ENTITIES_MAX; i++)
        if (join->wanted[i].mem != NULL)
            names_close(&join->wanted[i]);
    mem_free(join->mem, join->labels, join->capacity * sizeof *join->labels);
    mem_free(join->mem, join->entities, join->entity_capacity * sizeof *join->entities);
    if (join->values != NULL)
        mem_free(join->mem, join->values, join->table->set->count * sizeof *join->values);
    *join = (Join){0};
}

bool join_label(Join *join, odd_time time, const Str *entities)
{
    size_t kinds = join->table->kind_count;
    Label *grown =
        mem_grow(join->mem, join->labels, &join->capacity, join->count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    join->labels = grown;
    uint32_t *numbers = mem_grow(join->mem, join->entities, &join->entity_capacity,
                                 join->entity_count + kinds, sizeof *numbers);
    if (numbers == NULL && kinds > 0)
        return false;
    join->entities = numbers;
    for (size_t i = 0; i < kinds; i++) {
        bool is_new;
        uint32_t number = names_add(&join->wanted[i], entities[i], &is_new);
        if (number == NAME_NONE)
            return false;
        numbers[join->entity_count + i] = number;
    }
    join->entity_count += kinds;
    grown[join->count] = (Label){
        .time = time,
        .row = join->count,
        .hash = hash_bytes(numbers + join->entity_count - kinds, kinds * sizeof *numbers, 0)};
    join->count++;
    return true;
}

static int by_time(const void *left, const void *right)
{
    const Label *a = left, *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

bool join_begin(Join *join, JoinEmit emit, void *context)
{
    join->emit = emit;
    join->context = context;
    qsort(join->labels, join->count, sizeof *join->labels, by_time);
    join->values = mem_take(join->mem, join->table->set->count * sizeof *join->values);
    return join->values != NULL;
}

static bool are_same(const Join *join, const Label *a, const Label *b)
{
    size_t kinds = join->table->kind_count;
    return a->time == b->time &&
           memcmp(join->entities + a->row * kinds, join->entities + b->row * kinds,
                  kinds * sizeof *join->entities) == 0;
}

static int by_time_and_entities(const void *left, const void *right)
{
    const Label *a = left, *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

bool join_twice(Join *join, uint64_t *ret_row, uint64_t *ret_other)
{
    qsort(join->labels, join->count, sizeof *join->labels, by_time_and_entities);
    for (size_t i = 1; i < join->count; i++)
        if (are_same(join, &join->labels[i - 1], &join->labels[i])) {
            *ret_row = join->labels[i - 1].row;
            *ret_other = join->labels[i].row;
            return true;
        }
    return false;
}

bool join_wants(const Join *join, const Fact *fact, Str entity)
{
    return fact->feature < join->table->set->count &&
           names_find(&join->wanted[join->table->places[fact->feature].kind], entity) != NAME_NONE;
}

/* Features of one kind are of one of its entities. */
static void answer(Join *join, const Label *label)
{
    size_t kinds = join->table->kind_count, count = join->table->set->count;
    const uint32_t *numbers = join->entities + label->row * kinds;
    for (size_t i = 0; i < count; i++) {
        uint32_t kind = join->table->places[i].kind;
        Str entity = names_text(&join->wanted[kind], numbers[kind]);
        feature_table_read(join->table, entity, &i, 1, label->time, &join->values[i]);
    }
    join->failed = !join->emit(join->context, label->row, label->time, join->values);
}

static void answer_before(Join *join, odd_time key)
{
    while (!join->failed && join->next < join->count && join->labels[join->next].time < key)
        answer(join, &join->labels[join->next++]);
}

void join_fact(Join *join, odd_time key, const Fact *fact, Str entity)
{
    answer_before(join, key);
    feature_table_take(join->table, fact, entity);
}

void join_end(Join *join)
{
    while (!join->failed && join->next < join->count)
        answer(join, &join->labels[join->next++]);
}
