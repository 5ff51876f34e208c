/* SPDX-License-Identifier: Apache-2.0
 *
 * Loki's query API for the lines that are kept: GET or POST /loki/api/v1/query, query_range,
 * series; GET labels, label/{name}/values, patterns.  A Grafana that has this server as a Loki
 * shows them (doc/grafana.md). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/ask.h"
#include "api/logql_sql.h"
#include "api/parameters.h"
#include "api/series_labels.h"
#include "api/sql_run.h"
#include "settings/quantity.h"

#define S 1000000000LL
#define HOUR (3600 * S)
#define LINES_USUAL 100
#define LINES_MAX 5000
#define STEPS_USUAL 250
#define BEGIN "{\"status\":\"success\",\"data\":"

/* -- how it is said ---------------------------------------------------------------------------- */

static void refuse(const HttpRequest *request, HttpResponse *response, int status,
                   const char *detail)
{
    (void)request; /* Its clients show the text as it is. */
    response_print(response, "%s\n", detail);
    response_end(response, status, "text/plain; charset=utf-8");
}

static bool bad(HttpResponse *response, const char *parameter, const char *sentence)
{
    response_print(response, "the parameter %s: %s\n", parameter, sentence);
    response_end(response, 400, "text/plain; charset=utf-8");
    return false;
}

/* -- what is asked ----------------------------------------------------------------------------- */

typedef struct {
    Parameters parameters;
    Logql      query;
    LogqlSpan  span;
    QuerySteps steps;
} LokiAsk;

/* name: of the parameter that has it; without it all lines are meant, if that `may_lack`. */
static bool ask_query(HttpResponse *response, const char *name, bool may_lack, LokiAsk *ask)
{
    QueryText text = {.at = parameter(&ask->parameters, name)};
    ask->query = (Logql){.kind = LOGQL_LINES};
    if (text.at == NULL && may_lack)
        return true;
    if (text.at == NULL)
        return bad(response, name, "it must be there, such as {source=~\".+\"}");
    return logql_read(&text, &ask->query) || bad(response, name, text.problem);
}

/* start and end, of the last hour where they are left out. */
static bool ask_span_of_time(HttpRequest *request, HttpResponse *response, LokiAsk *ask)
{
    const char *limit = parameter(&ask->parameters, "limit");
    const char *direction = parameter(&ask->parameters, "direction");
    LogqlSpan *span = &ask->span;
    *span = (LogqlSpan){.limit = LINES_USUAL, .to = ask_of(request, response).now};
    span->forward = direction != NULL && strcmp(direction, "forward") == 0;
    if (!parameter_time(parameter(&ask->parameters, "end"), &span->to))
        return bad(response, "end", "it must be a time: ns or s since 1970, or RFC 3339");
    span->from = span->to - HOUR;
    if (!parameter_time(parameter(&ask->parameters, "start"), &span->from))
        return bad(response, "start", "it must be a time: ns or s since 1970, or RFC 3339");
    if (span->from > span->to)
        return bad(response, "end", "it is before start");
    if (direction != NULL && !span->forward && strcmp(direction, "backward") != 0)
        return bad(response, "direction", "it must be forward or backward");
    return limit == NULL || quantity_integer(limit, 1, LINES_MAX, &span->limit) ||
           bad(response, "limit", "it must be a whole number from 1 to 5000");
}

static bool ask_steps(HttpResponse *response, LokiAsk *ask)
{
    const LogqlSpan *span = &ask->span;
    int64_t step = (span->to - span->from) / STEPS_USUAL;
    step = step > S ? step / S * S : S;
    if (!parameter_span(parameter(&ask->parameters, "step"), &step))
        return bad(response, "step", "it must be a span of time such as 15s, or seconds");
    if ((span->to - span->from) / step > QUERY_STEPS_MAX)
        return bad(response, "step", "there are more than 11,000 of them between start and end");
    ask->steps = (QuerySteps){
        .first = span->from, .step_ns = step, .last = (span->to - span->from) / step};
    return true;
}

static bool ask_parameters(HttpRequest *request, HttpResponse *response, LokiAsk *ask)
{
    return parameters_read(request, &ask->parameters) ||
           bad(response, "query", "the form cannot be read");
}

/* Lines only, of a span of time. */
static bool ask_lines(HttpRequest *request, HttpResponse *response, const char *name, LokiAsk *ask)
{
    return ask_parameters(request, response, ask) && ask_query(response, name, true, ask) &&
           ask_span_of_time(request, response, ask) &&
           (ask->query.kind == LOGQL_LINES ||
            bad(response, name, "a selector of lines is wanted, such as {source=~\".+\"}"));
}

