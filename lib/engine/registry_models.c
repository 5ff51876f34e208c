/* SPDX-License-Identifier: Apache-2.0
 *
 * registry_models.c - models in the registry: told, promoted, taken back, brought in, given out. */
#include <stdio.h>

#include "base/time.h"
#include "engine/registry.h"
#include "engine/registry_views.h"
#include "engine/rows.h"
#include "learn/xgboost_model.h"

odd_rc registry_load(odd_registry *registry, const RegistryRef *ref, Predictor *predictor)
{
    Str bytes;
    odd_rc rc = shelf_get(&registry->models, ref->name, ref->version, REGISTRY_MODEL_FILE, &bytes,
                          &registry->problem);
    if (rc != ODD_OK)
        return rc;
    rc = predictor_load(predictor, bytes, &registry->problem);
    disk_unmap(bytes);
    return rc;
}

/* -- promotion -------------------------------------------------------------------------------- */

static bool has_beaten(odd_registry *registry, const RegistryRef *ref, RegistryRef *ret_dataset)
{
    JsonNode *root;
    Str bytes, origin = STR("");
    bool beats = false;
    *ret_dataset = (RegistryRef){0};
    if (registry_manifest(registry, &registry->models, ref, &root, &bytes) != ODD_OK)
        return false;
    json_as_bool(json_member(root, "beats_baselines"), &beats);
    json_as_str(json_member(root, "origin"), &origin);
    *ret_dataset = registry_dataset_of(root);
    beats |= !str_equal(origin, STR("trained"));
    json_free(root);
    disk_unmap(bytes);
    return beats;
}

/* The first column of the model that the newest version of its dataset has not any more. */
static odd_rc check_columns(odd_registry *registry, const RegistryRef *ref, const char *dataset)
{
    Predictor predictor;
    RegistryRef newest;
    JsonNode *root = NULL;
    const JsonNode *column;
    Str bytes = STR(""), unused, name;
    predictor_open(&predictor, &registry->mem);
    odd_rc rc = registry_load(registry, ref, &predictor);
    if (rc == ODD_OK)
        rc = registry_find_dataset(registry, dataset, &newest);
    if (rc == ODD_OK)
        rc = registry_manifest(registry, &registry->datasets, &newest, &root, &bytes);
    for (uint32_t c = 0; rc == ODD_OK && c < predictor.encoder.names.count; c++) {
        Str wanted = names_text(&predictor.encoder.names, c);
        bool found = false;
        JsonWalk walk = json_walk(json_member(root, "columns"));
        while (!found && json_walk_next(&walk, &unused, &column))
            found = json_as_str(json_member(column, "column"), &name) && str_equal(name, wanted);
        if (!found)
            rc = problem_say(&registry->problem, ODD_RANGE,
                             "%s@%s wants the column %.*s, which is not in %s@%s any more",
                             ref->name, ref->version, (int)wanted.size, wanted.text, newest.name,
                             newest.version);
    }
    if (root != NULL) {
        json_free(root);
        disk_unmap(bytes);
    }
    predictor_close(&predictor);
    return rc;
}

odd_rc odd_registry_promote(odd_registry *registry, const odd_promotion *promotion)
{
    RegistryRef ref, dataset;
    RegistryState state;
    odd_rc rc = registry_find_model(registry, promotion->model, &ref);
    if (rc == ODD_OK)
        rc = registry_state(registry, ref.name, &state);
    if (rc != ODD_OK)
        return rc;
    if (strchr(promotion->model, '@') == NULL) /* The newest, not the champion again. */
        memcpy(ref.version, state.newest, sizeof ref.version);
    if (strcmp(state.champion, ref.version) == 0)
        return problem_say(&registry->problem, ODD_EXISTS, "%s@%s is the champion already",
                           ref.name, ref.version);
    bool beats = has_beaten(registry, &ref, &dataset);
    if (!beats && !promotion->by_force)
        return problem_say(&registry->problem, ODD_RANGE,
                           "%s@%s does not beat the baselines: see its card (oddball model show "
                           "%s@%s)", ref.name, ref.version, ref.name, ref.version);
    if (dataset.name[0] != '\0')
        rc = check_columns(registry, &ref, dataset.name);
    if (rc == ODD_OK && !promotion->by_force)
        rc = registry_features(registry, &ref, &dataset, promotion);
    if (rc != ODD_OK)
        return rc;
    return registry_note(registry, ref.name,
                         &(RegistryNote){.time = promotion->now,
                                         .verb = "promoted",
                                         .version = ref.version,
                                         .before = state.champion,
                                         .author = promotion->author,
                                         .reason = promotion->reason});
}

