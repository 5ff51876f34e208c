/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts that the rules of others fire: POST /api/v2/alerts takes them as Prometheus sends them to
 * an Alertmanager, POST /api/v1/alerts as an Alertmanager posts them to a webhook.  Each takes the
 * form of the other as well. */
#include "api/receive.h"

static HttpReply answer(const HttpRequest *request, HttpResponse *response,
                        const Received *received)
{
    (void)request;  /* It asked for nothing special. */
    (void)received; /* Senders look at the status alone. */
    return response_end(response, 200, "application/json");
}

static HttpReply alerts_take(HttpRequest *request, HttpResponse *response)
{
    return receive(request, response, &(Reception){"alert", "alertmanager", NULL, answer});
}

static const Route alerts_routes[] = {
    {"POST", "/api/v2/alerts", alerts_take, HTTP_SCOPE_INGEST, 0, NULL},
    {"POST", "/api/v1/alerts", alerts_take, HTTP_SCOPE_INGEST, 0, NULL},
};
const RouteGroup routes_alerts = ROUTE_GROUP("alerts", alerts_routes);
