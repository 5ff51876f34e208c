/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/who.h"

#include <stdio.h>

#include "base/ascii.h"
#include "event/series.h"

#define NAME_BYTES_LEAST 3

static const char *const plain_words[] = {
    "access",   "agent",   "api",      "app",     "apps",     "audit",    "auth",     "cache",
    "current",  "daemon",  "data",     "debug",   "default",  "dev",      "error",    "errors",
    "events",   "exporter", "file",    "files",   "home",     "host",     "http",     "https",
    "info",     "ingest",  "journal",  "kern",    "kernel",   "lines",    "local",    "log",
    "logs",     "main",    "message",  "messages", "metrics", "model",    "models",   "node",
    "nodes",    "opt",     "otlp",     "out",     "output",   "prod",     "production", "prom",
    "prometheus", "proxy", "root",     "run",     "scrape",   "server",   "service",  "services",
    "srv",      "staging", "stdout",   "stderr",  "stream",   "syslog",   "system",   "test",
    "tmp",      "user",    "users",    "usr",     "var",      "web",      "worker",
};
static const char *const endings[] = {".log", ".service", ".json", ".txt", ".out",
                                      ".err", ".gz",      ".zst",  ".csv"};

static const struct {
    const char *label;
    WhoSort     sort;
} label_sorts[] = {
    {"app", WHO_SERVICE},
    {"container", WHO_SERVICE},
    {"deployment", WHO_SERVICE},
    {"host", WHO_MACHINE},
    {"host.name", WHO_MACHINE},
    {"host_name", WHO_MACHINE},
    {"hostname", WHO_MACHINE},
    {"instance", WHO_MACHINE},
    {"job", WHO_SERVICE},
    {"k8s.deployment.name", WHO_SERVICE},
    {"k8s.node.name", WHO_MACHINE},
    {"k8s.pod.name", WHO_SERVICE},
    {"machine", WHO_MACHINE},
    {"model", WHO_MODEL},
    {"node", WHO_MACHINE},
    {"nodename", WHO_MACHINE},
    {"pod", WHO_SERVICE},
    {"server", WHO_MACHINE},
    {"service", WHO_SERVICE},
    {"service.name", WHO_SERVICE},
    {"service_name", WHO_SERVICE},
};

static bool is_name_byte(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '-' || c == '_' || c == '.';
}

static bool is_plain_word(const char *text)
{
    for (size_t i = 0; i < sizeof plain_words / sizeof plain_words[0]; i++)
        if (strcmp(text, plain_words[i]) == 0)
            return true;
    return false;
}

static bool has_letter(const char *text)
{
    for (; *text != '\0'; text++)
        if (ascii_is_letter(*text))
            return true;
    return false;
}

static bool is_address(const char *text) /* 10.0.0.7 names a machine, 2026.11.27 nobody. */
{
    int dots = 0;
    for (const char *at = text; *at != '\0'; at++) {
        dots += *at == '.';
        if (*at != '.' && !ascii_is_digit(*at))
            return false;
    }
    return dots == 3;
}

static void add(Who *who, WhoSort sort, const char *text)
{
    if (who->count == WHO_MAX)
        return;
    for (size_t i = 0; i < who->count; i++)
        if (strcmp(who->names[i].text, text) == 0)
            return;
    WhoName *name = &who->names[who->count++];
    name->sort = sort;
    snprintf(name->text, sizeof name->text, "%s", text);
}

static void add_word(Who *who, WhoSort sort, Str word)
{
    char text[WHO_NAME_SIZE];
    size_t size = word.size < sizeof text ? word.size : sizeof text - 1;
    for (size_t i = 0; i < size; i++)
        text[i] = ascii_lower(word.text[i]);
    text[size] = '\0';
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i]);
        if (size > ending && strcmp(text + size - ending, endings[i]) == 0)
            text[size -= ending] = '\0';
    }
    if (strcmp(text, "localhost") == 0 || strcmp(text, "127.0.0.1") == 0)
        add(who, WHO_MACHINE, WHO_HERE);
    else if (size >= NAME_BYTES_LEAST && !is_plain_word(text) &&
             (has_letter(text) || is_address(text)))
        add(who, sort, text);
}

bool who_next_word(Str text, size_t *at, Str *ret)
{
    while (*at < text.size && !is_name_byte(text.text[*at]))
        (*at)++;
    size_t from = *at;
    while (*at < text.size && is_name_byte(text.text[*at]))
        (*at)++;
    *ret = str_part(text, from, *at);
    return *at > from;
}

