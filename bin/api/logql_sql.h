/* SPDX-License-Identifier: Apache-2.0
 *
 * logql_sql.h - questions of Loki as questions in SQL, one for each, over the view logs.
 *
 * A stream has the labels source, level and pattern; every other label is empty.  A line that does
 * not say when it was is of when it came.
 *
 * SHAPE      Lines: source, level, pattern, ns, text, those of a stream together.
 *            Counts: keys, the number of the step, the number.  The keys are the labels of by (..),
 *            or without a fold source, level, pattern.
 *            Patterns: id, text, the second that a step begins with, lines; most lines first.
 */
#ifndef API_LOGQL_SQL_H
#define API_LOGQL_SQL_H
#include "api/logql.h"
#include "api/query_answer.h"

#define LOGQL_LABELS 3
extern const char *const logql_labels[LOGQL_LABELS]; /* In the order of the keys. */

typedef struct {
    odd_time from, to; /* [from, to) */
    int64_t  limit;
    bool     forward;  /* The oldest ones. */
} LogqlSpan;

void logql_lines_sql(HttpResponse *sql, const Logql *query, const LogqlSpan *span);
void logql_counts_sql(HttpResponse *sql, const Logql *query, const QuerySteps *steps);
void logql_patterns_sql(HttpResponse *sql, const Logql *query, const LogqlSpan *span,
                        int64_t step_ns);
void logql_series_sql(HttpResponse *sql, const Logql *query, const LogqlSpan *span);
void logql_label_values_sql(HttpResponse *sql, const Logql *query, const LogqlSpan *span,
                            const char *label);

#endif
