/* SPDX-License-Identifier: Apache-2.0
 *
 * Prometheus' query API for what was expected of every series: GET or POST /api/v1/query,
 * query_range, series, labels, label/{name}/values; GET metadata and status/buildinfo.  A Grafana
 * that has this server as a Prometheus draws oddball_score and the bounds (doc/grafana.md). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/ask.h"
#include "api/parameters.h"
#include "api/promql_sql.h"
#include "api/put.h"
#include "api/series_labels.h"
#include "api/sql_run.h"

#define S 1000000000LL
#define DAY (86400 * S)
#define BEGIN "{\"status\":\"success\",\"data\":"

/* -- how it is said ---------------------------------------------------------------------------- */

static HttpReply fail(HttpResponse *response, int status, const char *type, const char *sentence)
{
    response_print(response, "{\"status\":\"error\",\"errorType\":\"%s\",\"error\":", type);
    response_json(response, sentence, strlen(sentence));
    response_print(response, "}");
    return response_end(response, status, "application/json");
}

static void refuse(const HttpRequest *request, HttpResponse *response, int status,
                   const char *detail)
{
    (void)request; /* All of them are answered alike. */
    fail(response, status,
         status == 504 ? "timeout"
         : status == 429 || status == 503 ? "unavailable"
         : status >= 500 ? "internal"
                                          : "bad_data",
         detail);
}

static HttpReply bad(HttpResponse *response, const char *parameter, const char *sentence)
{
    char all[QUERY_PROBLEM_SIZE + 128];
    snprintf(all, sizeof all, "invalid parameter \"%s\": %s", parameter, sentence);
    return fail(response, 400, "bad_data", all);
}

static HttpReply succeed(HttpResponse *response, const SqlAnswer *answer)
{
    if (answer != NULL && sql_answer_cut(answer))
        response_print(response, ",\"warnings\":[\"there is more than is told: the setting "
                                 "sql.rows says how many rows a question may have\"]");
    response_print(response, "}");
    return response_end(response, 200, "application/json");
}

/* -- what is asked ----------------------------------------------------------------------------- */

/* A time and its name.  False: the answer is written. */
static bool ask_time(const Parameters *parameters, HttpResponse *response, const char *name,
                     odd_time *ret)
{
    if (parameter_time(parameter(parameters, name), ret))
        return true;
    bad(response, name, "it must be a time: seconds since 1970, or as 2026-11-27T10:00:00Z");
    return false;
}

static bool ask_parameters(HttpRequest *request, HttpResponse *response, Parameters *ret)
{
    if (parameters_read(request, ret))
        return true;
    fail(response, 400, "bad_data",
         "the form cannot be read: a %-escape is torn, or it has too many parameters");
    return false;
}

static bool ask_query(const Parameters *parameters, HttpResponse *response, Promql *ret)
{
    QueryText text = {.at = parameter(parameters, "query")};
    if (text.at == NULL)
        text.at = "";
    if (promql_read(&text, ret))
        return true;
    bad(response, "query", text.problem);
    return false;
}

/* start, end and step. */
static bool ask_steps(const Parameters *parameters, HttpResponse *response, QuerySteps *ret)
{
    odd_time end = ODD_TIME_NONE;
    *ret = (QuerySteps){.first = ODD_TIME_NONE};
    if (!ask_time(parameters, response, "start", &ret->first) ||
        !ask_time(parameters, response, "end", &end))
        return false;
    if (!parameter_span(parameter(parameters, "step"), &ret->step_ns) || ret->step_ns == 0)
        bad(response, "step", "it must be there: a span of time such as 15s, or seconds");
    else if (ret->first == ODD_TIME_NONE || end == ODD_TIME_NONE)
        bad(response, ret->first == ODD_TIME_NONE ? "start" : "end", "it must be there");
    else if (end < ret->first)
        bad(response, "end", "it is before start");
    else if ((end - ret->first) / ret->step_ns > QUERY_STEPS_MAX)
        fail(response, 400, "bad_data",
             "there are more than 11,000 steps between start and end; ask for a longer step");
    else
        ret->last = (end - ret->first) / ret->step_ns;
    return response->status == 0;
}

