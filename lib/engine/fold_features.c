/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_features.c - features of the fold: facts of all shards on their way to the table, and values
 * on their way out.
 *
 * Definitions that come count from the next tick on, when no shard has anything left to learn: so
 * it does not matter how events were split into steps.  Nor does it matter in which order facts of
 * several shards come (feature/table.h). */
#include <math.h>

#include "engine/fold.h"
#include "engine/rows.h"

#define FEATURES_SHARE 4 /* Of the memory of a fold. */

void fold_features_open(odd_fold *fold)
{
    feature_table_open(&fold->features, fold->options.seed,
                       fold->options.memory_bytes_max / FEATURES_SHARE);
    fold->kept_facts = (Facts){.mem = &fold->mem};
}

void fold_features_close(odd_fold *fold)
{
    feature_table_close(&fold->features);
    facts_close(&fold->kept_facts);
    mem_free(&fold->mem, fold->defined, fold->defined_capacity);
    fold->defined = NULL;
    fold->defined_size = fold->defined_capacity = 0;
}

static bool keep_defined(odd_fold *fold, Str text)
{
    char *grown = mem_grow(&fold->mem, fold->defined, &fold->defined_capacity, text.size, 1);
    if (grown == NULL)
        return false;
    fold->defined = grown;
    memcpy(grown, text.text, text.size);
    fold->defined_size = text.size;
    return true;
}

bool fold_features(odd_fold *fold, const Event *event)
{
    return fold->features_given || event->text.size == 0 || keep_defined(fold, event->text);
}

static void take_facts(odd_fold *fold, Str bytes)
{
    Fact fact;
    Str entity;
    for (size_t at = 0; facts_next(bytes, &at, &fact, &entity);)
        feature_table_take(&fold->features, &fact, entity);
}

static void tell_shards(odd_fold *fold)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        shard_features_are(&fold->shards[i], fold->features.set);
}

static odd_rc define(odd_fold *fold, Str text)
{
    if (fold->features.set != NULL && str_equal(json_text_str(&fold->features.set->text), text))
        return ODD_OK;
    odd_rc rc = feature_table_define(&fold->features, text);
    if (rc == ODD_NOMEM)
        return problem_say(&fold->problem, rc, "no memory left for features");
    if (rc != ODD_OK)
        fold->torn++;
    tell_shards(fold);
    return ODD_OK;
}

static Str facts_of(const Facts *facts)
{
    return (Str){.text = facts->bytes, .size = facts->size};
}

static bool keep_facts(odd_fold *fold, Str bytes)
{
    if (bytes.size == 0)
        return true;
    Facts *kept = &fold->kept_facts;
    char *grown = mem_grow(kept->mem, kept->bytes, &kept->capacity, kept->size + bytes.size, 1);
    if (grown == NULL)
        return false;
    kept->bytes = grown;
    memcpy(grown + kept->size, bytes.text, bytes.size);
    kept->size += bytes.size;
    return true;
}

void odd_fold_facts(odd_fold *fold, const void **ret_bytes, size_t *ret_size)
{
    *ret_bytes = fold->kept_facts.bytes;
    *ret_size = fold->kept_facts.size;
    fold->kept_facts.size = 0;
}

odd_rc odd_fold_apply(odd_fold *fold)
{
    if (!fold->apply_is_due)
        return ODD_OK;
    fold->apply_is_due = false;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        Facts *facts = &fold->shards[i].facts;
        if (fold->options.facts && !keep_facts(fold, facts_of(facts)))
            return problem_say(&fold->problem, ODD_NOMEM, "no memory left for facts");
        if (!fold->options.facts)
            take_facts(fold, facts_of(facts));
        facts_clear(facts);
        fold->facts_bad += fold->shards[i].facts_bad;
        fold->shards[i].facts_bad = 0;
    }
    fold->features.now = fold->fed_known;
    fold->features_position = fold->fed;
    if (!fold->merge_is_due || fold->defined_size == 0)
        return ODD_OK;
    odd_rc rc = define(fold, (Str){.text = fold->defined, .size = fold->defined_size});
    fold->defined_size = 0;
    return rc;
}

odd_rc odd_fold_features(odd_fold *fold, const odd_events *events)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    odd_rc rc = ODD_OK;
    fold->features_given = true;
    fold->defined_size = 0;
    while (rc == ODD_OK && event_next(&reader, &event) == EVENT_READ)
        if (event.kind == EVENT_FEATURES)
            rc = define(fold, event.text);
    return rc;
}

/* -- definitions as events --------------------------------------------------------------------- */

typedef struct {
    odd_feature_tell tell;
    void            *context;
} Telling;

static void tell_on(void *context, size_t number, const char *name, const char *sentence)
{
    const Telling *told = context;
    if (told->tell != NULL)
        told->tell(told->context, number, name, sentence);
}

