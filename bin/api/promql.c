/* SPDX-License-Identifier: Apache-2.0 */
#include "api/promql.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define UNDERSTOOD                                                                              \
    "; understood are a selector such as oddball_score{source=~\"web.*\"}, "                    \
    "rate(SELECTOR[5m]), and sum, avg, min, max or count of either, with by (LABEL, ...)"

static bool name_matcher(QueryText *text, const char *name, Matchers *matchers)
{
    for (size_t i = 0; i < matchers->count; i++)
        if (strcmp(matchers->items[i].name, "__name__") == 0)
            return query_fail(text, "the metric is named twice");
    if (matchers->count == QUERY_MATCHERS_MAX)
        return query_fail(text, "a selector has more than %d labels", QUERY_MATCHERS_MAX);
    Matcher *matcher = &matchers->items[matchers->count++];
    *matcher = (Matcher){.kind = MATCH_EQUAL, .name = "__name__"};
    snprintf(matcher->value, sizeof matcher->value, "%s", name);
    return true;
}

/* name: of the metric, which is read already; "": it is not named so. */
static bool read_selector(QueryText *text, const char *name, Matchers *matchers)
{
    bool has_braces = query_take(text, "{");
    if (has_braces) {
        text->at--;
        if (!query_matchers(text, matchers))
            return false;
    }
    if (name[0] == '\0' && (!has_braces || matchers->count == 0))
        return query_fail(text, "a selector is expected before \"%.32s\"", text->at);
    return name[0] == '\0' || name_matcher(text, name, matchers);
}

/* A selector, or rate of one. */
static bool read_series(QueryText *text, Promql *ret)
{
    char name[QUERY_NAME_SIZE] = "";
    query_name(text, name);
    if (strcmp(name, "rate") == 0 && query_take(text, "(")) {
        name[0] = '\0';
        query_name(text, name);
        return read_selector(text, name, &ret->matchers) && query_window(text, &ret->rate_ns) &&
               query_want(text, ")");
    }
    if (query_take(text, "("))
        return query_fail(text, "the function \"%.64s\" is not known here", name);
    return read_selector(text, name, &ret->matchers);
}

static bool read_folded(QueryText *text, Promql *ret)
{
    char name[QUERY_NAME_SIZE] = "";
    QueryText before = *text;
    ret->fold.kind = query_name(text, name) ? query_fold(name) : FOLD_NONE;
    if (ret->fold.kind == FOLD_NONE) {
        *text = before;
        return read_series(text, ret);
    }
    if (!query_by(text, &ret->fold) || !query_want(text, "(") || !read_series(text, ret) ||
        !query_want(text, ")"))
        return false;
    return ret->fold.by_count > 0 || query_by(text, &ret->fold);
}

static bool end_here(QueryText *text)
{
    return query_ends(text) ||
           query_fail(text, "\"%.64s\" is more than is understood here", text->at);
}

/* What is understood, behind what was wrong. */
static bool told(QueryText *text, bool good)
{
    size_t size = strlen(text->problem);
    if (!good)
        snprintf(text->problem + size, sizeof text->problem - size, "%s", UNDERSTOOD);
    return good;
}

bool promql_selector(QueryText *text, Matchers *ret)
{
    char name[QUERY_NAME_SIZE] = "";
    Matchers matchers = {.count = 0};
    query_name(text, name);
    if (!told(text, read_selector(text, name, &matchers) && end_here(text)))
        return false;
    *ret = matchers;
    return true;
}

bool promql_read(QueryText *text, Promql *ret)
{
    Promql query = {.is_number = false};
    query_take(text, "");
    query.is_number = isdigit((unsigned char)*text->at) != 0;
    bool good =
        query.is_number ? query_numbers(text, "", "", &query.number) : read_folded(text, &query);
    if (!told(text, good && end_here(text)))
        return false;
    *ret = query;
    return true;
}
