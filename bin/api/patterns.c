/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/patterns: families of log lines; /api/v1/patterns/{id}/history: how many lines of one
 * came when. */
#include <string.h>

#include "api/history.h"
#include "api/list.h"
#include "api/pattern_id.h"

#define STEPS_USUAL 144 /* Of a day: ten minutes. */

static const char *const orders[] = {"count", "newest"};

static uint64_t pattern_key(const odd_rows *rows, size_t order)
{
    return page_key_integer(order == 0 ? odd_int(rows, odd_column(rows, "count"))
                                       : view_time(rows, "last_time"));
}

static bool pattern_wanted(const void *source, const odd_rows *rows)
{
    return source == NULL || strcmp(source, view_text(rows, "source")) == 0;
}

/* As the path of its history has it. */
static void put_id(const odd_rows *rows, Put *put)
{
    put_name(put, "id");
    put_word(put, view_text(rows, "signal"));
}

static const List list_patterns = {.view = &view_patterns,
                                   .id_columns = {"signal", "source"},
                                   .orders = orders,
                                   .order_count = 2,
                                   .key = pattern_key,
                                   .wants = pattern_wanted,
                                   .more = put_id};

static HttpReply patterns(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_time since = 0, until = 0;
    if (!ASK_ONLY(&ask, "since", "until", "source", "limit", "order", "cursor") ||
        !ask_moment(&ask, "since", &since) || !ask_moment(&ask, "until", &until))
        return HTTP_NOW;
    return list_answer(&ask, &list_patterns, since, until, request_query(request, "source"));
}

/* A count for every step, zeros too. */
static void put_counts(const SqlAnswer *answer, const History *history, Put *put)
{
    size_t row = 0, count = sql_answer_rows(answer);
    int64_t end = history_end(history);
    put_name(put, "items");
    put_open(put, '[');
    for (int64_t step = history_first(history); step < end; step++) {
        int64_t lines = 0;
        for (; row < count && sql_answer_cell(answer, row, 0).integer <= step; row++)
            if (sql_answer_cell(answer, row, 0).integer == step)
                lines = sql_answer_cell(answer, row, 1).integer;
        put_open(put, '{');
        put_name(put, "time");
        put_time(put, step * history->step_ns);
        put_name(put, "count");
        put_integer(put, lines);
        put_close(put, '}');
    }
    put_close(put, ']');
}

static HttpReply pattern_history(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    History history;
    const char *id = request_parameter(request, "id");
    if (!ASK_ONLY(&ask, "from", "to", "step", "source") ||
        !history_ask(&ask, STEPS_USUAL, &history))
        return HTTP_NOW;
    if (!pattern_id_is_one(id))
        return http_problem(
            response, 404, NULL,
            "\"%.64s\" is no id of a pattern; those have 16 hexadecimal digits, and "
            "GET /api/v1/patterns lists them",
            id);
    SqlAnswer *answer =
        history_run(&ask, &history, "count(*)", "SELECT time FROM logs WHERE pattern =", id);
    if (answer == NULL)
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "id");
    put_word(&put, id);
    history_members(&history, &put);
    put_counts(answer, &history, &put);
    put_close(&put, '}');
    sql_answer_free(answer);
    return response_end(response, 200, "application/json");
}

static const Route patterns_routes[] = {
    {"GET", "/api/v1/patterns", patterns, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/patterns/{id}/history", pattern_history, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_patterns = ROUTE_GROUP("patterns", patterns_routes);
