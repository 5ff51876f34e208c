/* SPDX-License-Identifier: Apache-2.0
 *
 * registry_data.c - datasets: frozen, told, read again, verified. */
#include <assert.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/time.h"
#include "engine/registry.h"
#include "engine/registry_views.h"
#include "engine/rows.h"
#include "learn/facts.h"
#include "learn/lesson.h"

#define ROWS_SEED 0x726f7773 /* "rows" */
#define BLOCK_ROWS 4096

/* -- the canonical text and its hashes -------------------------------------------------------- */

typedef struct {
    ImageOut text;
    JsonText blocks; /* An array of the hashes of each BLOCK_ROWS rows. */
    uint64_t hash;
} Canonical;

static void block_end(Canonical *canonical, size_t from)
{
    char hex[ODD_VERSION_SIZE];
    if (canonical->text.failed)
        return;
    uint64_t hash =
        hash_bytes(canonical->text.bytes + from, canonical->text.size - from, ROWS_SEED);
    registry_hex(hash, hex);
    json_put_string(&canonical->blocks, str_of(hex));
    canonical->hash = hash_add(canonical->hash, hash);
}

static bool canonical_make(const Frame *frame, Mem *mem, Canonical *ret)
{
    *ret = (Canonical){.text = {.mem = mem}, .blocks = {.mem = mem}, .hash = ROWS_SEED};
    json_put_open(&ret->blocks, '[');
    frame_csv_names(frame, &ret->text);
    for (size_t row = 0, from = 0; row < frame->row_count; row++) {
        frame_csv_row(frame, row, &ret->text);
        if ((row + 1) % BLOCK_ROWS != 0 && row + 1 < frame->row_count)
            continue;
        block_end(ret, from);
        from = ret->text.size;
    }
    json_put_close(&ret->blocks, ']');
    return !ret->text.failed && !ret->blocks.failed;
}

static void canonical_free(Canonical *canonical)
{
    image_close(&canonical->text);
    json_text_free(&canonical->blocks);
}

/* -- freezing --------------------------------------------------------------------------------- */

static odd_rc check_keys(odd_registry *registry, const char *keys)
{
    uint32_t columns[64];
    size_t count = 0;
    Str name;
    Frame *frame = &registry->frame;
    for (size_t at = 0; lesson_name_next(str_of(keys), &at, &name);) {
        uint32_t column = lesson_column(frame, name, "key", &registry->problem);
        if (column == FRAME_NONE)
            return ODD_NOTFOUND;
        if (count == sizeof columns / sizeof columns[0])
            return problem_say(&registry->problem, ODD_FULL, "there are more than 64 keys");
        columns[count++] = column;
    }
    size_t first, second;
    odd_rc rc = facts_same_keys(frame, columns, count, &first, &second);
    if (rc == ODD_EXISTS)
        return problem_say(&registry->problem, ODD_RANGE, "rows %zu and %zu have the same %s",
                           first + 1, second + 1, keys);
    return rc;
}

static void put_columns(const Frame *frame, JsonText *json)
{
    json_put_name(json, STR("columns"), STR(""));
    json_put_open(json, '[');
    for (size_t c = 0; c < frame->column_count; c++) {
        ColumnFacts facts = {0};
        facts_of_column(frame, c, &facts);
        facts_put(&facts, json);
    }
    json_put_close(json, ']');
}

static void put_manifest(const Frame *frame, const odd_freezing *freezing, const char *version,
                         const RegistryRef *parent, const Canonical *canonical, JsonText *json)
{
    char time[TIME_TEXT_SIZE];
    json_put_open(json, '{');
    json_put_name(json, STR("format"), STR(""));
    json_put_int(json, REGISTRY_FORMAT);
    json_put_named(json, "name", freezing->name);
    json_put_named(json, "version", version);
    json_put_named(json, "made", time_text(freezing->now, 3, time));
    json_put_name(json, STR("made_ns"), STR(""));
    json_put_int(json, freezing->now);
    json_put_name(json, STR("rows"), STR(""));
    json_put_int(json, (int64_t)frame->row_count);
    json_put_named(json, "source", freezing->source != NULL ? freezing->source : "");
    json_put_named(json, "note", freezing->note != NULL ? freezing->note : "");
    json_put_named(json, "keys", freezing->keys != NULL ? freezing->keys : "");
    json_put_named(json, "parent", parent->version);
    json_put_named(json, "program", odd_version());
    json_put_name(json, STR("short_rows"), STR(""));
    json_put_int(json, (int64_t)frame->short_rows);
    json_put_name(json, STR("long_rows"), STR(""));
    json_put_int(json, (int64_t)frame->long_rows);
    json_put_name(json, STR("infinite_cells"), STR(""));
    json_put_int(json, (int64_t)frame->infinite_cells);
    put_columns(frame, json);
    json_put_name(json, STR("block_rows"), STR(""));
    json_put_int(json, BLOCK_ROWS);
    json_put_name(json, STR("blocks"), STR(""));
    json_put_word(json, json_text_str(&canonical->blocks));
    json_put_close(json, '}');
}

