/* SPDX-License-Identifier: Apache-2.0 */
#include "api/promql_sql.h"

#include <inttypes.h>
#include <stdio.h>

#include "api/history.h"
#include "api/series_labels.h"
#include "api/sql_run.h"

#define US 1000
#define SERIES "metric, source, signal, is_pattern"

const PromqlMetric promql_metrics[PROMQL_METRICS] = {
    {"oddball_actual", "What came; of a counter its growth a second, of lines how many a minute.",
     "actual"},
    {"oddball_expected", "What was expected then.", "expected"},
    {"oddball_lower", "The lower bound of what is usual then.", "lower"},
    {"oddball_score", "Surprise: 3 is once in a thousand.", "surprise"},
    {"oddball_upper", "The upper bound of what is usual then.", "upper"},
};

/* Of (from, to]; times of rows are whole microseconds. */
static void put_span(HttpResponse *sql, odd_time from, odd_time to)
{
    response_print(sql, " WHERE time > ");
    sql_moment(sql, from - (from % US + US) % US);
    response_print(sql, " AND time <= ");
    sql_moment(sql, to - (to % US + US) % US);
}

static void put_selector(HttpResponse *sql, const Matchers *matchers)
{
    response_print(sql, "(true");
    for (size_t i = 0; i < matchers->count; i++) {
        response_print(sql, " AND ");
        matcher_sql(sql, &matchers->items[i], series_label_sql);
    }
    response_print(sql, ")");
}

/* picked: the series that are asked for, numbered in their order, with the values of the labels of
 * `fold`.  The limit also tells DuckDB which side of a join is small: it would hash the samples. */
static void put_picked(HttpResponse *sql, const Matchers *selectors, size_t count, odd_time from,
                       odd_time to, const Fold *fold)
{
    response_print(sql, "WITH known AS MATERIALIZED (SELECT DISTINCT source, series AS signal, "
                        "false AS is_pattern FROM samples");
    put_span(sql, from, to);
    response_print(sql, " UNION ALL SELECT DISTINCT source, pattern, true FROM rates");
    put_span(sql, from, to);
    response_print(sql, "), picked AS MATERIALIZED (SELECT row_number() OVER (ORDER BY " SERIES
                        ") AS id, " SERIES);
    for (size_t i = 0; fold != NULL && i < fold->by_count; i++) {
        response_print(sql, ", ");
        series_label_sql(sql, fold->by[i]);
        response_print(sql, " AS label_%zu", i);
    }
    response_print(sql, " FROM known, (VALUES ");
    for (size_t i = 0; i < PROMQL_METRICS; i++)
        response_print(sql, "%s('%s')", i > 0 ? ", " : "", promql_metrics[i].name);
    response_print(sql, ") metrics(metric) WHERE %s", count > 0 ? "false" : "true");
    for (size_t i = 0; i < count; i++) {
        response_print(sql, " OR ");
        put_selector(sql, &selectors[i]);
    }
    response_print(sql, " ORDER BY " SERIES " LIMIT %d)", PROMQL_SERIES_MAX);
}

#define WANTED " SEMI JOIN wanted USING (source, series)"

/* Of a series that was taken for a counter: what it grew a second, as what was expected of it is.
 * Where it was not taken for one yet, nothing comparable is known. */
static const char grown[] =
    " UNION ALL SELECT source, series, false, ns, CASE WHEN grown >= 0 AND grown_ns > 0 THEN grown "
    "* 1e9 / grown_ns END, CASE WHEN judged THEN expected END, CASE WHEN judged THEN lower END, "
    "CASE WHEN judged THEN upper END, surprise FROM (SELECT source, series, epoch_ns(time) AS ns, "
    "expected, lower, upper, surprise, class = 'counter' AS judged, value - lag(value) OVER one AS "
    "grown, epoch_ns(time) - lag(epoch_ns(time)) OVER one AS grown_ns FROM samples" WANTED
    " SEMI JOIN counters USING (source, series)";

