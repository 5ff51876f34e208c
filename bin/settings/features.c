/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/features.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/json_word.h"
#include "settings/yaml.h"

#define LIST "features"
#define SENTENCE_SIZE 1024
#define PATH_SIZE 4096

static void say(FeatureFiles *files, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(FeatureFiles *files, const char *format, ...)
{
    char    sentence[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    files->is_wrong = true;
    files->tell(files->context, sentence);
}

bool feature_files_open(FeatureFiles *files, FeatureFilesTell tell, void *context)
{
    *files = (FeatureFiles){.tell = tell, .context = context};
    files->out = open_memstream(&files->json, &files->size);
    if (files->out == NULL)
        return false;
    fputs("{\"" LIST "\":[", files->out);
    return true;
}

void feature_files_close(FeatureFiles *files)
{
    if (files->out != NULL)
        fclose(files->out);
    free(files->json);
    for (size_t i = 0; i < files->count; i++)
        free(files->lines[i].file);
    free(files->lines);
    *files = (FeatureFiles){0};
}

static bool line_add(FeatureFiles *files, const char *file, int line)
{
    if (files->count == files->capacity) {
        size_t       capacity = files->capacity > 0 ? 2 * files->capacity : 32;
        FeatureLine *grown = realloc(files->lines, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        files->lines = grown;
        files->capacity = capacity;
    }
    char *copy = strdup(file);
    if (copy == NULL)
        return false;
    files->lines[files->count++] = (FeatureLine){.file = copy, .line = line};
    return true;
}

/* -- one file ---------------------------------------------------------------------------------- */

/* "features.filter.level": "filter.level". */
static const char *member_of(const YamlEntry *entry)
{
    return entry->key + sizeof LIST;
}

/* Conditions stand in maps, and come one behind the other. */
static void put_members(FILE *json, const YamlEntry *from, const YamlEntry *to)
{
    char map[YAML_KEY_MAX] = "";
    for (const YamlEntry *entry = from; entry < to; entry++) {
        const char *member = member_of(entry), *dot = strchr(member, '.');
        size_t      size = dot != NULL ? (size_t)(dot - member) : 0;
        bool        goes_on = size > 0 && strlen(map) == size && strncmp(map, member, size) == 0;
        if (map[0] != '\0' && !goes_on)
            fputc('}', json);
        if (entry > from)
            fputc(',', json);
        if (size > 0 && !goes_on) {
            snprintf(map, sizeof map, "%.*s", (int)size, member);
            json_word(json, map);
            fputs(":{", json);
        }
        if (size == 0)
            map[0] = '\0';
        json_word(json, size > 0 ? dot + 1 : member);
        fputc(':', json);
        if (entry->kind == YAML_VALUE)
            json_word(json, entry->value);
        else
            fputs("null", json);
    }
    if (map[0] != '\0')
        fputc('}', json);
}

static bool is_feature(const YamlEntry *entry)
{
    return entry->item >= 0 && strncmp(entry->key, LIST ".", sizeof LIST) == 0;
}

static bool is_empty_list(const YamlEntry *entry)
{
    return strcmp(entry->key, LIST) == 0 && entry->kind != YAML_VALUE && entry->item < 0;
}

static bool put_feature(FeatureFiles *files, const char *name, const YamlEntry *from,
                        const YamlEntry *to)
{
    FILE *json = files->out;
    if (!line_add(files, name, from->line))
        return false;
    if (files->count > 1)
        fputc(',', json);
    fputc('{', json);
    put_members(json, from, to);
    fputc('}', json);
    return true;
}

static bool read_entries(FeatureFiles *files, const char *name, const YamlEntries *all)
{
    bool good = true;
    for (size_t from = 0, to; good && from < all->count; from = to) {
        const YamlEntry *first = &all->entries[from];
        to = from + 1;
        if (is_empty_list(first))
            continue;
        if (!is_feature(first)) {
            say(files,
                "%.400s:%d: \"%.100s\" is not known here; a file of features is a list: "
                "write \"features:\", and \"- name: NAME\" and the like below it",
                name, first->line, first->key);
            continue;
        }
        while (to < all->count && is_feature(&all->entries[to]) &&
               all->entries[to].item == first->item)
            to++;
        good = put_feature(files, name, first, all->entries + to);
    }
    if (!good)
        say(files, "%.400s: no memory to read on", name);
    return good;
}

bool feature_files_read_bytes(FeatureFiles *files, const char *name, const char *bytes, size_t size)
{
    YamlEntries entries;
    char        problem[SENTENCE_SIZE];
    if (!yaml_entries_read(name, bytes, size, &entries, problem, sizeof problem)) {
        say(files, "%s", problem);
        return false;
    }
    bool good = read_entries(files, name, &entries);
    yaml_entries_free(&entries);
    return good;
}

bool feature_files_read(FeatureFiles *files, const char *path)
{
    FILE  *file = fopen(path, "rbe");
    char  *bytes = file != NULL ? malloc(YAML_BYTES_MAX + 1) : NULL;
    size_t size = bytes != NULL ? fread(bytes, 1, YAML_BYTES_MAX + 1, file) : 0;
    bool   good = bytes != NULL && !ferror(file);
    if (!good)
        say(files, "cannot read %.800s: %s", path, strerror(errno));
    else
        good = feature_files_read_bytes(files, path, bytes, size);
    free(bytes);
    if (file != NULL)
        fclose(file);
    return good;
}

/* -- folders ----------------------------------------------------------------------------------- */

static int is_yaml(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && dot != entry->d_name &&
           (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

const char *feature_files_folder(const Settings *settings, char room[FEATURE_FOLDER_SIZE])
{
    if (settings->feature_folder[0] != '\0')
        snprintf(room, FEATURE_FOLDER_SIZE, "%s", settings->feature_folder);
    else
        snprintf(room, FEATURE_FOLDER_SIZE, "%s/features", settings->data);
    return room;
}

bool feature_files_read_folder(FeatureFiles *files, const char *folder)
{
    struct dirent **names;
    int             count = scandir(folder, &names, is_yaml, by_bytes);
    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        feature_files_read(files, path);
        free(names[i]);
    }
    free(names);
    return true;
}

/* -- all of them ------------------------------------------------------------------------------- */

static void tell_definition(void *context, size_t number, const char *name, const char *sentence)
{
    FeatureFiles *files = context;
    if (number >= files->count)
        say(files, "%s", sentence);
    else if (name[0] == '\0')
        say(files, "%.400s:%d: of this feature: %s", files->lines[number].file,
            files->lines[number].line, sentence);
    else
        say(files, "%.400s:%d: of the feature %s: %s", files->lines[number].file,
            files->lines[number].line, name, sentence);
}

bool feature_files_events(FeatureFiles *files, int64_t retention_ns, odd_events *events)
{
    fputs("]}", files->out);
    bool good = fclose(files->out) == 0 && files->json != NULL;
    files->out = NULL;
    if (!good) {
        say(files, "no memory for the features");
        return false;
    }
    odd_rc rc =
        odd_events_features(events, files->json, files->size, retention_ns, tell_definition, files);
    if (rc != ODD_OK && rc != ODD_SYNTAX)
        say(files, "the features cannot be taken: %s", odd_strerror(rc));
    return !files->is_wrong;
}
