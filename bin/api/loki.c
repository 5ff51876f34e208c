/* SPDX-License-Identifier: Apache-2.0
 *
 * Loki's way of sending logs: POST /loki/api/v1/push, JSON or protobuf in snappy. */
#include "api/receive.h"

static void loki_refuse(const HttpRequest *request, HttpResponse *response, int status,
                        const char *detail)
{
    (void)request; /* Its clients log the text as it is. */
    response_print(response, "%s\n", detail);
    response_end(response, status, "text/plain; charset=utf-8");
}

/* Loki answers 400 when entries were refused, and keeps the others. */
static HttpReply answer(const HttpRequest *request, HttpResponse *response,
                        const Received *received)
{
    if (received->decoded.rejected > 0)
        return http_refuse(request, response, 400, received->decoded.message);
    return response_end(response, 204, NULL);
}

static HttpReply take(HttpRequest *request, HttpResponse *response)
{
    const char *codec = request_is(request, "application/json") ? "loki_json" : "loki";
    return receive(request, response, &(Reception){codec, "loki", NULL, answer});
}

static HttpReply ready(HttpRequest *request, HttpResponse *response)
{
    (void)request; /* Whoever can ask can send. */
    response_print(response, "ready\n");
    return response_end(response, 200, "text/plain; charset=utf-8");
}

static const Route loki_routes[] = {
    {"POST", "/loki/api/v1/push", take, HTTP_SCOPE_INGEST, ROUTE_SNAPPY, NULL},
    {"POST", "/api/prom/push", take, HTTP_SCOPE_INGEST, ROUTE_SNAPPY, NULL},
    {"GET", "/ready", ready, HTTP_SCOPE_INGEST, 0, NULL},
};
const RouteGroup routes_loki = {"loki", loki_routes, sizeof loki_routes / sizeof loki_routes[0],
                                loki_refuse, NULL};
