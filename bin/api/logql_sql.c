/* SPDX-License-Identifier: Apache-2.0 */
#include "api/logql_sql.h"

#include <inttypes.h>
#include <string.h>

#include "api/history.h"
#include "api/series_labels.h"
#include "api/sql_run.h"

#define US 1000
#define STREAM "source, level, pattern"

const char *const logql_labels[LOGQL_LABELS] = {"source", "level", "pattern"};

/* The value of a label, '' where there is none. */
static void label_sql(HttpResponse *sql, const char *name)
{
    bool known = false;
    for (size_t i = 0; i < LOGQL_LABELS; i++)
        known = known || strcmp(name, logql_labels[i]) == 0;
    response_print(sql, known ? "coalesce(%s, '')" : "''", name);
}

static void put_filter(HttpResponse *sql, const LineFilter *filter)
{
    bool denies = filter->kind == MATCH_UNEQUAL || filter->kind == MATCH_UNLIKE;
    bool is_expression = filter->kind == MATCH_LIKE || filter->kind == MATCH_UNLIKE;
    response_print(sql, " AND %s%s(text, ", denies ? "NOT " : "",
                   is_expression ? "regexp_matches" : "contains");
    sql_literal(sql, filter->text);
    response_print(sql, ")");
}

/* The first microsecond at or behind it: times of rows are whole ones. */
static odd_time whole(odd_time time)
{
    return time + (US - time % US) % US;
}

static void put_between(HttpResponse *sql, const char *column, odd_time from, odd_time to)
{
    response_print(sql, "%s >= ", column);
    sql_moment(sql, whole(from));
    response_print(sql, " AND %s < ", column);
    sql_moment(sql, whole(to));
}

/* FROM and WHERE: the lines that are asked for, of [from, to). */
static void put_lines(HttpResponse *sql, const Logql *query, odd_time from, odd_time to)
{
    response_print(sql, " FROM logs WHERE (");
    put_between(sql, "time", from, to);
    response_print(sql, " OR time IS NULL AND ");
    put_between(sql, "known", from, to);
    response_print(sql, ")");
    for (size_t i = 0; i < query->matchers.count; i++) {
        response_print(sql, " AND ");
        matcher_sql(sql, &query->matchers.items[i], label_sql);
    }
    for (size_t i = 0; i < query->filter_count; i++)
        put_filter(sql, &query->filters[i]);
}

static void put_stream(HttpResponse *sql)
{
    for (size_t i = 0; i < LOGQL_LABELS; i++) {
        label_sql(sql, logql_labels[i]);
        response_print(sql, " AS %s, ", logql_labels[i]);
    }
}

void logql_lines_sql(HttpResponse *sql, const Logql *query, const LogqlSpan *span)
{
    const char *order = span->forward ? "" : " DESC";
    response_print(sql, "SELECT " STREAM ", ns, text FROM (SELECT ");
    put_stream(sql);
    response_print(sql, "epoch_ns(coalesce(time, known)) AS ns, seq, text");
    put_lines(sql, query, span->from, span->to);
    response_print(
        sql, " ORDER BY ns%s, source, seq%s LIMIT %" PRId64 ") ORDER BY " STREAM ", ns%s, seq%s",
        order, order, span->limit, order, order);
}

/* Lines of a stream that count for the same steps are counted first: a long window has many. */
void logql_counts_sql(HttpResponse *sql, const Logql *query, const QuerySteps *steps)
{
    odd_time to = steps->first + steps->last * steps->step_ns;
    const Fold *fold = &query->fold;
    response_print(sql, "WITH lines AS (SELECT ");
    put_stream(sql);
    response_print(sql, "epoch_ns(coalesce(time, known)) AS ns");
    put_lines(sql, query, steps->first - query->window_ns + 1, to + 1);
    response_print(sql,
                   "), spans AS (SELECT " STREAM ", greatest(0, (ns - %" PRId64 " + %" PRId64
                   ") // %" PRId64 ") AS since, least(%" PRId64 ", (ns + %" PRId64 " - %" PRId64
                   " + %" PRId64 ") // %" PRId64 " - 1) AS until, count(*) AS lines FROM lines "
                   "GROUP BY ALL), each AS (SELECT " STREAM ", lines, unnest(generate_series("
                   "since, until)) AS step FROM spans), at_steps AS (SELECT " STREAM ", step, "
                   "CAST(sum(lines) AS DOUBLE) / %.17g AS value FROM each GROUP BY ALL) SELECT ",
                   steps->first, steps->step_ns - 1, steps->step_ns, steps->last, query->window_ns,
                   steps->first, steps->step_ns - 1, steps->step_ns,
                   query->kind == LOGQL_RATE ? (double)query->window_ns / 1e9 : 1.0);
    if (fold->kind == FOLD_NONE) {
        response_print(sql, STREAM ", step, value FROM at_steps ORDER BY ALL");
        return;
    }
    for (size_t i = 0; i < fold->by_count; i++) {
        label_sql(sql, fold->by[i]);
        response_print(sql, " AS label_%zu, ", i);
    }
    response_print(sql, "step, %s(value) AS value FROM at_steps GROUP BY ALL ORDER BY ALL",
                   query_fold_name(fold->kind));
}

void logql_patterns_sql(HttpResponse *sql, const Logql *query, const LogqlSpan *span,
                        int64_t step_ns)
{
    response_print(sql,
                   "WITH counts AS (SELECT pattern, epoch_ns(coalesce(time, known)) // %" PRId64
                   " * %" PRId64 " // 1000000000 AS second, count(*) AS lines",
                   step_ns, step_ns);
    put_lines(sql, query, span->from, span->to);
    response_print(sql,
                   " AND pattern IS NOT NULL GROUP BY pattern, second), texts AS (SELECT "
                   "pattern, min(text) AS text FROM patterns GROUP BY pattern) SELECT pattern, "
                   "coalesce(texts.text, ''), second, lines FROM counts LEFT JOIN texts USING "
                   "(pattern) ORDER BY sum(lines) OVER (PARTITION BY pattern) DESC, pattern, "
                   "second");
}

void logql_series_sql(HttpResponse *sql, const Logql *query, const LogqlSpan *span)
{
    response_print(sql, "SELECT DISTINCT " STREAM " FROM (SELECT ");
    put_stream(sql);
    response_print(sql, "0");
    put_lines(sql, query, span->from, span->to);
    response_print(sql, ") ORDER BY ALL");
}

void logql_label_values_sql(HttpResponse *sql, const Logql *query, const LogqlSpan *span,
                            const char *label)
{
    response_print(sql, "SELECT DISTINCT label FROM (SELECT ");
    label_sql(sql, label);
    response_print(sql, " AS label");
    put_lines(sql, query, span->from, span->to);
    response_print(sql, ") WHERE label <> '' ORDER BY label");
}