/* seen: each value of the series that are asked for, by their number, with its time. */
static void put_seen(HttpResponse *sql, odd_time from, odd_time to)
{
    response_print(sql, ", wanted AS (SELECT DISTINCT source, signal AS series FROM picked WHERE "
                        "NOT is_pattern), counters AS MATERIALIZED (SELECT DISTINCT source, series "
                        "FROM samples" WANTED);
    put_span(sql, from, to);
    response_print(sql, " AND class = 'counter'), points AS (SELECT source, series AS signal, "
                        "false AS is_pattern, epoch_ns(time) AS ns, value AS actual, expected, "
                        "lower, upper, surprise FROM samples" WANTED
                        " ANTI JOIN counters USING (source, series)");
    put_span(sql, from, to);
    response_print(sql, "%s", grown);
    put_span(sql, from, to);
    response_print(sql, " WINDOW one AS (PARTITION BY source, series ORDER BY time)) UNION ALL "
                        "SELECT source, pattern, true, epoch_ns(time), lines, expected, lower, "
                        "upper, surprise FROM rates SEMI JOIN (SELECT source, signal AS pattern "
                        "FROM picked WHERE is_pattern) patterns USING (source, pattern)");
    put_span(sql, from, to);
    response_print(sql, "), seen AS (SELECT * FROM (SELECT id, ns, CASE metric");
    for (size_t i = 0; i < PROMQL_METRICS; i++)
        response_print(sql, " WHEN '%s' THEN %s", promql_metrics[i].name, promql_metrics[i].column);
    response_print(sql, " END AS value FROM points JOIN picked USING (source, signal, is_pattern)) "
                        "WHERE value IS NOT NULL)");
}

/* The number of the first step at or behind a moment, which is SQL. */
static void put_step(HttpResponse *sql, const QuerySteps *steps, const char *moment)
{
    response_print(sql, "(%s - %" PRId64 " + %" PRId64 ") // %" PRId64, moment, steps->first,
                   steps->step_ns - 1, steps->step_ns);
}

/* at_steps: the newest value at each step, while it counts. */
static void put_newest(HttpResponse *sql, const QuerySteps *steps)
{
    response_print(sql, ", newest AS (SELECT id, greatest(0, ");
    put_step(sql, steps, "ns");
    response_print(sql,
                   ") AS step, arg_max(value, ns) AS value, max(ns) AS ns FROM seen GROUP BY "
                   "ALL), spans AS (SELECT id, step, value, least(%" PRId64 ", ",
                   steps->last);
    put_step(sql, steps, "ns + 300000000000");
    response_print(sql,
                   " - 1, coalesce(lead(step) OVER (PARTITION BY id ORDER BY step) - 1, "
                   "%" PRId64 ")) AS until FROM newest), at_steps AS (SELECT id, "
                   "unnest(generate_series(step, until)) AS step, value FROM spans "
                   "WHERE until >= step)", steps->last);
}

