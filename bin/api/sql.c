/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /api/v1/sql: {"sql":"..."}, answered with {"columns":[...],"rows":[[...]]}, and where rows
 * were cut or files could not be read "cut":true and "note":"...". */
#include <string.h>

#include "api/put.h"
#include "api/sql_run.h"
#include "http/json_tree.h"

#define SQL_BYTES_MAX 65536
#define ANSWER_BYTES_MAX (64u << 20)

static void put_cell(Put *put, SqlCell cell)
{
    switch (cell.kind) {
    case SQL_MISSING:
        put_null(put);
        return;
    case SQL_BOOL:
        put_bool(put, cell.integer != 0);
        return;
    case SQL_INT:
        put_integer(put, cell.integer);
        return;
    case SQL_REAL:
        put_real(put, cell.real);
        return;
    case SQL_TEXT:
        put_text(put, cell.text, cell.size);
        return;
    }
}

/* Gives how many rows fit. */
static size_t put_rows(Put *put, const SqlAnswer *answer)
{
    size_t columns = sql_answer_columns(answer), count = sql_answer_rows(answer), row = 0;
    put_name(put, "columns");
    put_open(put, '[');
    for (size_t i = 0; i < columns; i++)
        put_word(put, sql_answer_column(answer, i));
    put_close(put, ']');
    put_name(put, "rows");
    put_open(put, '[');
    for (; row < count && put->response->body_size < ANSWER_BYTES_MAX; row++) {
        put_open(put, '[');
        for (size_t i = 0; i < columns; i++)
            put_cell(put, sql_answer_cell(answer, row, i));
        put_close(put, ']');
    }
    put_close(put, ']');
    return row;
}

static HttpReply answer_rows(HttpResponse *response, const SqlAnswer *answer)
{
    Put put = {.response = response};
    put_open(&put, '{');
    size_t rows = put_rows(&put, answer);
    if (sql_answer_cut(answer) || rows < sql_answer_rows(answer)) {
        put_name(&put, "cut");
        put_bool(&put, true);
    }
    if (sql_answer_note(answer)[0] != '\0') {
        put_name(&put, "note");
        put_word(&put, sql_answer_note(answer));
    }
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

/* The text of the question, borrowed from the tree; NULL: the answer is written. */
static const char *question_of(const JsonTree *tree, const char *problem, HttpResponse *response)
{
    static const char *const names[] = {"sql"};
    const char *sql = NULL;
    size_t size = 0;
    if (json_tree_kind(tree) != JSON_TREE_OBJECT) {
        http_problem(response, 400, NULL,
                     "the body must be a JSON object such as "
                     "{\"sql\":\"SELECT count(*) FROM logs\"}%s%s",
                     tree == NULL ? ": " : "", tree == NULL ? problem : "");
        return NULL;
    }
    const char *stranger = json_tree_stranger(tree, names, 1);
    if (stranger != NULL) {
        http_problem(response, 400, NULL,
                     "the member \"%.64s\" of the body is unknown here; there may be sql",
                     stranger);
        return NULL;
    }
    if (!json_tree_text(json_tree_member(tree, "sql"), &sql, &size) || size == 0 ||
        size > SQL_BYTES_MAX || strlen(sql) != size) {
        http_problem(response, 400, NULL,
                     "the member sql of the body must be a text of 1 to %d bytes, without NULs",
                     SQL_BYTES_MAX);
        return NULL;
    }
    return sql;
}

static HttpReply sql_post(HttpRequest *request, HttpResponse *response)
{
    char problem[256] = "";
    JsonTree *tree = json_tree_read(request->body, request->body_size, problem, sizeof problem);
    const char *sql = question_of(tree, problem, response);
    SqlAnswer *answer = sql != NULL ? sql_answer_for(request, response, sql) : NULL;
    json_tree_free(tree);
    if (answer == NULL)
        return HTTP_NOW;
    answer_rows(response, answer);
    sql_answer_free(answer);
    return HTTP_NOW;
}

static const Route sql_routes[] = {
    {"POST", "/api/v1/sql", sql_post, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_sql = ROUTE_GROUP("sql", sql_routes);
