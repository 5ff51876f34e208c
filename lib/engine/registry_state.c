/* SPDX-License-Identifier: Apache-2.0
 *
 * registry_state.c - who is champion: what the log of a model says, line by line.
 *
 * A line is a JSON object: time, verb (trained, imported, promoted, back), version, before, author,
 * reason.  The log is only added to, so that what was decided can be told for ever. */

#include "engine/registry.h"
#include "engine/registry_views.h"
#include "engine/rows.h"

typedef struct { /* Champions, the last one on top. */
    char   versions[REGISTRY_VERSIONS_MAX][ODD_VERSION_SIZE];
    size_t count;
} Champions;

static void keep(char to[ODD_VERSION_SIZE], Str version)
{
    size_t size = version.size < ODD_VERSION_SIZE - 1 ? version.size : ODD_VERSION_SIZE - 1;
    memcpy(to, version.text, size);
    to[size] = '\0';
}

static void promote(Champions *champions, Str version)
{
    if (champions->count == REGISTRY_VERSIONS_MAX) {
        memmove(champions->versions[0], champions->versions[1],
                sizeof champions->versions - sizeof champions->versions[0]);
        champions->count--;
    }
    keep(champions->versions[champions->count++], version);
}

/* The next whole line of a log as a tree; false: there is none.  One that cannot be read is passed
 * over. */
static bool line_next(Str log, size_t *at, JsonNode **ret)
{
    char why[JSON_PROBLEM_SIZE];
    while (*at < log.size) {
        const char *end = memchr(log.text + *at, '\n', log.size - *at);
        size_t to = end != NULL ? (size_t)(end - log.text) : log.size;
        Str line = str_part(log, *at, to);
        *at = to + 1;
        if (line.size > 0 && json_read(line, ret, why) == ODD_OK)
            return true;
    }
    return false;
}

static Str member(const JsonNode *root, const char *name)
{
    Str text = STR("");
    json_as_str(json_member(root, name), &text);
    return text;
}

static void apply(const JsonNode *line, size_t number, Champions *champions, RegistryState *state)
{
    Str verb = member(line, "verb"), version = member(line, "version");
    if (str_equal(verb, STR("trained")) || str_equal(verb, STR("imported"))) {
        keep(state->newest, version);
    } else if (str_equal(verb, STR("promoted"))) {
        promote(champions, version);
        state->champion_made = number;
    } else if (str_equal(verb, STR("back")) && champions->count > 0) {
        champions->count--;
        state->champion_made = number;
    }
}

odd_rc registry_state(odd_registry *registry, const char *name, RegistryState *ret)
{
    Str log;
    JsonNode *line;
    Champions *champions = mem_take(&registry->mem, sizeof *champions);
    if (champions == NULL)
        return ODD_NOMEM;
    *ret = (RegistryState){0};
    odd_rc rc = shelf_log(&registry->models, name, &log, &registry->problem);
    size_t number = 0;
    for (size_t at = 0; rc == ODD_OK && line_next(log, &at, &line); number++) {
        apply(line, number, champions, ret);
        json_free(line);
    }
    if (rc == ODD_OK) {
        size_t n = champions->count;
        if (n > 0)
            memcpy(ret->champion, champions->versions[n - 1], ODD_VERSION_SIZE);
        if (n > 1)
            memcpy(ret->before, champions->versions[n - 2], ODD_VERSION_SIZE);
        disk_unmap(log);
    }
    mem_free(&registry->mem, champions, sizeof *champions);
    return rc;
}

/* One that came after the champion did is a candidate; one before it has had its time. */
odd_rc registry_state_of(odd_registry *registry, const RegistryRef *ref, const char **ret)
{
    RegistryState state;
    Str log;
    JsonNode *line;
    odd_rc rc = registry_state(registry, ref->name, &state);
    if (rc == ODD_OK)
        rc = shelf_log(&registry->models, ref->name, &log, &registry->problem);
    if (rc != ODD_OK)
        return rc;
    size_t number = 0, made = 0;
    for (size_t at = 0; line_next(log, &at, &line); number++) {
        Str verb = member(line, "verb");
        bool is_made = str_equal(verb, STR("trained")) || str_equal(verb, STR("imported"));
        if (is_made && str_equal(member(line, "version"), str_of(ref->version)))
            made = number;
        json_free(line);
    }
    disk_unmap(log);
    *ret = strcmp(state.champion, ref->version) == 0 ? "champion"
           : state.champion[0] != '\0' && made < state.champion_made ? "archived"
                                                                     : "candidate";
    return ODD_OK;
}

odd_rc registry_note(odd_registry *registry, const char *name, const RegistryNote *note)
{
    JsonText json = {.mem = &registry->mem};
    json_put_open(&json, '{');
    json_put_name(&json, STR("time"), STR(""));
    json_put_int(&json, note->time);
    json_put_named(&json, "verb", note->verb);
    json_put_named(&json, "version", note->version);
    json_put_named(&json, "before", note->before != NULL ? note->before : "");
    json_put_named(&json, "author", note->author != NULL ? note->author : "");
    json_put_named(&json, "reason", note->reason != NULL ? note->reason : "");
    json_put_close(&json, '}');
    odd_rc rc = json.failed ? ODD_NOMEM
                            : shelf_log_add(&registry->models, &registry->mem, name,
                                            json_text_str(&json), &registry->problem);
    json_text_free(&json);
    return rc;
}

odd_rc registry_audit(odd_registry *registry, const char *name, odd_rows **ret)
{
    static const char *const columns[] = {"time",   "verb",   "version", "before",
                                          "author", "reason", NULL};
    RegistryRef ref;
    Str log;
    JsonNode *line;
    odd_rc rc = registry_find_model(registry, name, &ref);
    if (rc == ODD_OK)
        rc = shelf_log(&registry->models, ref.name, &log, &registry->problem);
    if (rc != ODD_OK)
        return rc;
    odd_rows *rows = rows_open(columns);
    for (size_t at = 0; rows != NULL && line_next(log, &at, &line);) {
        int64_t time = ODD_TIME_NONE;
        json_as_i64(json_member(line, "time"), &time);
        rows_int(rows, time);
        for (size_t i = 1; columns[i] != NULL; i++)
            rows_text(rows, member(line, columns[i]));
        json_free(line);
    }
    disk_unmap(log);
    return rows != NULL ? rows_finish(rows, ret) : ODD_NOMEM;
}
