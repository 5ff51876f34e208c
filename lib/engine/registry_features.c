/* SPDX-License-Identifier: Apache-2.0
 *
 * registry_features.c - whether the features that a model was trained from are there still.
 *
 * A table that was made of features has beside each of them NAME.was_missing and NAME.age_s; that
 * tells them from columns that came with the labels. */
#include "engine/registry.h"

static const char *const endings[] = {".was_missing", ".age_s"};

/* The feature in the name of one of the two columns beside it; empty: it is none. */
static Str feature_beside(Str column)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        Str ending = str_of(endings[i]);
        if (column.size > ending.size &&
            memcmp(column.text + column.size - ending.size, ending.text, ending.size) == 0)
            return str_part(column, 0, column.size - ending.size);
    }
    return STR("");
}

/* root: the manifest of the dataset; NULL: there is none. */
static bool has_beside(const JsonNode *root, Str column)
{
    Str unused, name;
    const JsonNode *item;
    JsonWalk walk = json_walk(json_member(root, "columns"));
    while (root != NULL && json_walk_next(&walk, &unused, &item))
        if (json_as_str(json_member(item, "column"), &name) &&
            str_equal(feature_beside(name), column))
            return true;
    return false;
}

static odd_rc check(odd_registry *registry, const RegistryRef *ref, const Names *columns,
                    const JsonNode *root, const odd_promotion *promotion)
{
    for (uint32_t c = 0; c < columns->count; c++) {
        char name[SHELF_NAME_MAX + 1];
        Str column = names_text(columns, c), feature = feature_beside(column);
        if (feature.size == 0 && has_beside(root, column))
            feature = column;
        if (feature.size == 0 || feature.size >= sizeof name)
            continue;
        memcpy(name, feature.text, feature.size);
        name[feature.size] = '\0';
        if (!promotion->has_feature(promotion->context, name))
            return problem_say(&registry->problem, ODD_RANGE,
                               "%s@%s wants the feature %s, which is not defined any more: it "
                               "could not be asked by an entity", ref->name, ref->version, name);
    }
    return ODD_OK;
}

odd_rc registry_features(odd_registry *registry, const RegistryRef *ref, const RegistryRef *dataset,
                         const odd_promotion *promotion)
{
    Predictor predictor;
    JsonNode *root = NULL;
    Str bytes = STR("");
    if (promotion->has_feature == NULL)
        return ODD_OK;
    predictor_open(&predictor, &registry->mem);
    odd_rc rc = registry_load(registry, ref, &predictor);
    if (rc == ODD_OK && dataset->name[0] != '\0')
        rc = registry_manifest(registry, &registry->datasets, dataset, &root, &bytes);
    if (rc == ODD_OK)
        rc = check(registry, ref, &predictor.encoder.names, root, promotion);
    if (root != NULL) {
        json_free(root);
        disk_unmap(bytes);
    }
    predictor_close(&predictor);
    return rc;
}