/* match[], start and end; without these the last day. */
static bool ask_pick(const Parameters *parameters, HttpResponse *response, odd_time now,
                     PromqlPick *ret)
{
    ret->count = 0;
    ret->to = now;
    if (!ask_time(parameters, response, "end", &ret->to))
        return false;
    ret->from = ret->to - DAY;
    if (!ask_time(parameters, response, "start", &ret->from))
        return false;
    for (size_t i = 0; i < parameters->count; i++) {
        if (strcmp(parameters->items[i].name, "match[]") != 0)
            continue;
        QueryText text = {.at = parameters->items[i].value};
        if (ret->count == PROMQL_SELECTORS_MAX)
            query_fail(&text, "there are more than %d of them", PROMQL_SELECTORS_MAX);
        else if (promql_selector(&text, &ret->selectors[ret->count]))
            ret->count++;
        if (text.problem[0] != '\0') {
            bad(response, "match[]", text.problem);
            return false;
        }
    }
    return true;
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

/* -- values ------------------------------------------------------------------------------------ */

static void put_labels(const void *context, const SqlAnswer *answer, size_t row, HttpResponse *json)
{
    const Promql *query = context;
    const char *names[QUERY_BY_MAX], *values[QUERY_BY_MAX];
    if (query->fold.kind == FOLD_NONE) {
        series_labels_put(json, query->rate_ns > 0 ? "" : query_cell(answer, row, 0),
                          query_cell(answer, row, 1), query_cell(answer, row, 2),
                          sql_answer_cell(answer, row, 3).integer != 0);
        return;
    }
    for (size_t i = 0; i < query->fold.by_count; i++) {
        names[i] = query->fold.by[i];
        values[i] = query_cell(answer, row, i);
    }
    labels_put(json, names, values, query->fold.by_count);
}

static HttpReply answer_number(HttpResponse *response, double number, const QuerySteps *steps)
{
    response_print(
        response, BEGIN "{\"resultType\":\"%s\",\"result\":", steps->instant ? "scalar" : "matrix");
    if (!steps->instant)
        response_print(response, "[{\"metric\":{},\"values\":[");
    for (int64_t step = 0; step <= steps->last; step++) {
        response_add(response, ",", step > 0);
        query_number_put(response, steps->first + step * steps->step_ns, number);
    }
    response_print(response, steps->instant ? "}" : "]}]}");
    return succeed(response, NULL);
}

static HttpReply answer_query(HttpRequest *request, HttpResponse *response, const Promql *query,
                              const QuerySteps *steps)
{
    if (query->is_number)
        return answer_number(response, query->number, steps);
    HttpResponse sql = {0};
    promql_values_sql(&sql, query, steps);
    SqlAnswer *answer = run(request, response, &sql);
    if (answer == NULL)
        return HTTP_NOW;
    QuerySeries series = {.steps = steps, .labels = put_labels, .context = query};
    series.keys = query->fold.kind == FOLD_NONE ? 4 : query->fold.by_count;
    response_print(response, BEGIN "{");
    query_series_put(&series, answer, response);
    response_print(response, "}");
    succeed(response, answer);
    sql_answer_free(answer);
    return HTTP_NOW;
}

static HttpReply query_now(HttpRequest *request, HttpResponse *response)
{
    Parameters parameters;
    Promql query;
    QuerySteps steps = {.first = ask_of(request, response).now, .step_ns = S, .instant = true};
    if (!ask_parameters(request, response, &parameters) ||
        !ask_query(&parameters, response, &query) ||
        !ask_time(&parameters, response, "time", &steps.first))
        return HTTP_NOW;
    return answer_query(request, response, &query, &steps);
}

static HttpReply query_range(HttpRequest *request, HttpResponse *response)
{
    Parameters parameters;
    Promql query;
    QuerySteps steps;
    if (!ask_parameters(request, response, &parameters) ||
        !ask_query(&parameters, response, &query) || !ask_steps(&parameters, response, &steps))
        return HTTP_NOW;
    return answer_query(request, response, &query, &steps);
}

/* -- names ------------------------------------------------------------------------------------- */

/* The first column as an array of texts. */
static HttpReply answer_texts(HttpResponse *response, SqlAnswer *answer)
{
    if (answer == NULL)
        return HTTP_NOW;
    response_print(response, BEGIN "[");
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        SqlCell cell = sql_answer_cell(answer, row, 0);
        response_add(response, ",", row > 0);
        response_json(response, cell.text, cell.kind == SQL_TEXT ? cell.size : 0);
    }
    response_print(response, "]");
    succeed(response, answer);
    sql_answer_free(answer);
    return HTTP_NOW;
}

