/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /livez, /healthz, /-/healthy: the program answers.  GET /readyz, /-/ready: it takes data.
 * What an earlier run has stored may be learnt still meanwhile: what comes now waits behind it,
 * durable.  A server that learns no more still takes what is sent to it, up to a limit, but asks
 * those who can choose to choose another. */
#include "api/health.h"

#include "api/api.h"

const char *health_reason(const HttpRequest *request)
{
    const ApiContext *api = request->context;
    if (atomic_load(request->stopping))
        return "this server is stopping";
    if (live_has_failed(api->live))
        return "learning has stopped: /api/v1/status says why; what is sent is kept, and learnt "
               "after a restart";
    if (live_is_behind(api->live))
        return "more has come than could be learnt by now";
    switch (intake_outlook(api->intake)) {
    case INTAKE_FULL: return "more comes than can be stored now";
    case INTAKE_NO_SPACE: return "the disk is full: free space in the data folder";
    case INTAKE_FAILED: return "the disk refuses to write: the log of the system says why";
    default: return NULL;
    }
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