/* at_steps: what was gained a second within the window that ends at each step. */
static void put_rate(HttpResponse *sql, const QuerySteps *steps, int64_t window_ns)
{
    char behind[64]; /* The window's end, of a sample at its begin. */
    snprintf(behind, sizeof behind, "ns + %" PRId64, window_ns);
    response_print(sql, ", falls AS (SELECT *, CASE WHEN value < lag(value) OVER one THEN "
                        "lag(value) OVER one ELSE 0 END AS fall FROM seen WINDOW one AS (PARTITION "
                        "BY id ORDER BY ns)), windows AS (SELECT id, ns, value, "
                        "fall, unnest(generate_series(greatest(0, ");
    put_step(sql, steps, "ns");
    response_print(sql, "), least(%" PRId64 ", ", steps->last);
    put_step(sql, steps, behind);
    response_print(sql,
                   " - 1))) AS step FROM falls), parts AS (SELECT id, step, count(*) AS "
                   "samples, %" PRId64 " + step * %" PRId64 " AS moment, min(ns) AS first, max(ns) "
                   "AS last, arg_min(value, ns) AS before, arg_max(value, ns) - arg_min(value, ns) "
                   "+ sum(fall) - arg_min(fall, ns) AS gain FROM windows GROUP BY id, step "
                   "HAVING max(ns) > min(ns)), ",
                   steps->first, steps->step_ns);
    response_print(sql,
                   "sides AS (SELECT *, (last - first) / 1e9 AS covered, (last - first) / 1e9 / "
                   "(samples - 1) AS apart, (first - moment + %" PRId64 ") / 1e9 AS at_first, "
                   "(moment - last) / 1e9 AS at_last FROM parts), carried AS (SELECT *, CASE WHEN "
                   "at_first >= 1.1 * apart THEN apart / 2 ELSE at_first END AS left_s, CASE WHEN "
                   "at_last >= 1.1 * apart THEN apart / 2 ELSE at_last END AS right_s FROM "
 "sides), ",
                   window_ns);
    response_print(sql,
                   "at_steps AS (SELECT id, step, gain * (covered + right_s + CASE WHEN "
                   "gain > 0 AND before >= 0 THEN least(left_s, covered * before / gain) ELSE "
                   "left_s END) / covered / %.17g AS value FROM carried)",
                   (double)window_ns / 1e9);
}

static void put_folded(HttpResponse *sql, const Fold *fold)
{
    response_print(sql, " SELECT ");
    for (size_t i = 0; i < fold->by_count; i++)
        response_print(sql, "label_%zu, ", i);
    response_print(sql, "step, %s(value) AS value FROM at_steps JOIN picked USING (id) GROUP BY ",
                   query_fold_name(fold->kind));
    for (size_t i = 0; i < fold->by_count; i++)
        response_print(sql, "label_%zu, ", i);
    response_print(sql, "step ORDER BY ALL");
}

void promql_values_sql(HttpResponse *sql, const Promql *query, const QuerySteps *steps)
{
    odd_time to = steps->first + steps->last * steps->step_ns;
    odd_time from = steps->first - (query->rate_ns > 0 ? query->rate_ns : PROMQL_LOOK_BACK_NS);
    put_picked(sql, &query->matchers, 1, from, to, &query->fold);
    put_seen(sql, from - PROMQL_LOOK_BACK_NS, to); /* Of a counter one more: to grow from. */
    if (query->rate_ns > 0)
        put_rate(sql, steps, query->rate_ns);
    else
        put_newest(sql, steps);
    if (query->fold.kind != FOLD_NONE)
        put_folded(sql, &query->fold);
    else
        response_print(sql, " SELECT " SERIES ", step, value FROM at_steps JOIN picked USING (id) "
                            "ORDER BY id, step");
}

void promql_series_sql(HttpResponse *sql, const PromqlPick *pick)
{
    put_picked(sql, pick->selectors, pick->count, pick->from, pick->to, NULL);
    response_print(sql, " SELECT " SERIES " FROM picked ORDER BY ALL");
}

void promql_label_names_sql(HttpResponse *sql, const PromqlPick *pick)
{
    put_picked(sql, pick->selectors, pick->count, pick->from, pick->to, NULL);
    response_print(sql, " SELECT DISTINCT unnest(");
    series_label_names_sql(sql);
    response_print(sql, ") AS label FROM (SELECT DISTINCT signal, is_pattern FROM picked) "
                        "ORDER BY label");
}

void promql_label_values_sql(HttpResponse *sql, const PromqlPick *pick, const char *label)
{
    put_picked(sql, pick->selectors, pick->count, pick->from, pick->to, NULL);
    response_print(sql, " SELECT DISTINCT ");
    series_label_sql(sql, label);
    response_print(sql, " AS label FROM picked WHERE label <> '' ORDER BY label");
}
