/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/registry.h"

#include <assert.h>
#include <stdio.h>

#include "base/hash.h"

#define HAND_OUT_BYTES 65536
#define MODEL_SEED 0x747261696e /* "train" */

odd_rc odd_registry_open(const char *path, odd_registry **ret)
{
    assert(path != NULL);
    Mem mem = {0};
    odd_registry *registry = mem_take(&mem, sizeof *registry);
    if (registry == NULL)
        return ODD_NOMEM;
    registry->mem = mem;
    int size = snprintf(registry->root, sizeof registry->root, "%s", path);
    registry->datasets = (Shelf){.root = registry->root, .kind = "datasets"};
    registry->models = (Shelf){.root = registry->root, .kind = "models"};
    registry->manifest.mem = &registry->mem;
    frame_open(&registry->frame, &registry->mem);
    if (size >= (int)sizeof registry->root) {
        odd_registry_close(registry);
        return ODD_RANGE;
    }
    *ret = registry;
    return ODD_OK;
}

void odd_registry_close(odd_registry *registry)
{
    if (registry == NULL)
        return;
    frame_close(&registry->frame);
    squeeze_close(&registry->squeeze);
    json_text_free(&registry->manifest);
    Mem mem = registry->mem;
    mem_free(&mem, registry, sizeof *registry);
}

const char *odd_registry_errmsg(const odd_registry *registry)
{
    return registry->problem.text;
}

odd_rc odd_registry_put(odd_registry *registry, const void *bytes, size_t size)
{
    odd_rc rc = frame_put(&registry->frame, (Str){.text = bytes, .size = size});
    return rc == ODD_OK ? rc : problem_say(&registry->problem, rc, "no memory for the table");
}

odd_rc registry_table(odd_registry *registry)
{
    odd_rc rc = frame_end(&registry->frame, &registry->problem);
    if (rc == ODD_NOMEM)
        problem_say(&registry->problem, rc, "no memory for the table");
    return rc;
}

void registry_forget(odd_registry *registry)
{
    frame_close(&registry->frame);
}

void registry_hex(uint64_t hash, char version[ODD_VERSION_SIZE])
{
    snprintf(version, ODD_VERSION_SIZE, "%016llx", (unsigned long long)hash);
}

void registry_version_of(const ImageOut *model, char version[ODD_VERSION_SIZE])
{
    registry_hex(hash_bytes(model->bytes, model->size, MODEL_SEED), version);
}

/* -- names ------------------------------------------------------------------------------------ */

static odd_rc no_such(odd_registry *registry, const Shelf *shelf, const char *text)
{
    Names names = {.mem = &registry->mem};
    char list[600] = "";
    size_t size = 0;
    shelf_list(shelf, NULL, &names, &registry->problem);
    for (uint32_t i = 0; i < names.count && size + SHELF_NAME_MAX + 4 < sizeof list; i++) {
        Str name = names_text(&names, i);
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%.*s", i > 0 ? ", " : "",
                                 (int)name.size, name.text);
    }
    names_close(&names);
    return problem_say(&registry->problem, ODD_NOTFOUND, "there is no %.*s '%.150s'; there %s%s",
                       (int)strlen(shelf->kind) - 1, shelf->kind, text,
                       list[0] != '\0' ? "are: " : "is none at all", list);
}

/* The version that begins so; ODD_RANGE: several do. */
static odd_rc complete(odd_registry *registry, const Shelf *shelf, const char *text, Str begin,
                       RegistryRef *ref)
{
    Names versions = {.mem = &registry->mem};
    size_t found = 0;
    odd_rc rc = shelf_list(shelf, ref->name, &versions, &registry->problem);
    for (uint32_t i = 0; rc == ODD_OK && i < versions.count; i++) {
        Str version = names_text(&versions, i);
        if (version.size != ODD_VERSION_SIZE - 1 || begin.size > version.size ||
            memcmp(version.text, begin.text, begin.size) != 0)
            continue;
        memcpy(ref->version, version.text, version.size);
        found++;
    }
    names_close(&versions);
    if (rc == ODD_OK && found == 0)
        return no_such(registry, shelf, text);
    if (rc == ODD_OK && found > 1)
        return problem_say(&registry->problem, ODD_RANGE, "several versions begin like '%s'", text);
    return rc;
}

/* *ret_begin is what stands behind the '@'; empty: nothing does. */
static odd_rc take_apart(odd_registry *registry, const Shelf *shelf, const char *text,
                         RegistryRef *ref, Str *ret_begin)
{
    const char *at = strchr(text, '@');
    size_t size = at != NULL ? (size_t)(at - text) : strlen(text);
    *ref = (RegistryRef){0};
    if (!shelf_name_is_good((Str){.text = text, .size = size}))
        return no_such(registry, shelf, text);
    memcpy(ref->name, text, size);
    *ret_begin = at != NULL ? str_of(at + 1) : STR("");
    return ODD_OK;
}

