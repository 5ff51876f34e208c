/* SPDX-License-Identifier: Apache-2.0 */
#include "api/query_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPAN_NS_MAX (366 * 86400 * INT64_C(1000000000))
#define NUMBERS_MAX 16

bool query_fail(QueryText *text, const char *format, ...)
{
    if (text->problem[0] != '\0')
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text->problem, sizeof text->problem, format, arguments);
    va_end(arguments);
    return false;
}

static void skip_spaces(QueryText *text)
{
    while (*text->at != '\0' && strchr(" \t\r\n", *text->at) != NULL)
        text->at++;
}

bool query_take(QueryText *text, const char *sign)
{
    skip_spaces(text);
    size_t size = strlen(sign);
    if (strncmp(text->at, sign, size) != 0)
        return false;
    text->at += size;
    return true;
}

bool query_want(QueryText *text, const char *sign)
{
    return query_take(text, sign) ||
           query_fail(text, "\"%s\" is expected before \"%.32s\"", sign, text->at);
}

bool query_ends(QueryText *text)
{
    skip_spaces(text);
    return *text->at == '\0';
}

bool query_name(QueryText *text, char name[QUERY_NAME_SIZE])
{
    skip_spaces(text);
    size_t size = 0;
    while (isalnum((unsigned char)text->at[size]) || text->at[size] == '_' || text->at[size] == ':')
        size++;
    if (size == 0 || size >= QUERY_NAME_SIZE || isdigit((unsigned char)text->at[0]))
        return false;
    memcpy(name, text->at, size);
    name[size] = '\0';
    text->at += size;
    return true;
}

/* What stands behind a backslash. */
static char meant(char letter)
{
    switch (letter) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    default:
        return letter;
    }
}

bool query_value(QueryText *text, char value[QUERY_VALUE_SIZE])
{
    skip_spaces(text);
    char quote = *text->at;
    size_t size = 0;
    if (quote == '\0' || strchr("\"'`", quote) == NULL)
        return query_fail(text, "a text in quotes is expected before \"%.32s\"", text->at);
    for (text->at++; *text->at != quote; text->at++) {
        if (*text->at == '\0')
            return query_fail(text, "a quote %c is not closed", quote);
        if (size + 1 >= QUERY_VALUE_SIZE)
            return query_fail(text, "a text in quotes has more than %d bytes",
                              QUERY_VALUE_SIZE - 1);
        bool escaped = quote != '`' && *text->at == '\\' && text->at[1] != '\0';
        text->at += escaped;
        value[size++] = escaped ? meant(*text->at) : *text->at;
    }
    text->at++;
    value[size] = '\0';
    return true;
}

/* The length of a unit's name; 0: it is none. */
static size_t span_unit(const char *at, int64_t *ret_ns)
{
    static const struct {
        const char *name;
        int64_t     ms;
    } units[] = {{"ms", 1},        {"s", 1000},       {"m", 60000},         {"h", 3600000},
                 {"d", 86400000},  {"w", 604800000}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t size = strlen(units[i].name);
        if (strncmp(at, units[i].name, size) == 0) {
            *ret_ns = units[i].ms * 1000000;
            return size;
        }
    }
    return 0;
}

bool query_span(QueryText *text, int64_t *ret_ns)
{
    int64_t span = 0;
    skip_spaces(text);
    const char *begin = text->at;
    while (isdigit((unsigned char)*text->at)) {
        int64_t count = 0, unit = 0;
        for (; isdigit((unsigned char)*text->at) && count < SPAN_NS_MAX / 100; text->at++)
            count = 10 * count + (*text->at - '0');
        size_t size = span_unit(text->at, &unit);
        if (size == 0 || count > (SPAN_NS_MAX - span) / unit)
            return query_fail(text, "\"%.32s\" is no span of time such as 5m, at most a year",
                              begin);
        text->at += size;
        span += count * unit;
    }
    if (span <= 0)
        return query_fail(text, "a span of time such as 5m is expected before \"%.32s\"", begin);
    *ret_ns = span;
    return true;
}

bool query_window(QueryText *text, int64_t *ret_ns)
{
    return query_want(text, "[") && query_span(text, ret_ns) && query_want(text, "]");
}

bool query_match(QueryText *text, MatchKind *ret)
{
    static const struct {
        const char *sign;
        MatchKind   kind;
    } signs[] = {{"=~", MATCH_LIKE}, {"!~", MATCH_UNLIKE}, {"!=", MATCH_UNEQUAL},
                 {"=", MATCH_EQUAL}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (query_take(text, signs[i].sign)) {
            *ret = signs[i].kind;
            return true;
        }
    return query_fail(text, "one of = != =~ !~ is expected before \"%.32s\"", text->at);
}

bool query_matchers(QueryText *text, Matchers *matchers)
{
    if (!query_want(text, "{"))
        return false;
    while (!query_take(text, "}")) {
        if (matchers->count == QUERY_MATCHERS_MAX)
            return query_fail(text, "a selector has more than %d labels", QUERY_MATCHERS_MAX);
        Matcher *matcher = &matchers->items[matchers->count];
        if (!query_name(text, matcher->name))
            return query_fail(text, "the name of a label is expected before \"%.32s\"", text->at);
        if (!query_match(text, &matcher->kind) || !query_value(text, matcher->value))
            return false;
        matchers->count++;
        if (!query_take(text, ",")) {
            if (!query_want(text, "}"))
                return false;
            break;
        }
    }
    return true;
}

bool query_by(QueryText *text, Fold *fold)
{
    char word[QUERY_NAME_SIZE];
    QueryText before = *text;
    if (!query_name(text, word) || strcmp(word, "by") != 0) {
        *text = before;
        return true;
    }
    if (!query_want(text, "("))
        return false;
    while (!query_take(text, ")")) {
        if (fold->by_count == QUERY_BY_MAX)
            return query_fail(text, "by (...) names more than %d labels", QUERY_BY_MAX);
        if (!query_name(text, fold->by[fold->by_count]))
            return query_fail(text, "the name of a label is expected before \"%.32s\"", text->at);
        fold->by_count++;
        if (!query_take(text, ",")) {
            if (!query_want(text, ")"))
                return false;
            break;
        }
    }
    return true;
}

bool query_numbers(QueryText *text, const char *before, const char *behind, double *ret)
{
    double sum = 0;
    for (int count = 0; count < NUMBERS_MAX; count++) {
        char *end = NULL;
        if (!query_want(text, before))
            return false;
        skip_spaces(text);
        if (!isdigit((unsigned char)*text->at))
            return query_fail(text, "a number is expected before \"%.32s\"", text->at);
        sum += strtod(text->at, &end);
        text->at = end;
        if (!query_want(text, behind))
            return false;
        if (!query_take(text, "+")) {
            *ret = sum;
            return true;
        }
    }
    return query_fail(text, "more than %d numbers are added", NUMBERS_MAX);
}

static const char *const fold_names[] = {[FOLD_SUM] = "sum", [FOLD_AVG] = "avg",
                                         [FOLD_MIN] = "min", [FOLD_MAX] = "max",
                                         [FOLD_COUNT] = "count"};

FoldKind query_fold(const char *name)
{
    for (FoldKind kind = FOLD_SUM; kind <= FOLD_COUNT; kind++)
        if (strcmp(name, fold_names[kind]) == 0)
            return kind;
    return FOLD_NONE;
}

const char *query_fold_name(FoldKind kind)
{
    return fold_names[kind];
}
