/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/signals: the series of metrics; /api/v1/signals/{id}/history: the values of one, or
 * how many lines of a log pattern came a minute.  The id is the name of the series,
 * percent-encoded: name{label="value",...}; or that of the pattern. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "api/history.h"
#include "api/list.h"
#include "api/pattern_id.h"

#define STEPS_USUAL 500
#define SERIES_BYTES_MAX 4096
#define PATTERN_WINDOW_NS INT64_C(60000000000) /* Of the view rates. */
#define PATTERN_OPEN_NS INT64_C(75000000000)   /* A minute may be open for so long. */
#define WHAT_BYTES_MAX 2048

static const char *const orders[] = {"newest", "samples"};

typedef struct {
    const char *name;   /* How the name begins; NULL: any. */
    const char *label;  /* "name=" and how its value begins; NULL: any. */
    const char *source;
} SignalFilter;

static uint64_t signal_key(const odd_rows *rows, size_t order)
{
    return page_key_integer(order == 1 ? odd_int(rows, odd_column(rows, "samples"))
                                       : view_time(rows, "last_time"));
}

/* at: behind the '{' or a ','.  Gives where the next label begins; NULL: there is none. */
static const char *label_end(const char *at)
{
    bool quoted = false;
    for (; *at != '\0' && (quoted || (*at != ',' && *at != '}')); at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '"')
            quoted = !quoted;
    }
    return *at == ',' ? at + 1 : NULL;
}

/* label: name=beginning of the value, as it is written in the series. */
static bool has_label(const char *series, const char *label)
{
    size_t name = strcspn(label, "=");
    const char *value = label[name] == '=' ? label + name + 1 : "";
    const char *at = strchr(series, '{');
    for (at = at != NULL ? at + 1 : NULL; at != NULL; at = label_end(at))
        if (strncmp(at, label, name) == 0 && strncmp(at + name, "=\"", 2) == 0 &&
            strncmp(at + name + 2, value, strlen(value)) == 0)
            return true;
    return false;
}

static bool signal_wanted(const void *context, const odd_rows *rows)
{
    const SignalFilter *filter = context;
    if (filter->source != NULL && strcmp(filter->source, view_text(rows, "source")) != 0)
        return false;
    const char *series = view_text(rows, "series");
    if (filter->name != NULL && strncmp(series, filter->name, strlen(filter->name)) != 0)
        return false;
    return filter->label == NULL || has_label(series, filter->label);
}

static void put_id(const odd_rows *rows, Put *put)
{
    static const char digits[] = "0123456789ABCDEF";
    char id[3 * SERIES_BYTES_MAX + 1];
    size_t size = 0;
    for (const char *at = view_text(rows, "series"); *at != '\0' && size + 3 < sizeof id; at++) {
        if (isalnum((unsigned char)*at) || strchr("_-.~", *at) != NULL) {
            id[size++] = *at;
            continue;
        }
        id[size++] = '%';
        id[size++] = digits[(unsigned char)*at >> 4];
        id[size++] = digits[(unsigned char)*at & 15];
    }
    put_name(put, "id");
    put_text(put, id, size);
}

static const List list_signals = {.view = &view_series,
                                  .id_columns = {"series", "source"},
                                  .orders = orders,
                                  .order_count = 2,
                                  .key = signal_key,
                                  .wants = signal_wanted,
                                  .more = put_id};

static HttpReply signals(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    SignalFilter filter = {.name = request_query(request, "name"),
                           .label = request_query(request, "label"),
                           .source = request_query(request, "source")};
    if (!ASK_ONLY(&ask, "name", "label", "source", "limit", "order", "cursor"))
        return HTTP_NOW;
    return list_answer(&ask, &list_signals, 0, 0, &filter);
}

static double real_of(SqlCell cell)
{
    return cell.kind == SQL_REAL ? cell.real : cell.kind == SQL_INT ? (double)cell.integer : NAN;
}

/* Of a counter what it grew a second: so is what was expected of it.  Where it was not taken for
 * one yet, nothing comparable is known. */
#define ACTUAL                                                                                     \
    "CASE WHEN counted THEN CASE WHEN grown >= 0 AND us > 0 THEN grown * 1e6 / us END ELSE value " \
    "END"
#define BAND(column) "CASE WHEN (class = 'counter') = counted THEN " column " END"
#define BEFORE " OVER (PARTITION BY source ORDER BY time)"

static const char history_columns[] =
    "avg(" ACTUAL "), min(" ACTUAL "), max(" ACTUAL "), count(*), avg(" BAND("expected") "), "
    "avg(" BAND("lower") "), avg(" BAND("upper") "), max(surprise), bool_or(counted), "
    "arg_max(class, time)";
static const char history_rows[] =
    "SELECT time, value, expected, lower, upper, surprise, class, value - lag(value)" BEFORE
    " AS grown, epoch_us(time) - lag(epoch_us(time))" BEFORE " AS us, "
    "coalesce(bool_or(class = 'counter') OVER (), false) AS counted FROM samples WHERE series =";

/* Of a pattern: as many lines a minute as came in all minutes of the step that are asked for and
 * over, those without a row too, in which none came.  The columns are the same. */
#define MINUTES "count(DISTINCT time)"
#define MINUTES_JUDGED "nullif(count(DISTINCT time) FILTER (expected IS NOT NULL), 0)"

static const char pattern_rows[] =
    "SELECT time, lines, expected, lower, upper, surprise FROM rates WHERE pattern =";

