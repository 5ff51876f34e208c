/* SPDX-License-Identifier: Apache-2.0
 *
 * /api/v1/changes: deploys, configurations, restarts.  POST sends one, as a JSON object; GET lists
 * those that were sent and those that were seen in lines and metrics. */
#include "api/findings.h"
#include "api/receive.h"

static HttpReply answer(const HttpRequest *request, HttpResponse *response,
                        const Received *received)
{
    (void)request; /* It asked for nothing special. */
    return receive_counted(response, "changes", received->counts.changes, received);
}

static HttpReply changes_take(HttpRequest *request, HttpResponse *response)
{
    return receive(request, response, &(Reception){"change", "changes", NULL, answer});
}

static uint64_t change_key(const odd_rows *rows, size_t order)
{
    (void)order; /* There is but one. */
    return page_key_integer(view_time(rows, "time"));
}

static HttpReply changes(HttpRequest *request, HttpResponse *response)
{
    static const char *const orders[] = {"newest"};
    static const List list = {.view = &view_changes,
                              .id_columns = {"id", NULL},
                              .orders = orders,
                              .order_count = 1,
                              .key = change_key};
    Ask ask = ask_of(request, response);
    odd_time since = 0, until = 0;
    if (!ASK_ONLY(&ask, "since", "until", "limit", "order", "cursor") ||
        !ask_span_of_time(&ask, &since, &until))
        return HTTP_NOW;
    return list_answer(&ask, &list, since, until, NULL);
}

static const Route changes_routes[] = {
    {"POST", "/api/v1/changes", changes_take, HTTP_SCOPE_INGEST, 0, NULL},
    {"GET", "/api/v1/changes", changes, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_changes = ROUTE_GROUP("changes", changes_routes);
