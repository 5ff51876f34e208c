/* SPDX-License-Identifier: Apache-2.0
 *
 * join.c - point-in-time values for labels: facts sorted out of core, then joined. */
#include "feature/join.h"

#include <assert.h>

#include "base/problem.h"
#include "event/events.h"
#include "store/spill.h"

#define MEMORY_DEFAULT (256ull << 20)

struct odd_join {
    Mem          mem;
    FeatureTable table;
    Join         join;
    Spill        spill;
    bool         by_event;
    odd_join_emit emit;
    void        *context;
    odd_feature_value *values;
    Problem      problem;
};

const char *odd_join_errmsg(const odd_join *join)
{
    return join->problem.text;
}

void odd_join_close(odd_join *join)
{
    if (join == NULL)
        return;
    join_close(&join->join);
    spill_close(&join->spill);
    if (join->values != NULL)
        mem_free(&join->mem, join->values, join->table.set->count * sizeof *join->values);
    feature_table_close(&join->table);
    Mem mem = join->mem;
    mem_free(&mem, join, sizeof *join);
}

static odd_rc define(odd_join *join, const odd_events *features)
{
    EventReader reader = {.bytes = {.text = features->bytes, .size = features->size}};
    Event event;
    odd_rc rc = ODD_NOTFOUND;
    while (event_next(&reader, &event) == EVENT_READ)
        if (event.kind == EVENT_FEATURES)
            rc = feature_table_define(&join->table, event.text);
    return rc == ODD_OK && join->table.set->count == 0 ? ODD_NOTFOUND : rc;
}

odd_rc odd_join_open(const odd_events *features, int by_event, const char *folder,
                     uint64_t memory_bytes_max, odd_join **ret_join)
{
    Mem mem = {0};
    odd_join *join = mem_take(&mem, sizeof *join);
    if (join == NULL)
        return ODD_NOMEM;
    uint64_t bytes_max = memory_bytes_max > 0 ? memory_bytes_max : MEMORY_DEFAULT;
    join->mem = mem;
    join->by_event = by_event != 0;
    feature_table_open(&join->table, 0, 0);
    spill_open(&join->spill, &join->mem, folder, bytes_max);
    odd_rc rc = define(join, features);
    if (rc == ODD_OK)
        join_open(&join->join, &join->mem, &join->table);
    else
        join->join.mem = &join->mem;
    if (rc != ODD_OK) {
        odd_join_close(join);
        return rc;
    }
    *ret_join = join;
    return ODD_OK;
}

const char *odd_join_kind(const odd_join *join, size_t number)
{
    return number < join->table.kind_count ? join->table.kinds[number].field : NULL;
}

const char *odd_join_feature(const odd_join *join, size_t number)
{
    return number < join->table.set->count ? join->table.set->features[number].name : NULL;
}

size_t odd_join_feature_kind(const odd_join *join, size_t number)
{
    assert(number < join->table.set->count);
    return join->table.places[number].kind;
}

odd_rc odd_join_label(odd_join *join, odd_time time, const char *const *entities)
{
    Str names[FEATURE_ENTITIES_MAX];
    for (size_t i = 0; i < join->table.kind_count; i++)
        names[i] = str_of(entities[i]);
    return join_label(&join->join, time, names) ? ODD_OK : ODD_NOMEM;
}

odd_rc odd_join_facts(odd_join *join, const void *bytes, size_t size)
{
    Str facts = {.text = bytes, .size = size};
    Fact fact;
    Str entity;
    odd_rc rc = ODD_OK;
    size_t at = 0;
    for (size_t from = 0; rc == ODD_OK && facts_next(facts, &at, &fact, &entity); from = at)
        if (join_wants(&join->join, &fact, entity))
            rc = spill_add(&join->spill, join->by_event ? fact.time : fact.known,
                           str_part(facts, from, at));
    return rc == ODD_OK ? rc
                        : problem_say(&join->problem, rc, "sorting facts: %s", odd_strerror(rc));
}

static bool emit_on(void *context, uint64_t row, odd_time time, const FeatureValue *values)
{
    odd_join *join = context;
    for (size_t i = 0; i < join->table.set->count; i++)
        join->values[i] = (odd_feature_value){.value = values[i].value,
                                              .was_missing = values[i].was_missing,
                                              .time = values[i].time};
    return join->emit(join->context, row, time, join->values) != 0;
}

odd_rc odd_join_run(odd_join *join, odd_join_emit emit, void *context)
{
    int64_t key;
    Str record, entity;
    Fact fact;
    join->emit = emit;
    join->context = context;
    join->values = mem_take(&join->mem, join->table.set->count * sizeof *join->values);
    uint64_t row, other;
    if (join_twice(&join->join, &row, &other))
        return problem_say(&join->problem, ODD_EXISTS,
                           "labels %llu and %llu have the same time and entities",
                           (unsigned long long)row + 1, (unsigned long long)other + 1);
    odd_rc rc = join->values != NULL && join_begin(&join->join, emit_on, join) ? ODD_OK : ODD_NOMEM;
    if (rc == ODD_OK)
        rc = spill_sort(&join->spill);
    while (rc == ODD_OK && !join->join.failed) {
        rc = spill_next(&join->spill, &key, &record);
        size_t at = 0;
        if (rc == ODD_ROW && facts_next(record, &at, &fact, &entity))
            join_fact(&join->join, key, &fact, entity);
        rc = rc == ODD_ROW ? ODD_OK : rc;
    }
    if (rc == ODD_DONE) {
        join_end(&join->join);
        rc = ODD_OK;
    }
    if (rc == ODD_OK)
        return join->join.failed ? ODD_MISUSE : ODD_OK;
    return problem_say(&join->problem, rc, "joining labels with facts: %s", odd_strerror(rc));
}