static odd_rc write_version(odd_registry *registry, const odd_freezing *freezing,
                            const Canonical *canonical, const char *version)
{
    RegistryRef parent = {0};
    JsonText *json = &registry->manifest;
    Str packed;
    Problem quiet = registry->problem;
    if (registry_find_dataset(registry, freezing->name, &parent) != ODD_OK)
        registry->problem = quiet; /* It is the first one. */
    json_text_clear(json);
    put_manifest(&registry->frame, freezing, version, &parent, canonical, json);
    Str text = {.text = canonical->text.bytes, .size = canonical->text.size};
    odd_rc rc = json->failed ? ODD_NOMEM : squeeze_pack(&registry->squeeze, text, &packed);
    if (rc != ODD_OK)
        return problem_say(&registry->problem, rc, "the table is too large for a dataset");
    ShelfFile files[] = {{REGISTRY_ROWS_FILE, packed},
                         {REGISTRY_MANIFEST_FILE, json_text_str(json)}};
    return shelf_put(&registry->datasets, freezing->name, version, files, 2, &registry->problem);
}

odd_rc odd_registry_freeze(odd_registry *registry, const odd_freezing *freezing,
                           char version[ODD_VERSION_SIZE])
{
    assert(freezing->name != NULL);
    Canonical canonical = {.text = {.mem = &registry->mem}, .blocks = {.mem = &registry->mem}};
    char hex[ODD_VERSION_SIZE];
    odd_rc rc = registry_table(registry);
    if (rc == ODD_OK && registry->frame.row_count == 0)
        rc = problem_say(&registry->problem, ODD_RANGE, "the table has no rows");
    if (rc == ODD_OK && freezing->keys != NULL)
        rc = check_keys(registry, freezing->keys);
    if (rc == ODD_OK && !canonical_make(&registry->frame, &registry->mem, &canonical))
        rc = problem_say(&registry->problem, ODD_NOMEM, "no memory for the table");
    if (rc == ODD_OK) {
        registry_hex(canonical.hash, hex);
        rc = write_version(registry, freezing, &canonical, hex);
    }
    if (rc == ODD_OK || rc == ODD_EXISTS)
        memcpy(version, hex, ODD_VERSION_SIZE);
    canonical_free(&canonical);
    registry_forget(registry);
    return rc;
}

/* -- reading ---------------------------------------------------------------------------------- */

odd_rc registry_rows(odd_registry *registry, const RegistryRef *ref, Frame *out)
{
    Str packed;
    odd_rc rc = shelf_get(&registry->datasets, ref->name, ref->version, REGISTRY_ROWS_FILE, &packed,
                          &registry->problem);
    if (rc != ODD_OK)
        return rc;
    frame_close(out);
    rc = squeeze_unpack_whole(&registry->squeeze, packed, &out->bytes);
    disk_unmap(packed);
    if (rc != ODD_OK)
        return problem_say(&registry->problem, rc, "the rows of %s@%s cannot be unpacked",
                           ref->name, ref->version);
    return frame_end(out, &registry->problem);
}

odd_rc odd_dataset_csv(odd_registry *registry, const char *name, odd_registry_write write,
                       void *context)
{
    RegistryRef ref;
    odd_rc rc = registry_find_dataset(registry, name, &ref);
    if (rc == ODD_OK)
        rc = registry_rows(registry, &ref, &registry->frame);
    if (rc == ODD_OK)
        rc = registry_hand_out(
            (Str){.text = registry->frame.bytes.bytes, .size = registry->frame.bytes.size}, write,
            context);
    registry_forget(registry);
    return rc;
}

odd_rc odd_dataset_manifest(odd_registry *registry, const char *name, const char **ret)
{
    RegistryRef ref;
    Str bytes;
    odd_rc rc = registry_find_dataset(registry, name, &ref);
    if (rc == ODD_OK)
        rc = shelf_get(&registry->datasets, ref.name, ref.version, REGISTRY_MANIFEST_FILE, &bytes,
                       &registry->problem);
    if (rc != ODD_OK)
        return rc;
    json_text_clear(&registry->manifest);
    json_put_word(&registry->manifest, bytes);
    json_put_word(&registry->manifest, (Str){.text = "", .size = 1});
    disk_unmap(bytes);
    *ret = registry->manifest.text;
    return registry->manifest.failed ? ODD_NOMEM : ODD_OK;
}

