/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/incidents, /api/v1/incidents/{id}: findings that belong together. */
#include <string.h>

#include "api/findings.h"

static const char *const orders[] = {"newest", "oddest"};

static bool incident_wanted(const void *state, const odd_rows *rows)
{
    return state_wanted(state, rows);
}

static uint64_t incident_key(const odd_rows *rows, size_t order)
{
    return list_findings.key(rows, order);
}

static const List list_incidents = {.view = &view_incidents,
                                    .id_columns = {"id", NULL},
                                    .orders = orders,
                                    .order_count = 2,
                                    .key = incident_key,
                                    .wants = incident_wanted};

static HttpReply incidents(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_time since = 0, until = 0;
    const char *state = NULL;
    if (!ASK_ONLY(&ask, "since", "until", "state", "limit", "order", "cursor") ||
        !ask_span_of_time(&ask, &since, &until) || !ask_state(&ask, &state))
        return HTTP_NOW;
    return list_answer(&ask, &list_incidents, since, until, state);
}

/* Its findings, the newest first. */
static void put_findings(odd_rows *rows, const char *id, Put *put)
{
    put_name(put, "items");
    put_open(put, '[');
    for (int count = 0; odd_next(rows) == ODD_ROW && count < PAGE_ROWS_MAX;) {
        if (strcmp(view_text(rows, "incident"), id) != 0)
            continue;
        put_open(put, '{');
        view_members(&view_findings, rows, put);
        put_close(put, '}');
        count++;
    }
    put_close(put, ']');
}

static HttpReply incident(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    const char *id = request_parameter(request, "id");
    odd_rows *rows = list_find(&ask, &list_incidents, "incident", id);
    if (rows == NULL)
        return HTTP_NOW;
    odd_rows *findings = view_rows(&ask, &view_findings, 0, 0);
    if (findings != NULL) {
        Put put = {.response = response};
        put_open(&put, '{');
        view_members(&view_incidents, rows, &put);
        put_findings(findings, id, &put);
        put_close(&put, '}');
        response_end(response, 200, "application/json");
    }
    odd_rows_close(findings);
    odd_rows_close(rows);
    return HTTP_NOW;
}

static const Route incidents_routes[] = {
    {"GET", "/api/v1/incidents", incidents, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/incidents/{id}", incident, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_incidents = ROUTE_GROUP("incidents", incidents_routes);
