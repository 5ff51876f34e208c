/* SPDX-License-Identifier: Apache-2.0
 *
 * promql_sql.h - questions of Prometheus as questions in SQL, one for each, over the views samples
 * and rates.
 *
 * ALGORITHM  A value counts for five minutes from its time on, until the next one comes.  rate is
 *            Prometheus': what was gained within the window (a fall is a beginning at 0), carried
 *            on to the window's ends if these are not much further off than the samples lie apart.
 * SHAPE      Values: keys, the number of the step, the value.  The keys are the labels of by (..),
 *            or without a fold metric, source, signal, is_pattern.
 */
#ifndef API_PROMQL_SQL_H
#define API_PROMQL_SQL_H
#include "api/promql.h"
#include "api/query_answer.h"

#define PROMQL_SELECTORS_MAX 4
#define PROMQL_SERIES_MAX 20000 /* Further ones are left out. */
#define PROMQL_LOOK_BACK_NS (300 * INT64_C(1000000000))
#define PROMQL_METRICS 5

typedef struct {
    const char *name, *help, *column;
} PromqlMetric;
extern const PromqlMetric promql_metrics[PROMQL_METRICS];

typedef struct {
    Matchers selectors[PROMQL_SELECTORS_MAX]; /* Series that any of them picks; none: all. */
    size_t   count;
    odd_time from, to; /* That have a value in (from, to]. */
} PromqlPick;

void promql_values_sql(HttpResponse *sql, const Promql *query, const QuerySteps *steps);
void promql_series_sql(HttpResponse *sql, const PromqlPick *pick); /* metric .. is_pattern */
void promql_label_names_sql(HttpResponse *sql, const PromqlPick *pick);
void promql_label_values_sql(HttpResponse *sql, const PromqlPick *pick, const char *label);

#endif