/* When a version was made; one that cannot be read is older than all. */
static int64_t made_of(odd_registry *registry, const Shelf *shelf, const RegistryRef *ref)
{
    JsonNode *root;
    Str bytes;
    int64_t made = INT64_MIN;
    if (registry_manifest(registry, shelf, ref, &root, &bytes) != ODD_OK)
        return made;
    json_as_i64(json_member(root, "made_ns"), &made);
    json_free(root);
    disk_unmap(bytes);
    return made;
}

odd_rc registry_find_dataset(odd_registry *registry, const char *text, RegistryRef *ret)
{
    Str begin = STR("");
    RegistryRef ref, best = {0};
    int64_t newest = INT64_MIN;
    Names versions = {.mem = &registry->mem};
    odd_rc rc = take_apart(registry, &registry->datasets, text, &ref, &begin);
    if (rc != ODD_OK)
        return rc;
    if (begin.size > 0) {
        rc = complete(registry, &registry->datasets, text, begin, &ref);
        if (rc == ODD_OK)
            *ret = ref;
        return rc;
    }
    rc = shelf_list(&registry->datasets, ref.name, &versions, &registry->problem);
    for (uint32_t i = 0; rc == ODD_OK && i < versions.count; i++) {
        Str version = names_text(&versions, i);
        if (version.size != ODD_VERSION_SIZE - 1)
            continue;
        memcpy(ref.version, version.text, version.size);
        int64_t made = made_of(registry, &registry->datasets, &ref);
        best = made >= newest ? ref : best;
        newest = made > newest ? made : newest;
    }
    names_close(&versions);
    if (rc == ODD_OK && best.version[0] == '\0')
        return no_such(registry, &registry->datasets, text);
    if (rc == ODD_OK)
        *ret = best;
    return rc;
}

odd_rc registry_find_model(odd_registry *registry, const char *text, RegistryRef *ret)
{
    Str begin = STR("");
    RegistryRef ref;
    RegistryState state;
    odd_rc rc = take_apart(registry, &registry->models, text, &ref, &begin);
    if (rc == ODD_OK && begin.size > 0) {
        rc = complete(registry, &registry->models, text, begin, &ref);
    } else if (rc == ODD_OK) {
        rc = registry_state(registry, ref.name, &state);
        const char *version = state.champion[0] != '\0' ? state.champion : state.newest;
        if (rc == ODD_OK && version[0] == '\0')
            return no_such(registry, &registry->models, text);
        memcpy(ref.version, version, ODD_VERSION_SIZE);
    }
    if (rc == ODD_OK)
        *ret = ref;
    return rc;
}

/* -- files ------------------------------------------------------------------------------------ */

odd_rc registry_manifest(odd_registry *registry, const Shelf *shelf, const RegistryRef *ref,
                         JsonNode **ret, Str *ret_bytes)
{
    char why[JSON_PROBLEM_SIZE];
    odd_rc rc = shelf_get(shelf, ref->name, ref->version, REGISTRY_MANIFEST_FILE, ret_bytes,
                          &registry->problem);
    if (rc != ODD_OK)
        return rc;
    rc = json_read(*ret_bytes, ret, why);
    if (rc == ODD_OK)
        return rc;
    disk_unmap(*ret_bytes);
    return problem_say(&registry->problem, ODD_CORRUPT, "the manifest of %s@%s cannot be read: %s",
                       ref->name, ref->version, why);
}

RegistryRef registry_dataset_of(const JsonNode *manifest)
{
    RegistryRef dataset = {0};
    Str name = STR(""), version = STR("");
    json_as_str(json_member(manifest, "dataset"), &name);
    json_as_str(json_member(manifest, "dataset_version"), &version);
    snprintf(dataset.name, sizeof dataset.name, "%.*s", (int)name.size, name.text);
    snprintf(dataset.version, sizeof dataset.version, "%.*s", (int)version.size, version.text);
    return dataset;
}

odd_rc registry_hand_out(Str bytes, odd_registry_write write, void *context)
{
    for (size_t at = 0; at < bytes.size; at += HAND_OUT_BYTES) {
        size_t size = bytes.size - at < HAND_OUT_BYTES ? bytes.size - at : HAND_OUT_BYTES;
        if (!write(context, bytes.text + at, size))
            return ODD_DONE;
    }
    return ODD_OK;
}
