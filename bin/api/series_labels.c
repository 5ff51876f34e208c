/* SPDX-License-Identifier: Apache-2.0 */
#include "api/series_labels.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "api/sql_run.h"

#define TEXT_BYTES_MAX 16384 /* Of all labels of a series. */
#define EXPORTED "exported_"
#define LINES_NAME "lines_per_minute"

/* Labels that are ours. */
static bool is_taken(const char *name)
{
    return strcmp(name, "name") == 0 || strcmp(name, "source") == 0 || strcmp(name, "pattern") == 0;
}

/* As a regular expression that finds the name however the series writes it. */
static void put_name_expression(HttpResponse *sql, const char *name)
{
    for (; *name != '\0'; name++)
        if (*name == '_')
            response_print(sql, "[^a-zA-Z0-9\"=,{]");
        else
            response_add(sql, name, 1);
}

void series_label_sql(HttpResponse *sql, const char *name)
{
    size_t exported = strlen(EXPORTED);
    if (strcmp(name, "__name__") == 0) {
        response_print(sql, "metric");
    } else if (strcmp(name, "source") == 0) {
        response_print(sql, "source");
    } else if (strcmp(name, "name") == 0) {
        response_print(sql, "CASE WHEN is_pattern THEN '" LINES_NAME
                            "' ELSE regexp_extract(signal, '^[^{]*') END");
    } else if (strcmp(name, "pattern") == 0) {
        response_print(sql, "CASE WHEN is_pattern THEN signal ELSE '' END");
    } else {
        if (strncmp(name, EXPORTED, exported) == 0 && is_taken(name + exported))
            name += exported;
        response_print(sql, "CASE WHEN is_pattern THEN '' ELSE replace(replace(replace("
                            "regexp_extract(signal, '[{,]");
        put_name_expression(sql, name);
        response_print(sql, "=\"((?:[^\"\\\\]|\\\\.)*)\"', 1), '\\\"', '\"'), '\\n', chr(10)), "
                            "'\\\\', '\\') END");
    }
}

void series_label_names_sql(HttpResponse *sql)
{
    response_print(sql,
                   "CASE WHEN is_pattern THEN ['__name__', 'name', 'source', 'pattern'] "
                   "ELSE list_concat(['__name__', 'name', 'source'], "
                   "list_transform(regexp_extract_all(signal, '[{,]([^\"=,{]+)=\"', 1), lambda x: "
                   "CASE WHEN x IN ('name', 'source', 'pattern') THEN '" EXPORTED
                   "' || x ELSE regexp_replace(x, '[^a-zA-Z0-9_]', '_', 'g') END)) END");
}

void matcher_sql(HttpResponse *sql, const Matcher *matcher,
                 void (*value)(HttpResponse *sql, const char *name))
{
    bool is_expression = matcher->kind == MATCH_LIKE || matcher->kind == MATCH_UNLIKE;
    bool denies = matcher->kind == MATCH_UNEQUAL || matcher->kind == MATCH_UNLIKE;
    response_print(sql, "%s%s(", denies ? "NOT " : "", is_expression ? "regexp_full_match" : "");
    if (!is_expression)
        response_print(sql, "(");
    value(sql, matcher->name);
    response_print(sql, is_expression ? ", " : ") = ");
    sql_literal(sql, matcher->value);
    response_print(sql, is_expression ? ", 's')" : ")");
}

typedef struct {
    const char *name, *value;
} Label;

typedef struct {
    Label  items[SERIES_LABELS_MAX];
    size_t count;
    char   text[TEXT_BYTES_MAX];
    size_t size;
} Labels;

static void add(Labels *labels, const char *name, const char *value)
{
    if (value[0] != '\0' && labels->count < SERIES_LABELS_MAX)
        labels->items[labels->count++] = (Label){.name = name, .value = value};
}

static void text_byte(Labels *labels, char byte)
{
    if (labels->size < TEXT_BYTES_MAX)
        labels->text[labels->size++] = byte;
}

/* at: its first byte.  Gives what stands behind its '=', or the end of the text. */
static const char *add_name(Labels *labels, const char *at)
{
    size_t size = strcspn(at, "=\",}");
    if ((size == 4 && memcmp(at, "name", 4) == 0) || (size == 6 && memcmp(at, "source", 6) == 0) ||
        (size == 7 && memcmp(at, "pattern", 7) == 0))
        for (const char *byte = EXPORTED; *byte != '\0'; byte++)
            text_byte(labels, *byte);
    for (size_t i = 0; i < size; i++)
        text_byte(labels, isalnum((unsigned char)at[i]) ? at[i] : '_');
    text_byte(labels, '\0');
    return at + size + (at[size] == '=');
}

/* at: its quote.  Gives what stands behind the other one. */
static const char *add_value(Labels *labels, const char *at)
{
    for (at += *at == '"'; *at != '\0' && *at != '"'; at++) {
        bool escaped = *at == '\\' && at[1] != '\0';
        at += escaped;
        text_byte(labels, escaped && *at == 'n' ? '\n' : *at);
    }
    text_byte(labels, '\0');
    return at + (*at == '"');
}

/* Those that the series has in braces. */
static void add_braces(Labels *labels, const char *signal)
{
    const char *at = strchr(signal, '{');
    for (at = at != NULL ? at + 1 : ""; *at != '\0' && *at != '}'; at += *at == ',') {
        size_t name = labels->size;
        const char *behind = add_name(labels, at);
        size_t value = labels->size;
        behind = add_value(labels, behind);
        if (behind == at || labels->size == TEXT_BYTES_MAX)
            return; /* The rest is no label, or has no room. */
        add(labels, labels->text + name, labels->text + value);
        at = behind;
    }
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const Label *)a)->name, ((const Label *)b)->name);
}

static void put_sorted(HttpResponse *json, Labels *labels)
{
    qsort(labels->items, labels->count, sizeof labels->items[0], compare);
    response_add(json, "{", 1);
    for (size_t i = 0; i < labels->count; i++) {
        response_add(json, ",", i > 0);
        response_json(json, labels->items[i].name, strlen(labels->items[i].name));
        response_add(json, ":", 1);
        response_json(json, labels->items[i].value, strlen(labels->items[i].value));
    }
    response_add(json, "}", 1);
}

void series_labels_put(HttpResponse *json, const char *metric, const char *source,
                       const char *signal, bool is_pattern)
{
    Labels labels = {.count = 0};
    add(&labels, "__name__", metric);
    add(&labels, "source", source);
    if (is_pattern) {
        add(&labels, "name", LINES_NAME);
        add(&labels, "pattern", signal);
    } else {
        size_t size = strcspn(signal, "{");
        for (size_t i = 0; i < size; i++)
            text_byte(&labels, signal[i]);
        text_byte(&labels, '\0');
        labels.text[TEXT_BYTES_MAX - 1] = '\0';
        add(&labels, "name", labels.text);
        add_braces(&labels, signal);
    }
    put_sorted(json, &labels);
}

void labels_put(HttpResponse *json, const char *const *names, const char *const *values,
                size_t count)
{
    Labels labels = {.count = 0};
    for (size_t i = 0; i < count; i++)
        add(&labels, names[i], values[i]);
    put_sorted(json, &labels);
}
