/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/questions: which findings a person should be asked about, and how precise findings
 * are by the answers that there are. */
#include <string.h>

#include "api/api.h"
#include "api/view.h"

#define A_DAY_MOST 20

/* Lines of an id and a sentence. */
static void put_examples(const char *lines, Put *put)
{
    put_name(put, "examples");
    put_open(put, '[');
    while (*lines != '\0') {
        size_t size = strcspn(lines, "\n"), id = strcspn(lines, " \n");
        size_t rest = id < size ? id + 1 : size;
        put_open(put, '{');
        put_name(put, "id");
        put_text(put, lines, id);
        put_name(put, "sentence");
        put_text(put, lines + rest, size - rest);
        put_close(put, '}');
        lines += size + (lines[size] != '\0');
    }
    put_close(put, ']');
}

static HttpReply questions(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    int64_t count = 0;
    if (!ASK_ONLY(&ask, "count") || !ask_integer(&ask, "count", 1, A_DAY_MOST, &count))
        return HTTP_NOW;
    odd_rows *rows =
        view_ask(&ask, &(odd_question){.view = view_asked.view, .row_count_max = (int)count});
    odd_rows *precision = rows != NULL ? view_rows(&ask, &view_precision, 0, 0) : NULL;
    if (precision != NULL) {
        Put put = {.response = response};
        put_open(&put, '{');
        put_name(&put, "items");
        put_open(&put, '[');
        while (odd_next(rows) == ODD_ROW) {
            put_open(&put, '{');
            view_members(&view_asked, rows, &put);
            put_examples(view_text(rows, "examples"), &put);
            put_close(&put, '}');
        }
        put_close(&put, ']');
        put_name(&put, "precision");
        put_open(&put, '{');
        if (odd_next(precision) == ODD_ROW)
            view_members(&view_precision, precision, &put);
        put_close(&put, '}');
        put_close(&put, '}');
        response_end(response, 200, "application/json");
    }
    odd_rows_close(precision);
    odd_rows_close(rows);
    return HTTP_NOW;
}

static const Route questions_routes[] = {
    {"GET", "/api/v1/questions", questions, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_questions = ROUTE_GROUP("questions", questions_routes);
