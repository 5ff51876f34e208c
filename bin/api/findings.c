/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/findings, /api/v1/findings/{id}: what is odd, one by one. */
#include "api/findings.h"

#include <string.h>

static const char *const states[] = {"new", "ongoing", "resolved", "hidden", "expected", "shown"};
static const char *const orders[] = {"newest", "oddest"};

static uint64_t finding_key(const odd_rows *rows, size_t order)
{
    if (order == 0)
        return page_key_integer(view_time(rows, "time"));
    return page_key_real(odd_double(rows, odd_column(rows, "surprise")));
}

static bool is_wanted(const char *wish, const odd_rows *rows, const char *column)
{
    return wish == NULL || strcmp(wish, view_text(rows, column)) == 0;
}

/* "shown" is what nobody holds back. */
bool state_wanted(const char *wish, const odd_rows *rows)
{
    if (wish == NULL || strcmp(wish, "shown") != 0)
        return is_wanted(wish, rows, "state");
    return !is_wanted("hidden", rows, "state") && !is_wanted("expected", rows, "state");
}

static bool finding_wanted(const void *context, const odd_rows *rows)
{
    const FindingFilter *filter = context;
    return state_wanted(filter->state, rows) && is_wanted(filter->source, rows, "source") &&
           is_wanted(filter->kind, rows, "kind") && is_wanted(filter->incident, rows, "incident");
}

const List list_findings = {.view = &view_findings,
                            .id_columns = {"id", NULL},
                            .orders = orders,
                            .order_count = 2,
                            .key = finding_key,
                            .wants = finding_wanted};

bool ask_span_of_time(const Ask *ask, odd_time *ret_since, odd_time *ret_until)
{
    if (!ask_moment(ask, "since", ret_since) || !ask_moment(ask, "until", ret_until))
        return false;
    if (*ret_until == 0 && request_query(ask->request, "until") != NULL)
        *ret_until = -1; /* Zero would be no end. */
    return true;
}

bool ask_state(const Ask *ask, const char **ret_state)
{
    size_t state = 0;
    if (request_query(ask->request, "state") == NULL)
        return true;
    if (!ask_choice(ask, "state", states, sizeof states / sizeof states[0], &state))
        return false;
    *ret_state = states[state];
    return true;
}

static HttpReply findings(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_time since = 0, until = 0;
    FindingFilter filter = {.source = request_query(request, "source"),
                            .kind = request_query(request, "kind"),
                            .incident = request_query(request, "incident")};
    if (!ASK_ONLY(&ask, "since", "until", "state", "source", "kind", "incident", "limit", "order",
                  "cursor") ||
        !ask_span_of_time(&ask, &since, &until) || !ask_state(&ask, &filter.state))
        return HTTP_NOW;
    return list_answer(&ask, &list_findings, since, until, &filter);
}

static HttpReply finding(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_rows *rows = list_find(&ask, &list_findings, "finding", request_parameter(request, "id"));
    if (rows == NULL)
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '{');
    view_members(&view_findings, rows, &put);
    put_close(&put, '}');
    odd_rows_close(rows);
    return response_end(response, 200, "application/json");
}

static const Route findings_routes[] = {
    {"GET", "/api/v1/findings", findings, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v1/findings/{id}", finding, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_findings = ROUTE_GROUP("findings", findings_routes);