odd_rc odd_registry_back(odd_registry *registry, const odd_promotion *promotion)
{
    RegistryRef ref;
    RegistryState state;
    odd_rc rc = registry_find_model(registry, promotion->model, &ref);
    if (rc == ODD_OK)
        rc = registry_state(registry, ref.name, &state);
    if (rc != ODD_OK)
        return rc;
    if (state.before[0] == '\0')
        return problem_say(&registry->problem, ODD_RANGE, "%s has no champion before this one",
                           ref.name);
    return registry_note(registry, ref.name,
                         &(RegistryNote){.time = promotion->now,
                                         .verb = "back",
                                         .version = state.before,
                                         .before = state.champion,
                                         .author = promotion->author,
                                         .reason = promotion->reason});
}

/* -- in and out ------------------------------------------------------------------------------- */

static odd_rc read_any(Str bytes, Predictor *predictor, const char **ret_origin, Problem *problem)
{
    if (bytes.size >= 8 && memcmp(bytes.text, "ODDMODEL", 8) == 0) {
        *ret_origin = "imported";
        return predictor_load(predictor, bytes, problem);
    }
    *ret_origin = "xgboost";
    return xgboost_model_read(bytes, predictor, problem);
}

static void put_import(const char *name, const char *version, const char *origin,
                       const Predictor *predictor, odd_time now, JsonText *json)
{
    char time[TIME_TEXT_SIZE];
    Str target = predictor_target(predictor);
    json_put_open(json, '{');
    json_put_name(json, STR("format"), STR(""));
    json_put_int(json, REGISTRY_FORMAT);
    json_put_named(json, "name", name);
    json_put_named(json, "version", version);
    json_put_named(json, "origin", origin);
    json_put_named(json, "task", predictor_task_word(predictor->task));
    json_put_name(json, STR("target"), STR(""));
    json_put_string(json, target);
    json_put_named(json, "made", time_text(now, 3, time));
    json_put_name(json, STR("made_ns"), STR(""));
    json_put_int(json, now);
    json_put_named(json, "program", odd_version());
    json_put_close(json, '}');
}

odd_rc odd_registry_import(odd_registry *registry, const char *name, const void *bytes, size_t size,
                           const char *author, odd_time now, char version[ODD_VERSION_SIZE])
{
    Predictor predictor;
    const char *origin = "";
    char hex[ODD_VERSION_SIZE] = "";
    static const char card[] = "part,name,value,lower,upper,text\n"
                               "note,imported,,,,\"trained elsewhere: its quality is not known\"\n";
    ImageOut model = {.mem = &registry->mem};
    predictor_open(&predictor, &registry->mem);
    odd_rc rc =
        read_any((Str){.text = bytes, .size = size}, &predictor, &origin, &registry->problem);
    if (rc == ODD_OK)
        predictor_save(&predictor, &model);
    if (rc == ODD_OK && model.failed)
        rc = problem_say(&registry->problem, ODD_NOMEM, "no memory for the model");
    if (rc == ODD_OK) {
        registry_version_of(&model, hex);
        json_text_clear(&registry->manifest);
        put_import(name, hex, origin, &predictor, now, &registry->manifest);
        ShelfFile files[] = {{REGISTRY_MODEL_FILE, {.text = model.bytes, .size = model.size}},
                             {REGISTRY_CARD_FILE, {.text = card, .size = sizeof card - 1}},
                             {REGISTRY_MANIFEST_FILE, json_text_str(&registry->manifest)}};
        rc = shelf_put(&registry->models, name, hex, files, 3, &registry->problem);
    }
    if (rc == ODD_OK)
        rc = registry_note(registry, name,
                           &(RegistryNote){.time = now,
                                           .verb = "imported",
                                           .version = hex,
                                           .author = author,
                                           .reason = origin});
    if (rc == ODD_OK || rc == ODD_EXISTS)
        memcpy(version, hex, ODD_VERSION_SIZE);
    predictor_close(&predictor);
    image_close(&model);
    return rc;
}

odd_rc odd_registry_export(odd_registry *registry, const char *model, odd_registry_write write,
                           void *context)
{
    RegistryRef ref;
    Str bytes;
    odd_rc rc = registry_find_model(registry, model, &ref);
    if (rc == ODD_OK)
        rc = shelf_get(&registry->models, ref.name, ref.version, REGISTRY_MODEL_FILE, &bytes,
                       &registry->problem);
    if (rc != ODD_OK)
        return rc;
    rc = registry_hand_out(bytes, write, context);
    disk_unmap(bytes);
    return rc;
}

/* -- telling ---------------------------------------------------------------------------------- */

static odd_rc tell_one(odd_registry *registry, const RegistryRef *ref, odd_rows *rows)
{
    JsonNode *root;
    Str bytes;
    const char *state;
    int64_t made = ODD_TIME_NONE;
    bool beats = false;
    odd_rc rc = registry_state_of(registry, ref, &state);
    if (rc == ODD_OK)
        rc = registry_manifest(registry, &registry->models, ref, &root, &bytes);
    if (rc != ODD_OK)
        return rc;
    json_as_bool(json_member(root, "beats_baselines"), &beats);
    json_as_i64(json_member(root, "made_ns"), &made);
    rows_text(rows, str_of(ref->name));
    rows_text(rows, str_of(ref->version));
    rows_constant(rows, state);
    registry_tell(rows, root, "origin");
    registry_tell(rows, root, "task");
    registry_tell(rows, root, "target");
    RegistryRef from = registry_dataset_of(root);
    char dataset[SHELF_NAME_MAX + ODD_VERSION_SIZE + 2] = "";
    if (from.name[0] != '\0')
        snprintf(dataset, sizeof dataset, "%s@%s", from.name, from.version);
    rows_text(rows, str_of(dataset));
    rows_bool(rows, beats);
    rows_int(rows, made);
    json_free(root);
    disk_unmap(bytes);
    return ODD_OK;
}

