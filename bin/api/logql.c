/* SPDX-License-Identifier: Apache-2.0 */
#include "api/logql.h"

#include <stdio.h>
#include <string.h>

#define UNDERSTOOD                                                                               \
    "; understood are {LABEL=\"value\"} with |= != |~ !~ behind it, count_over_time(...[5m]) "   \
    "and rate(...[5m]) of that, and sum, avg, min, max or count of these, with by (LABEL, ...)"

/* Of the sign that stands there.  False: none does. */
static bool take_filter(QueryText *text, MatchKind *ret)
{
    static const struct {
        const char *sign;
        MatchKind   kind;
    } signs[] = {{"|=", MATCH_EQUAL}, {"!=", MATCH_UNEQUAL}, {"|~", MATCH_LIKE},
                 {"!~", MATCH_UNLIKE}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (query_take(text, signs[i].sign)) {
            *ret = signs[i].kind;
            return true;
        }
    return false;
}

/* | drop __error__: which no line has here. */
static bool read_drop(QueryText *text)
{
    char word[QUERY_NAME_SIZE] = "";
    if (!query_name(text, word) || strcmp(word, "drop") != 0)
        return query_fail(text, "the stage \"| %.64s\" is not known here", word);
    do {
        if (!query_name(text, word))
            return query_fail(text, "the name of a label is expected before \"%.32s\"", text->at);
    } while (query_take(text, ","));
    return true;
}

static bool read_lines(QueryText *text, Logql *ret)
{
    MatchKind kind;
    if (!query_matchers(text, &ret->matchers))
        return false;
    for (;;) {
        if (take_filter(text, &kind)) {
            if (ret->filter_count == LOGQL_FILTERS_MAX)
                return query_fail(text, "there are more than %d filters", LOGQL_FILTERS_MAX);
            LineFilter *filter = &ret->filters[ret->filter_count++];
            filter->kind = kind;
            if (!query_value(text, filter->text))
                return false;
        } else if (!query_take(text, "|")) {
            return true;
        } else if (!read_drop(text)) {
            return false;
        }
    }
}

/* Behind the name of its function. */
static bool read_counted(QueryText *text, const char *name, Logql *ret)
{
    ret->kind = strcmp(name, "count_over_time") == 0 ? LOGQL_COUNT : LOGQL_RATE;
    if (ret->kind == LOGQL_RATE && strcmp(name, "rate") != 0)
        return query_fail(text, "the function \"%.64s\" is not known here", name);
    return query_want(text, "(") && read_lines(text, ret) && query_window(text, &ret->window_ns) &&
           query_want(text, ")");
}

static bool read_query(QueryText *text, Logql *ret)
{
    char name[QUERY_NAME_SIZE] = "";
    QueryText before = *text;
    if (!query_name(text, name))
        return read_lines(text, ret);
    if (strcmp(name, "vector") == 0) {
        *text = before;
        ret->kind = LOGQL_NUMBER;
        return query_numbers(text, "vector(", ")", &ret->number);
    }
    ret->fold.kind = query_fold(name);
    if (ret->fold.kind == FOLD_NONE)
        return read_counted(text, name, ret);
    if (!query_by(text, &ret->fold) || !query_want(text, "("))
        return false;
    if (!query_name(text, name))
        return query_fail(text, "count_over_time or rate is expected before \"%.32s\"", text->at);
    if (!read_counted(text, name, ret) || !query_want(text, ")"))
        return false;
    return ret->fold.by_count > 0 || query_by(text, &ret->fold);
}

bool logql_read(QueryText *text, Logql *ret)
{
    Logql query = {.kind = LOGQL_LINES};
    bool good = read_query(text, &query);
    if (good && !query_ends(text))
        good = query_fail(text, "\"%.64s\" is more than is understood here", text->at);
    if (!good) {
        size_t size = strlen(text->problem);
        snprintf(text->problem + size, sizeof text->problem - size, "%s", UNDERSTOOD);
        return false;
    }
    *ret = query;
    return true;
}
