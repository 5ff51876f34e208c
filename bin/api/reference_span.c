/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reference_span.h"

#include <inttypes.h>
#include <string.h>

#include "api/history.h"
#include "api/sql_run.h"

#define NAME_BYTES_MAX 256

/* -- the question ---------------------------------------------------------------------------- */

/* A text of the lake as it came: a number, if all that are there in the column are. */
static void put_value(HttpResponse *sql, const char *column)
{
    response_print(sql,
                   "coalesce(',\"%s\":' || CASE WHEN %s_is_number THEN %s "
                   "ELSE CAST(to_json(%s) AS VARCHAR) END, '')",
                   column, column, column, column);
}

static void put_is_number(HttpResponse *sql, const char *column)
{
    response_print(sql,
                   ", coalesce(bool_and(regexp_full_match(%s, "
                   "'-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?')) OVER (), false) "
                   "AS %s_is_number",
                   column, column);
}

/* name: as a literal, the key of a member. */
static bool next_name(const char **names, char name[NAME_BYTES_MAX + 1])
{
    *names += strspn(*names, ",");
    size_t size = strcspn(*names, ",");
    size_t kept = size < NAME_BYTES_MAX ? size : NAME_BYTES_MAX;
    memcpy(name, *names, kept);
    name[kept] = '\0';
    *names += size;
    return size > 0;
}

/* An object of the members that are named, or (is_rest) of those that are not. */
static void put_members(HttpResponse *sql, const char *names, bool is_rest)
{
    char name[NAME_BYTES_MAX + 1];
    const char *word = is_rest ? "NOT IN" : "IN";
    response_print(sql,
                   "(SELECT coalesce(CAST(json_group_object(key, value) AS VARCHAR), '{}') FROM "
                   "json_each(features) WHERE key %s (NULL",
                   word);
    while (next_name(&names, name)) {
        response_print(sql, ", ");
        sql_literal(sql, name);
    }
    response_print(sql, "))");
}

static void put_line(HttpResponse *sql, const ReferenceSpan *span)
{
    response_print(sql, "'{\"model\":' || CAST(to_json(");
    sql_literal(sql, span->model);
    response_print(sql, ") AS VARCHAR) || ',\"version\":' || CAST(to_json(");
    sql_literal(sql, span->version);
    response_print(sql, ") AS VARCHAR) || ',\"time\":' || epoch_ns(time) || "
                        "coalesce(',\"probability\":' || CASE WHEN isfinite(probability) THEN "
                        "probability END, '') || CASE WHEN outcome IS NULL AND id IS NOT NULL THEN "
                        "',\"id\":' || CAST(to_json(id) AS VARCHAR) ELSE '' END || ");
    put_value(sql, "prediction");
    response_print(sql, " || ");
    put_value(sql, "outcome");
    response_print(sql, " || ',\"features\":' || ");
    if (span->segments == NULL) {
        response_print(sql, "coalesce(features, '{}')");
    } else {
        put_members(sql, span->segments, true);
        response_print(sql, " || ',\"segments\":' || ");
        put_members(sql, span->segments, false);
    }
    response_print(sql, " || '}'");
}

static void put_of_model(HttpResponse *sql, const ReferenceSpan *span, const char *without)
{
    response_print(sql, "WHERE model = ");
    sql_literal(sql, span->model);
    response_print(sql, " AND coalesce(version, ");
    sql_literal(sql, without);
    response_print(sql, ") = ");
    sql_literal(sql, span->version);
}

static void put_question(HttpResponse *sql, const ReferenceSpan *span)
{
    response_print(sql, "WITH truths AS (SELECT id, arg_min(outcome, known) AS outcome "
                        "FROM outcomes ");
    put_of_model(sql, span, span->version); /* Outcomes often do not say it. */
    response_print(sql, " AND id IS NOT NULL GROUP BY id), asked AS (SELECT time, known, id, "
                        "prediction, probability, features FROM predictions ");
    put_of_model(sql, span, "");
    response_print(sql, " AND NOT reference AND time >= ");
    sql_moment(sql, span->since);
    response_print(sql, " AND time < ");
    sql_moment(sql, span->until);
    response_print(sql, "), lines AS (SELECT *, count(*) OVER () AS total, row_number() OVER "
                        "(ORDER BY time, known, id, features) - 1 AS number");
    put_is_number(sql, "prediction");
    put_is_number(sql, "outcome");
    response_print(sql, " FROM asked LEFT JOIN truths USING (id)) SELECT string_agg(");
    put_line(sql, span);
    response_print(sql,
                   ", chr(10) ORDER BY number) FROM lines WHERE number %% (total // %d + 1) "
                   "= 0",
                   REFERENCE_SPAN_ROWS_MAX);
}

/* -- the answer ------------------------------------------------------------------------------ */

static bool take_lines(const Ask *ask, const SqlAnswer *answer, HttpResponse *lines)
{
    SqlCell cell = sql_answer_cell(answer, 0, 0);
    if (cell.kind != SQL_TEXT) {
        http_problem(ask->response, 400, NULL,
                     "nothing of this model and version is kept from that time; ask for another "
                     "time, or give a table");
        return false;
    }
    response_add(lines, cell.text, cell.size);
    if (lines->broken)
        ask_failed(ask->response, ODD_NOMEM);
    return !lines->broken;
}

bool reference_span(const Ask *ask, const ReferenceSpan *span, HttpResponse *lines)
{
    HttpResponse sql = {0}; /* For its body. */
    SqlAnswer *answer = NULL;
    put_question(&sql, span);
    if (sql.broken)
        ask_failed(ask->response, ODD_NOMEM);
    else
        answer = sql_answer_for(ask->request, ask->response, sql.body);
    bool good = answer != NULL && take_lines(ask, answer, lines);
    sql_answer_free(answer);
    response_clear(&sql);
    return good;
}