static void pattern_columns(const Ask *ask, const History *history, char what[WHAT_BYTES_MAX])
{
    char minutes[WHAT_BYTES_MAX / 4];
    int64_t step = history->step_ns, over = ask->now - PATTERN_OPEN_NS;
    snprintf(minutes, sizeof minutes,
             "greatest(" MINUTES ", (least((min(epoch_ns(time)) // %" PRId64 " + 1) * %" PRId64
             ", %" PRId64 ") - greatest(min(epoch_ns(time)) // %" PRId64 " * %" PRId64 ", %" PRId64
             ")) // %" PRId64 ")",
             step, step, history->to < over ? history->to : over, step, step, history->from,
             PATTERN_WINDOW_NS);
    snprintf(what, WHAT_BYTES_MAX,
             "sum(lines) / %s, CASE WHEN " MINUTES " < %s THEN 0 ELSE min(lines) END, "
             "max(lines), " MINUTES ", sum(expected) / " MINUTES_JUDGED ", "
             "sum(lower) / " MINUTES_JUDGED ", sum(upper) / " MINUTES_JUDGED ", max(surprise), "
             "false, 'count'",
             minutes, minutes);
}

enum { COLUMN_STEP, COLUMN_ACTUAL, COLUMN_COUNT = 4, COLUMN_COUNTED = 9, COLUMN_CLASS };

/* In the order of the columns. */
static const char *const item_names[] = {
    [COLUMN_ACTUAL] = "actual", "min", "max", "samples", "expected", "lower", "upper", "surprise",
};

/* A row for each step that has samples. */
static void put_values(const SqlAnswer *answer, const History *history, Put *put)
{
    put_name(put, "items");
    put_open(put, '[');
    for (size_t row = 0; row < sql_answer_rows(answer); row++) {
        put_open(put, '{');
        put_name(put, "time");
        put_time(put, sql_answer_cell(answer, row, COLUMN_STEP).integer * history->step_ns);
        for (size_t i = COLUMN_ACTUAL; i < COLUMN_COUNTED; i++) {
            put_name(put, item_names[i]);
            if (i == COLUMN_COUNT)
                put_integer(put, sql_answer_cell(answer, row, i).integer);
            else
                put_real(put, real_of(sql_answer_cell(answer, row, i)));
        }
        put_close(put, '}');
    }
    put_close(put, ']');
}

static void put_class(const SqlAnswer *answer, Put *put)
{
    size_t rows = sql_answer_rows(answer);
    SqlCell counted = {.kind = SQL_MISSING}, class = {.kind = SQL_MISSING};
    if (rows > 0) {
        counted = sql_answer_cell(answer, rows - 1, COLUMN_COUNTED);
        class = sql_answer_cell(answer, rows - 1, COLUMN_CLASS);
    }
    put_name(put, "class");
    if (class.kind == SQL_TEXT)
        put_text(put, class.text, class.size);
    else
        put_null(put);
    put_name(put, "per_second");
    put_bool(put, counted.kind == SQL_BOOL && counted.integer != 0);
}

static bool is_known(const Ask *ask, const View *view, const char *column, const char *id)
{
    odd_rows *rows = view_rows(ask, view, 0, 0);
    bool known = rows == NULL; /* Then the answer is written. */
    while (!known && odd_next(rows) == ODD_ROW)
        known = strcmp(view_text(rows, column), id) == 0;
    odd_rows_close(rows);
    return known;
}

/* Of its minutes, or NULL: the answer is written, or (*ret_is_pattern) it is no pattern. */
static SqlAnswer *pattern_answer(const Ask *ask, const History *history, const char *id,
                                 bool *ret_is_pattern)
{
    char what[WHAT_BYTES_MAX];
    *ret_is_pattern = pattern_id_is_one(id);
    if (!*ret_is_pattern)
        return NULL;
    pattern_columns(ask, history, what);
    SqlAnswer *answer = history_run(ask, history, what, pattern_rows, id);
    if (answer == NULL || sql_answer_rows(answer) > 0 ||
        is_known(ask, &view_patterns, "signal", id))
        return answer;
    *ret_is_pattern = false;
    sql_answer_free(answer);
    return NULL;
}

static SqlAnswer *series_answer(const Ask *ask, const History *history, const char *series)
{
    SqlAnswer *answer = history_run(ask, history, history_columns, history_rows, series);
    if (answer == NULL || sql_answer_rows(answer) > 0 ||
        is_known(ask, &view_series, "series", series))
        return answer;
    sql_answer_free(answer);
    http_problem(
        ask->response, 404, NULL,
        "no signal has the id \"%.128s\"; GET /api/v1/signals lists the series of metrics, "
        "GET /api/v1/patterns the patterns of log lines",
        series);
    return NULL;
}

static HttpReply signal_history(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    History history;
    bool is_pattern;
    const char *id = request_parameter(request, "id");
    if (!ASK_ONLY(&ask, "from", "to", "step", "source") ||
        !history_ask(&ask, STEPS_USUAL, &history))
        return HTTP_NOW;
    SqlAnswer *answer = pattern_answer(&ask, &history, id, &is_pattern);
    if (!is_pattern)
        answer = series_answer(&ask, &history, id);
    if (answer == NULL)
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "series");
    put_word(&put, id);
    put_class(answer, &put);
    history_members(&history, &put);
    put_values(answer, &history, &put);
    put_close(&put, '}');
    sql_answer_free(answer);
    return response_end(response, 200, "application/json");
}

static const Route signals_routes[] = {
    {"GET", "/api/v1/signals", signals, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/signals/{id}/history", signal_history, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_signals = ROUTE_GROUP("signals", signals_routes);