/* NULL: the answer is written.  sql: its memory is given back. */
static SqlAnswer *run(HttpRequest *request, HttpResponse *response, HttpResponse *sql)
{
    SqlAnswer *answer = NULL;
    if (sql->broken)
        refuse(request, response, 503, "memory is short; ask again, or for less");
    else
        answer = sql_answer_for(request, response, sql->body);
    response_clear(sql);
    return answer;
}

/* -- lines and numbers ------------------------------------------------------------------------- */

static void put_stream(const SqlAnswer *answer, size_t row, HttpResponse *json)
{
    const char *values[LOGQL_LABELS];
    for (size_t i = 0; i < LOGQL_LABELS; i++)
        values[i] = query_cell(answer, row, i);
    labels_put(json, logql_labels, values, LOGQL_LABELS);
}

static void put_labels(const void *context, const SqlAnswer *answer, size_t row, HttpResponse *json)
{
    const Logql *query = context;
    const char *names[QUERY_BY_MAX], *values[QUERY_BY_MAX];
    if (query->fold.kind == FOLD_NONE) {
        put_stream(answer, row, json);
        return;
    }
    for (size_t i = 0; i < query->fold.by_count; i++) {
        names[i] = query->fold.by[i];
        values[i] = query_cell(answer, row, i);
    }
    labels_put(json, names, values, query->fold.by_count);
}

static bool is_same_stream(const SqlAnswer *answer, size_t a, size_t b)
{
    for (size_t i = 0; i < LOGQL_LABELS; i++)
        if (strcmp(query_cell(answer, a, i), query_cell(answer, b, i)) != 0)
            return false;
    return true;
}

static void put_streams(const SqlAnswer *answer, HttpResponse *json)
{
    response_print(json, "\"resultType\":\"streams\",\"result\":[");
    size_t rows = sql_answer_rows(answer);
    for (size_t row = 0; row < rows; row++) {
        bool begins = row == 0 || !is_same_stream(answer, row - 1, row);
        if (begins) {
            response_print(json, "%s{\"stream\":", row > 0 ? "]}," : "");
            put_stream(answer, row, json);
            response_print(json, ",\"values\":[");
        }
        SqlCell text = sql_answer_cell(answer, row, LOGQL_LABELS + 1);
        response_print(json, "%s[\"%" PRId64 "\",", begins ? "" : ",",
                       sql_answer_cell(answer, row, LOGQL_LABELS).integer);
        response_json(json, text.text, text.kind == SQL_TEXT ? text.size : 0);
        response_add(json, "]", 1);
    }
    response_print(json, rows > 0 ? "]}]" : "]");
}

static HttpReply answer_number(HttpResponse *response, const LokiAsk *ask)
{
    const QuerySteps *steps = &ask->steps;
    response_print(response, BEGIN "{\"resultType\":\"%s\",\"result\":[{\"metric\":{},\"%s",
                   steps->instant ? "vector" : "matrix",
                   steps->instant ? "value\":" : "values\":[");
    for (int64_t step = 0; step <= steps->last; step++) {
        response_add(response, ",", step > 0);
        query_number_put(response, steps->first + step * steps->step_ns, ask->query.number);
    }
    response_print(response, "%s}],\"stats\":{}}}", steps->instant ? "" : "]");
    return response_end(response, 200, "application/json");
}

static HttpReply answer_query(HttpRequest *request, HttpResponse *response, const LokiAsk *ask)
{
    HttpResponse sql = {0};
    if (ask->query.kind == LOGQL_NUMBER)
        return answer_number(response, ask);
    if (ask->query.kind == LOGQL_LINES)
        logql_lines_sql(&sql, &ask->query, &ask->span);
    else
        logql_counts_sql(&sql, &ask->query, &ask->steps);
    SqlAnswer *answer = run(request, response, &sql);
    if (answer == NULL)
        return HTTP_NOW;
    QuerySeries series = {.steps = &ask->steps, .labels = put_labels, .context = &ask->query};
    series.keys = ask->query.fold.kind == FOLD_NONE ? LOGQL_LABELS : ask->query.fold.by_count;
    response_print(response, BEGIN "{");
    if (ask->query.kind == LOGQL_LINES)
        put_streams(answer, response);
    else
        query_series_put(&series, answer, response);
    response_print(response, ",\"stats\":{}}}");
    sql_answer_free(answer);
    return response_end(response, 200, "application/json");
}

static HttpReply query_range(HttpRequest *request, HttpResponse *response)
{
    LokiAsk ask;
    if (!ask_parameters(request, response, &ask) || !ask_query(response, "query", false, &ask) ||
        !ask_span_of_time(request, response, &ask) || !ask_steps(response, &ask))
        return HTTP_NOW;
    return answer_query(request, response, &ask);
}

