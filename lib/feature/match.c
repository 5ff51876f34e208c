/* SPDX-License-Identifier: Apache-2.0 */
#include "feature/match.h"

#include <math.h>

#include "base/glob.h"
#include "base/hash.h"

bool match_is_of(const Feature *feature, FeatureFrom from, Str source, Str what)
{
    return feature->from == from &&
           (feature->source[0] == '\0' || glob_means(str_of(feature->source), source)) &&
           (feature->what[0] == '\0' || glob_means(str_of(feature->what), what));
}

static FieldValue field_of(const Happening *h, const char *name)
{
    if (h->own.is_there && strcmp(name, "value") == 0)
        return h->own;
    return h->field != NULL ? h->field(h->context, str_of(name)) : (FieldValue){.number = NAN};
}

static bool all_hold(const Condition *conditions, size_t count, const Happening *h)
{
    for (size_t i = 0; i < count; i++)
        if (!condition_holds(&conditions[i], field_of(h, conditions[i].field)))
            return false;
    return true;
}

static uint64_t hash_of(FieldValue value)
{
    double number = value.number + 0.0; /* -0 is 0. */
    return isnan(value.number) ? hash_bytes(value.text.text, value.text.size, 0)
                               : hash_bytes(&number, sizeof number, 0);
}

/* False: there is no value. */
static bool value_of(const Feature *f, const Happening *h, FactValue *ret, bool *ret_is_bad)
{
    FieldValue value = f->value[0] != '\0' ? field_of(h, f->value) : h->own;
    if (!value.is_there)
        return false;
    ret->hash = hash_of(value);
    if (f->text_as == TEXT_HASH)
        ret->value = (double)(hash_bytes(value.text.text, value.text.size, 0) % f->hash_buckets);
    else if (f->text_as == TEXT_ONE_HOT)
        ret->value = str_equal(value.text, str_of(f->one_hot)) ? 1 : 0;
    else if (strcmp(f->aggregate->name, "distinct") == 0)
        ret->value = 0;
    else
        ret->value = value.number;
    *ret_is_bad = !isfinite(ret->value);
    return !*ret_is_bad;
}

bool match_fact(const Feature *feature, const Happening *h, Fact *ret, Str *ret_entity,
                bool *ret_is_bad)
{
    FieldValue entity = {.is_there = true, .text = STR("all")};
    FactValue value = {.value = 1};
    *ret_is_bad = false;
    if (!all_hold(feature->filter, feature->filter_count, h))
        return false;
    if (feature->entity[0] != '\0')
        entity = field_of(h, feature->entity);
    if (!entity.is_there || entity.text.size == 0 || entity.text.size > ENTITY_SIZE_MAX)
        return false;
    if (feature->of_count > 0)
        value.value = all_hold(feature->of, feature->of_count, h) ? 1 : 0;
    else if (feature->aggregate->wants_value && !value_of(feature, h, &value, ret_is_bad))
        return false;
    bool has_time = h->time != ODD_TIME_NONE && h->time < h->known;
    *ret = (Fact){.time = has_time ? h->time : h->known,
                  .known = h->known,
                  .value = value.value,
                  .hash = value.hash};
    *ret_entity = entity.text;
    return true;
}
