/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/yaml.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

typedef struct {
    bool   is_map;
    bool   has_key;  /* The key was read, its value comes next. */
    size_t key_size; /* Of the path above.                      */
    int    count;    /* Of what it holds so far.                */
    int    line;
} Level;

typedef struct {
    const char  *name;
    YamlEntries *entries;
    size_t       capacity;
    Level        levels[YAML_DEPTH_MAX];
    int          depth;
    char         key[YAML_KEY_MAX];
    size_t       key_size;
    int          item; /* Of the outermost list; -1. */
    int          documents;
    char        *problem;
    size_t       problem_size;
} Reading;

static bool fail(Reading *reading, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(Reading *reading, int line, const char *format, ...)
{
    char    sentence[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    snprintf(reading->problem, reading->problem_size, "%s:%d: %s", reading->name, line, sentence);
    return false;
}

static bool is_nothing(const yaml_event_t *event)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp((const char *)event->data.scalar.value, words[i]) == 0)
            return true;
    return false;
}

/* The same place twice in one text is a mistake of its author. */
static const YamlEntry *entry_find(const YamlEntries *entries, const char *key, int item)
{
    for (size_t i = 0; i < entries->count; i++)
        if (entries->entries[i].item == item && strcmp(entries->entries[i].key, key) == 0)
            return &entries->entries[i];
    return NULL;
}

static bool entry_add(Reading *reading, YamlKind kind, const char *value, int line)
{
    YamlEntries     *entries = reading->entries;
    const YamlEntry *before = entry_find(entries, reading->key, reading->item);
    if (before != NULL)
        return fail(reading, line, "%s is said twice; the first time in line %d", reading->key,
                    before->line);
    if (entries->count == YAML_ENTRIES_MAX)
        return fail(reading, line, "there are more than %d values", YAML_ENTRIES_MAX);
    if (entries->count == reading->capacity) {
        size_t     capacity = reading->capacity ? reading->capacity * 2 : 32;
        YamlEntry *larger = realloc(entries->entries, capacity * sizeof *larger);
        if (larger == NULL)
            return fail(reading, line, "no memory to read on");
        entries->entries = larger;
        reading->capacity = capacity;
    }
    YamlEntry entry = {.key = strdup(reading->key),
                       .value = value ? strdup(value) : NULL,
                       .line = line,
                       .item = reading->item,
                       .kind = kind};
    if (entry.key == NULL || (value != NULL && entry.value == NULL)) {
        free(entry.key);
        free(entry.value);
        return fail(reading, line, "no memory to read on");
    }
    entries->entries[entries->count++] = entry;
    return true;
}

static Level *level_top(Reading *reading)
{
    return reading->depth > 0 ? &reading->levels[reading->depth - 1] : NULL;
}

static void value_begins(Reading *reading)
{
    Level *top = level_top(reading);
    if (top == NULL)
        return;
    if (!top->is_map)
        reading->item = top->count;
    top->count++;
}

static void value_ends(Reading *reading)
{
    Level *top = level_top(reading);
    if (top == NULL)
        return;
    top->has_key = false;
    reading->key_size = top->key_size;
    reading->key[reading->key_size] = '\0';
    if (!top->is_map)
        reading->item = -1;
}

static bool key_read(Reading *reading, const char *word, size_t size, int line)
{
    Level *top = level_top(reading);
    size_t dot = reading->key_size > 0;
    if (size == 0 || strlen(word) != size)
        return fail(reading, line, "a key must be a word");
    if (reading->key_size + dot + size >= YAML_KEY_MAX)
        return fail(reading, line, "a key is longer than %d bytes", YAML_KEY_MAX - 1);
    if (dot)
        reading->key[reading->key_size] = '.';
    memcpy(reading->key + reading->key_size + dot, word, size + 1);
    reading->key_size += dot + size;
    top->has_key = true;
    return true;
}