static HttpReply query_now(HttpRequest *request, HttpResponse *response)
{
    LokiAsk ask = {.steps = {.first = ask_of(request, response).now, .step_ns = S,
                             .instant = true}};
    if (!ask_parameters(request, response, &ask) || !ask_query(response, "query", false, &ask))
        return HTTP_NOW;
    if (!parameter_time(parameter(&ask.parameters, "time"), &ask.steps.first)) {
        bad(response, "time", "it must be a time: ns or s since 1970, or RFC 3339");
        return HTTP_NOW;
    }
    if (ask.query.kind == LOGQL_LINES) {
        bad(response, "query", "lines are of a span of time: ask query_range for them");
        return HTTP_NOW;
    }
    return answer_query(request, response, &ask);
}

/* -- names ------------------------------------------------------------------------------------- */

static HttpReply labels(HttpRequest *request, HttpResponse *response)
{
    (void)request; /* They are the same at any time. */
    response_print(response, BEGIN "[\"level\",\"pattern\",\"source\"]}");
    return response_end(response, 200, "application/json");
}

static HttpReply label_values(HttpRequest *request, HttpResponse *response)
{
    LokiAsk ask;
    HttpResponse sql = {0};
    if (!ask_lines(request, response, "query", &ask))
        return HTTP_NOW;
    logql_label_values_sql(&sql, &ask.query, &ask.span, request_parameter(request, "name"));
    SqlAnswer *answer = run(request, response, &sql);
    if (answer == NULL)
        return HTTP_NOW;
    response_print(response, BEGIN "[");
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        response_add(response, ",", row > 0);
        response_json(response, query_cell(answer, row, 0), strlen(query_cell(answer, row, 0)));
    }
    response_print(response, "]}");
    sql_answer_free(answer);
    return response_end(response, 200, "application/json");
}

static HttpReply series(HttpRequest *request, HttpResponse *response)
{
    LokiAsk ask;
    HttpResponse sql = {0};
    if (!ask_parameters(request, response, &ask) ||
        !ask_lines(request, response,
                   parameter(&ask.parameters, "match[]") != NULL ? "match[]" : "match", &ask))
        return HTTP_NOW;
    logql_series_sql(&sql, &ask.query, &ask.span);
    SqlAnswer *answer = run(request, response, &sql);
    if (answer == NULL)
        return HTTP_NOW;
    response_print(response, BEGIN "[");
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        response_add(response, ",", row > 0);
        put_stream(answer, row, response);
    }
    response_print(response, "]}");
    sql_answer_free(answer);
    return response_end(response, 200, "application/json");
}

static HttpReply patterns(HttpRequest *request, HttpResponse *response)
{
    LokiAsk ask;
    HttpResponse sql = {0};
    if (!ask_lines(request, response, "query", &ask) || !ask_steps(response, &ask))
        return HTTP_NOW;
    int64_t step_ns = ask.steps.step_ns > S ? ask.steps.step_ns : S; /* Told in whole seconds. */
    logql_patterns_sql(&sql, &ask.query, &ask.span, step_ns);
    SqlAnswer *answer = run(request, response, &sql);
    if (answer == NULL)
        return HTTP_NOW;
    response_print(response, BEGIN "[");
    size_t rows = sql_answer_rows(answer);
    for (size_t row = 0; row < rows; row++) {
        const char *text = query_cell(answer, row, 1);
        bool begins =
            row == 0 || strcmp(query_cell(answer, row - 1, 0), query_cell(answer, row, 0)) != 0;
        if (begins) {
            response_print(response, "%s{\"pattern\":", row > 0 ? "]}," : "");
            response_json(response, text, strlen(text));
            response_print(response, ",\"samples\":[");
        }
        response_print(response, "%s[%" PRId64 ",%" PRId64 "]", begins ? "" : ",",
                       sql_answer_cell(answer, row, 2).integer,
                       sql_answer_cell(answer, row, 3).integer);
    }
    response_print(response, rows > 0 ? "]}]}" : "]}");
    sql_answer_free(answer);
    return response_end(response, 200, "application/json");
}

static const Route query_routes[] = {
    {"GET", "/loki/api/v1/query", query_now, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/loki/api/v1/query", query_now, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/loki/api/v1/query_range", query_range, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/loki/api/v1/query_range", query_range, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/loki/api/v1/labels", labels, HTTP_SCOPE_ALL, 0, NULL},
    {"GET", "/loki/api/v1/label/{name}/values", label_values, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/loki/api/v1/series", series, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/loki/api/v1/series", series, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/loki/api/v1/patterns", patterns, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_query_loki = {"query_loki", query_routes,
                                      sizeof query_routes / sizeof query_routes[0], refuse, NULL};
