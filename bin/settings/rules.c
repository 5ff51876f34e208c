/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/rules.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/finding_kind.h"
#include "settings/json_word.h"
#include "settings/nearest.h"
#include "settings/yaml.h"

const RuleList rule_lists[RULE_LIST_COUNT] = {
    {"expect", "expected"}, {"mute", "mute"},     {"window", "window"},
    {"real", "real"},       {"unsure", "unsure"}, {"new-normal", "new-normal"},
    {"link", "link"},       {"unlink", "unlink"},
};
static const char *const key_names[] = {"id",    "finding", "signal", "pattern",  "source",
                                        "host",  "text",    "kind",   "from",     "until",
                                        "made",  "reason",  "author", "surprise", "about",
                                        "with",  "every",   "zone"};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct {
    const char *name;
    odd_time    now;
    int32_t     zone_s;
    odd_events *events;
    char       *problem;
    YamlEntries entries; /* All of the file. */
} Reading;

static bool fail(const Reading *reading, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(const Reading *reading, int line, const char *format, ...)
{
    char    sentence[RULES_PROBLEM_SIZE / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    snprintf(reading->problem, RULES_PROBLEM_SIZE, "%.400s:%d: %s", reading->name, line, sentence);
    return false;
}

static bool is_among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static bool unknown(const Reading *reading, int line, const char *what, const char *word,
                    const char *const *words, size_t count)
{
    const char *near = nearest_word(word, words, count);
    return near ? fail(reading, line, "%s \"%.60s\" is unknown; did you mean %s?", what, word, near)
                : fail(reading, line, "%s \"%.60s\" is unknown", what, word);
}

/* "mute.source": the size of "mute". */
static size_t list_size(const YamlEntry *entry)
{
    return strcspn(entry->key, ".");
}

static const RuleList *list_of(const YamlEntry *entry)
{
    for (size_t i = 0; i < RULE_LIST_COUNT; i++)
        if (strlen(rule_lists[i].list) == list_size(entry) &&
            strncmp(entry->key, rule_lists[i].list, list_size(entry)) == 0)
            return &rule_lists[i];
    return NULL;
}

static bool same_rule(const YamlEntry *a, const YamlEntry *b)
{
    return a->item == b->item && list_size(a) == list_size(b) &&
           strncmp(a->key, b->key, list_size(a)) == 0;
}

/* The library says what is wrong with a value. */
static void put_member(FILE *json, const char *name, const char *value)
{
    bool is_number = strcmp(name, "surprise") == 0 && value[0] != '\0' &&
                     strspn(value, "0123456789.") == strlen(value) && value[0] != '.';
    json_word(json, name);
    fputc(':', json);
    if (is_number)
        fputs(value, json);
    else
        json_word(json, value);
}

static bool unknown_list(const Reading *reading, const YamlEntry *entry)
{
    char        list[YAML_KEY_MAX];
    const char *names[RULE_LIST_COUNT];
    for (size_t i = 0; i < RULE_LIST_COUNT; i++)
        names[i] = rule_lists[i].list;
    snprintf(list, sizeof list, "%.*s", (int)list_size(entry), entry->key);
    return unknown(reading, entry->line, "the list", list, names, RULE_LIST_COUNT);
}

/* Two rules with one id would be one: the second. */
static bool check_id(const Reading *reading, const YamlEntry *id)
{
    for (const YamlEntry *entry = reading->entries.entries; entry < id && id->value[0] != '\0';
         entry++)
        if (entry->kind == YAML_VALUE && strcmp(entry->key + list_size(entry), ".id") == 0 &&
            strcmp(entry->value, id->value) == 0)
            return fail(reading, id->line, "the id \"%.64s\" is that of the rule in line %d",
                        id->value, entry->line);
    return true;
}

static bool check_value(const Reading *reading, const char *key, const YamlEntry *entry)
{
    char problem[FINDING_KIND_PROBLEM_SIZE];
    if (entry->kind != YAML_VALUE)
        return fail(reading, entry->line, "%s has no value", key);
    if (strcmp(key, "kind") == 0 && !finding_kind_check(entry->value, problem))
        return fail(reading, entry->line, "%s", problem);
    return strcmp(key, "id") != 0 || check_id(reading, entry);
}

static bool check_entry(const Reading *reading, const YamlEntry *entry)
{
    const char *key = entry->key + list_size(entry);
    if (list_of(entry) == NULL)
        return unknown_list(reading, entry);
    if (entry->item < 0 || key[0] == '\0')
        return fail(reading, entry->line,
                    "%s is a list of rules: write \"- source: NAME\" and the like below it",
                    list_of(entry)->list);
    if (!is_among(key + 1, key_names, COUNT(key_names)))
        return unknown(reading, entry->line, "the key", key + 1, key_names, COUNT(key_names));
    return check_value(reading, key + 1, entry);
}

static bool decode(const Reading *reading, const char *json, size_t size, int line)
{
    odd_decoded decoded;
    odd_wire    wire = {.source = "", .now = reading->now, .zone_s = reading->zone_s};
    odd_rc      rc = odd_decode("verdict", &wire, json, size, reading->events, &decoded);
    if (rc == ODD_SYNTAX)
        return fail(reading, line, "%s", decoded.message);
    return rc == ODD_OK || fail(reading, line, "%s", odd_strerror(rc));
}

/* Entries [from, to) are one rule. */
static bool read_rule(const Reading *reading, const YamlEntry *from, const YamlEntry *to)
{
    char  *text = NULL;
    size_t size = 0;
    bool   good = true;
    for (const YamlEntry *entry = from; good && entry < to; entry++)
        good = check_entry(reading, entry);
    if (!good)
        return false;
    FILE *json = open_memstream(&text, &size);
    if (json == NULL)
        return fail(reading, from->line, "no memory to read on");
    fputc('{', json);
    put_member(json, "verdict", list_of(from)->verdict);
    for (const YamlEntry *entry = from; entry < to; entry++) {
        fputc(',', json);
        put_member(json, entry->key + list_size(entry) + 1, entry->value);
    }
    fputc('}', json);
    good = fclose(json) == 0 && text != NULL;
    good = good ? decode(reading, text, size, from->line)
                : fail(reading, from->line, "no memory to read on");
    free(text);
    return good;
}

static bool is_empty_list(const YamlEntry *entry)
{
    return entry->kind != YAML_VALUE && entry->key[list_size(entry)] == '\0' && entry->item < 0 &&
           list_of(entry) != NULL;
}

bool rules_read(const char *name, const char *bytes, size_t size, odd_time now, int32_t zone_s,
                odd_events *events, char problem[RULES_PROBLEM_SIZE])
{
    Reading reading = {name, now, zone_s, events, problem, {0}};
    problem[0] = '\0';
    if (!yaml_entries_read(name, bytes, size, &reading.entries, problem, RULES_PROBLEM_SIZE))
        return false;
    const YamlEntries *all = &reading.entries;
    bool good = true;
    for (size_t from = 0, to; good && from < all->count; from = to) {
        const YamlEntry *first = &all->entries[from];
        for (to = from + 1; to < all->count && same_rule(first, &all->entries[to]);)
            to++;
        if (!is_empty_list(first))
            good = read_rule(&reading, first, all->entries + to);
    }
    yaml_entries_free(&reading.entries);
    return good;
}

static bool file_refused(const char *path, char problem[RULES_PROBLEM_SIZE])
{
    snprintf(problem, RULES_PROBLEM_SIZE, "cannot read %.800s: %s", path, strerror(errno));
    return false;
}

bool rules_read_file(const char *path, odd_time now, int32_t zone_s, odd_events *events,
                     char problem[RULES_PROBLEM_SIZE])
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return file_refused(path, problem);
    char  *bytes = malloc(YAML_BYTES_MAX + 1);
    size_t size = bytes != NULL ? fread(bytes, 1, YAML_BYTES_MAX + 1, file) : 0;
    bool   good = bytes != NULL && !ferror(file);
    good = good ? rules_read(path, bytes, size, now, zone_s, events, problem)
                : file_refused(path, problem);
    free(bytes);
    fclose(file);
    return good;
}
