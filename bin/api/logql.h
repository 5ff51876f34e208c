/* SPDX-License-Identifier: Apache-2.0
 *
 * logql.h - the part of Loki's query language that is understood here.
 *
 *     {source="web.log"} |= "refused" != "probe"      rate({level="error"}[5m])
 *     sum by (level) (count_over_time({source=~".+"} |~ "disk sd[ab]" [1m]))
 *
 * OWNERSHIP  A plain value.
 * ERRORS     A sentence that names what is understood.
 */
#ifndef API_LOGQL_H
#define API_LOGQL_H
#include "api/query_text.h"

#define LOGQL_FILTERS_MAX 8

typedef struct {
    MatchKind kind; /* |= != |~ !~ */
    char      text[QUERY_VALUE_SIZE];
} LineFilter;

typedef enum { LOGQL_LINES, LOGQL_COUNT, LOGQL_RATE, LOGQL_NUMBER } LogqlKind;

typedef struct {
    LogqlKind  kind;
    double     number;    /* Of vector(1)+vector(1): whether anybody is there. */
    Fold       fold;
    int64_t    window_ns; /* Of COUNT and RATE. */
    Matchers   matchers;
    LineFilter filters[LOGQL_FILTERS_MAX];
    size_t     filter_count;
} Logql;

/* Written only on success; else text->problem says why.  text: {.at = the query}. */
bool logql_read(QueryText *text, Logql *ret);

#endif
