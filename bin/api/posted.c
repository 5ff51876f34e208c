/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /api/v1/events/{name}: something of that name happened, says a program; a JSON object, or an
 * array of them.  Features are made of it (lib/feature). */
#include <string.h>

#include "api/receive.h"

#define NAME_BYTES_MAX 128

static HttpReply answer(const HttpRequest *request, HttpResponse *response,
                        const Received *received)
{
    (void)request; /* It asked for nothing special. */
    return receive_counted(response, "events", received->counts.posted, received);
}

static HttpReply posted_take(HttpRequest *request, HttpResponse *response)
{
    const char *name = request_parameter(request, "name");
    if (name[0] == '\0' || strlen(name) > NAME_BYTES_MAX)
        return http_problem(response, 400, NULL,
                            "the name of the event must have 1 to %d bytes, as in "
                            "/api/v1/events/checkout",
                            NAME_BYTES_MAX);
    if (request_query(request, "source") != NULL)
        return http_problem(response, 400, NULL,
                            "an event has no source; its name stands in the address");
    return receive(request, response, &(Reception){"posted", name, NULL, answer});
}

static const Route posted_routes[] = {
    {"POST", "/api/v1/events/{name}", posted_take, HTTP_SCOPE_INGEST, 0, NULL},
};
const RouteGroup routes_posted = ROUTE_GROUP("posted", posted_routes);