static bool scalar_read(Reading *reading, const yaml_event_t *event, int line)
{
    const char *text = (const char *)event->data.scalar.value;
    Level      *top = level_top(reading);
    if (event->data.scalar.tag != NULL || event->data.scalar.anchor != NULL)
        return fail(reading, line,
                    "tags (!) and anchors (&) are not taken; write the value itself");
    if (top == NULL)
        return is_nothing(event) || fail(reading, line, "this is no map of keys and values");
    if (top->is_map && !top->has_key)
        return key_read(reading, text, event->data.scalar.length, line);
    if (strlen(text) != event->data.scalar.length)
        return fail(reading, line, "%s holds a NUL", reading->key);
    value_begins(reading);
    bool good = is_nothing(event) ? entry_add(reading, YAML_NOTHING, NULL, line)
                                  : entry_add(reading, YAML_VALUE, text, line);
    value_ends(reading);
    return good;
}

static bool level_open(Reading *reading, bool is_map, bool marked, int line)
{
    const Level *top = level_top(reading);
    if (marked)
        return fail(reading, line,
                    "tags (!) and anchors (&) are not taken; write the value itself");
    if (reading->depth == YAML_DEPTH_MAX)
        return fail(reading, line, "it is nested deeper than %d", YAML_DEPTH_MAX);
    if (top == NULL && !is_map)
        return fail(reading, line, "this is no map of keys and values");
    if (top != NULL && top->is_map && !top->has_key)
        return fail(reading, line, "a key must be a word");
    if (reading->item >= 0 && !is_map)
        return fail(reading, line, "%s is a list within a list", reading->key);
    if (top != NULL && !top->is_map && !is_map)
        return fail(reading, line, "%s is a list within a list", reading->key);
    value_begins(reading);
    reading->levels[reading->depth++] =
        (Level){.is_map = is_map, .key_size = reading->key_size, .line = line};
    return true;
}

static bool level_close(Reading *reading)
{
    Level *top = level_top(reading);
    bool   good = true;
    assert(top != NULL);
    if (top->count == 0 && reading->key_size > 0)
        good = entry_add(reading, top->is_map ? YAML_NOTHING : YAML_EMPTY_LIST, NULL, top->line);
    reading->depth--;
    value_ends(reading);
    return good;
}

static bool event_read(Reading *reading, const yaml_event_t *event)
{
    int line = (int)event->start_mark.line + 1;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return reading->documents++ == 0 ||
               fail(reading, line, "a second document (---) is not taken");
    case YAML_ALIAS_EVENT:
        return fail(reading, line, "aliases (*) are not taken; write the value itself");
    case YAML_SCALAR_EVENT: return scalar_read(reading, event, line);
    case YAML_MAPPING_START_EVENT:
        return level_open(reading, true,
                          event->data.mapping_start.tag || event->data.mapping_start.anchor, line);
    case YAML_SEQUENCE_START_EVENT:
        return level_open(reading, false,
                          event->data.sequence_start.tag || event->data.sequence_start.anchor,
                          line);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: return level_close(reading);
    default: return true;
    }
}

static bool parse(Reading *reading, yaml_parser_t *parser)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return fail(reading, (int)parser->problem_mark.line + 1, "this is not YAML: %s",
                        parser->problem ? parser->problem : "no memory");
        more = event.type != YAML_STREAM_END_EVENT;
        bool good = event_read(reading, &event);
        yaml_event_delete(&event);
        if (!good)
            return false;
    }
    return true;
}

bool yaml_entries_read(const char *name, const char *bytes, size_t size, YamlEntries *ret,
                       char *problem, size_t problem_size)
{
    *ret = (YamlEntries){0};
    Reading reading = {.name = name,
                       .entries = ret,
                       .item = -1,
                       .problem = problem,
                       .problem_size = problem_size};
    if (size > YAML_BYTES_MAX)
        return fail(&reading, 1, "it is larger than %d bytes", YAML_BYTES_MAX);
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return fail(&reading, 1, "no memory to read it");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, size);
    bool good = parse(&reading, &parser);
    yaml_parser_delete(&parser);
    if (!good)
        yaml_entries_free(ret);
    return good;
}

void yaml_entries_free(YamlEntries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        free(entries->entries[i].key);
        free(entries->entries[i].value);
    }
    free(entries->entries);
    *entries = (YamlEntries){0};
}
