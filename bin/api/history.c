/* SPDX-License-Identifier: Apache-2.0 */
#include "api/history.h"

#include <inttypes.h>
#include <string.h>

#include "api/sql_run.h"

#define S 1000000000LL
#define DAY (86400 * S)

static const int64_t steps[] = {S,          5 * S,      10 * S,     30 * S,    60 * S,
                                300 * S,    600 * S,    1800 * S,   3600 * S,  10800 * S,
                                21600 * S,  43200 * S,  DAY,        7 * DAY,   30 * DAY};

/* The finest step that people think in, of which there are not too many. */
static int64_t usual_step(int64_t span_ns, int64_t count)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (span_ns / steps[i] <= count)
            return steps[i];
    return span_ns / count + 1;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool history_window(const Ask *ask, int64_t usual_ns, History *ret_history)
{
    History history = {.from = ODD_TIME_NONE, .to = ask->now};
    if (!ask_moment(ask, "to", &history.to) || !ask_moment(ask, "from", &history.from))
        return false;
    if (history.from == ODD_TIME_NONE)
        history.from = history.to - usual_ns;
    if (history.from >= history.to || history.to - history.from < 0) {
        http_problem(ask->response, 400, NULL,
                     "the parameter from must be before the parameter to");
        return false;
    }
    *ret_history = history;
    return true;
}

bool history_ask(const Ask *ask, int64_t steps_usual, History *ret_history)
{
    History history;
    if (!history_window(ask, DAY, &history))
        return false;
    history.step_ns = usual_step(history.to - history.from, steps_usual);
    if (!ask_span(ask, "step", &history.step_ns))
        return false;
    if ((history.to - history.from) / history.step_ns > HISTORY_STEPS_MAX) {
        http_problem(ask->response, 400, NULL,
                     "the parameter step is so short that there are more than %d of them between "
                     "from and to; ask for a longer step or a shorter time", HISTORY_STEPS_MAX);
        return false;
    }
    *ret_history = history;
    return true;
}

void sql_moment(HttpResponse *sql, odd_time time)
{
    char text[TIME_TEXT_SIZE];
    time_rfc3339(time, text);
    *strchr(text, 'T') = ' ';
    *strchr(text, 'Z') = '\0'; /* Moments of the views are UTC without saying so. */
    response_print(sql, "TIMESTAMP_NS '%s'", text);
}

SqlAnswer *history_run(const Ask *ask, const History *history, const char *what, const char *rows,
                       const char *id)
{
    HttpResponse sql = {0}; /* For its body. */
    const char *source = request_query(ask->request, "source");
    response_print(&sql, "SELECT epoch_ns(time) // %" PRId64 " AS step, %s FROM (%s ",
                   history->step_ns, what, rows);
    sql_literal(&sql, id);
    response_print(&sql, " AND time >= ");
    sql_moment(&sql, history->from);
    response_print(&sql, " AND time < ");
    sql_moment(&sql, history->to);
    if (source != NULL) {
        response_print(&sql, " AND source = ");
        sql_literal(&sql, source);
    }
    response_print(&sql, ") GROUP BY step ORDER BY step");
    SqlAnswer *answer = NULL;
    if (sql.broken)
        ask_failed(ask->response, ODD_NOMEM);
    else
        answer = sql_answer_for(ask->request, ask->response, sql.body);
    response_clear(&sql);
    return answer;
}

void history_members(const History *history, Put *put)
{
    put_name(put, "from");
    put_time(put, history->from);
    put_name(put, "to");
    put_time(put, history->to);
    put_name(put, "step_s");
    put_real(put, (double)history->step_ns / 1e9);
}

int64_t history_first(const History *history)
{
    return floor_div(history->from, history->step_ns);
}

int64_t history_end(const History *history)
{
    return floor_div(history->to - 1, history->step_ns) + 1;
}
