/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /livez, /healthz, /-/healthy: the program answers.  GET /readyz, /-/ready: it takes data.
 * What an earlier run has stored may be learnt still meanwhile: what comes now waits behind it,
 * durable. */
#include "api/health.h"

#include "api/api.h"

const char *health_reason(const HttpRequest *request)
{
    const ApiContext *api = request->context;
    if (atomic_load(request->stopping))
        return "this server is stopping";
    if (!intake_has_room(api->intake))
        return "more comes than can be stored now";
    return NULL;
}

static HttpReply alive(HttpRequest *request, HttpResponse *response)
{
    (void)request; /* Whatever it says: that it is answered is the answer. */
    response_print(response, "ok\n");
    return response_end(response, 200, "text/plain; charset=utf-8");
}

static HttpReply ready(HttpRequest *request, HttpResponse *response)
{
    const char *reason = health_reason(request);
    if (reason == NULL)
        return alive(request, response);
    response_header(response, "Retry-After", "1");
    response_print(response, "not ready: %s\n", reason);
    return response_end(response, 503, "text/plain; charset=utf-8");
}

static const Route health_routes[] = {
    {"GET", "/livez", alive, HTTP_SCOPE_OPEN, ROUTE_ALWAYS, NULL},
    {"GET", "/healthz", alive, HTTP_SCOPE_OPEN, ROUTE_ALWAYS, NULL},
    {"GET", "/-/healthy", alive, HTTP_SCOPE_OPEN, ROUTE_ALWAYS, NULL},
    {"GET", "/readyz", ready, HTTP_SCOPE_OPEN, ROUTE_ALWAYS, NULL},
    {"GET", "/-/ready", ready, HTTP_SCOPE_OPEN, ROUTE_ALWAYS, NULL},
};
const RouteGroup routes_health = ROUTE_GROUP("health", health_routes);