odd_rc odd_events_features(odd_events *events, const char *json, size_t size, int64_t retention_ns,
                           odd_feature_tell tell, void *context)
{
    FeatureSet set;
    Telling told = {.tell = tell, .context = context};
    odd_rc rc =
        feature_set_read(&set, (Str){.text = json, .size = size}, retention_ns, tell_on, &told);
    if (rc != ODD_OK)
        return rc;
    bool good = events_features(events, json_text_str(&set.text));
    feature_set_close(&set);
    return good ? ODD_OK : ODD_FULL;
}

/* -- values ------------------------------------------------------------------------------------ */

int odd_feature_find(const odd_fold *fold, const char *name)
{
    size_t number =
        fold->features.set != NULL ? feature_set_find(fold->features.set, str_of(name)) : SIZE_MAX;
    return number != SIZE_MAX ? (int)number : -1;
}

const char *odd_feature_name(const odd_fold *fold, int number)
{
    const FeatureSet *set = fold->features.set;
    return set != NULL && number >= 0 && (size_t)number < set->count ? set->features[number].name
                                                                     : NULL;
}

const char *odd_feature_near(const odd_fold *fold, const char *name)
{
    size_t number = SIZE_MAX;
    if (fold->features.set != NULL)
        number = feature_set_find(fold->features.set,
                                  feature_set_near(fold->features.set, str_of(name)));
    return number != SIZE_MAX ? fold->features.set->features[number].name : NULL;
}

const char *odd_feature_entity(const odd_fold *fold, size_t number, size_t *ret_size)
{
    for (size_t i = 0; i < fold->features.kind_count; i++) {
        const Names *names = &fold->features.kinds[i].names;
        if (number < names->count) {
            Str name = names_text(names, (uint32_t)number);
            *ret_size = name.size;
            return name.text;
        }
        number -= names->count;
    }
    return NULL;
}

odd_rc odd_feature_get(const odd_fold *fold, const char *entity, const int *numbers, size_t count,
                       odd_time as_of, odd_feature_value *ret)
{
    const FeatureTable *table = &fold->features;
    if (as_of == ODD_TIME_NONE)
        as_of = table->now;
    if (table->now == ODD_TIME_NONE || as_of < table->now)
        return ODD_RANGE;
    for (size_t i = 0; i < count; i++) {
        if (table->set == NULL || numbers[i] < 0 || (size_t)numbers[i] >= table->set->count)
            return ODD_NOTFOUND;
        size_t number = (size_t)numbers[i];
        FeatureValue value;
        feature_table_read(table, str_of(entity), &number, 1, as_of, &value);
        ret[i] = (odd_feature_value){.value = value.value,
                                     .was_missing = value.was_missing,
                                     .time = value.time};
    }
    return ODD_OK;
}

odd_feature_counts odd_feature_count(const odd_fold *fold)
{
    const FeatureTable *table = &fold->features;
    odd_feature_counts counts = {.features = table->set != NULL ? table->set->count : 0,
                                 .set = table->set != NULL ? table->set->id : 0,
                                 .entities = feature_table_entities(table),
                                 .facts = table->facts,
                                 .late = table->late,
                                 .refused = table->refused,
                                 .bad = fold->facts_bad,
                                 .bytes = table->mem.bytes,
                                 .now = table->now,
                                 .position = fold->features_position};
    return counts;
}

static void feature_row(const Feature *f, odd_rows *rows)
{
    rows_text(rows, str_of(f->name));
    rows_text(rows, str_of(f->version));
    rows_constant(rows, feature_from_word(f->from));
    rows_text(rows, str_of(f->entity));
    if (f->aggregate != NULL)
        rows_constant(rows, f->aggregate->name);
    else
        rows_missing(rows);
    rows_double(rows, f->window_ns > 0 ? (double)f->window_ns / 1e9 : NAN);
    rows_double(rows, f->step_ns > 0 ? (double)f->step_ns / 1e9 : NAN);
    rows_text(rows, str_of(f->unit));
    rows_text(rows, str_of(f->owner));
    rows_text(rows, str_of(f->description));
}

odd_rc fold_feature_rows(const odd_fold *fold, odd_rows **ret_rows)
{
    static const char *const columns[] = {"name",      "version",     "from",   "entity",
                                          "aggregate", "window_s",    "step_s", "unit",
                                          "owner",     "description", NULL};
    const FeatureSet *set = fold->features.set;
    odd_rows *rows = rows_open(columns);
    for (size_t i = 0; rows != NULL && set != NULL && i < set->count; i++)
        feature_row(&set->features[i], rows);
    return rows != NULL ? rows_finish(rows, ret_rows) : ODD_NOMEM;
}