static odd_rc tell_name(odd_registry *registry, Str name, odd_rows *rows)
{
    Names versions = {.mem = &registry->mem};
    RegistryRef ref = {0};
    snprintf(ref.name, sizeof ref.name, "%.*s", (int)name.size, name.text);
    odd_rc rc = shelf_list(&registry->models, ref.name, &versions, &registry->problem);
    for (uint32_t i = 0; rc == ODD_OK && i < versions.count; i++) {
        Str version = names_text(&versions, i);
        if (version.size != ODD_VERSION_SIZE - 1)
            continue;
        memcpy(ref.version, version.text, version.size);
        rc = tell_one(registry, &ref, rows);
    }
    names_close(&versions);
    return rc;
}

static odd_rc models(odd_registry *registry, const char *only, odd_rows **ret)
{
    static const char *const columns[] = {"name",    "version", "state", "origin", "task", "target",
                                          "dataset", "beats",   "made",  NULL};
    Names names = {.mem = &registry->mem};
    odd_rows *rows = rows_open(columns);
    odd_rc rc =
        rows != NULL ? shelf_list(&registry->models, NULL, &names, &registry->problem) : ODD_NOMEM;
    for (uint32_t i = 0; rc == ODD_OK && i < names.count; i++)
        if (only == NULL || str_equal(names_text(&names, i), str_of(only)))
            rc = tell_name(registry, names_text(&names, i), rows);
    names_close(&names);
    if (rc == ODD_OK)
        return rows_finish(rows, ret);
    odd_rows_close(rows);
    return rc;
}

static void card_cell(const Frame *frame, const char *name, size_t row, odd_rows *rows)
{
    char number[REAL_TEXT_SIZE];
    uint32_t at = frame_find(frame, str_of(name));
    const FrameColumn *column = at != FRAME_NONE ? &frame->columns[at] : NULL;
    if (column == NULL || column->kind == FRAME_TIME || frame_missing(column, row))
        rows_missing(rows);
    else if (column->kind == FRAME_TEXT)
        rows_text(rows, names_text(&column->texts, column->codes[row]));
    else if (strcmp(name, "value") == 0 || strcmp(name, "lower") == 0 || strcmp(name, "upper") == 0)
        rows_double(rows, column->numbers[row]);
    else
        rows_text(rows, real_text(column->numbers[row], number));
}

static odd_rc card(odd_registry *registry, const char *model, odd_rows **ret)
{
    static const char *const columns[] = {"part", "name", "value", "lower", "upper", "text", NULL};
    RegistryRef ref;
    Str bytes;
    odd_rc rc = registry_find_model(registry, model, &ref);
    if (rc == ODD_OK)
        rc = shelf_get(&registry->models, ref.name, ref.version, REGISTRY_CARD_FILE, &bytes,
                       &registry->problem);
    if (rc != ODD_OK)
        return rc;
    registry_forget(registry);
    rc = frame_put(&registry->frame, bytes);
    disk_unmap(bytes);
    if (rc == ODD_OK)
        rc = registry_table(registry);
    odd_rows *rows = rc == ODD_OK ? rows_open(columns) : NULL;
    for (size_t row = 0; rows != NULL && row < registry->frame.row_count; row++)
        for (size_t i = 0; columns[i] != NULL; i++)
            card_cell(&registry->frame, columns[i], row, rows);
    registry_forget(registry);
    if (rc != ODD_OK)
        return rc;
    return rows != NULL ? rows_finish(rows, ret) : ODD_NOMEM;
}

odd_rc odd_registry_query(odd_registry *registry, odd_registry_view view, const char *name,
                          odd_rows **ret)
{
    odd_rc rc = ODD_RANGE;
    if (view == ODD_TRAINED)
        rc = models(registry, name, ret);
    else if (view == ODD_DATASETS)
        rc = registry_datasets(registry, ret);
    else if (name == NULL)
        return problem_say(&registry->problem, ODD_RANGE, "this is asked of one by its name");
    else if (view == ODD_DATASET_COLUMNS)
        rc = registry_dataset_columns(registry, name, ret);
    else if (view == ODD_CARD)
        rc = card(registry, name, ret);
    else if (view == ODD_AUDIT)
        rc = registry_audit(registry, name, ret);
    if (rc == ODD_NOMEM)
        problem_say(&registry->problem, rc, "no memory for the answer");
    return rc;
}