odd_rc odd_dataset_verify(odd_registry *registry, const char *name)
{
    RegistryRef ref;
    char hex[ODD_VERSION_SIZE];
    Canonical canonical = {.text = {.mem = &registry->mem}, .blocks = {.mem = &registry->mem}};
    odd_rc rc = registry_find_dataset(registry, name, &ref);
    if (rc == ODD_OK)
        rc = registry_rows(registry, &ref, &registry->frame);
    if (rc == ODD_OK && !canonical_make(&registry->frame, &registry->mem, &canonical))
        rc = ODD_NOMEM;
    if (rc == ODD_OK) {
        registry_hex(canonical.hash, hex);
        if (strcmp(hex, ref.version) != 0)
            rc = problem_say(&registry->problem, ODD_CORRUPT,
                             "the rows of %s@%s are not those that were frozen: they make %s",
                             ref.name, ref.version, hex);
    }
    canonical_free(&canonical);
    registry_forget(registry);
    return rc;
}

/* -- telling ---------------------------------------------------------------------------------- */

void registry_tell(odd_rows *rows, const JsonNode *root, const char *member)
{
    Str text = STR("");
    json_as_str(json_member(root, member), &text);
    rows_text(rows, text);
}

static void tell_int(odd_rows *rows, const JsonNode *root, const char *member)
{
    int64_t value = 0;
    json_as_i64(json_member(root, member), &value);
    rows_int(rows, value);
}

static odd_rc tell_one(odd_registry *registry, const RegistryRef *ref, bool is_latest,
                       odd_rows *rows)
{
    JsonNode *root;
    Str bytes;
    odd_rc rc = registry_manifest(registry, &registry->datasets, ref, &root, &bytes);
    if (rc != ODD_OK)
        return rc;
    rows_text(rows, str_of(ref->name));
    rows_text(rows, str_of(ref->version));
    tell_int(rows, root, "rows");
    rows_int(rows, (int64_t)json_count(json_member(root, "columns")));
    tell_int(rows, root, "made_ns");
    registry_tell(rows, root, "source");
    registry_tell(rows, root, "note");
    rows_bool(rows, is_latest);
    json_free(root);
    disk_unmap(bytes);
    return ODD_OK;
}

static odd_rc tell_name(odd_registry *registry, const char *name, odd_rows *rows)
{
    Names versions = {.mem = &registry->mem};
    RegistryRef ref = {0}, latest = {0};
    odd_rc rc = shelf_list(&registry->datasets, name, &versions, &registry->problem);
    if (rc == ODD_OK && versions.count > 0)
        rc = registry_find_dataset(registry, name, &latest);
    snprintf(ref.name, sizeof ref.name, "%s", name);
    for (uint32_t i = 0; rc == ODD_OK && i < versions.count; i++) {
        Str version = names_text(&versions, i);
        if (version.size != ODD_VERSION_SIZE - 1)
            continue;
        memcpy(ref.version, version.text, version.size);
        rc = tell_one(registry, &ref, strcmp(ref.version, latest.version) == 0, rows);
    }
    names_close(&versions);
    return rc;
}

odd_rc registry_datasets(odd_registry *registry, odd_rows **ret)
{
    static const char *const columns[] = {"name",   "version", "rows",   "columns", "made",
                                          "source", "note",    "latest", NULL};
    Names names = {.mem = &registry->mem};
    odd_rows *rows = rows_open(columns);
    odd_rc rc = rows != NULL ? shelf_list(&registry->datasets, NULL, &names, &registry->problem)
                             : ODD_NOMEM;
    for (uint32_t i = 0; rc == ODD_OK && i < names.count; i++) {
        char name[SHELF_NAME_MAX + 1];
        Str text = names_text(&names, i);
        snprintf(name, sizeof name, "%.*s", (int)text.size, text.text);
        rc = tell_name(registry, name, rows);
    }
    names_close(&names);
    if (rc == ODD_OK)
        return rows_finish(rows, ret);
    odd_rows_close(rows);
    return rc;
}

odd_rc registry_dataset_columns(odd_registry *registry, const char *name, odd_rows **ret)
{
    static const char *const columns[] = {"column", "kind",      "missing", "distinct",
                                          "lowest", "highest",   "mean",    "deviation",
                                          "median", "most",      "most_rows", NULL};
    RegistryRef ref;
    JsonNode *root;
    const JsonNode *column;
    Str bytes, unused;
    odd_rc rc = registry_find_dataset(registry, name, &ref);
    if (rc == ODD_OK)
        rc = registry_manifest(registry, &registry->datasets, &ref, &root, &bytes);
    if (rc != ODD_OK)
        return rc;
    odd_rows *rows = rows_open(columns);
    JsonWalk walk = json_walk(json_member(root, "columns"));
    while (rows != NULL && json_walk_next(&walk, &unused, &column)) {
        for (size_t i = 0; columns[i] != NULL; i++) {
            const JsonNode *value = json_member(column, columns[i]);
            double number;
            if (json_kind(value) == NODE_STRING)
                registry_tell(rows, column, columns[i]);
            else if (json_as_real(value, &number))
                rows_double(rows, number);
            else
                rows_missing(rows);
        }
    }
    json_free(root);
    disk_unmap(bytes);
    return rows != NULL ? rows_finish(rows, ret) : ODD_NOMEM;
}
