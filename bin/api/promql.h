/* SPDX-License-Identifier: Apache-2.0
 *
 * promql.h - the part of Prometheus' query language that is understood here.
 *
 *     oddball_score{source=~"web.*"}     rate(oddball_actual[5m])
 *     max by (source) (oddball_score)    sum(rate(oddball_actual[5m])) by (name)     1+1
 *
 * OWNERSHIP  A plain value.
 * ERRORS     A sentence that names what is understood.
 */
#ifndef API_PROMQL_H
#define API_PROMQL_H
#include "api/query_text.h"

typedef struct {
    bool     is_number; /* A sum of numbers: Grafana asks 1+1 to see whether anybody is there. */
    double   number;
    Fold     fold;
    int64_t  rate_ns;   /* 0: the values themselves.     */
    Matchers matchers;  /* The metric's is of __name__.  */
} Promql;

/* Written only on success; else text->problem says why.  text: {.at = the query}. */
bool promql_read(QueryText *text, Promql *ret);

/* A selector alone, as match[] has it. */
bool promql_selector(QueryText *text, Matchers *ret);

#endif