static HttpReply series(HttpRequest *request, HttpResponse *response)
{
    Parameters parameters;
    PromqlPick pick;
    if (!ask_parameters(request, response, &parameters) ||
        !ask_pick(&parameters, response, ask_of(request, response).now, &pick))
        return HTTP_NOW;
    if (pick.count == 0)
        return bad(response, "match[]", "at least one is needed, such as oddball_score");
    HttpResponse sql = {0};
    promql_series_sql(&sql, &pick);
    SqlAnswer *answer = run(request, response, &sql);
    if (answer == NULL)
        return HTTP_NOW;
    response_print(response, BEGIN "[");
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        response_add(response, ",", row > 0);
        series_labels_put(response, query_cell(answer, row, 0), query_cell(answer, row, 1),
                          query_cell(answer, row, 2), sql_answer_cell(answer, row, 3).integer != 0);
    }
    response_print(response, "]");
    succeed(response, answer);
    sql_answer_free(answer);
    return HTTP_NOW;
}

static HttpReply labels(HttpRequest *request, HttpResponse *response)
{
    Parameters parameters;
    PromqlPick pick;
    if (!ask_parameters(request, response, &parameters) ||
        !ask_pick(&parameters, response, ask_of(request, response).now, &pick))
        return HTTP_NOW;
    HttpResponse sql = {0};
    promql_label_names_sql(&sql, &pick);
    return answer_texts(response, run(request, response, &sql));
}

static HttpReply label_values(HttpRequest *request, HttpResponse *response)
{
    Parameters parameters;
    PromqlPick pick;
    char name[QUERY_NAME_SIZE];
    QueryText text = {.at = request_parameter(request, "name")};
    if (!query_name(&text, name) || !query_ends(&text))
        return bad(response, "name", "it is no name of a label");
    if (!ask_parameters(request, response, &parameters) ||
        !ask_pick(&parameters, response, ask_of(request, response).now, &pick))
        return HTTP_NOW;
    HttpResponse sql = {0};
    promql_label_values_sql(&sql, &pick, name);
    return answer_texts(response, run(request, response, &sql));
}

static HttpReply metadata(HttpRequest *request, HttpResponse *response)
{
    const char *metric = request_query(request, "metric");
    Put put = {.response = response};
    put_open(&put, '{');
    put_named(&put, "status", "success");
    put_name(&put, "data");
    put_open(&put, '{');
    for (size_t i = 0; i < PROMQL_METRICS; i++) {
        if (metric != NULL && strcmp(metric, promql_metrics[i].name) != 0)
            continue;
        put_name(&put, promql_metrics[i].name);
        put_open(&put, '[');
        put_open(&put, '{');
        put_named(&put, "type", "gauge");
        put_named(&put, "help", promql_metrics[i].help);
        put_named(&put, "unit", "");
        put_close(&put, '}');
        put_close(&put, ']');
    }
    put_close(&put, '}');
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

static HttpReply build_info(HttpRequest *request, HttpResponse *response)
{
    static const char *const unknown[] = {"revision", "branch", "buildUser", "buildDate",
                                          "goVersion"};
    (void)request; /* It asks for nothing else. */
    Put put = {.response = response};
    put_open(&put, '{');
    put_named(&put, "status", "success");
    put_name(&put, "data");
    put_open(&put, '{');
    put_named(&put, "version", odd_version());
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        put_named(&put, unknown[i], "");
    put_close(&put, '}');
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

static const Route query_routes[] = {
    {"GET", "/api/v1/query", query_now, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/api/v1/query", query_now, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/query_range", query_range, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/api/v1/query_range", query_range, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/series", series, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/api/v1/series", series, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/labels", labels, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"POST", "/api/v1/labels", labels, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/label/{name}/values", label_values, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/metadata", metadata, HTTP_SCOPE_ALL, 0, NULL},
    {"GET", "/api/v1/status/buildinfo", build_info, HTTP_SCOPE_ALL, 0, NULL},
};
const RouteGroup routes_query_prometheus = {
    "query_prometheus", query_routes, sizeof query_routes / sizeof query_routes[0], refuse, NULL};
