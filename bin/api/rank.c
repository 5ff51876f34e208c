/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/signals:rank: a window of time as the question.  Which signals were odder in it than
 * in the time before it, four windows long?  Judged is by the surprises as they were told then,
 * which never change: the mean of those in the window less the mean of those before it, so that
 * what is always a little odd comes behind what became so. */
#include <inttypes.h>

#include "api/history.h"
#include "api/sql_run.h"

#define BEFORE_WINDOWS 4
#define USUAL_NS INT64_C(3600000000000)
#define WINDOW_MAX_NS (366 * 24 * USUAL_NS)
#define LIMIT_USUAL 50
#define LIMIT_MAX 1000

enum { SIGNAL, KIND, SOURCE, TEXT, SURPRISE, BEFORE, RISE, WORST_TIME, JUDGED };

/* What is judged of one view, as rows of one form. */
static void put_judged(HttpResponse *sql, const char *signal, const char *kind, const char *view,
                       odd_time since, odd_time until)
{
    response_print(sql,
                   "SELECT %s AS signal, '%s' AS kind, source, time, surprise FROM %s "
                   "WHERE surprise IS NOT NULL AND time >= ",
                   signal, kind, view);
    sql_moment(sql, since);
    response_print(sql, " AND time < ");
    sql_moment(sql, until);
}

static void put_question(HttpResponse *sql, odd_time from, odd_time to, int64_t limit)
{
    odd_time since = from - BEFORE_WINDOWS * (to - from);
    response_print(sql, "WITH judged AS (");
    put_judged(sql, "series", "series", "samples", since, to);
    response_print(sql, " UNION ALL ");
    put_judged(sql, "pattern", "pattern", "rates", since, to);
    response_print(sql, "), marked AS (SELECT *, time >= ");
    sql_moment(sql, from);
    response_print(
        sql,
        " AS inside FROM judged), ranked AS (SELECT signal, kind, source, "
        "max(surprise) FILTER (inside) AS worst, max(surprise) FILTER (NOT inside) AS before, "
        "avg(surprise) FILTER (inside) - coalesce(avg(surprise) FILTER (NOT inside), 0) AS rise, "
        "epoch_ns(arg_max(time, surprise) FILTER (inside)) AS worst_time, "
        "count(*) FILTER (inside) AS judged FROM marked GROUP BY ALL HAVING judged > 0) "
        "SELECT signal, kind, source, (SELECT min(text) FROM patterns WHERE "
        "patterns.pattern = signal AND kind = 'pattern') AS text, worst, before, rise, "
        "worst_time, judged FROM ranked ORDER BY rise DESC, worst DESC, signal, source LIMIT "
        "%" PRId64,
        limit);
}

static void put_cell_text(Put *put, const char *name, SqlCell cell)
{
    put_name(put, name);
    if (cell.kind == SQL_TEXT)
        put_text(put, cell.text, cell.size);
    else
        put_null(put);
}

static void put_cell_real(Put *put, const char *name, SqlCell cell)
{
    put_name(put, name);
    if (cell.kind == SQL_REAL)
        put_real(put, cell.real);
    else
        put_null(put);
}

static void put_signal(Put *put, const SqlAnswer *answer, size_t row)
{
    put_open(put, '{');
    put_cell_text(put, "signal", sql_answer_cell(answer, row, SIGNAL));
    put_cell_text(put, "kind", sql_answer_cell(answer, row, KIND));
    put_cell_text(put, "source", sql_answer_cell(answer, row, SOURCE));
    put_cell_text(put, "pattern", sql_answer_cell(answer, row, TEXT));
    put_cell_real(put, "surprise", sql_answer_cell(answer, row, SURPRISE));
    put_cell_real(put, "before", sql_answer_cell(answer, row, BEFORE));
    put_cell_real(put, "rise", sql_answer_cell(answer, row, RISE));
    put_name(put, "time");
    put_time(put, sql_answer_cell(answer, row, WORST_TIME).integer);
    put_name(put, "judged");
    put_integer(put, sql_answer_cell(answer, row, JUDGED).integer);
    put_close(put, '}');
}

static HttpReply rank(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    History window;
    int64_t limit = LIMIT_USUAL;
    if (!ASK_ONLY(&ask, "from", "to", "limit") ||
        !ask_integer(&ask, "limit", 1, LIMIT_MAX, &limit) ||
        !history_window(&ask, USUAL_NS, &window))
        return HTTP_NOW;
    if (window.to - window.from > WINDOW_MAX_NS)
        return http_problem(response, 400, NULL, "the window is longer than a year; ask for less");
    HttpResponse sql = {0}; /* For its body. */
    put_question(&sql, window.from, window.to, limit);
    SqlAnswer *answer = NULL;
    if (sql.broken)
        ask_failed(response, ODD_NOMEM);
    else
        answer = sql_answer_for(request, response, sql.body);
    response_clear(&sql);
    if (answer == NULL)
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "from");
    put_time(&put, window.from);
    put_name(&put, "to");
    put_time(&put, window.to);
    put_name(&put, "items");
    put_open(&put, '[');
    for (size_t row = 0; row < sql_answer_rows(answer); row++)
        put_signal(&put, answer, row);
    put_close(&put, ']');
    put_close(&put, '}');
    sql_answer_free(answer);
    return response_end(response, 200, "application/json");
}

static const Route rank_routes[] = {
    {"GET", "/api/v1/signals:rank", rank, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_rank = ROUTE_GROUP("rank", rank_routes);
