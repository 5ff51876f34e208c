/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/events: findings as they come, as server-sent events; Last-Event-ID goes on where a
 * lost connection ended. */
#include "api/api.h"
#include "api/ask.h"
#include "api/hub.h"

static HttpReply events(HttpRequest *request, HttpResponse *response)
{
    const ApiContext *api = request->context;
    Ask ask = ask_of(request, response);
    if (!ask_only(&ask, NULL, 0))
        return HTTP_NOW;
    if (api->hub == NULL)
        return http_problem(response, 503, NULL, "nothing is told here: nothing is learnt");
    return hub_listen(api->hub, request, response, request_header(request, "Last-Event-ID"));
}

static const Route events_routes[] = {
    {"GET", "/api/v1/events", events, HTTP_SCOPE_ALL, 0, NULL},
};
const RouteGroup routes_events = ROUTE_GROUP("events", events_routes);