static void add_words(Who *who, WhoSort sort, Str text)
{
    Str word;
    for (size_t at = 0; who_next_word(text, &at, &word);)
        add_word(who, sort, word);
}

/* Without the port of "db-1:9100". */
static Str without_port(Str value)
{
    const char *colon = value.size > 0 ? memchr(value.text, ':', value.size) : NULL;
    return colon != NULL ? str_part(value, 0, (size_t)(colon - value.text)) : value;
}

static void add_label(Who *who, Str name, Str value)
{
    for (size_t i = 0; i < sizeof label_sorts / sizeof label_sorts[0]; i++)
        if (str_equal(name, str_of(label_sorts[i].label)))
            add_word(who, label_sorts[i].sort, without_port(value));
}

static void add_labels(Who *who, Str series)
{
    Label label;
    size_t at = 0;
    while (series_next_label(series, &at, &label))
        add_label(who, label.name, label.value);
}

/* "instance 10.0.0.7:9100, job node". */
static void add_target(Who *who, Str target)
{
    for (size_t from = 0, at = 0; at <= target.size; at++) {
        if (at < target.size && target.text[at] != ',')
            continue;
        Str pair = str_part(target, from, at);
        const char *space = pair.size > 0 ? memchr(pair.text, ' ', pair.size) : NULL;
        size_t size = space != NULL ? (size_t)(space - pair.text) : 0;
        if (size > 0)
            add_label(who, str_part(pair, 0, size), str_part(pair, size + 1, pair.size));
        from = at + 2 <= target.size ? at + 2 : target.size; /* Behind ", ". */
    }
}

static bool is_here(Str source)
{
    return (source.size > 0 && source.text[0] == '/') || str_equal(source, STR("host")) ||
           str_equal(source, STR("journal"));
}

static void add_source(Who *who, Str source)
{
    /* One sender may bring the series of a thousand machines: its name is none of theirs. */
    if (who->count > 0)
        return;
    if (is_here(source))
        add(who, WHO_MACHINE, WHO_HERE);
    add_words(who, WHO_SERVICE, source);
}

Who who_of(Str source, Str series)
{
    Who who = {.count = 0};
    add_labels(&who, series);
    add_source(&who, source);
    return who;
}

Who who_of_target(Str source, Str target)
{
    Who who = {.count = 0};
    add_target(&who, target);
    add_source(&who, source);
    return who;
}

void who_add(Who *who, const Who *more)
{
    for (size_t i = 0; i < more->count; i++)
        add(who, more->names[i].sort, more->names[i].text);
}

Who who_of_model(Str model, Str column)
{
    Who who = {.count = 0};
    add_words(&who, WHO_MODEL, model);
    add_words(&who, WHO_MODEL, column);
    return who;
}

const WhoName *who_shared(const Who *a, const Who *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (strcmp(a->names[i].text, b->names[k].text) == 0)
                return &a->names[i];
    return NULL;
}

static bool is_word_byte(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '_' || c == '-';
}

/* As a word of its own; a name may end a sentence. */
static bool stands_at(Str text, size_t at, const char *name, size_t size)
{
    return ascii_stands_at(text, at, name) && (at == 0 || !is_name_byte(text.text[at - 1])) &&
           (at + size == text.size || !is_word_byte(text.text[at + size]));
}

const WhoName *who_named(const Who *who, Str text)
{
    for (size_t i = 0; i < who->count; i++) {
        const char *name = who->names[i].text;
        size_t size = strlen(name);
        for (size_t at = 0; size >= WHO_NAMED_BYTES_LEAST && at + size <= text.size; at++)
            if (stands_at(text, at, name, size))
                return &who->names[i];
    }
    return NULL;
}

/* web-1 -> web, checkout-7d9f8b6c5-x2x9z -> checkout: what stands before the first part of a name
 * that holds a digit. */
static size_t stem_size(const char *name)
{
    size_t part = 0;
    for (size_t at = 0; name[at] != '\0'; at++) {
        if (ascii_is_digit(name[at]))
            return part > 0 ? part : at;
        if (name[at] == '-' || name[at] == '_' || name[at] == '.')
            part = at;
    }
    return strlen(name);
}

bool who_is_kin(const Who *a, const Who *b, char ret[WHO_NAME_SIZE])
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++) {
            const char *left = a->names[i].text, *right = b->names[k].text;
            size_t size = stem_size(left);
            if (size < NAME_BYTES_LEAST || a->names[i].sort != b->names[k].sort ||
                stem_size(right) != size || memcmp(left, right, size) != 0)
                continue;
            memcpy(ret, left, size);
            ret[size] = '\0';
            return true;
        }
    return false;
}
