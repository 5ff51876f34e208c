/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /ingest?source=NAME: lines, or JSON lines, as they are. */
#include "api/receive.h"

static HttpReply ingest_answer(const HttpRequest *request, HttpResponse *response,
                               const Received *received)
{
    (void)request; /* It asked for nothing special. */
    return receive_counted(response, "lines", received->counts.lines, received);
}

static HttpReply ingest_lines(HttpRequest *request, HttpResponse *response)
{
    const char *source = request_query(request, "source");
    if (source == NULL || source[0] == '\0')
        return http_refuse(request, response, 400,
                           "the address must name the source of the lines, such as "
                           "/ingest?source=web-1");
    return receive(request, response, &(Reception){"lines", "", NULL, ingest_answer});
}

static const Route ingest_routes[] = {
    {"POST", "/ingest", ingest_lines, HTTP_SCOPE_INGEST, 0, NULL},
};
const RouteGroup routes_ingest = ROUTE_GROUP("ingest", ingest_routes);
